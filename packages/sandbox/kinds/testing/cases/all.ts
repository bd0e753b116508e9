// Every group of stories, by the resource that it is about.
import type { Story } from '../story.ts'
import { accountStories, configurationStories, namespaceStories, serviceStories } from './core.ts'
import {
  bindingStories,
  budgetStories,
  clusterBindingStories,
  clusterRoleStories,
  ingressStories,
  policyStories,
  roleStories,
  scalerStories,
} from './others.ts'
import { restStories } from './rest.ts'
import { claimStories, classStories, volumeStories } from './storage.ts'
import { podStories, templateStories } from './templates.ts'
import { cronStories, daemonStories, deploymentStories, jobStories, statefulStories } from './workloads.ts'

const RBAC = 'rbac.authorization.k8s.io'

const isOf =
  (kind: string) =>
  (story: Story): boolean =>
    story.object.kind === kind

/** `group/plural` and its stories. */
export const allStories: readonly (readonly [string, readonly Story[]])[] = [
  ['/configmaps', configurationStories.filter(isOf('ConfigMap'))],
  ['/secrets', configurationStories.filter(isOf('Secret'))],
  ['/namespaces', namespaceStories],
  ['/services', serviceStories],
  ['/serviceaccounts', accountStories],
  ['/pods', podStories],
  ['/persistentvolumeclaims', claimStories],
  ['/persistentvolumes', volumeStories],
  ['apps/deployments', [...deploymentStories, ...templateStories]],
  ['apps/statefulsets', statefulStories],
  ['apps/daemonsets', daemonStories],
  ['batch/jobs', jobStories],
  ['batch/cronjobs', cronStories],
  ['autoscaling/horizontalpodautoscalers', scalerStories],
  ['networking.k8s.io/ingresses', ingressStories],
  ['networking.k8s.io/networkpolicies', policyStories],
  ['policy/poddisruptionbudgets', budgetStories],
  [`${RBAC}/roles`, roleStories],
  [`${RBAC}/clusterroles`, clusterRoleStories],
  [`${RBAC}/rolebindings`, bindingStories],
  [`${RBAC}/clusterrolebindings`, clusterBindingStories],
  ['storage.k8s.io/storageclasses', classStories],
  ...restStories,
]
