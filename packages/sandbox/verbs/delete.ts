// Deletes objects: preconditions, finalizers, grace, and what the real server answers when it is done or has to wait.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, numberAt, stringAt } from '@mainstay/core/object/object.ts'
import { markForDeletion } from '../crd/terminate.ts'
import { conflict, failure, notFound } from '../registry/status.ts'
import { timeOf, timeText } from '../schema/time.ts'
import { resourceKey } from '../store/store.ts'
import { checkAdmission } from './admission.ts'
import { withMetadata } from './create.ts'
import { equalJson } from './equal.ts'
import { IMMORTAL, isNamespaces, namespaceFinalizers, terminatingNamespace } from './namespace.ts'
import { returnsDeleted } from './strategy.ts'
import type { Cluster, Target } from './target.ts'
import { aboutKind, aboutOf, liveOf, readStored, served } from './target.ts'
import { preconditionText } from './update.ts'

/** Where definitions are kept. */
export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions'

/** What a client may say about a deletion. */
export interface DeleteOptions {
  readonly dryRun: boolean
  readonly uid: string | null
  readonly resourceVersion: string | null
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | null
  readonly orphanDependents: boolean | null
  readonly graceSeconds: number | null
  /** Tells the client something. */
  readonly warn?: (text: string) => void
  /** Who deletes, as far as a client says so. */
  readonly manager?: string
}

/** What came of a deletion. */
export interface Deleted {
  readonly code: 200 | 202
  /** The object, or a Status that says it is gone. */
  readonly answer: JsonObject
}

/** A DELETE of one object. */
export function remove(cluster: Cluster, target: Target, name: string, options: DeleteOptions): Deleted {
  const kept = liveOf(cluster, target, name)
  const live = kept === null ? null : readStored(target, kept)
  if (isNamespaces(target) && IMMORTAL.includes(name)) throw immortal(name)
  if (live === null) throw notFound(aboutOf(target, name))
  checkPreconditions(target, live, options)
  askToDelete(cluster, target, live, options)
  const step = nextStep(cluster, target, live, options)
  if (step.kind === 'wait') {
    const idle = equalJson(step.object, live)
    const waiting = idle || options.dryRun ? step.object : keep(cluster, target, step.object)
    const code = options.orphanDependents === false ? 202 : 200
    return { code, answer: served(target, waiting) }
  }
  checkVersionOnceMore(target, step, live, options)
  // What goes with grace is marked first, also where the grace is no time at all.
  if (step.kind === 'mark and go' && !options.dryRun) keep(cluster, target, step.object)
  const gone = options.dryRun ? live : cluster.store.remove(resourceKey(target.resource), target.namespace, name)
  return { code: 200, answer: goneAnswer(target, step.object, gone ?? live) }
}

/** Where finalizers go with the deletion, the real server asks for the version of what it has not read. */
function checkVersionOnceMore(target: Target, step: Step, live: KubeObject, options: DeleteOptions): void {
  const { resourceVersion, dryRun } = options
  if (step.kind !== 'go' || resourceVersion === null || dryRun || finalizersOf(live).length === 0) return
  const own = stringAt(live, 'metadata', 'resourceVersion') ?? ''
  const what = `ResourceVersion in precondition: , ResourceVersion in object meta: ${own}`
  const { name } = live.metadata
  throw conflict(aboutOf(target, name), preconditionText(target, name, dryRun, what))
}

/** Throws what somebody refuses. */
function askToDelete(
  cluster: Cluster,
  target: Target,
  live: KubeObject,
  { dryRun, warn, manager }: DeleteOptions,
): void {
  const told = { dryRun, manager: manager ?? '', warn: warn ?? (() => {}) }
  checkAdmission(cluster, target, { operation: 'DELETE', name: live.metadata.name, object: null, old: live }, told)
}

/** A DELETE of a collection: every object for itself. The answer lists them as they were. */
export function removeAll(
  cluster: Cluster,
  target: Target,
  objects: readonly KubeObject[],
  options: DeleteOptions,
): void {
  for (const object of objects) {
    const namespace = stringAt(object, 'metadata', 'namespace') ?? null
    const own = { ...target, namespace }
    if (liveOf(cluster, own, object.metadata.name) !== null) remove(cluster, own, object.metadata.name, options)
  }
}

/** Either the object waits for something (and says so), or it goes now. */
interface Step {
  readonly kind: 'wait' | 'go' | 'mark and go'
  readonly object: KubeObject
}

function nextStep(cluster: Cluster, target: Target, live: KubeObject, options: DeleteOptions): Step {
  if (isNamespaces(target)) return namespaceStep(cluster, target, live, options)
  if (resourceKey(target.resource) === DEFINITIONS) return definitionStep(cluster, live)
  const grace = graceOf(cluster, target, live, options)
  if (grace.kind === 'pending') return { kind: 'wait', object: live }
  const finalizers = finalizersAfter(target, live, options)
  const object = withFinalizers(grace.object, finalizers)
  if (grace.kind === 'now') {
    // What goes at once goes as it was kept.
    return finalizers.length > 0 ? { kind: 'wait', object: marked(cluster, object) } : { kind: 'go', object: live }
  }
  return { kind: finalizers.length > 0 || grace.seconds > 0 ? 'wait' : 'mark and go', object }
}

/** A definition goes when the objects of its resource are gone. */
function definitionStep(cluster: Cluster, live: KubeObject): Step {
  if (!isTerminating(live)) return { kind: 'wait', object: markForDeletion(live, cluster.clock.now()) }
  return { kind: finalizersOf(live).length > 0 ? 'wait' : 'go', object: live }
}

/** A namespace goes when its content is gone: its own finalizers say so, and its controller takes them away. */
function namespaceStep(cluster: Cluster, target: Target, live: KubeObject, options: DeleteOptions): Step {
  if (stringAt(live, 'metadata', 'deletionTimestamp') === undefined) {
    const begun = withMetadata(live, { deletionTimestamp: timeText(cluster.clock.now()) })
    const object = withFinalizers(terminatingNamespace(begun), finalizersAfter(target, live, options))
    const held = namespaceFinalizers(object).length > 0 || finalizersOf(object).length > 0
    return { kind: held ? 'wait' : 'go', object }
  }
  if (namespaceFinalizers(live).length > 0) return { kind: 'wait', object: live }
  return { kind: finalizersOf(live).length > 0 ? 'wait' : 'go', object: live }
}

type Grace =
  | { readonly kind: 'now'; readonly object: KubeObject }
  /** It waits already, and is not asked to hurry. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'graceful'; readonly object: KubeObject; readonly seconds: number }

function graceOf(cluster: Cluster, target: Target, live: KubeObject, options: DeleteOptions): Grace {
  const preset = target.resource.behaviour.graceSeconds
  if (preset === undefined) return { kind: 'now', object: live }
  const asked = options.graceSeconds === null ? null : options.graceSeconds < 0 ? 1 : options.graceSeconds
  const since = deletedSince(live)
  const now = cluster.clock.now()
  if (since !== null) {
    const left = numberAt(live, 'metadata', 'deletionGracePeriodSeconds') ?? 0
    if (left === 0) return { kind: 'now', object: live }
    if (asked === null || asked >= left) return { kind: 'pending' }
    const moved = since - left * 1000 + asked * 1000
    const seconds = moved < now && asked !== 0 ? 1 : asked
    const times = { deletionTimestamp: timeText(Math.max(moved, now)), deletionGracePeriodSeconds: seconds }
    return { kind: 'graceful', object: withMetadata(live, times), seconds }
  }
  const seconds = preset(live, asked)
  const times = { deletionTimestamp: timeText(now + seconds * 1000), deletionGracePeriodSeconds: seconds }
  return { kind: 'graceful', object: withMetadata(raised(live), times), seconds }
}

function deletedSince(live: KubeObject): number | null {
  const text = stringAt(live, 'metadata', 'deletionTimestamp')
  return text === undefined ? null : timeOf(text)
}

/** Marks an object that is held by finalizers. */
function marked(cluster: Cluster, live: KubeObject): KubeObject {
  const now = cluster.clock.now()
  const since = deletedSince(live)
  const object = since === null ? raised(live) : live
  const deletionTimestamp = since === null || since > now ? timeText(now) : (live.metadata.deletionTimestamp ?? null)
  return withMetadata(object, { deletionTimestamp, deletionGracePeriodSeconds: 0 })
}

/** Beginning to be deleted changes what is wanted of the object. */
function raised(live: KubeObject): KubeObject {
  const generation = numberAt(live, 'metadata', 'generation') ?? 0
  return generation > 0 ? withMetadata(live, { generation: generation + 1 }) : live
}

const ORPHAN = 'orphan'
const FOREGROUND = 'foregroundDeletion'

/** The finalizers with those of the garbage collector that the options ask for. */
function finalizersAfter(target: Target, live: KubeObject, options: DeleteOptions): readonly Json[] {
  const before = finalizersOf(live)
  const wanted = collectorFinalizer(target, before, options)
  const others = before.filter((each) => each !== ORPHAN && each !== FOREGROUND)
  const after = wanted === null ? others : [...others, wanted]
  const same = after.length === before.length && before.every((each) => after.includes(each))
  return same ? before : after
}

function collectorFinalizer(target: Target, before: readonly Json[], options: DeleteOptions): string | null {
  if (isEvent(target)) return null
  if (options.orphanDependents !== null) return options.orphanDependents ? ORPHAN : null
  switch (options.propagation) {
    case 'Orphan':
      return ORPHAN
    case 'Foreground':
      return FOREGROUND
    case 'Background':
      return null
    case null: {
      const own = before.find((each) => each === ORPHAN || each === FOREGROUND)
      if (typeof own === 'string') return own
      return target.resource.behaviour.defaultPropagation === 'Orphan' ? ORPHAN : null
    }
  }
}

/** Events own nothing. */
function isEvent({ resource }: Target): boolean {
  return resource.kind === 'Event' && (resource.group === '' || resource.group === 'events.k8s.io')
}

function finalizersOf(object: KubeObject): readonly Json[] {
  const { finalizers } = object.metadata
  return isList(finalizers) ? finalizers : []
}

function withFinalizers(object: KubeObject, finalizers: readonly Json[]): KubeObject {
  if (object.metadata.finalizers === finalizers || (finalizers.length === 0 && finalizersOf(object).length === 0)) {
    return object
  }
  return withMetadata(object, { finalizers: finalizers.length === 0 ? null : finalizers })
}

function keep(cluster: Cluster, target: Target, object: KubeObject): KubeObject {
  return cluster.store.put(resourceKey(target.resource), object)
}

function goneAnswer(target: Target, last: KubeObject, gone: KubeObject): JsonObject {
  if (returnsDeleted(target.resource)) {
    // With the version of the deletion, so that a watch can begin there.
    return served(target, withMetadata(last, { resourceVersion: gone.metadata.resourceVersion ?? null }))
  }
  const { group, plural } = target.resource
  const name = last.metadata.name
  const uid = stringAt(last, 'metadata', 'uid') ?? ''
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

function checkPreconditions(target: Target, live: KubeObject, options: DeleteOptions): void {
  const failed = (what: string, asked: string, own: string, then: string): Error => {
    // Namespaces have a store of their own words.
    if (isNamespaces(target)) {
      const text = `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${own}`
      return conflict(aboutOf(target, live.metadata.name), text)
    }
    const text = `the ${what} in the precondition (${asked}) does not match the ${what} in record (${own})`
    return conflict(aboutKind(target, live.metadata.name), `${text}. The object might have been ${then}`)
  }
  const uid = stringAt(live, 'metadata', 'uid') ?? ''
  if (options.uid !== null && options.uid !== uid) throw failed('UID', options.uid, uid, 'deleted and then recreated')
  const version = stringAt(live, 'metadata', 'resourceVersion') ?? ''
  if (options.resourceVersion === null || options.resourceVersion === version) return
  throw failed('ResourceVersion', options.resourceVersion, version, 'modified')
}

function immortal(name: string): Error {
  const message = `namespaces ${JSON.stringify(name)} is forbidden: this namespace may not be deleted`
  return failure(403, 'Forbidden', message, { name, kind: 'namespaces' })
}
