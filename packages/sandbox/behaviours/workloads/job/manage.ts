// How many Pods of a Job run: makes those that are missing, deletes those that are too many or no use any more.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTrue, objectAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { StatusError } from '../../../registry/status.ts'
import { createPod, deletePod, isGoing, isReady, podFrom } from '../pod.ts'
import { podsToDelete } from '../rank.ts'
import { remainingMs } from './backoff.ts'
import type { End } from './conditions.ts'
import { indexOf, isIndexed, pendingIndexes, withIndex } from './indexes.ts'
import { failedIndexes, indexWaitMs, isPerIndex, keptFailures, withFailures } from './per-index.ts'
import { type Did, doneIndexes, isFailed } from './pods.ts'
import type { Tally } from './tally.ts'
import { letGo, TRACKING } from './tracking.ts'

const FROM = 'job-controller'
/** At most so many Pods are made or deleted in one look. */
const BURST = 500

/** Brings the Pods of a Job to the number that is wanted. */
export function manage(work: Tally, end: End | null): Did {
  const { job, desk, active, pods } = work
  const surplus = end !== null || isTrue(job, 'spec', 'suspend') ? active : surplusOf(work)
  const going = pods.filter(isGoing).length
  if (surplus.length > 0) return removed(work, surplus, end, going)
  const ready = active.filter(isReady).length
  const plain: Did = { active: active.length, ready, going, failure: null, againMs: null }
  if (end !== null || isTrue(job, 'spec', 'suspend')) return plain
  const waits = textAt(job, 'spec', 'podReplacementPolicy') === 'Failed' ? going : 0
  const missing = Math.min(wantedOf(work) - waits - active.length, BURST)
  if (missing <= 0) return plain
  const wait = isPerIndex(job) ? 0 : remainingMs(pods, (pod) => isFailed(job, pod), desk.now)
  if (wait > 0) return { ...plain, againMs: wait }
  const { planned, againMs } = plan(work, missing)
  const { made, failure } = makePods(work, planned)
  return { ...plain, active: active.length + made, failure, againMs: made === 0 ? againMs : null }
}

/** How many Pods are to run now. */
function wantedOf({ job, active, succeeded }: Tally): number {
  const parallel = wholeAt(job, 'spec', 'parallelism') ?? 1
  const completions = wholeAt(job, 'spec', 'completions')
  if (completions === null) return succeeded > 0 ? active.length : parallel
  return Math.max(0, Math.min(completions - succeeded, parallel))
}

/** The Pods that are too many: those whose index another one has, then those that are least worth. */
function surplusOf(work: Tally): readonly KubeObject[] {
  const { job, desk, active } = work
  const taken = new Set<number>()
  const double = isIndexed(job)
    ? active.filter((pod) => {
        const index = indexOf(job, pod)
        if (index < 0 || taken.has(index)) return true
        taken.add(index)
        return false
      })
    : []
  const rest = active.filter((pod) => !double.includes(pod))
  const more = Math.max(0, active.length - wantedOf(work) - double.length)
  return [...double, ...(more > 0 ? podsToDelete(rest, [], more, desk.now) : [])].slice(0, BURST)
}

function removed(work: Tally, surplus: readonly KubeObject[], end: End | null, going: number): Did {
  const { job, desk, active } = work
  for (const pod of surplus) {
    // What is too many does not count, whatever becomes of it; of a Job that ends every Pod does.
    if (end === null) letGo(desk.world, pod)
    deletePod(desk, job, pod, FROM)
  }
  const ready = active.filter((pod) => isReady(pod) && !surplus.includes(pod)).length
  return { active: active.length - surplus.length, ready, going: going + surplus.length, failure: null, againMs: null }
}

interface Planned {
  readonly planned: readonly KubeObject[]
  /** When the next part may be tried again, where none may now. */
  readonly againMs: number | null
}

/** The Pods to make: of an indexed Job for parts that are neither done nor being worked on. */
function plan({ job, desk, active, pods }: Tally, count: number): Planned {
  const plain = podFrom(job, objectAt(job, 'spec', 'template'), { finalizers: [TRACKING] })
  if (!isIndexed(job)) return { planned: Array.from({ length: count }, () => plain), againMs: null }
  const settled = new Set([...doneIndexes(job, pods), ...active.map((pod) => indexOf(job, pod))])
  if (isPerIndex(job)) for (const index of failedIndexes(job, pods)) settled.add(index)
  const before = keptFailures(job, pods, settled)
  if (textAt(job, 'spec', 'podReplacementPolicy') === 'Failed') {
    for (const pod of pods.filter(isGoing)) settled.add(indexOf(job, pod))
  }
  const free = pendingIndexes(job, settled, count)
  const waits = new Map(free.map((index) => [index, indexWaitMs(before.get(index), desk.now)]))
  const planned = free
    .filter((index) => waits.get(index) === 0)
    .map((index) => withFailures(job, withIndex(job, plain, index), before.get(index)))
  return { planned, againMs: waits.size === 0 ? null : Math.min(...waits.values()) }
}

function makePods(
  work: Tally,
  planned: readonly KubeObject[],
): { readonly made: number; readonly failure: StatusError | null } {
  const { job, desk } = work
  let made = 0
  try {
    for (const pod of planned) {
      createPod(desk, job, pod, FROM)
      made += 1
    }
    return { made, failure: null }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return { made, failure: error }
  }
}
