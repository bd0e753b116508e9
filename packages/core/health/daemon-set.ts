// Health of a DaemonSet: a new and available pod on every node that should have one.
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import { countOf, health } from './conditions.ts'
import type { Health } from './health.ts'
import { unseen } from './observed.ts'

/** With `OnDelete` the pods stay old until somebody deletes them: nothing is waited for. */
export function daemonSetHealth(set: KubeObject): Health {
  const late = unseen(set)
  if (late !== null) return late
  if (stringAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return health('Healthy', 'pods are updated when they are deleted')
  }
  const wanted = countOf(set, 'desiredNumberScheduled')
  const updated = countOf(set, 'updatedNumberScheduled')
  const available = countOf(set, 'numberAvailable')
  if (updated < wanted) return health('Progressing', `${updated} of ${wanted} nodes have the new pod`)
  if (available < wanted) return health('Progressing', `${available} of ${wanted} pods are available`)
  return health('Healthy')
}
