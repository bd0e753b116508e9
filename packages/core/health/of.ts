// The health of any object: what holds for every kind first, then the function of its own kind.
import { canonicalGroup } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf } from '../object/object.ts'
import type { KindKey } from '../object/ref.ts'
import { kindKey, parseApiVersion } from '../object/ref.ts'
import { apiServiceHealth } from './api-service.ts'
import { cronJobHealth } from './cron-job.ts'
import { customResourceDefinitionHealth } from './custom-resource-definition.ts'
import { daemonSetHealth } from './daemon-set.ts'
import { deletingHealth } from './deleting.ts'
import { deploymentHealth } from './deployment.ts'
import type { Health } from './health.ts'
import { horizontalPodAutoscalerHealth } from './horizontal-pod-autoscaler.ts'
import { ingressHealth } from './ingress.ts'
import { jobHealth } from './job.ts'
import { behind } from './observed.ts'
import { persistentVolumeClaimHealth } from './persistent-volume-claim.ts'
import { podHealth } from './pod.ts'
import { podDisruptionBudgetHealth } from './pod-disruption-budget.ts'
import { replicaSetHealth } from './replica-set.ts'
import { serviceHealth } from './service.ts'
import { statefulSetHealth } from './stateful-set.ts'
import { workflowHealth } from './workflow.ts'

/** The object does not count in the health of its application. */
export const IGNORE_HEALTH = 'argocd.argoproj.io/ignore-healthcheck'

/** One function a kind, under the group it lives in today. The kinds are those of `HEALTH_KINDS`. */
export const HEALTH_CHECKS: ReadonlyMap<KindKey, (object: KubeObject) => Health> = new Map([
  ['apps/Deployment', deploymentHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['/Pod', podHealth],
  ['/Service', serviceHealth],
  ['/PersistentVolumeClaim', persistentVolumeClaimHealth],
  ['networking.k8s.io/Ingress', ingressHealth],
  ['batch/Job', jobHealth],
  ['batch/CronJob', cronJobHealth],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscalerHealth],
  ['policy/PodDisruptionBudget', podDisruptionBudgetHealth],
  ['apiregistration.k8s.io/APIService', apiServiceHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinitionHealth],
  ['argoproj.io/Workflow', workflowHealth],
])

/**
 * The health of one live object, from the object alone. An object that is being deleted is Progressing, whatever its
 * kind; one whose status is about an earlier spec is Progressing too.
 *
 * @returns null where the kind has no health of its own: it is as it should be once it exists
 */
export function healthOf(object: KubeObject): Health | null {
  const deleting = deletingHealth(object)
  if (deleting !== null) return deleting
  const group = canonicalGroup(parseApiVersion(object.apiVersion).group, object.kind)
  const check = HEALTH_CHECKS.get(kindKey({ group, kind: object.kind }))
  if (check === undefined) return null
  const found = check(object)
  // Suspension is read from the spec, so it holds although the status is late.
  return found.status === 'Suspended' ? found : (behind(object) ?? found)
}

/** True where the object asks not to count in the health of its application. */
export function ignoresHealth(object: KubeObject): boolean {
  return annotationOf(object, IGNORE_HEALTH) === 'true'
}
