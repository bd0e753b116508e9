// Jobs whose numbered parts fail each for itself: a part has so many tries, and its failures are told from Pod to Pod.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { has, textAt, wholeAt, withAt } from '../../../kinds/look.ts'
import { backoffMs, endOf } from './backoff.ts'
import { indexOf, readIndexes } from './indexes.ts'
import { isFailed, isTracked } from './pods.ts'
import { judge } from './policy.ts'

const FAILURES = 'batch.kubernetes.io/job-index-failure-count'
const IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** True for a Job whose parts fail each for itself. */
export function isPerIndex(job: KubeObject): boolean {
  return has(job, 'spec', 'backoffLimitPerIndex')
}

function countIn(pod: KubeObject, annotation: string): number {
  const text = annotationOf(pod, annotation) ?? ''
  return /^\d+$/.test(text) ? Number(text) : 0
}

/** The parts that have failed for good. */
export function failedIndexes(job: KubeObject, pods: readonly KubeObject[]): ReadonlySet<number> {
  const failed = new Set(readIndexes(textAt(job, 'status', 'failedIndexes')))
  const limit = wholeAt(job, 'spec', 'backoffLimitPerIndex') ?? 0
  for (const pod of pods) {
    const index = indexOf(job, pod)
    if (index < 0 || !isTracked(pod) || !isFailed(job, pod)) continue
    const { failsIndex, counts } = judge(job, pod)
    if (failsIndex || (counts && countIn(pod, FAILURES) >= limit)) failed.add(index)
  }
  return failed
}

/** Failed Pods that are kept until the next one of their part knows of them, by their index. */
export function keptFailures(
  job: KubeObject,
  pods: readonly KubeObject[],
  settled: ReadonlySet<number>,
): ReadonlyMap<number, KubeObject> {
  const kept = new Map<number, KubeObject>()
  if (!isPerIndex(job)) return kept
  const all = (pod: KubeObject): number => countIn(pod, FAILURES) + countIn(pod, IGNORED)
  for (const pod of pods) {
    const index = indexOf(job, pod)
    if (index < 0 || settled.has(index) || !isTracked(pod) || !isFailed(job, pod)) continue
    const before = kept.get(index)
    if (before === undefined || (all(before) <= all(pod) && endOf(before) <= endOf(pod))) kept.set(index, pod)
  }
  return kept
}

/** A new Pod of a part, which knows how often the part has failed. */
export function withFailures(job: KubeObject, pod: KubeObject, before: KubeObject | undefined): KubeObject {
  if (!isPerIndex(job)) return pod
  const counts = before !== undefined && judge(job, before).counts
  const failures = before === undefined ? 0 : countIn(before, FAILURES) + (counts ? 1 : 0)
  const ignored = before === undefined ? 0 : countIn(before, IGNORED) + (counts ? 0 : 1)
  const told = withAt(pod, ['metadata', 'annotations', FAILURES], String(failures))
  return ignored === 0 ? told : withAt(told, ['metadata', 'annotations', IGNORED], String(ignored))
}

/** For how long a part is not tried again. */
export function indexWaitMs(before: KubeObject | undefined, now: number): number {
  if (before === undefined) return 0
  const failures = countIn(before, FAILURES) + countIn(before, IGNORED) + 1
  return Math.max(0, endOf(before) + backoffMs(failures) - now)
}
