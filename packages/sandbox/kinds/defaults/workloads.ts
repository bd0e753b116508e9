// What the API server fills into workloads: Deployments, ReplicaSets, DaemonSets, StatefulSets, Jobs and CronJobs.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Defaulting } from '../../schema/normal.ts'
import { changeAt, filled, has, objectAt, textAt, withAt } from '../look.ts'

const APPS = 'io.k8s.api.apps.v1.'
const BATCH = 'io.k8s.api.batch.v1.'

function deployment(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (spec) => {
    const whole = filled(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
    return changeAt(whole, 'strategy', (strategy) => rolling(strategy, { maxUnavailable: '25%', maxSurge: '25%' }))
  })
}

function rolling(given: JsonObject, values: JsonObject): JsonObject {
  const strategy = filled(given, { type: 'RollingUpdate' })
  if (textAt(strategy, 'type') !== 'RollingUpdate') return strategy
  return changeAt(strategy, 'rollingUpdate', (update) => filled(update, values))
}

function daemonSet(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (spec) =>
    changeAt(filled(spec, { revisionHistoryLimit: 10 }), 'updateStrategy', (strategy) =>
      // Another strategy's numbers are read as numbers, and none is zero.
      textAt(strategy, 'type') === 'OnDelete' && has(strategy, 'rollingUpdate')
        ? changeAt(strategy, 'rollingUpdate', (update) => filled(update, { maxUnavailable: 0, maxSurge: 0 }))
        : rolling(strategy, { maxUnavailable: 1, maxSurge: 0 }),
    ),
  )
}

function statefulSet(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (given) => {
    const spec = filled(given, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 })
    const kept = changeAt(spec, 'persistentVolumeClaimRetentionPolicy', (policy) =>
      filled(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
    )
    return changeAt(kept, 'updateStrategy', statefulUpdate)
  })
}

/** Unlike elsewhere, a strategy that is named without its numbers gets none. */
function statefulUpdate(strategy: JsonObject): JsonObject {
  const named = textAt(strategy, 'type')
  const whole = named === '' ? filled(strategy, { type: 'RollingUpdate', rollingUpdate: {} }) : strategy
  if (textAt(whole, 'type') !== 'RollingUpdate' || !has(whole, 'rollingUpdate')) return whole
  return changeAt(whole, 'rollingUpdate', (update) =>
    filled(withAt(update, ['maxUnavailable'], undefined), { partition: 0 }),
  )
}

function job(value: JsonObject): JsonObject {
  const labelled = labelledLike(value, 'spec', 'template', 'metadata')
  return changeAt(labelled, 'spec', (spec) => {
    const counted =
      has(spec, 'completions') || has(spec, 'parallelism') ? filled(spec, { parallelism: 1 }) : { ...spec, ...ONE }
    return filled(counted, {
      backoffLimit: has(spec, 'backoffLimitPerIndex') ? 2_147_483_647 : 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: has(spec, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed',
      manualSelector: false,
    })
  })
}

const ONE = { completions: 1, parallelism: 1 }

/** An object without labels gets those of its template. */
export function labelledLike(value: JsonObject, ...path: readonly string[]): JsonObject {
  const labels = objectAt(value, ...path, 'labels')
  if (Object.keys(labels).length === 0 || Object.keys(objectAt(value, 'metadata', 'labels')).length > 0) return value
  return changeAt(value, 'metadata', (metadata) => ({ ...metadata, labels }))
}

function cronJob(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (spec) =>
    filled(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    }),
  )
}

/** Defaults of workloads, by definition. */
export const workloadDefaults: readonly (readonly [string, Defaulting])[] = [
  [`${APPS}Deployment`, deployment],
  [`${APPS}DaemonSet`, daemonSet],
  [`${APPS}StatefulSet`, statefulSet],
  [`${APPS}ReplicaSet`, (value) => changeAt(value, 'spec', (spec) => filled(spec, { replicas: 1 }))],
  [`${BATCH}Job`, job],
  [`${BATCH}CronJob`, cronJob],
  [`${BATCH}PodFailurePolicyOnPodConditionsPattern`, (value) => filled(value, { status: 'True' })],
]
