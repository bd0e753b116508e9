// Reads objects: one, or a list by selectors, in pages, at a resource version.
import { base64OfText, decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { JsonFault, parseJson } from '../http/json.ts'
import type { ListOptions } from '../http/query.ts'
import { failure, notFound, type StatusError } from '../registry/status.ts'
import { namespacePrefix, resourceKey } from '../store/store.ts'
import { countPrefix, entriesFrom, rank, type Tree } from '../store/tree.ts'
import { fieldSelector, selectedName } from './field-selector.ts'
import { labelSelector, type Selector } from './label-selector.ts'
import type { Cluster, Target } from './target.ts'
import { aboutOf, apiVersionOf, liveOf, served } from './target.ts'

/** A GET of one object. */
export function get(cluster: Cluster, target: Target, name: string, resourceVersion = ''): KubeObject {
  if (resourceVersion !== '') {
    if (!/^\d+$/.test(resourceVersion)) throw failure(500, '', versionFault(resourceVersion))
    checkNotTooLarge(cluster, Number(resourceVersion))
  }
  const live = liveOf(cluster, target, name)
  if (live === null) throw notFound(aboutOf(target, name))
  return served(target, live)
}

/** Objects of a list, and what its metadata says of them. */
export interface Listed {
  /** In the target's version. */
  readonly items: readonly KubeObject[]
  readonly metadata: JsonObject
}

/** A GET of a collection. */
export function list(cluster: Cluster, target: Target, options: ListOptions): Listed {
  const selects = selectorOf(target, options)
  const place = placeOf(cluster, target, options)
  const limit = options.resourceVersion === '0' || isOne(target, options) ? 0 : Math.max(0, options.limit)
  const prefix = namespacePrefix(target.namespace)
  const items: KubeObject[] = []
  let next: string | null = null
  let last = ''
  for (const [key, object] of entriesFrom(place.objects, place.from)) {
    if (!key.startsWith(prefix)) break
    if (limit > 0 && items.length === limit) {
      next = `${last}\u0000`
      break
    }
    last = key
    if (selects === null || selects(object)) items.push(served(target, object))
  }
  if (next === null) return { items, metadata: { resourceVersion: String(place.revision) } }
  const left = selects === null ? { remainingItemCount: remaining(place.objects, prefix, next) } : {}
  const token = base64OfText(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: place.revision, start: next.slice(prefix.length) }),
  )
  return {
    items,
    metadata: { resourceVersion: String(place.revision), continue: token.replaceAll('=', ''), ...left },
  }
}

/** Whoever asks for one name gets that or nothing, and no pages. */
function isOne({ resource, namespace }: Target, options: ListOptions): boolean {
  if (options.continue !== '' || (resource.namespaced && namespace === null)) return false
  return selectedName(options.fieldSelector) !== null
}

function remaining(objects: Tree<KubeObject>, prefix: string, from: string): number {
  return countPrefix(objects, prefix) - (rank(objects, from) - rank(objects, prefix))
}

/** What selects by both selectors; null where they select everything. */
export function selectorOf(
  target: Target,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): Selector | null {
  const labels = labelSelector(options.labelSelector)
  const fields = fieldSelector(target, options.fieldSelector)
  if (labels === null) return fields?.selects ?? null
  if (fields === null) return labels
  return (object) => labels(object) && fields.selects(object)
}

/** The kind and version of a list. */
export function listHead(target: Target): { readonly kind: string; readonly apiVersion: string } {
  const { group, listKind } = target.resource
  return { kind: listKind, apiVersion: apiVersionOf(group, target.version.name) }
}

/** What a list reads: objects as they were at a revision, from a key on. */
interface Place {
  readonly objects: Tree<KubeObject>
  readonly revision: number
  readonly from: string
}

function placeOf(cluster: Cluster, target: Target, options: ListOptions): Place {
  const { store } = cluster
  const key = resourceKey(target.resource)
  const prefix = namespacePrefix(target.namespace)
  if (options.continue !== '') return continued(cluster, target, options)
  const version = options.resourceVersion
  if (version !== '' && !/^\d+$/.test(version)) {
    throw failure(400, 'BadRequest', `invalid resource version: ${versionFault(version)}`)
  }
  const asked = Number(version)
  checkNotTooLarge(cluster, asked)
  // Pages at a version without another word are exact too, as they have been before the word was invented.
  const exact = options.match === 'Exact' || (options.match === '' && options.limit > 0 && asked > 0)
  if (!exact) return { objects: store.objectsOf(key), revision: store.revision, from: prefix }
  const objects = store.objectsAt(key, asked)
  if (objects === null) throw compacted()
  return { objects, revision: asked, from: prefix }
}

function continued(cluster: Cluster, target: Target, options: ListOptions): Place {
  const version = options.resourceVersion
  if (version !== '' && version !== '0') {
    throw failure(400, 'BadRequest', 'specifying resource version is not allowed when using continue')
  }
  const { rv, start } = tokenOf(options.continue)
  const objects = rv < 0 ? null : cluster.store.objectsAt(resourceKey(target.resource), rv)
  const from = namespacePrefix(target.namespace) + start
  if (rv < 0) {
    return { objects: cluster.store.objectsOf(resourceKey(target.resource)), revision: cluster.store.revision, from }
  }
  if (objects === null) throw continueExpired(cluster.store.revision, start)
  return { objects, revision: rv, from }
}

/** Where a continue token goes on; the failure of one that is none. */
export function tokenOf(text: string): { readonly rv: number; readonly start: string } {
  const bytes = decodeBase64(text.padEnd(Math.ceil(text.length / 4) * 4, '='))
  const refuse = (why: string): Error =>
    failure(400, 'BadRequest', `invalid continue token: continue key is not valid: ${why}`)
  if (bytes === null) throw refuse('illegal base64 data')
  const value = parseToken(new TextDecoder().decode(bytes), refuse)
  if (!isObject(value) || value.v !== 'meta.k8s.io/v1') {
    throw refuse('server does not recognize this encoded version ""')
  }
  const { rv, start } = value
  if (typeof rv !== 'number' || typeof start !== 'string' || start === '') {
    throw refuse('encoded start resourceVersion and key are invalid')
  }
  return { rv, start }
}

function parseToken(text: string, refuse: (why: string) => Error): Json {
  try {
    return parseJson(text).value
  } catch (error) {
    if (error instanceof JsonFault) throw refuse(error.message)
    throw error
  }
}

/** 410 with a token that goes on in the present, for clients that can live with a list of two times. */
export function continueExpired(revision: number, start: string): StatusError {
  const token = base64OfText(JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start })).replaceAll('=', '')
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'
  return failure(410, 'Expired', message, null, null, {
    resourceVersion: String(revision),
    continue: token,
  })
}

/** 410 for a version that is forgotten. */
export function compacted(): Error {
  return failure(410, 'Expired', 'The resourceVersion for the provided list is too old.')
}

/** 504 for a version that is not there yet. */
export function checkNotTooLarge(cluster: Cluster, version: number): void {
  const { revision } = cluster.store
  if (version <= revision) return
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  const message = `Timeout: Too large resource version: ${version}, current: ${revision}`
  throw failure(504, 'Timeout', message, { causes, retryAfterSeconds: 1 }, 1)
}

/** What is wrong with a resource version that is no number. */
export function versionFault(version: string): string {
  const quoted = JSON.stringify(version)
  return `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`
}
