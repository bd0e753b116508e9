// Lists objects page by page: whole, or a fault.
import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { type KubeObject, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { answerJson } from './answer.ts'
import { ClusterFault, detailOf } from './cluster-fault.ts'
import {
  apiVersionOf,
  collectionName,
  collectionPath,
  holdsSecrets,
  type Resource,
  withQuery,
} from './resource-path.ts'
import type { Transport } from './transport.ts'

/** What to list. */
export interface ListOptions {
  /** Null: all namespaces, or cluster scope. */
  readonly namespace: string | null
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Only metadata: objects come without spec, data and status. */
  readonly metadataOnly?: boolean
  /** Objects in one page; default 500. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
}

/** A whole collection at one point in the server's history. */
export interface Listed {
  readonly objects: readonly KubeObject[]
  /** Where a watch continues. */
  readonly resourceVersion: string
}

/** Accept header for objects reduced to their metadata. */
export const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

const defaultPageSize = 500
/** A page of large objects may take the server a while. */
const timeoutMs = 60_000
/** The whole collection in one answer, after the pages ran out of time. */
const wholeTimeoutMs = 300_000
const wholeMaxBytes = 1024 * 1024 * 1024

/**
 * Lists a collection. When the server forgets the position between two pages (410), everything is read again in one
 * request, so that the result is always one consistent state and never a part.
 *
 * @throws FaultError when any page fails; `not-found` with detail `no-resource` when the kind is not served
 */
export async function listObjects(transport: Transport, resource: Resource, options: ListOptions): Promise<Listed> {
  const objects: KubeObject[] = []
  let token: string | null = null
  for (;;) {
    let page: Page
    try {
      page = await readPage(transport, resource, options, { token, whole: false })
    } catch (error) {
      if (token === null || detailOf(error).kind !== 'expired') throw error
      const whole = await readPage(transport, resource, options, { token: null, whole: true })
      // Whoever cuts also what nobody asked to be cut has shown a part once more.
      if (whole.next !== null) throw error
      return { objects: whole.objects, resourceVersion: whole.resourceVersion }
    }
    for (const object of page.objects) objects.push(object)
    token = page.next
    if (token === null) return { objects, resourceVersion: page.resourceVersion }
  }
}

interface Page extends Listed {
  readonly next: string | null
}

async function readPage(
  transport: Transport,
  resource: Resource,
  options: ListOptions,
  position: { readonly token: string | null; readonly whole: boolean },
): Promise<Page> {
  const path = collectionPath(resource, options.namespace)
  const what = `cannot list ${collectionName(resource, options.namespace)}`
  const answer = await transport.send({
    verb: 'list',
    method: 'GET',
    path: withQuery(path, {
      ...selectors(options),
      limit: position.whole ? undefined : (options.pageSize ?? defaultPageSize),
      continue: position.token ?? undefined,
    }),
    what,
    where: path,
    ...(options.metadataOnly === true ? { accept: metadataList } : {}),
    secret: holdsSecrets(resource),
    timeoutMs: position.whole ? wholeTimeoutMs : timeoutMs,
    ...(position.whole ? { maxBytes: wholeMaxBytes } : {}),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  return pageOf(answerJson(answer.text, what, path), resource, path)
}

/** The query parameters that choose objects. */
export function selectors(
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): Record<string, string | undefined> {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector }
}

function pageOf(body: Json, resource: Resource, path: string): Page {
  const items = valueAt(body, 'items')
  const resourceVersion = stringAt(body, 'metadata', 'resourceVersion')
  // A list without items comes from Go servers as null; a document without a resourceVersion is no list.
  if (resourceVersion === undefined || (items !== null && !isList(items))) throw broken(path)
  const next = stringAt(body, 'metadata', 'continue') ?? ''
  return {
    objects: (isList(items) ? items : []).map((item) => objectOf(item, resource, path)),
    resourceVersion,
    next: next === '' ? null : next,
  }
}

/**
 * An item of a list or a watch as an object: items of built-in lists do not name their own kind, and metadata-only
 * items call themselves PartialObjectMetadata.
 */
export function objectOf(item: Json, resource: Resource, path: string): KubeObject {
  const metadata = valueAt(item, 'metadata')
  const name = stringAt(metadata, 'name')
  if (!isObject(item) || !isObject(metadata) || name === undefined) throw broken(path)
  const apiVersion = apiVersionOf(resource)
  if (item.apiVersion === apiVersion && item.kind === resource.kind) {
    // Checked above and in the line before: apiVersion, kind and metadata.name are there.
    return item as KubeObject
  }
  return { ...item, apiVersion, kind: resource.kind, metadata: { ...metadata, name } }
}

function broken(path: string): ClusterFault {
  const why = 'the answer is not a list of Kubernetes objects'
  return new ClusterFault({ kind: 'unreachable', what: 'cannot read a list', where: path, why })
}
