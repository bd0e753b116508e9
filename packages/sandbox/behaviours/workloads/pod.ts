// Pods as their controllers see them: made from a template, alive, ready, available.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { failure, StatusError } from '../../registry/status.ts'
import { timeOf } from '../../schema/time.ts'
import type { Desk } from '../controller.ts'
import { ownerReference } from './claim.ts'
import { note } from './event.ts'
import { openCount } from './owned.ts'
import { MANAGER } from './writer.ts'

/** What a Pod made from a template gets beside it. */
export interface PodNames {
  /** The whole name; a generated one where absent. */
  readonly name?: string
  readonly labels?: JsonObject
  readonly annotations?: JsonObject
  readonly finalizers?: readonly string[]
}

/** A Pod of an owner, from a template. */
export function podFrom(owner: KubeObject, template: JsonObject, more: PodNames = {}): KubeObject {
  const labels = { ...objectAt(template, 'metadata', 'labels'), ...more.labels }
  const annotations = { ...objectAt(template, 'metadata', 'annotations'), ...more.annotations }
  const given = objectAt(template, 'metadata').finalizers
  const finalizers = [...(Array.isArray(given) ? given : []), ...(more.finalizers ?? [])]
  // The server fills in the name.
  const naming = more.name === undefined ? { generateName: `${owner.metadata.name}-` } : { name: more.name }
  const metadata = {
    ...naming,
    namespace: textAt(owner, 'metadata', 'namespace'),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ownerReferences: [ownerReference(owner)],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: objectAt(template, 'spec') } as unknown as KubeObject
}

/**
 * Where so many Pods fit on no node, controllers make no more of them: `replicas: 1000000` is a slip of the hand, and is
 * not to take the memory of whoever looks at its consequences.
 */
const MOST_REFUSED = 1000
/** The same for Pods that nobody has tried to place: those that come quickly, and those behind gates. */
const MOST_WAITING = 10_000

const waiting = openCount('/pods', (pod) => !isPlaced(pod) && !isFinished(pod))
const refused = openCount('/pods', isUnschedulable)

/** Makes a Pod as its controller; refuses where too many have no node. */
export function makePod({ world }: Desk, pod: KubeObject): KubeObject {
  if (refused(world) >= MOST_REFUSED || waiting(world) >= MOST_WAITING) {
    const name = pod.metadata.name ?? textAt(pod, 'metadata', 'generateName')
    const why = `${waiting(world)} Pods wait for a node already, and a sandbox makes no more`
    throw failure(403, 'Forbidden', `pods "${name}" is forbidden: ${why}`)
  }
  return world.create(pod, MANAGER)
}

/** True for a Pod that the scheduler found no node for. */
export function isUnschedulable(pod: KubeObject): boolean {
  const word = objectsAt(pod, 'status', 'conditions').find((each) => textAt(each, 'type') === 'PodScheduled')
  return !isPlaced(pod) && textAt(word, 'reason') === 'Unschedulable'
}

/** Makes a Pod and says so; a refusal is said and thrown. */
export function createPod(desk: Desk, owner: KubeObject, pod: KubeObject, from: string): KubeObject {
  try {
    const made = makePod(desk, pod)
    const message = `Created pod: ${made.metadata.name}`
    note(desk, { about: owner, type: 'Normal', reason: 'SuccessfulCreate', message, from })
    return made
  } catch (error) {
    if (error instanceof StatusError && !isNamespaceGoing(error)) {
      const message = `Error creating: ${error.message}`
      note(desk, { about: owner, type: 'Warning', reason: 'FailedCreate', message, from })
    }
    throw error
  }
}

/** Deletes a Pod and says so. */
export function deletePod(desk: Desk, owner: KubeObject, pod: KubeObject, from: string): void {
  const { name } = pod.metadata
  const namespace = textAt(pod, 'metadata', 'namespace')
  desk.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { uid: textAt(pod, 'metadata', 'uid') })
  note(desk, { about: owner, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}`, from })
}

/** True for a refusal because the namespace is being deleted: nothing new can be made there, and that is all right. */
export function isNamespaceGoing(error: StatusError): boolean {
  const causes = objectsAt(error.body, 'details', 'causes')
  return causes.some((each) => textAt(each, 'reason') === 'NamespaceTerminating')
}

/** The phase of a Pod. */
export function phaseOf(pod: KubeObject): string {
  return textAt(pod, 'status', 'phase')
}

/** True for a Pod whose containers have ended for good. */
export function isFinished(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(phaseOf(pod))
}

/** True for a Pod that is neither finished nor going. */
export function isActive(pod: KubeObject): boolean {
  return !isFinished(pod) && !isTerminating(pod)
}

/** True for a Pod that is going and has not ended. */
export function isGoing(pod: KubeObject): boolean {
  return !isFinished(pod) && isTerminating(pod)
}

/** Since when a Pod is ready, in milliseconds since the epoch; null where it is not. */
export function readySince(pod: KubeObject): number | null {
  const ready = objectsAt(pod, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
  return textAt(ready, 'status') === 'True' ? timeOf(textAt(ready, 'lastTransitionTime')) : null
}

/** True for a Pod that is ready. */
export function isReady(pod: KubeObject): boolean {
  return readySince(pod) !== null
}

/** True for a Pod that has been ready for long enough. */
export function isAvailable(pod: KubeObject, minReadySeconds: number, now: number): boolean {
  const since = readySince(pod)
  return since !== null && (minReadySeconds === 0 || since + minReadySeconds * 1000 <= now)
}

/** After how many milliseconds one of these Pods becomes available; null where none is about to. */
export function nextAvailable(pods: readonly KubeObject[], minReadySeconds: number, now: number): number | null {
  const waits = pods.flatMap((pod) => {
    const since = readySince(pod)
    const left = since === null ? 0 : since + minReadySeconds * 1000 - now
    return left > 0 ? [left] : []
  })
  return waits.length === 0 ? null : Math.min(...waits)
}

/** True where a Pod has a node. */
export function isPlaced(pod: KubeObject): boolean {
  return has(pod, 'spec', 'nodeName')
}
