// Makes an object: system fields, a name, validation, what is unique in the cluster; then it is kept.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'

import type { KubeObject, Metadata } from '@mainstay/core/object/object.ts'
import { isTerminating, stringAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { withoutSent } from '../kinds/sent.ts'
import type { Cause } from '../registry/kind.ts'
import { alreadyExists, failure, invalid, StatusError } from '../registry/status.ts'
import { timeText } from '../schema/time.ts'
import { nameFrom, uuidFrom } from '../store/random.ts'
import { resourceKey } from '../store/store.ts'
import { accept, type Body, headCauses } from './accept.ts'
import { checkAdmission, mutated } from './admission.ts'
import { without } from './equal.ts'
import { checkNamespace } from './namespace.ts'
import { withOwnersOnce } from './owners.ts'
import { tracked } from './ownership.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { aboutOf, judged, liveOf, served, stored, surroundings } from './target.ts'

/** A POST to a collection. The answer is in the target's version. */
export function create(cluster: Cluster, target: Target, body: Body, options: WriteOptions): KubeObject {
  const sent = accept(cluster, target, body, options)
  const object = withOwnersOnce(inNamespace(target, wiped(sent)), options)
  const owned = tracked(cluster, target, null, object, body.value, options)
  return served(target, createStored(cluster, target, judged(target, owned), options))
}

/** Makes an object that is in the version in which it is judged and knows its managers; as it is kept. */
export function createStored(cluster: Cluster, target: Target, object: KubeObject, options: WriteOptions): KubeObject {
  checkNamespace(cluster, target, object)
  if (!target.resource.verbs.includes('create')) throw going(target, object)
  const asked = { operation: 'CREATE', name: nameOf(object), old: null } as const
  const admitted = mutated(cluster, target, { ...asked, object }, options)
  options.checkGrant?.(target, admitted, null)
  const prepared = prepare(cluster, target, withSystemFields(cluster, target, admitted), options)
  for (const text of target.resource.behaviour.warnings?.(prepared, null) ?? []) options.warn(text)
  const name = nameOf(prepared)
  checkAdmission(cluster, target, { ...asked, object: prepared }, options)
  if (stringAt(prepared, 'metadata', 'resourceVersion') !== undefined) {
    throw failure(500, '', 'resourceVersion should not be set on objects to be created')
  }
  const live = liveOf(cluster, target, name)
  if (live !== null) throw taken(target, live)
  if (options.dryRun) return stored(target, prepared)
  const key = resourceKey(target.resource)
  const kept = cluster.store.put(key, withoutSent(stored(target, prepared)))
  if (UNSETTLED.has(key)) unsettled.add(kept)
  return kept
}

/** Kinds that the real server writes in another form when it writes them for the second time. */
const UNSETTLED = new Set(['/persistentvolumeclaims'])

const unsettled = new WeakSet<KubeObject>()

/** Whether any update of an object writes it, even one that changes nothing. */
export function isUnsettled(live: KubeObject): boolean {
  return unsettled.has(live)
}

function prepare(cluster: Cluster, target: Target, object: KubeObject, options: WriteOptions): KubeObject {
  const { behaviour } = target.resource
  const around = surroundings(cluster, options.dryRun)
  const shaped = behaviour.prepareCreate?.(object, around) ?? object
  // What is given out comes before what is judged.
  const allocated = behaviour.allocate?.(shaped, null, around)
  refuseInvalid(target, shaped, allocated?.causes ?? [])
  const whole = allocated?.object ?? shaped
  const strange = headCauses(target, whole)
  const causes =
    strange.length === 0
      ? behaviour.validateCreate?.(whole, around)
      : [...strange, ...(behaviour.validateStrange?.(whole, null, target.version.name) ?? [])]
  refuseInvalid(target, whole, causes ?? [])
  return whole
}

/** The name of an object; empty where it has none. */
export function nameOf(object: KubeObject): string {
  const { name }: { readonly name?: Json } = object.metadata
  return typeof name === 'string' ? name : ''
}

/** 403: the definition of the resource goes, and takes nothing new in. */
function going(target: Target, object: KubeObject): StatusError {
  const { group, plural } = target.resource
  const name = nameOf(object)
  const why = 'create not allowed while custom resource definition is terminating'
  const message = `${plural}.${group} ${JSON.stringify(name)} is forbidden: ${why}`
  return failure(403, 'Forbidden', message, { name, group, kind: plural })
}

/** 409: the name is taken, perhaps by something that is going. */
function taken(target: Target, live: KubeObject): StatusError {
  const error = alreadyExists(aboutOf(target, live.metadata.name))
  if (!isTerminating(live)) return error
  return new StatusError({ ...error.body, message: `object is being deleted: ${error.body.message}` })
}

/** 422 where there are causes, about the kind that the object says it is of. */
export function refuseInvalid(
  target: Target,
  object: KubeObject,
  causes: readonly Cause[],
  name = nameOf(object),
): void {
  if (causes.length === 0) return
  const { group } = target.resource.custom === true ? parseApiVersion(object.apiVersion) : target.resource
  throw invalid({ group, resource: object.kind, name }, causes)
}

/** Metadata with some fields changed; null takes one away. */
export function withMetadata(object: KubeObject, fields: Readonly<Record<string, Json>>): KubeObject {
  const { metadata } = object
  const differ = Object.keys(fields).filter((key) => (metadata[key] ?? null) !== fields[key])
  if (differ.length === 0) return object
  const gone = Object.keys(fields).filter((key) => fields[key] === null)
  const kept: JsonObject = without({ ...metadata, ...fields }, ...gone)
  // The name was not among the fields.
  return { ...object, metadata: kept as Metadata }
}

/** What only the server may say is taken away. */
function wiped(object: KubeObject): KubeObject {
  return withMetadata(object, {
    creationTimestamp: null,
    uid: null,
    deletionTimestamp: null,
    deletionGracePeriodSeconds: null,
    selfLink: null,
  })
}

function withSystemFields(cluster: Cluster, target: Target, object: KubeObject): KubeObject {
  const { store, clock } = cluster
  const system = { uid: uuidFrom(store.random), creationTimestamp: timeText(clock.now()) }
  const prefix = stringAt(object, 'metadata', 'generateName') ?? ''
  if (nameOf(object) !== '' || prefix === '') return withMetadata(object, system)
  let name = nameFrom(prefix, store.random)
  // The real server tries as often before it tells the client to try again.
  for (let more = 7; more > 0 && liveOf(cluster, target, name) !== null; more--) name = nameFrom(prefix, store.random)
  return { ...object, metadata: { ...object.metadata, ...system, name } }
}

/** The object in the namespace of the request; another one is refused. */
export function inNamespace(target: Target, object: KubeObject): KubeObject {
  const own = stringAt(object, 'metadata', 'namespace') ?? ''
  if (!target.resource.namespaced) return own === '' ? object : withMetadata(object, { namespace: null })
  if (own === target.namespace) return object
  if (own === '') return withMetadata(object, { namespace: target.namespace })
  const why = 'the namespace of the provided object does not match the namespace sent on the request'
  throw failure(400, 'BadRequest', why)
}
