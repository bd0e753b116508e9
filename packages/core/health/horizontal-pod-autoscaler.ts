// Health of a HorizontalPodAutoscaler: can it read its metrics and scale its target?
import type { Json } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, valueAt } from '../object/object.ts'
import type { Condition } from './conditions.ts'
import { findCondition, health, readConditions, sayOf } from './conditions.ts'
import type { Health } from './health.ts'

/** In autoscaling/v1 the conditions are JSON in an annotation. */
const CONDITIONS_V1 = 'autoscaling.alpha.kubernetes.io/conditions'

/**
 * Conditions of any version. What failed weighs more than what works: a target that can be scaled is of no use without
 * metrics. Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/#appendix-horizontal-pod-autoscaler-status-conditions
 */
export function horizontalPodAutoscalerHealth(autoscaler: KubeObject): Health {
  const conditions = conditionsOfAny(autoscaler)
  if (conditions === null) return health('Unknown', `its annotation ${CONDITIONS_V1} is not JSON`)
  const failed = conditions.find(isFailure)
  if (failed !== undefined) return health('Degraded', sayOf(failed))
  const works = ['AbleToScale', 'ScalingLimited'].some((type) => findCondition(conditions, type, 'True') !== undefined)
  return works ? health('Healthy') : health('Progressing', 'has not decided on a scale yet')
}

function conditionsOfAny(autoscaler: KubeObject): readonly Condition[] | null {
  const inStatus = readConditions(valueAt(autoscaler, 'status', 'conditions'))
  const annotation = annotationOf(autoscaler, CONDITIONS_V1)
  if (inStatus.length > 0 || annotation === undefined) return inStatus
  try {
    const list: Json = JSON.parse(annotation)
    return readConditions(list)
  } catch {
    return null
  }
}

/** It cannot work until somebody mends it. `ScalingDisabled` (target at zero) is a wish, not a failure. */
function isFailure(condition: Condition): boolean {
  if (condition.status !== 'False') return false
  const { type, reason } = condition
  if (type === 'AbleToScale') return reason === 'FailedGetScale' || reason === 'FailedUpdateScale'
  if (type !== 'ScalingActive') return false
  return /^FailedGet\w*Metric$/.test(reason) || reason === 'InvalidSelector' || reason === 'InvalidMetricSourceType'
}
