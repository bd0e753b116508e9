// What a look at a Job finds: how many Pods have succeeded and failed, and whether that decides it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectsAt, textAt, textsAt, wholeAt } from '../../../kinds/look.ts'
import { timeOf, timeText } from '../../../schema/time.ts'
import type { Desk } from '../../controller.ts'
import { isActive, phaseOf } from '../pod.ts'
import type { End } from './conditions.ts'
import { indexOf, isIndexed, readIndexes } from './indexes.ts'
import { failedIndexes, isPerIndex } from './per-index.ts'
import { doneIndexes, isFailed, isTracked } from './pods.ts'
import { judge } from './policy.ts'

/** What a look at a Job has found so far. */
export interface Tally {
  readonly job: KubeObject
  readonly desk: Desk
  readonly pods: readonly KubeObject[]
  readonly active: readonly KubeObject[]
  /** With those that are not in the status yet. */
  readonly succeeded: number
  readonly failed: number
  readonly startTime: string
}

/** Counts the Pods of a Job. */
export function tallyOf(job: KubeObject, desk: Desk, pods: readonly KubeObject[]): Tally {
  const known = (key: string): readonly string[] => textsAt(job, 'status', 'uncountedTerminatedPods', key)
  const fresh = (key: string): readonly KubeObject[] =>
    pods.filter(
      (pod) =>
        isTracked(pod) &&
        !known(key).includes(textAt(pod, 'metadata', 'uid')) &&
        (!isIndexed(job) || indexOf(job, pod) >= 0),
    )
  const succeeded = fresh('succeeded').filter((pod) => phaseOf(pod) === 'Succeeded')
  const failed = fresh('failed').filter((pod) => isFailed(job, pod) && judge(job, pod).counts)
  const count = (key: string): number => wholeAt(job, 'status', key) ?? 0
  const before = textAt(job, 'status', 'startTime')
  return {
    job,
    desk,
    pods,
    active: pods.filter(isActive),
    succeeded: isIndexed(job)
      ? doneIndexes(job, pods).size
      : count('succeeded') + known('succeeded').length + succeeded.length,
    failed: count('failed') + known('failed').length + failed.length,
    startTime: before !== '' || isTrue(job, 'spec', 'suspend') ? before : timeText(desk.now),
  }
}

/** Why the Job fails; null where it does not. */
export function failureOf({ job, desk, pods, failed, startTime }: Tally): End | null {
  const kind = 'failure'
  for (const pod of pods.filter((each) => isFailed(job, each))) {
    const { failsJob } = judge(job, pod)
    if (failsJob !== null) return { kind, reason: 'PodFailurePolicy', message: failsJob }
  }
  const limit = wholeAt(job, 'spec', 'backoffLimit') ?? 6
  if (failed > limit || restartedTooOften(job, pods, limit)) {
    return { kind, reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  }
  const seconds = wholeAt(job, 'spec', 'activeDeadlineSeconds')
  const start = timeOf(startTime)
  if (seconds !== null && start !== null && !isTrue(job, 'spec', 'suspend') && start + seconds * 1000 <= desk.now) {
    return { kind, reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
  }
  return isPerIndex(job) ? indexFailureOf(job, pods) : null
}

/** A Job whose parts fail each for itself fails when too many have, or when no other is left. */
function indexFailureOf(job: KubeObject, pods: readonly KubeObject[]): End | null {
  const kind = 'failure'
  const failed = failedIndexes(job, pods).size
  const most = wholeAt(job, 'spec', 'maxFailedIndexes')
  if (most !== null && failed > most) {
    const message = 'Job has exceeded the specified maximal number of failed indexes'
    return { kind, reason: 'MaxFailedIndexesExceeded', message }
  }
  const all = failed + doneIndexes(job, pods).size >= (wholeAt(job, 'spec', 'completions') ?? 0)
  return failed > 0 && all ? { kind, reason: 'FailedIndexes', message: 'Job has failed indexes' } : null
}

/** Why a Job has succeeded though not all of it has; null where no rule says so. */
export function earlySuccessOf({ job, pods }: Tally): End | null {
  if (!isIndexed(job)) return null
  const done = doneIndexes(job, pods)
  if (done.size === 0) return null
  const found = objectsAt(job, 'spec', 'successPolicy', 'rules').findIndex((rule) => {
    const count = wholeAt(rule, 'succeededCount')
    if (!has(rule, 'succeededIndexes')) return count !== null && done.size >= count
    const wanted = readIndexes(textAt(rule, 'succeededIndexes'))
    const met = [...wanted].filter((index) => done.has(index)).length
    return wanted.size > 0 && (met === wanted.size || (count !== null && met >= count))
  })
  return found < 0 ? null : { kind: 'success', reason: 'SuccessPolicy', message: `Matched rules at index ${found}` }
}

/** Where containers are started again in their Pod, each restart counts. */
function restartedTooOften(job: KubeObject, pods: readonly KubeObject[], limit: number): boolean {
  if (textAt(job, 'spec', 'template', 'spec', 'restartPolicy') !== 'OnFailure') return false
  const running = pods.filter((pod) => ['Running', 'Pending'].includes(phaseOf(pod)))
  const restarts = running
    .flatMap((pod) => ['initContainerStatuses', 'containerStatuses'].flatMap((key) => objectsAt(pod, 'status', key)))
    .reduce((sum, status) => sum + (wholeAt(status, 'restartCount') ?? 0), 0)
  return limit === 0 ? restarts > 0 : restarts >= limit
}

/** Why the Job succeeds; null where it does not yet. */
export function successOf({ job, succeeded }: Tally): End | null {
  const wanted = wholeAt(job, 'spec', 'completions')
  const enough = wanted === null ? succeeded > 0 : succeeded >= wanted
  const message = 'Reached expected number of succeeded pods'
  return enough ? { kind: 'success', reason: 'CompletionsReached', message } : null
}
