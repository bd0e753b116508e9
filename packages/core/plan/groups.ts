// The barrier groups of a plan: waves, and inside a wave the few buckets of kinds that must not overtake each other.
import { kindRank } from '../desired/order.ts'
import type { GroupKind } from '../object/ref.ts'

/** A bucket of kinds. Steps of one bucket run side by side; the next bucket starts when they are all done. */
export type Bucket = 'namespaces' | 'definitions' | 'config' | 'workloads' | 'others'

/** The buckets in the order of application; deletion takes them backwards. */
export const BUCKETS: readonly Bucket[] = ['namespaces', 'definitions', 'config', 'workloads', 'others']

const FIRST_WORKLOAD = kindRank('Service')
const LAST_WORKLOAD = kindRank('CronJob')

/**
 * The bucket of a kind. Few buckets keep many requests in flight: what reads configuration comes after it, and traffic
 * (Ingress, APIService) and custom resources come after what serves them.
 */
export function bucketOf(kind: GroupKind): Bucket {
  if (kind.kind === 'Namespace' && kind.group === '') return 'namespaces'
  if (kind.kind === 'CustomResourceDefinition' && kind.group === 'apiextensions.k8s.io') return 'definitions'
  const rank = kindRank(kind.kind)
  if (rank < FIRST_WORKLOAD) return 'config'
  return rank <= LAST_WORKLOAD ? 'workloads' : 'others'
}

/** Groups of one wave beside its buckets, with their place among them. */
const PLACES = {
  namespaces: 0,
  rebind: 10,
  definitions: 20,
  established: 30,
  config: 40,
  workloads: 50,
  others: 60,
  wait: 90,
}

/** The id of a group: `sync/0/50 workloads`. */
export function groupId(phase: 'sync' | 'prune', wave: number, part: keyof typeof PLACES): string {
  return `${phase}/${wave}/${String(PLACES[part]).padStart(2, '0')} ${part}`
}

/** The id of the group that deletes what another group creates again. */
export function replacedId(applied: string): string {
  return `${applied} replaced`
}

/** The id of the group that keeps the data of what another group deletes. */
export function retainedId(deleted: string): string {
  return `${deleted} retained`
}

/** The id of the group that waits until a group of deleted objects is gone. */
export function goneId(deleted: string): string {
  return `${deleted} gone`
}
