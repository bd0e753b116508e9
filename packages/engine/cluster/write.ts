// The only place that sends requests with a write verb: apply, create, patch, delete. It never decides, it only sends.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import { type KubeObject, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { stringifyJson } from '../json/stringify.ts'
import { answerJson } from './answer.ts'
import { saysAbsent } from './get.ts'
import { objectOf } from './list.ts'
import { collectionPath, holdsSecrets, objectName, objectPath, type Resource, withQuery } from './resource-path.ts'
import type { ApiRequest, Transport, Verb } from './transport.ts'

/** What every write may say. */
export interface WriteOptions {
  /** Default: the one under which Mainstay applies. */
  readonly fieldManager?: string
  /** The server judges the request and carries nothing out. */
  readonly dryRun?: boolean
  /** What the server does with unknown and duplicate fields; default `Strict`. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly signal?: AbortSignal
}

/** One server-side apply. */
export interface ApplyOptions extends WriteOptions {
  /** Take over fields that other managers own. */
  readonly force?: boolean
  /** Precondition: the object with this uid exists. Null or absent: none. */
  readonly uid?: string | null
  /** Precondition: the object is in this version. Null or absent: none. */
  readonly resourceVersion?: string | null
}

/** What a write came to. */
export interface Written {
  readonly object: KubeObject
  /** True when the object did not exist before this request. */
  readonly created: boolean
  /** Texts of the server's Warning headers. */
  readonly warnings: readonly string[]
}

/** One deletion. */
export interface DeleteOptions {
  /** Precondition: an object that somebody re-created under this name survives. */
  readonly uid: string
  /** Precondition: the object was not changed since. */
  readonly resourceVersion?: string | null
  /** What happens to dependants. */
  readonly cascade: 'foreground' | 'background' | 'orphan'
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

/** `gone`: it does not exist any more. `terminating`: accepted; finalizers or a grace period still run. */
export type Deleted = 'gone' | 'terminating'

/** Part of an object that is patched on its own. */
export type Subresource = 'status'

/** Longest admission the server allows (30 s a webhook, 60 s a request) and a little more. */
const timeoutMs = 75_000

/**
 * Server-side apply. The manifest is sent as it is, with uid and resourceVersion added as preconditions.
 *
 * @throws FaultError `conflict`: detail `field-conflict` names the fields that others own, `precondition` means that
 *   uid or resourceVersion are not those of the live object; `rejected` with the fields; `forbidden`; `not-found`
 */
export async function applyObject(
  transport: Transport,
  resource: Resource,
  manifest: KubeObject,
  options: ApplyOptions,
): Promise<Written> {
  const { uid, resourceVersion } = options
  const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) }
  const body = { ...manifest, metadata: { ...manifest.metadata, ...preconditions } }
  const path = withQuery(objectPath(resource, placeOf(manifest)), {
    ...parameters(options),
    force: options.force ?? false,
  })
  return written(transport, resource, manifest, options, {
    verb: options.dryRun === true ? 'dry-run' : 'apply',
    method: 'PATCH',
    path,
    body: { type: 'application/apply-patch+yaml', text: stringifyJson(body) },
  })
}

/**
 * Creates an object that must not exist yet.
 * @throws FaultError `conflict` with detail `already-exists`, and as `applyObject`
 */
export async function createObject(
  transport: Transport,
  resource: Resource,
  manifest: KubeObject,
  options: WriteOptions = {},
): Promise<Written> {
  const path = withQuery(collectionPath(resource, placeOf(manifest).namespace), parameters(options))
  return written(transport, resource, manifest, options, {
    verb: options.dryRun === true ? 'dry-run' : 'create',
    method: 'POST',
    path,
    body: { type: 'application/json', text: stringifyJson(manifest) },
  })
}

/** What to patch. */
export interface PatchTarget {
  readonly namespace: string | null
  readonly name: string
  readonly subresource?: Subresource
}

/** JSON merge patch (RFC 7386). A `metadata.resourceVersion` in the patch is a precondition. */
export async function mergePatch(
  transport: Transport,
  resource: Resource,
  target: PatchTarget,
  patch: JsonObject,
  options: WriteOptions = {},
): Promise<Written> {
  return patched(transport, resource, target, options, {
    type: 'application/merge-patch+json',
    text: stringifyJson(patch),
  })
}

/**
 * Deletes one object, and only the one with the given uid.
 * @returns `gone` also when it did not exist any more
 * @throws FaultError `conflict` with detail `precondition` when another object has the name now
 */
export async function deleteObject(
  transport: Transport,
  resource: Resource,
  ref: Pick<ObjectRef, 'namespace' | 'name'>,
  options: DeleteOptions,
): Promise<Deleted> {
  const { uid, resourceVersion, cascade, dryRun, signal } = options
  const body: JsonObject = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, ...(resourceVersion ? { resourceVersion } : {}) },
    propagationPolicy: policies[cascade],
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
  }
  const where = objectPath(resource, ref)
  const what = `cannot delete ${objectName({ kind: resource.kind, ...ref })}`
  try {
    const answer = await transport.send({
      verb: dryRun === true ? 'dry-run' : 'delete',
      method: 'DELETE',
      path: where,
      what,
      where,
      body: { type: 'application/json', text: stringifyJson(body) },
      secret: holdsSecrets(resource),
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    })
    return outcomeOf(answer.status, answerJson(answer.text, what, where))
  } catch (error) {
    if (saysAbsent(error, resource, ref.name)) return 'gone'
    throw error
  }
}

const policies = { foreground: 'Foreground', background: 'Background', orphan: 'Orphan' } as const

/** The server answers with a Status when the object is gone, or with the object: as it was, or as it now terminates. */
function outcomeOf(status: number, body: Json): Deleted {
  if (status === 202) return 'terminating'
  if (stringAt(body, 'kind') === 'Status' && stringAt(body, 'apiVersion') === 'v1') return 'gone'
  return stillThere(body) ? 'terminating' : 'gone'
}

function stillThere(body: Json): boolean {
  const finalizers = valueAt(body, 'metadata', 'finalizers')
  if (isList(finalizers) && finalizers.length > 0) return true
  return stringAt(body, 'metadata', 'deletionTimestamp') !== undefined
}

async function patched(
  transport: Transport,
  resource: Resource,
  target: PatchTarget,
  options: WriteOptions,
  body: NonNullable<ApiRequest['body']>,
): Promise<Written> {
  const base = objectPath(resource, target)
  const path = target.subresource === undefined ? base : `${base}/${target.subresource}`
  const named = {
    metadata: { name: target.name, ...(target.namespace === null ? {} : { namespace: target.namespace }) },
  }
  return written(transport, resource, named, options, {
    verb: options.dryRun === true ? 'dry-run' : 'patch',
    method: 'PATCH',
    path: withQuery(path, parameters(options)),
    body,
  })
}

interface WriteRequest {
  readonly verb: Verb
  readonly method: 'PATCH' | 'POST'
  readonly path: string
  readonly body: NonNullable<ApiRequest['body']>
}

async function written(
  transport: Transport,
  resource: Resource,
  named: Pick<KubeObject, 'metadata'>,
  options: WriteOptions,
  request: WriteRequest,
): Promise<Written> {
  const place = placeOf(named)
  const where = objectPath(resource, place)
  const what = `cannot ${request.verb} ${objectName({ kind: resource.kind, ...place })}`
  const answer = await transport.send({
    ...request,
    what,
    where,
    secret: holdsSecrets(resource),
    timeoutMs,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const object = objectOf(answerJson(answer.text, what, where), resource, where)
  return { object, created: answer.status === 201, warnings: answer.warnings }
}

function placeOf({ metadata }: Pick<KubeObject, 'metadata'>): {
  readonly namespace: string | null
  readonly name: string
} {
  return { namespace: stringAt(metadata, 'namespace') ?? null, name: metadata.name }
}

function parameters(options: WriteOptions): Record<string, string | undefined> {
  return {
    fieldManager: options.fieldManager ?? FIELD_MANAGER,
    fieldValidation: options.fieldValidation ?? 'Strict',
    dryRun: options.dryRun === true ? 'All' : undefined,
  }
}
