// Health of a PodDisruptionBudget: its controller can compute it.
import type { KubeObject } from '../object/object.ts'
import { conditionsOf, health, sayOf } from './conditions.ts'
import type { Health } from './health.ts'

/**
 * A budget that allows no disruption because there are too few pods does what it is for.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
 */
export function podDisruptionBudgetHealth(budget: KubeObject): Health {
  const conditions = conditionsOf(budget)
  if (conditions.length === 0) return health('Progressing', 'its controller has not seen it yet')
  const failed = conditions.find((each) => each.status === 'False' && each.reason !== 'InsufficientPods')
  return failed === undefined ? health('Healthy') : health('Degraded', sayOf(failed))
}
