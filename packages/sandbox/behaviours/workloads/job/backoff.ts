// How long a Job waits before it replaces a Pod that failed.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { timeOf } from '../../../schema/time.ts'
import { phaseOf } from '../pod.ts'

const FIRST_MS = 10_000
const LAST_MS = 600_000

/** For how long no new Pod is made, by the failures since the last success. */
export function remainingMs(pods: readonly KubeObject[], isFailed: (pod: KubeObject) => boolean, now: number): number {
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').map(endOf)
  const since = succeeded.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...succeeded)
  const failures = pods
    .filter(isFailed)
    .map(endOf)
    .filter((end) => end > since)
  if (failures.length === 0) return 0
  return Math.max(0, Math.max(...failures) + backoffMs(failures.length) - now)
}

/** The wait after so many failures. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LAST_MS)
}

/** When a Pod ended, in milliseconds since the epoch. */
export function endOf(pod: KubeObject): number {
  const ends = objectsAt(pod, 'status', 'containerStatuses').map((each) =>
    timeOf(textAt(each, 'state', 'terminated', 'finishedAt')),
  )
  if (ends.length > 0 && ends.every((end) => end !== null)) return Math.max(...ends)
  const ready = objectsAt(pod, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
  const changed = textAt(ready, 'status') === 'False' ? timeOf(textAt(ready, 'lastTransitionTime')) : null
  if (changed !== null) return changed
  const deleted = timeOf(textAt(pod, 'metadata', 'deletionTimestamp'))
  const grace = wholeAt(pod, 'metadata', 'deletionGracePeriodSeconds') ?? 0
  if (deleted !== null) return deleted - grace * 1000
  return timeOf(textAt(pod, 'metadata', 'creationTimestamp')) ?? 0
}
