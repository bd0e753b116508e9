// Which Pods go first when there are too many.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf } from '../../schema/time.ts'
import { isPlaced, isReady, phaseOf, readySince } from './pod.ts'

const PHASES = ['Pending', 'Unknown', 'Running']
const COST = 'controller.kubernetes.io/pod-deletion-cost'

/**
 * The Pods to delete, `count` of them: unplaced before placed, not running before running, not ready before ready, cheap
 * before dear, crowded nodes first, lately ready first, often restarted first, young first.
 */
export function podsToDelete(
  pods: readonly KubeObject[],
  related: readonly KubeObject[],
  count: number,
  now: number,
): readonly KubeObject[] {
  if (count >= pods.length) return pods
  const crowd = new Map<string, number>()
  for (const pod of related) {
    const node = textAt(pod, 'spec', 'nodeName')
    crowd.set(node, (crowd.get(node) ?? 0) + 1)
  }
  const order = (a: KubeObject, b: KubeObject): number =>
    Number(isPlaced(a)) - Number(isPlaced(b)) ||
    PHASES.indexOf(phaseOf(a)) - PHASES.indexOf(phaseOf(b)) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    costOf(a) - costOf(b) ||
    (crowd.get(textAt(b, 'spec', 'nodeName')) ?? 0) - (crowd.get(textAt(a, 'spec', 'nodeName')) ?? 0) ||
    byAge(readySince(a), readySince(b), a, b, now) ||
    restartsOf(b) - restartsOf(a) ||
    byAge(createdAt(a), createdAt(b), a, b, now)
  return [...pods].sort(order).slice(0, count)
}

function costOf(pod: KubeObject): number {
  const text = annotationOf(pod, COST) ?? ''
  return /^-?\d+$/.test(text) ? Number(text) : 0
}

function restartsOf(pod: KubeObject): number {
  return Math.max(0, ...objectsAt(pod, 'status', 'containerStatuses').map((each) => wholeAt(each, 'restartCount') ?? 0))
}

function createdAt(pod: KubeObject): number | null {
  return timeOf(textAt(pod, 'metadata', 'creationTimestamp'))
}

/** The younger first; ages are compared by their order of magnitude, and within one chance decides (the uid). */
function byAge(a: number | null, b: number | null, first: KubeObject, second: KubeObject, now: number): number {
  if (a === null || b === null || a === b) return 0
  const rank = (time: number): number => (now > time ? Math.floor(Math.log2((now - time) * 1_000_000)) : -1)
  return rank(a) - rank(b) || compareText(textAt(first, 'metadata', 'uid'), textAt(second, 'metadata', 'uid'))
}
