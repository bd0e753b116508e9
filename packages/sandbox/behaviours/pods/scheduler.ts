// Chooses a node for each Pod; where there is none, the Pod says why.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { timeText } from '../../schema/time.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { openLookup } from '../workloads/owned.ts'
import { isFinished, isPlaced, isUnschedulable } from '../workloads/pod.ts'
import { chooseNode, claimsOf } from './claims.ts'
import { crowdOn, type Misfit, misfit } from './fit.ts'
import { SCHEDULER_STATUS } from './writer.ts'

const NAME = 'default-scheduler'

/** All Pods without a node, by '' and by their namespace. */
const unplaced = openLookup('/pods', (pod) =>
  isPlaced(pod) || isFinished(pod) ? [] : ['', textAt(pod, 'metadata', 'namespace')],
)

/** Pods that were refused, and wait for a change. */
const refused = openLookup('/pods', (pod) => (isUnschedulable(pod) ? [''] : []))

/** Places Pods. */
export const scheduler: Controller = {
  name: 'scheduler',
  follows: [
    {
      resource: '/pods',
      subjects: (pod, { world }) => {
        if (!isPlaced(pod)) return [subjectOf(pod)]
        // One that goes makes room for others, and one that comes may be company for them.
        const changes = isTerminating(pod) || isFinished(pod) || !has(pod, 'status', 'startTime')
        return changes || isGone(pod, world) ? refused(world, '').map(subjectOf) : []
      },
    },
    { resource: '/nodes', subjects: (_node, { world }) => unplaced(world, '').map(subjectOf) },
    {
      resource: '/persistentvolumeclaims',
      subjects: (claim, { world }) => unplaced(world, textAt(claim, 'metadata', 'namespace')).map(subjectOf),
    },
  ],
  reconcile: (subject, desk) => {
    const pod = desk.world.get({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subject) })
    if (pod !== null && isWaiting(pod)) schedule(pod, desk)
    return null
  },
}

/** One that is taken away at once was never seen to go. */
function isGone(pod: KubeObject, world: World): boolean {
  return world.get({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subjectOf(pod)) }) === null
}

function isWaiting(pod: KubeObject): boolean {
  if (isPlaced(pod) || isTerminating(pod) || isFinished(pod)) return false
  return textAt(pod, 'spec', 'schedulerName') === NAME && objectsAt(pod, 'spec', 'schedulingGates').length === 0
}

function schedule(pod: KubeObject, desk: Desk): void {
  const choice = choose(pod, desk)
  switch (choice.kind) {
    case 'refused':
      refuse(pod, desk, choice.message)
      break
    case 'volumes first':
      chooseNode(desk.world, choice.claims, choice.node)
      break
    case 'placed':
      bind(pod, choice.node, desk)
  }
}

type Choice =
  | { readonly kind: 'placed'; readonly node: string }
  /** Volumes are to be made where the node is, and then it is its turn. */
  | { readonly kind: 'volumes first'; readonly node: string; readonly claims: readonly KubeObject[] }
  | { readonly kind: 'refused'; readonly message: string }

function choose(pod: KubeObject, { world }: Desk): Choice {
  const nodes = world.list('v1', 'Node')
  if (nodes.length === 0) return { kind: 'refused', message: 'no nodes available to schedule pods' }
  const claims = claimsOf(world, pod)
  if (claims.kind === 'wrong') return { kind: 'refused', message: refusal(nodes.length, `${claims.reason}.`, []) }
  const misfits: Misfit[] = []
  const fitting = nodes.filter((node) => {
    const found = misfit(world, pod, node, nodes)
    if (found !== null) misfits.push(found)
    return found === null
  })
  const [best] = fitting.sort((a, b) => compareAmounts(crowdOn(world, a), crowdOn(world, b)))
  if (best === undefined) return { kind: 'refused', message: refusal(nodes.length, histogram(misfits), misfits) }
  const node = best.metadata.name
  return claims.kind === 'waiting' ? { kind: 'volumes first', node, claims: claims.claims } : { kind: 'placed', node }
}

function compareAmounts(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function histogram(misfits: readonly Misfit[]): string {
  const counts = new Map<string, number>()
  for (const reason of misfits.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return `${[...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')}.`
}

/** The whole message: what each node lacks, and that it would not help to send other Pods away. */
function refusal(count: number, why: string, misfits: readonly Misfit[]): string {
  const full = misfits.filter((each) => each.full).length
  const useless = count - full
  const told = [
    ...(full > 0 ? [`${full} No preemption victims found for incoming pod`] : []),
    ...(useless > 0 ? [`${useless} Preemption is not helpful for scheduling`] : []),
  ]
  const none = `0/${count} nodes are available:`
  return `${none} ${why} no new claims to deallocate, preemption: ${none} ${told.sort().join(', ')}.`
}

function refuse(pod: KubeObject, desk: Desk, message: string): void {
  const conditions = objectsAt(pod, 'status', 'conditions')
  const before = conditions.find((each) => textAt(each, 'type') === 'PodScheduled')
  if (textAt(before, 'status') === 'False' && textAt(before, 'message') === message) return
  note(desk, {
    about: pod,
    type: 'Warning',
    reason: 'FailedScheduling',
    message,
    from: NAME,
    manager: 'kube-scheduler',
  })
  const generation = pod.metadata.generation ?? 1
  const word: JsonObject = {
    type: 'PodScheduled',
    observedGeneration: generation,
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime:
      textAt(before, 'status') === 'False' ? (before?.lastTransitionTime ?? null) : timeText(desk.now),
    reason: 'Unschedulable',
    message,
  }
  const others = conditions.filter((each) => each !== before)
  const status = { ...objectAt(pod, 'status'), conditions: [...others, word] }
  desk.world.update({ ...pod, status }, SCHEDULER_STATUS)
}

/** A Pod gets its node past what anybody else may change of it, and without a manager: through its binding. */
function bind(pod: KubeObject, node: string, desk: Desk): void {
  const status = objectAt(pod, 'status')
  const others = objectsAt(status, 'conditions').filter((each) => textAt(each, 'type') !== 'PodScheduled')
  const scheduled: JsonObject = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeText(desk.now),
  }
  const conditions = [...others, scheduled]
  const spec = { ...objectAt(pod, 'spec'), nodeName: node }
  const bound = desk.world.put({ ...pod, spec, status: { ...status, conditions } })
  const message = `Successfully assigned ${subjectOf(pod)} to ${node}`
  note(desk, { about: bound, type: 'Normal', reason: 'Scheduled', message, from: NAME, manager: 'kube-scheduler' })
}
