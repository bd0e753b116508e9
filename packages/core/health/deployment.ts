// Health of a Deployment: rolled out to the last replica, in progress, paused, or past its deadline.
import type { KubeObject } from '../object/object.ts'
import { valueAt } from '../object/object.ts'
import { conditionsOf, countOf, findCondition, health, joined, replicasOf, sayOf } from './conditions.ts'
import type { Health } from './health.ts'
import { unseen } from './observed.ts'

/**
 * Follows the roll-out as the controller reports it.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function deploymentHealth(deployment: KubeObject): Health {
  if (valueAt(deployment, 'spec', 'paused') === true) return health('Suspended', 'its roll-out is paused')
  const late = unseen(deployment)
  if (late !== null) return late
  const conditions = conditionsOf(deployment)
  const progressing = conditions.find((each) => each.type === 'Progressing')
  const refused = findCondition(conditions, 'ReplicaFailure', 'True')?.message
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return health('Degraded', joined('not rolled out before its progress deadline', refused ?? sayOf(progressing)))
  }
  const missing = rollOut(deployment)
  return missing === null ? health('Healthy') : health('Progressing', joined(missing, refused))
}

/** What is still missing; null once every replica is new and available. */
function rollOut(deployment: KubeObject): string | null {
  const wanted = replicasOf(deployment)
  const updated = countOf(deployment, 'updatedReplicas')
  const all = countOf(deployment, 'replicas')
  const available = countOf(deployment, 'availableReplicas')
  if (updated < wanted) return `${updated} of ${wanted} new pods are made`
  if (all > updated) return `${all - updated} old pods are still to end`
  if (available < updated) return `${available} of ${updated} new pods are available`
  return null
}
