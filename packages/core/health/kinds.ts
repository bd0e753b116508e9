// Which kinds have a health of their own: for these a wave waits, all others count as soon as they exist.
import { canonicalGroup } from '../object/moves.ts'
import type { KindKey } from '../object/ref.ts'
import { kindKey } from '../object/ref.ts'

/**
 * Kinds whose objects say more of themselves than that they exist. `argoproj.io/Application` is not among them, as in
 * Argo CD since 1.8.
 */
export const HEALTH_KINDS = [
  { group: 'apps', kind: 'Deployment' },
  { group: 'apps', kind: 'StatefulSet' },
  { group: 'apps', kind: 'DaemonSet' },
  { group: 'apps', kind: 'ReplicaSet' },
  { group: '', kind: 'Pod' },
  { group: '', kind: 'Service' },
  { group: '', kind: 'PersistentVolumeClaim' },
  { group: 'networking.k8s.io', kind: 'Ingress' },
  { group: 'batch', kind: 'Job' },
  { group: 'batch', kind: 'CronJob' },
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'policy', kind: 'PodDisruptionBudget' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
  { group: 'argoproj.io', kind: 'Workflow' },
] as const

const KEYS: ReadonlySet<KindKey> = new Set(HEALTH_KINDS.map(kindKey))

/** True where `healthOf` can say more than "it exists"; a kind's old group counts as its new one. */
export function hasHealth(group: string, kind: string): boolean {
  return KEYS.has(kindKey({ group: canonicalGroup(group, kind), kind }))
}
