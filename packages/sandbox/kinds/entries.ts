// Which entry belongs to which resource: `group/plural`, the core group empty.
import { daemonSet } from './apps/daemon-set.ts'
import { deployment, replicaSet } from './apps/deployment.ts'
import { statefulSet } from './apps/stateful-set.ts'
import { horizontalPodAutoscaler } from './autoscaling/autoscaler.ts'
import { podDisruptionBudget } from './autoscaling/disruption-budget.ts'
import { cronJob } from './batch/cron-job.ts'
import { job } from './batch/job.ts'
import { binding, componentStatus, endpoints, podTemplate, replicationController } from './core/cluster.ts'
import { configMap, secret } from './core/configuration.ts'
import { event, newerEvent } from './core/event.ts'
import { limitRange } from './core/limit-range.ts'
import { namespace, serviceAccount } from './core/namespace.ts'
import { node } from './core/node.ts'
import { resourceQuota } from './core/quota.ts'
import { service } from './core/service.ts'
import type { Entry } from './entry.ts'
import * as classes from './groups/classes.ts'
import { endpointSlice } from './groups/endpoint-slice.ts'
import * as flow from './groups/flow.ts'
import * as groups from './groups/groups.ts'
import * as policies from './groups/policies.ts'
import * as registration from './groups/registration.ts'
import * as volumes from './groups/storage.ts'
import { webhooks } from './groups/webhooks.ts'
import { ingress } from './networking/ingress.ts'
import { networkPolicy } from './networking/network-policy.ts'
import { pod } from './pod/pod.ts'
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac/roles.ts'
import { persistentVolumeClaim } from './storage/claim.ts'
import { persistentVolume, storageClass } from './storage/volume.ts'

/** The entries. A resource without one is typed, filled in and named like all others, and nothing more. */
export const entries: Readonly<Record<string, Entry>> = {
  '/bindings': binding,
  '/componentstatuses': componentStatus,
  '/configmaps': configMap,
  '/endpoints': endpoints,
  '/events': event,
  '/limitranges': limitRange,
  '/nodes': node,
  '/podtemplates': podTemplate,
  '/replicationcontrollers': replicationController,
  '/resourcequotas': resourceQuota,
  'admissionregistration.k8s.io/mutatingadmissionpolicies': policies.mutatingPolicy,
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': policies.mutatingBinding,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/validatingadmissionpolicies': policies.validatingPolicy,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': policies.validatingBinding,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhooks,
  'apiregistration.k8s.io/apiservices': registration.apiService,
  // Judged where custom resources are made of it.
  'apiextensions.k8s.io/customresourcedefinitions': { generation: 'spec' },
  'apps/controllerrevisions': groups.controllerRevision,
  'certificates.k8s.io/certificatesigningrequests': registration.certificateSigningRequest,
  'coordination.k8s.io/leases': groups.lease,
  'discovery.k8s.io/endpointslices': endpointSlice,
  'events.k8s.io/events': newerEvent,
  'flowcontrol.apiserver.k8s.io/flowschemas': flow.flowSchema,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': flow.priorityLevel,
  'networking.k8s.io/ingressclasses': classes.ingressClass,
  'networking.k8s.io/ipaddresses': groups.ipAddress,
  'networking.k8s.io/servicecidrs': groups.serviceCidr,
  'node.k8s.io/runtimeclasses': classes.runtimeClass,
  'resource.k8s.io/deviceclasses': groups.deviceClass,
  'resource.k8s.io/resourceclaims': groups.resourceClaim,
  'resource.k8s.io/resourceslices': groups.resourceSlice,
  'scheduling.k8s.io/priorityclasses': classes.priorityClass,
  'storage.k8s.io/csidrivers': volumes.csiDriver,
  'storage.k8s.io/csistoragecapacities': volumes.csiStorageCapacity,
  'storage.k8s.io/csinodes': volumes.csiNode,
  'storage.k8s.io/volumeattachments': volumes.volumeAttachment,
  'storage.k8s.io/volumeattributesclasses': volumes.volumeAttributesClass,
  '/namespaces': namespace,
  '/serviceaccounts': serviceAccount,
  '/pods': pod,
  '/secrets': secret,
  '/services': service,
  '/persistentvolumeclaims': persistentVolumeClaim,
  '/persistentvolumes': persistentVolume,
  'apps/daemonsets': daemonSet,
  'apps/deployments': deployment,
  'apps/replicasets': replicaSet,
  'apps/statefulsets': statefulSet,
  'autoscaling/horizontalpodautoscalers': horizontalPodAutoscaler,
  'networking.k8s.io/ingresses': ingress,
  'networking.k8s.io/networkpolicies': networkPolicy,
  'policy/poddisruptionbudgets': podDisruptionBudget,
  'rbac.authorization.k8s.io/clusterrolebindings': clusterRoleBinding,
  'rbac.authorization.k8s.io/clusterroles': clusterRole,
  'rbac.authorization.k8s.io/rolebindings': roleBinding,
  'rbac.authorization.k8s.io/roles': role,
  'batch/cronjobs': cronJob,
  'batch/jobs': job,
  'storage.k8s.io/storageclasses': storageClass,
}
