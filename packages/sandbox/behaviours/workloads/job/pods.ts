// The Pods of a Job: which of them count, as what, and what was done with them.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { textAt, textsAt } from '../../../kinds/look.ts'
import type { StatusError } from '../../../registry/status.ts'
import { phaseOf } from '../pod.ts'
import { indexOf, readIndexes } from './indexes.ts'
import { TRACKING } from './tracking.ts'

/** What was done with a Job's Pods. */
export interface Did {
  readonly active: number
  readonly ready: number
  readonly going: number
  readonly failure: StatusError | null
  /** When Pods may be made again, in milliseconds; null where nothing waits. */
  readonly againMs: number | null
}

/** True for a Pod that is still to be counted. */
export function isTracked(pod: KubeObject): boolean {
  return textsAt(pod, 'metadata', 'finalizers').includes(TRACKING)
}

/** True for a Pod that counts as failed; one that goes before its end does, unless the Job waits for its end. */
export function isFailed(job: KubeObject, pod: KubeObject): boolean {
  if (phaseOf(pod) === 'Failed') return true
  if (textAt(job, 'spec', 'podReplacementPolicy') === 'Failed') return false
  return isTerminating(pod) && phaseOf(pod) !== 'Succeeded'
}

/** The indexes that are done. */
export function doneIndexes(job: KubeObject, pods: readonly KubeObject[]): ReadonlySet<number> {
  const done = new Set(readIndexes(textAt(job, 'status', 'completedIndexes')))
  for (const pod of pods) {
    if (phaseOf(pod) === 'Succeeded' && isTracked(pod) && indexOf(job, pod) >= 0) done.add(indexOf(job, pod))
  }
  return done
}
