// Health of a StatefulSet: all pods ready, and as many of them new as its update strategy asks for.
import type { KubeObject } from '../object/object.ts'
import { numberAt, stringAt } from '../object/object.ts'
import { countOf, health, replicasOf } from './conditions.ts'
import type { Health } from './health.ts'
import { unseen } from './observed.ts'

/**
 * Pods below `partition` keep their old revision on purpose, and with `OnDelete` all of them do until somebody deletes
 * them. Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies
 */
export function statefulSetHealth(set: KubeObject): Health {
  const late = unseen(set)
  if (late !== null) return late
  const wanted = replicasOf(set)
  const ready = countOf(set, 'readyReplicas')
  if (ready < wanted) return health('Progressing', `${ready} of ${wanted} pods are ready`)
  const strategy = stringAt(set, 'spec', 'updateStrategy', 'type') ?? 'RollingUpdate'
  if (strategy === 'OnDelete') return health('Healthy', 'pods are updated when they are deleted')
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0
  const toUpdate = Math.max(0, wanted - partition)
  const updated = countOf(set, 'updatedReplicas')
  if (updated < toUpdate) return health('Progressing', `${updated} of ${toUpdate} pods are updated`)
  return health('Healthy')
}
