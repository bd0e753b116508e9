// What a Deployment says of itself: counts, whether enough is available, and whether the rollout gets on.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { timeOf, timeText } from '../../../schema/time.ts'
import type { Desk } from '../../controller.ts'
import { conditionOf, conditionsOf, withCondition, withoutCondition } from '../conditions.ts'
import { withoutZeros, writeStatus } from '../writer.ts'
import { counted, maxUnavailable, replicasOf, wantedBy } from './amounts.ts'
import { allOf, type View } from './view.ts'

const NEVER = 2_147_483_647

/** True where a rollout may be late. */
export function hasDeadline(deployment: KubeObject): boolean {
  const seconds = wholeAt(deployment, 'spec', 'progressDeadlineSeconds')
  return seconds !== null && seconds !== NEVER
}

/** A condition that begins now. */
export function condition(type: string, status: string, reason: string, message: string, now: number): JsonObject {
  const time = timeText(now)
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message }
}

/** A Deployment with other conditions. */
export function withConditions(deployment: KubeObject, conditions: readonly JsonObject[]): KubeObject {
  const { conditions: _before, ...rest } = statusAt(deployment)
  return { ...deployment, status: { ...rest, ...(conditions.length === 0 ? {} : { conditions }) } }
}

function statusAt(deployment: KubeObject): JsonObject {
  return (deployment.status ?? {}) as JsonObject // The API gives a status no other form.
}

/** The condition that tells how the rollout gets on. */
export function progressOf(deployment: KubeObject): JsonObject | null {
  return conditionOf(conditionsOf(deployment), 'Progressing')
}

/** The status as the ReplicaSets have it, without a word on progress. */
export function statusOf(view: View, now: number): JsonObject {
  const { deployment, fresh } = view
  const all = allOf(view)
  const available = counted(all, 'availableReplicas')
  const enough = available >= replicasOf(deployment) - maxUnavailable(deployment)
  const word = enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : condition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        now,
      )
  const { collisionCount } = statusAt(deployment)
  const counts = {
    observedGeneration: wholeAt(deployment, 'metadata', 'generation') ?? 0,
    replicas: counted(all, 'replicas'),
    updatedReplicas: fresh === null ? 0 : counted([fresh], 'replicas'),
    readyReplicas: counted(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wantedBy(all) - available),
    conditions: withCondition(conditionsOf(deployment), word),
  }
  return {
    ...withoutZeros(counts, 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'),
    ...goingOf(all),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  }
}

/** The Pods that go, where every ReplicaSet has counted them. */
function goingOf(all: readonly KubeObject[]): JsonObject {
  const known = all.every((each) => wholeAt(each, 'status', 'terminatingReplicas') !== null)
  return known ? { terminatingReplicas: counted(all, 'terminatingReplicas') } : {}
}

/** Writes the status of a Deployment that is not rolled out now. */
export function writeIdleStatus(desk: Desk, view: View): null {
  writeStatus(desk.world, view.deployment, { ...view.deployment, status: statusOf(view, desk.now) })
  return null
}

/** Writes the status of a rollout; after how many milliseconds it may be late. */
export function writeRolloutStatus(desk: Desk, view: View): number | null {
  const { deployment } = view
  const counts = statusOf(view, desk.now)
  const conditions = withFailure(view, withProgress(view, counts, desk.now))
  const after = withConditions({ ...deployment, status: counts }, conditions)
  if (writeStatus(desk.world, deployment, after)) return null
  return untilLate(deployment, counts, desk.now)
}

function withProgress(view: View, counts: JsonObject, now: number): readonly JsonObject[] {
  const { deployment } = view
  const conditions = objectsAt(counts, 'conditions')
  if (!hasDeadline(deployment)) return withoutCondition(conditions, 'Progressing')
  const current = progressOf(deployment)
  const settled = counts.replicas === counts.updatedReplicas && textAt(current ?? {}, 'reason') === AVAILABLE
  if (settled) return conditions
  const subject =
    view.fresh === null ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${view.fresh.metadata.name}"`
  const said = (status: string, reason: string, text: string): JsonObject =>
    condition('Progressing', status, reason, `${subject} ${text}`, now)
  if (isComplete(deployment, counts)) {
    return withCondition(conditions, said('True', AVAILABLE, 'has successfully progressed.'))
  }
  if (isFurther(deployment, counts)) {
    const progress = said('True', 'ReplicaSetUpdated', 'is progressing.')
    const lasting = textAt(current ?? {}, 'status') === 'True'
    const since = lasting ? { lastTransitionTime: current?.lastTransitionTime ?? null } : {}
    return [...withoutCondition(conditions, 'Progressing'), { ...progress, ...since }]
  }
  return isLate(deployment, now)
    ? withCondition(conditions, said('False', TIMED_OUT, 'has timed out progressing.'))
    : conditions
}

const AVAILABLE = 'NewReplicaSetAvailable'
const TIMED_OUT = 'ProgressDeadlineExceeded'

/** True where everything is as wanted. */
export function isComplete(deployment: KubeObject, status: JsonObject): boolean {
  const wanted = replicasOf(deployment)
  const all = ['updatedReplicas', 'replicas', 'availableReplicas'].every(
    (key) => (wholeAt(status, key) ?? 0) === wanted,
  )
  return all && (wholeAt(status, 'observedGeneration') ?? 0) >= (wholeAt(deployment, 'metadata', 'generation') ?? 0)
}

function isFurther(deployment: KubeObject, status: JsonObject): boolean {
  const before = (key: string): number => wholeAt(deployment, 'status', key) ?? 0
  const now = (key: string): number => wholeAt(status, key) ?? 0
  return (
    now('updatedReplicas') > before('updatedReplicas') ||
    now('replicas') - now('updatedReplicas') < before('replicas') - before('updatedReplicas') ||
    now('readyReplicas') > before('readyReplicas') ||
    now('availableReplicas') > before('availableReplicas')
  )
}

function deadlineOf(deployment: KubeObject): number | null {
  const since = timeOf(textAt(progressOf(deployment) ?? {}, 'lastUpdateTime'))
  const seconds = wholeAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 0
  return since === null ? null : since + seconds * 1000
}

function isLate(deployment: KubeObject, now: number): boolean {
  const reason = textAt(progressOf(deployment) ?? {}, 'reason')
  if (reason === AVAILABLE) return false
  const deadline = deadlineOf(deployment)
  return reason === TIMED_OUT || (deadline !== null && deadline < now)
}

function untilLate(deployment: KubeObject, counts: JsonObject, now: number): number | null {
  const deadline = deadlineOf(deployment)
  if (!hasDeadline(deployment) || deadline === null || isComplete(deployment, counts)) return null
  const reason = textAt(progressOf(deployment) ?? {}, 'reason')
  if (reason === TIMED_OUT || reason === AVAILABLE) return null
  return Math.max(0, deadline - now) + 1000
}

/** A ReplicaSet that cannot make or delete Pods is the Deployment's failure; the new one's before others'. */
function withFailure(view: View, conditions: readonly JsonObject[]): readonly JsonObject[] {
  const { fresh } = view
  const sets = fresh === null ? allOf(view) : [fresh, ...allOf(view)]
  const found = sets.flatMap(conditionsOf).find((each) => textAt(each, 'type') === 'ReplicaFailure')
  if (found === undefined) return withoutCondition(conditions, 'ReplicaFailure')
  return withCondition(conditions, { ...found, lastUpdateTime: found.lastTransitionTime ?? null })
}
