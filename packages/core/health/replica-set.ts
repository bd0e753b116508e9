// Health of a ReplicaSet: its pods are made and available.
import type { KubeObject } from '../object/object.ts'
import { conditionsOf, countOf, findCondition, health, replicasOf } from './conditions.ts'
import type { Health } from './health.ts'
import { unseen } from './observed.ts'

/** `ReplicaFailure` is the server's refusal to make pods (quota, admission): it will not go away by waiting. */
export function replicaSetHealth(set: KubeObject): Health {
  const late = unseen(set)
  if (late !== null) return late
  const refused = findCondition(conditionsOf(set), 'ReplicaFailure', 'True')
  if (refused !== undefined) return health('Degraded', `pods cannot be made: ${refused.message}`)
  const wanted = replicasOf(set)
  const available = countOf(set, 'availableReplicas')
  return available < wanted ? health('Progressing', `${available} of ${wanted} pods are available`) : health('Healthy')
}
