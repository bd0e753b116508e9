// Changes an object: optimistic lock, what an update may not touch, validation; a change of nothing stays one.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { pathSegment } from '../kinds/formats.ts'
import { metadataCauses, metadataUpdateCauses } from '../kinds/metadata.ts'
import { bringsEmpty, withoutSent } from '../kinds/sent.ts'
import { conflict, failure, invalid, notFound } from '../registry/status.ts'
import { resourceKey } from '../store/store.ts'
import { accept, type Body, headCauses } from './accept.ts'
import { checkAdmission, mutated, nobodyAsked } from './admission.ts'
import { createStored, inNamespace, isUnsettled, nameOf, refuseInvalid, withMetadata } from './create.ts'
import { equalJson, without } from './equal.ts'
import { isNamespaces, namespaceFinalizers, updatedNamespace } from './namespace.ts'
import { withOwnersOnce } from './owners.ts'
import { trackedThrough, withoutIdleTimes, withoutVersion } from './ownership.ts'
import { ofSubresource } from './part.ts'
import { createsOnUpdate, needsVersion } from './strategy.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { aboutOf, answered, judged, judgedLive, liveOf, readStored, served, stored, surroundings } from './target.ts'

/** What came of a write that may also make the object. */
export interface Written {
  /** In the target's version. */
  readonly object: KubeObject
  readonly created: boolean
}

/** Makes the new object from the old one, both in the target's version; the new one with its managers. */
export type Remake = (before: KubeObject | null) => KubeObject

/** A PUT of an object or one of its subresources. */
export function update(cluster: Cluster, target: Target, name: string, body: Body, options: WriteOptions): Written {
  const remake = replacing(cluster, target, name, body, options)
  const make: Make = (live) => remake(live === null ? null : served(target, live))
  return write(cluster, target, name, make, { ...options, create: createsOnUpdate(target.resource) })
}

/** What a PUT makes of an object. */
export function replacing(cluster: Cluster, target: Target, name: string, body: Body, options: WriteOptions): Remake {
  const object = withOwnersOnce(inNamespace(target, accept(cluster, target, body, options)), options)
  checkName(object, name)
  return (before) => {
    checkUid(target, name, before, stringAt(object, 'metadata', 'uid'), options)
    const after = before === null ? object : ofSubresource(target, object, before)
    return trackedThrough(cluster, target, before, object, after, body.value, options)
  }
}

/** Refuses a name that is not the one of the path. */
export function checkName(object: KubeObject, name: string): void {
  const own = nameOf(object)
  if (own === name) return
  if (own === '') {
    const why = `the name of the object (${name} based on URL) was undeterminable: name must be provided`
    throw failure(400, 'BadRequest', why)
  }
  const why = `the name of the object (${own}) does not match the name on the URL (${name})`
  throw failure(400, 'BadRequest', why)
}

/** A uid in what is sent is a precondition. */
function checkUid(
  target: Target,
  name: string,
  live: KubeObject | null,
  uid: string | undefined,
  { dryRun }: WriteOptions,
): void {
  if (uid === undefined || uid === '') return
  const own = stringAt(live, 'metadata', 'uid') ?? ''
  if (own === uid) return
  throw conflict(
    aboutOf(target, name),
    preconditionText(target, name, dryRun, `UID in precondition: ${uid}, UID in object meta: ${own}`),
  )
}

/** Where the store keeps what it does not keep under the resource's own name. */
const FOLDERS: Readonly<Record<string, string>> = {
  '/endpoints': 'services/endpoints',
  '/nodes': 'minions',
  '/replicationcontrollers': 'controllers',
  '/services': 'services/specs',
  'networking.k8s.io/ingresses': 'ingress',
}

/** A precondition that failed in the store, in its words. */
export function preconditionText(target: Target, name: string, dryRun: boolean, what: string): string {
  const { group, plural } = target.resource
  const folder = FOLDERS[resourceKey(target.resource)] ?? plural
  const place = [target.resource.custom === true ? group : '', folder, target.namespace ?? '', name]
    .filter((part) => part !== '')
    .join('/')
  // Where nothing is written, the keys of the store have no head.
  const key = dryRun ? `/${place}` : `/registry/${place}`
  const parts = ['StorageError: invalid object', 'Code: 4', `Key: ${key}`, 'ResourceVersion: 0']
  return `${parts.join(', ')}, AdditionalErrorMsg: Precondition failed: ${what}`
}

/** Makes the new object (in the target's version, with its managers) from the live one as it is kept. */
export type Make = (live: KubeObject | null) => KubeObject

/** Whether what is not there may be made. */
export interface WriteRules extends WriteOptions {
  readonly create: boolean
}

/** Changes the live object, or makes it where that is allowed. */
export function write(cluster: Cluster, target: Target, name: string, make: Make, rules: WriteRules): Written {
  const live = liveOf(cluster, target, name)
  if (live === null && !mayCreate(target, rules)) throw notFound(aboutOf(target, name))
  const made = judged(target, make(live))
  if (made === live && nobodyAsked(cluster) && !isUnsettled(live)) {
    if (target.subresource === null) warnOf(target, live, live, rules)
    return { object: served(target, live), created: false }
  }
  if (live === null) {
    checkVersion(stringAt(made, 'metadata', 'resourceVersion') ?? '')
    const fresh = withMetadata(made, { resourceVersion: null })
    const object = createStored(cluster, target, fresh, rules)
    // Nobody takes the version that was sent out of what is not kept.
    const { resourceVersion = null } = made.metadata
    const shown = rules.dryRun ? withMetadata(object, { resourceVersion }) : object
    return { object: served(target, shown), created: true }
  }
  const read = judgedLive(target, live)
  const admitted = mutated(cluster, target, { operation: 'UPDATE', name, object: made, old: read }, rules)
  rules.checkGrant?.(target, admitted, read)
  const changed = change(cluster, target, read, lockedTo(target, admitted, read), rules)
  return { object: answered(target, changed), created: false }
}

/** Nothing is made through a part of it, but by kinds of which every update may. */
function mayCreate({ resource, subresource }: Target, rules: WriteRules): boolean {
  return rules.create && (subresource === null || (subresource === 'status' && createsOnUpdate(resource)))
}

function warnOf({ resource }: Target, object: KubeObject, live: KubeObject, { warn }: WriteOptions): void {
  for (const text of resource.behaviour.warnings?.(object, live) ?? []) warn(text)
}

/** A version is a number to the store. */
function checkVersion(version: string): void {
  if (/^\d*$/.test(version)) return
  throw failure(500, '', `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`)
}

/** The object with the version that it changes; refuses where that is not the live one. */
function lockedTo(target: Target, object: KubeObject, live: KubeObject): KubeObject {
  const version = stringAt(object, 'metadata', 'resourceVersion') ?? ''
  const current = stringAt(live, 'metadata', 'resourceVersion') ?? ''
  if (version === current) return object
  if (version !== '' && version !== '0') {
    checkVersion(version)
    const why = 'the object has been modified; please apply your changes to the latest version and try again'
    throw conflict(aboutOf(target, live.metadata.name), why)
  }
  if (!needsVersion(target.resource)) return withMetadata(object, { resourceVersion: current })
  const message = 'Invalid value: 0: must be specified for an update'
  const cause = { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message } as const
  throw invalid(aboutOf(target, live.metadata.name), [cause])
}

/** Changes the live object to another; both as they are judged. */
export function change(
  cluster: Cluster,
  target: Target,
  live: KubeObject,
  sent: KubeObject,
  options: WriteOptions,
): KubeObject {
  const { behaviour } = target.resource
  const around = surroundings(cluster, options.dryRun)
  const prepared = prepare(target, live, sent, (object) => behaviour.prepareUpdate?.(object, live, around) ?? object)
  const judge =
    target.subresource === 'status' ? (behaviour.validateStatus ?? behaviour.validateUpdate) : behaviour.validateUpdate
  const strange = headCauses(target, prepared)
  // The real server judges the metadata of every kind, and most kinds do it again.
  const common = [
    ...metadataCauses(prepared, pathSegment, target.resource.namespaced),
    ...metadataUpdateCauses(prepared, live),
  ]
  const own =
    strange.length === 0
      ? judge?.(prepared, live, around)
      : [...strange, ...(behaviour.validateStrange?.(prepared, live, target.version.name) ?? [])]
  refuseInvalid(target, prepared, [...common, ...(own ?? [])], live.metadata.name)
  const allocated = target.subresource === null ? behaviour.allocate?.(prepared, live, around) : undefined
  refuseInvalid(target, prepared, allocated?.causes ?? [], live.metadata.name)
  if (target.subresource === null || target.subresource === 'scale') {
    warnOf(target, prepared, live, options)
  }
  const object = allocated?.object ?? prepared
  checkAdmission(cluster, target, { operation: 'UPDATE', name: live.metadata.name, object, old: live }, options)
  return settle(cluster, target, live, withoutIdleTimes(live, object), options)
}

/** Keeps what was made of the live object: nothing where nothing changed, and no object that waited only for this. */
function settle(
  cluster: Cluster,
  target: Target,
  live: KubeObject,
  object: KubeObject,
  options: WriteOptions,
): KubeObject {
  const key = resourceKey(target.resource)
  if (isDone(target, object, live)) {
    if (!options.dryRun) cluster.store.remove(key, target.namespace, live.metadata.name)
    return object
  }
  // What is filled in when it is read is kept when it is written, so that this is a change.
  const kept = liveOf(cluster, target, live.metadata.name) ?? live
  const fresh = target.resource.custom === true ? stored(target, object) : withoutSent(object)
  if (!isUnsettled(kept) && says(fresh, kept) && says(fresh, readStored(target, kept))) return live
  return judgedLive(target, options.dryRun ? fresh : cluster.store.put(key, fresh))
}

/** True where two objects say the same, whatever their versions. */
function says(one: KubeObject, other: KubeObject): boolean {
  return equalJson(withoutVersion(one), withoutVersion(other))
}

/** True for an object that is being deleted and is held by nothing any more. */
function isDone(target: Target, object: KubeObject, live: KubeObject): boolean {
  if (stringAt(live, 'metadata', 'deletionTimestamp') === undefined) return false
  const finalizers = valueAt(object, 'metadata', 'finalizers')
  if (isList(finalizers) && finalizers.length > 0) return false
  if (isNamespaces(target)) return namespaceFinalizers(object).length === 0
  return (numberAt(live, 'metadata', 'deletionGracePeriodSeconds') ?? 0) === 0
}

function prepare(
  target: Target,
  live: KubeObject,
  sent: KubeObject,
  strategy: (object: KubeObject) => KubeObject,
): KubeObject {
  const generation = numberAt(live, 'metadata', 'generation') ?? null
  const object = withMetadata(sent, { generation })
  if (target.subresource === 'status') return withOldMetadata(object, live)
  // The strategy of a namespace keeps its finalizers, which is what this subresource is for.
  const prepared = target.subresource === 'finalize' ? object : strategy(object)
  const shaped = isNamespaces(target) ? updatedNamespace(target, prepared, live) : prepared
  return withOldMetadata(withGeneration(target, shaped, live, generation), live)
}

function withGeneration(target: Target, object: KubeObject, live: KubeObject, generation: number | null): KubeObject {
  const rule = target.resource.behaviour.generation ?? 'spec'
  if (rule === 'none' || target.subresource === 'finalize') return object
  const changed =
    rule === 'spec'
      ? !equalJson(object.spec, live.spec) || bringsEmpty(object)
      : !equalJson(without(object, 'metadata', 'status'), without(live, 'metadata', 'status'))
  return changed ? withMetadata(object, { generation: (generation ?? 0) + 1 }) : object
}

/** What an update never changes, whatever it says. */
function withOldMetadata(object: KubeObject, live: KubeObject): KubeObject {
  const kept: Record<string, Json> = {}
  for (const key of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']) {
    kept[key] = live.metadata[key] ?? object.metadata[key] ?? null
  }
  if ((stringAt(object, 'metadata', 'uid') ?? '') === '') kept.uid = live.metadata.uid ?? null
  return withMetadata(object, kept)
}
