// Writes what became of a Job: Pods that ended are counted once, whatever happens between the writes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { textAt, textsAt, wholeAt } from '../../../kinds/look.ts'
import { timeText } from '../../../schema/time.ts'
import { placeOf, subjectOf } from '../../controller.ts'
import { note } from '../event.ts'
import { phaseOf } from '../pod.ts'
import { withoutZeros, writeStatus } from '../writer.ts'
import { type End, ensure, jobCondition } from './conditions.ts'
import { indexOf, isIndexed, writeIndexes } from './indexes.ts'
import { failedIndexes, isPerIndex, keptFailures } from './per-index.ts'
import { type Did, doneIndexes, isFailed, isTracked } from './pods.ts'
import { judge } from './policy.ts'
import type { Tally } from './tally.ts'
import { letGo } from './tracking.ts'

const FROM = 'job-controller'

/** What a status is written from. */
export interface Counts {
  readonly succeeded: number
  readonly failed: number
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] }
  readonly completedIndexes: string
  /** null for a Job whose parts do not fail each for itself. */
  readonly failedIndexes: string | null
  readonly conditions: readonly JsonObject[]
  readonly startTime: string
  readonly did: Did
  readonly completionTime?: string
}

/** The counts as they are before this look's Pods are among them. */
export function counted({ job, pods }: Tally, did: Did): Omit<Counts, 'conditions' | 'startTime'> {
  const list = (key: string): readonly string[] => textsAt(job, 'status', 'uncountedTerminatedPods', key)
  return {
    succeeded: isIndexed(job) ? doneIndexes(job, pods).size : (wholeAt(job, 'status', 'succeeded') ?? 0),
    failed: wholeAt(job, 'status', 'failed') ?? 0,
    uncounted: { succeeded: list('succeeded'), failed: list('failed') },
    completedIndexes: isIndexed(job) ? writeIndexes(doneIndexes(job, pods)) : '',
    failedIndexes: isPerIndex(job) ? writeIndexes(failedIndexes(job, pods)) : null,
    did,
  }
}

/**
 * Counts Pods that ended: first they are named in the status, then they lose the finalizer that kept them for this, then
 * they are numbers. When nothing is left to count, a Job that is to end has ended.
 */
export function settle(tally: Tally, did: Did, end: End | null, first: Counts): void {
  const { job, desk, pods } = tally
  const kept = end === null ? keptOf(tally) : new Set()
  const done = pods.filter((pod) => isTracked(pod) && !kept.has(pod) && mayLeave(tally, pod, end))
  const uid = (pod: KubeObject): string => textAt(pod, 'metadata', 'uid')
  const { succeeded, failed } = first.uncounted
  const lost = (pod: KubeObject): boolean =>
    phaseOf(pod) !== 'Succeeded' && (isFailed(job, pod) ? judge(job, pod).counts : end?.kind === 'failure')
  const uncounted = isIndexed(job)
    ? { succeeded: [], failed: added(failed, done.filter((pod) => lost(pod) && indexOf(job, pod) >= 0).map(uid)) }
    : {
        succeeded: added(succeeded, done.filter((pod) => phaseOf(pod) === 'Succeeded').map(uid)),
        failed: added(failed, done.filter(lost).map(uid)),
      }
  const named = withStatus(job, { ...first, uncounted })
  writeStatus(desk.world, job, named)
  for (const pod of done) letGo(desk.world, pod)
  const total: Counts = {
    ...first,
    succeeded: first.succeeded + uncounted.succeeded.length,
    failed: first.failed + uncounted.failed.length,
    uncounted: { succeeded: [], failed: [] },
  }
  const over = end !== null && did.going === 0 && did.active === 0
  const after = over ? withEnd(total, end, desk.now) : total
  const live = desk.world.get({ apiVersion: 'batch/v1', kind: 'Job', ...placeOf(subjectOf(job)) })
  if (live === null) return
  writeStatus(desk.world, live, withStatus(live, after))
  if (over) sayEnd(tally, end)
}

/** Failed Pods that the next ones of their parts still have to know of. */
function keptOf({ job, pods, active }: Tally): ReadonlySet<unknown> {
  if (!isPerIndex(job) || isTerminating(job)) return new Set()
  // A part that is being worked on again has been told.
  const settled = new Set([
    ...doneIndexes(job, pods),
    ...failedIndexes(job, pods),
    ...active.map((pod) => indexOf(job, pod)),
  ])
  return new Set(keptFailures(job, pods, settled).values())
}

function added(list: readonly string[], more: readonly string[]): readonly string[] {
  return [...list, ...more.filter((each) => !list.includes(each))]
}

/** True for a Pod that its Job need not keep any more. */
function mayLeave({ job }: Tally, pod: KubeObject, end: End | null): boolean {
  return isTerminating(job) || end !== null || phaseOf(pod) === 'Succeeded' || isFailed(job, pod)
}

function withEnd(counts: Counts, end: End, now: number): Counts {
  const conditions = [...counts.conditions]
  const type = end.kind === 'success' ? 'Complete' : 'Failed'
  ensure(conditions, jobCondition(type, 'True', end.reason, end.message, now))
  return { ...counts, conditions, ...(end.kind === 'success' ? { completionTime: timeText(now) } : {}) }
}

function sayEnd({ job, desk }: Tally, end: End): void {
  const said =
    end.kind === 'success'
      ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed' } as const)
      : ({ type: 'Warning', reason: end.reason, message: end.message } as const)
  note(desk, { ...said, about: job, from: FROM })
}

function withStatus(job: KubeObject, counts: Counts): KubeObject {
  const { did, uncounted, conditions, startTime, completionTime, completedIndexes, failedIndexes: failed } = counts
  const status = {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(startTime === '' ? {} : { startTime }),
    ...(completionTime === undefined ? {} : { completionTime }),
    active: did.active,
    succeeded: counts.succeeded,
    failed: counts.failed,
    terminating: did.going,
    ...(completedIndexes === '' ? {} : { completedIndexes }),
    ...(failed === null ? {} : { failedIndexes: failed }),
    uncountedTerminatedPods: {
      ...(uncounted.succeeded.length === 0 ? {} : { succeeded: uncounted.succeeded }),
      ...(uncounted.failed.length === 0 ? {} : { failed: uncounted.failed }),
    },
    ready: did.ready,
  }
  return { ...job, status: withoutZeros(status, 'active', 'succeeded', 'failed') }
}
