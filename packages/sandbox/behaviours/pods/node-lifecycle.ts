// What a node's state means for its Pods: taints while it is not ready, and who has to go because of taints.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, wholeAt, withAt } from '../../kinds/look.ts'
import { timeOf, timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { openLookup } from '../workloads/owned.ts'
import { isFinished, isPlaced } from '../workloads/pod.ts'
import { MANAGER } from '../workloads/writer.ts'
import { tolerates } from './fit.ts'

const podsOn = openLookup('/pods', (pod) => (isPlaced(pod) ? [textAt(pod, 'spec', 'nodeName')] : []))

const STATUS = { ...MANAGER, subresource: 'status' }
const NOT_READY = 'node.kubernetes.io/not-ready'
const UNREACHABLE = 'node.kubernetes.io/unreachable'

/** Taints nodes that are not ready, and tells of their Pods that they are not either. */
export const nodeLifecycle: Controller = {
  name: 'node-lifecycle',
  follows: [{ resource: '/nodes', subjects: (node) => [node.metadata.name] }],
  reconcile: (name, desk) => {
    const node = desk.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name })
    const ready = objectsAt(node ?? {}, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
    // Nobody has spoken for it yet.
    if (node === null || ready === undefined) return null
    const status = textAt(ready, 'status')
    taint(node, status, desk)
    if (status !== 'True') for (const pod of podsOn(desk.world, name)) markNotReady(pod, desk)
    return null
  },
}

function taint(node: KubeObject, ready: string, { world, now }: Desk): void {
  const before = objectsAt(node, 'spec', 'taints')
  const others = before.filter((each) => ![NOT_READY, UNREACHABLE].includes(textAt(each, 'key')))
  const key = ready === 'Unknown' ? UNREACHABLE : NOT_READY
  const own = (effect: string): JsonObject =>
    before.find((each) => textAt(each, 'key') === key && textAt(each, 'effect') === effect) ?? {
      key,
      effect,
      timeAdded: timeText(now),
    }
  const after = ready === 'True' ? others : [...others, own('NoSchedule'), own('NoExecute')]
  if (equalJson(after, before)) return
  world.update(withAt(node, ['spec', 'taints'], after.length === 0 ? undefined : after), MANAGER)
}

function markNotReady(pod: KubeObject, desk: Desk): void {
  const conditions = objectsAt(pod, 'status', 'conditions')
  if (!conditions.some((each) => textAt(each, 'type') === 'Ready' && textAt(each, 'status') === 'True')) return
  const time = timeText(desk.now)
  const told = conditions.map((each) =>
    textAt(each, 'type') === 'Ready' ? { ...each, status: 'False', lastTransitionTime: time } : each,
  )
  desk.world.update({ ...pod, status: { ...objectAt(pod, 'status'), conditions: told } }, STATUS)
  const said = { about: pod, type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' } as const
  note(desk, { ...said, from: 'node-controller' })
}

/** Deletes Pods that do not bear a taint of their node, or not for so long. */
export const taintEviction: Controller = {
  name: 'taint-eviction',
  follows: [
    { resource: '/pods', subjects: (pod) => (isPlaced(pod) ? [subjectOf(pod)] : []) },
    { resource: '/nodes', subjects: (node, { world }) => podsOn(world, node.metadata.name).map(subjectOf) },
  ],
  reconcile: (subject, desk) => {
    const pod = desk.world.get({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subject) })
    if (pod === null || isTerminating(pod) || isFinished(pod)) return null
    const name = textAt(pod, 'spec', 'nodeName')
    const node = desk.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name })
    const left = node === null ? null : leftMs(pod, node, desk.now)
    if (left === null || left > 0) return left
    evict(pod, desk)
    return null
  },
}

/** For how long a Pod may stay on its node; null where nothing sends it away. */
function leftMs(pod: KubeObject, node: KubeObject, now: number): number | null {
  const taints = objectsAt(node, 'spec', 'taints').filter((each) => textAt(each, 'effect') === 'NoExecute')
  const tolerations = objectsAt(pod, 'spec', 'tolerations')
  const ends: number[] = []
  for (const each of taints) {
    const borne = tolerations.find((toleration) => tolerates(toleration, each))
    if (borne === undefined) return 0
    if (has(borne, 'tolerationSeconds'))
      ends.push(since(each, node, now) + (wholeAt(borne, 'tolerationSeconds') ?? 0) * 1000)
  }
  return ends.length === 0 ? null : Math.max(0, Math.min(...ends) - now)
}

/** Since when a node has a taint; where the taint does not say so, since its spec was last changed. */
function since(taint: JsonObject, node: KubeObject, now: number): number {
  const said = timeOf(textAt(taint, 'timeAdded'))
  if (said !== null) return said
  const times = objectsAt(node, 'metadata', 'managedFields')
    .filter((entry) => has(entry, 'fieldsV1', 'f:spec', 'f:taints'))
    .flatMap((entry) => timeOf(textAt(entry, 'time')) ?? [])
  return times.length === 0 ? now : Math.max(...times)
}

function evict(pod: KubeObject, desk: Desk): void {
  const message = 'Taint manager: deleting due to NoExecute taint'
  const condition = {
    type: 'DisruptionTarget',
    observedGeneration: pod.metadata.generation ?? 1,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeText(desk.now),
    reason: 'DeletionByTaintManager',
    message,
  }
  const others = objectsAt(pod, 'status', 'conditions').filter((each) => textAt(each, 'type') !== 'DisruptionTarget')
  desk.world.update({ ...pod, status: { ...objectAt(pod, 'status'), conditions: [...others, condition] } }, STATUS)
  const text = `Marking for deletion Pod ${subjectOf(pod)}`
  const from = 'taint-eviction-controller'
  note(desk, { about: pod, type: 'Normal', reason: 'TaintManagerEviction', message: text, from })
  desk.world.delete({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subjectOf(pod)) })
}
