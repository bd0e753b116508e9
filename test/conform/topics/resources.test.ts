// Which resources each group and version has: names, scope, short names, categories, verbs.

import { isList } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type Answer, valueAt } from '../desk.ts'
import { said } from '../said.ts'
import { topic } from '../suite.ts'

/** One line for each resource: name, kind, scope, short names, verbs. */
function resourceLines(answer: Answer): readonly string[] {
  const resources = valueAt(answer.body, 'resources')
  if (!isList(resources)) return [JSON.stringify(said(answer))]
  return resources.map((one) => {
    const text = (key: string): string => String(valueAt(one, key))
    const words = (key: string): string => {
      const list = valueAt(one, key)
      return isList(list) ? list.join(',') : '-'
    }
    const scope = valueAt(one, 'namespaced') === true ? 'namespaced' : 'cluster'
    const of = valueAt(one, 'group') === undefined ? '' : ` of ${text('group')}/${text('version')}`
    return `${text('name')} (${text('singularName')}) ${text('kind')}${of} ${scope} [${words('shortNames')}] [${words('categories')}] ${words('verbs')}`
  })
}

const groups: readonly (readonly [path: string, lines: unknown])[] = [
  [
    '/apis/apps/v1',
    [
      'controllerrevisions (controllerrevision) ControllerRevision namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'daemonsets (daemonset) DaemonSet namespaced [ds] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'daemonsets/status () DaemonSet namespaced [-] [-] get,patch,update',
      'deployments (deployment) Deployment namespaced [deploy] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'deployments/scale () Scale of autoscaling/v1 namespaced [-] [-] get,patch,update',
      'deployments/status () Deployment namespaced [-] [-] get,patch,update',
      'replicasets (replicaset) ReplicaSet namespaced [rs] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'replicasets/scale () Scale of autoscaling/v1 namespaced [-] [-] get,patch,update',
      'replicasets/status () ReplicaSet namespaced [-] [-] get,patch,update',
      'statefulsets (statefulset) StatefulSet namespaced [sts] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'statefulsets/scale () Scale of autoscaling/v1 namespaced [-] [-] get,patch,update',
      'statefulsets/status () StatefulSet namespaced [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/batch/v1',
    [
      'cronjobs (cronjob) CronJob namespaced [cj] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'cronjobs/status () CronJob namespaced [-] [-] get,patch,update',
      'jobs (job) Job namespaced [-] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'jobs/status () Job namespaced [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/autoscaling/v1',
    [
      'horizontalpodautoscalers (horizontalpodautoscaler) HorizontalPodAutoscaler namespaced [hpa] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'horizontalpodautoscalers/status () HorizontalPodAutoscaler namespaced [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/autoscaling/v2',
    [
      'horizontalpodautoscalers (horizontalpodautoscaler) HorizontalPodAutoscaler namespaced [hpa] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'horizontalpodautoscalers/status () HorizontalPodAutoscaler namespaced [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/policy/v1',
    [
      'poddisruptionbudgets (poddisruptionbudget) PodDisruptionBudget namespaced [pdb] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'poddisruptionbudgets/status () PodDisruptionBudget namespaced [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/networking.k8s.io/v1',
    [
      'ingressclasses (ingressclass) IngressClass cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'ingresses (ingress) Ingress namespaced [ing] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'ingresses/status () Ingress namespaced [-] [-] get,patch,update',
      'ipaddresses (ipaddress) IPAddress cluster [ip] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'networkpolicies (networkpolicy) NetworkPolicy namespaced [netpol] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'servicecidrs (servicecidr) ServiceCIDR cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'servicecidrs/status () ServiceCIDR cluster [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1',
    [
      'clusterrolebindings (clusterrolebinding) ClusterRoleBinding cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'clusterroles (clusterrole) ClusterRole cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'rolebindings (rolebinding) RoleBinding namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'roles (role) Role namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/storage.k8s.io/v1',
    [
      'csidrivers (csidriver) CSIDriver cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'csinodes (csinode) CSINode cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'csistoragecapacities (csistoragecapacity) CSIStorageCapacity namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'storageclasses (storageclass) StorageClass cluster [sc] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'volumeattachments (volumeattachment) VolumeAttachment cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'volumeattachments/status () VolumeAttachment cluster [-] [-] get,patch,update',
      'volumeattributesclasses (volumeattributesclass) VolumeAttributesClass cluster [vac] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/coordination.k8s.io/v1',
    ['leases (lease) Lease namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch'],
  ],
  [
    '/apis/discovery.k8s.io/v1',
    [
      'endpointslices (endpointslice) EndpointSlice namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/events.k8s.io/v1',
    ['events (event) Event namespaced [ev] [-] create,delete,deletecollection,get,list,patch,update,watch'],
  ],
  [
    '/apis/scheduling.k8s.io/v1',
    [
      'priorityclasses (priorityclass) PriorityClass cluster [pc] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/node.k8s.io/v1',
    [
      'runtimeclasses (runtimeclass) RuntimeClass cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/apiextensions.k8s.io/v1',
    [
      'customresourcedefinitions (customresourcedefinition) CustomResourceDefinition cluster [crd,crds] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'customresourcedefinitions/status () CustomResourceDefinition cluster [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/apiregistration.k8s.io/v1',
    [
      'apiservices (apiservice) APIService cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'apiservices/status () APIService cluster [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/admissionregistration.k8s.io/v1',
    [
      'mutatingadmissionpolicies (mutatingadmissionpolicy) MutatingAdmissionPolicy cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'mutatingadmissionpolicybindings (mutatingadmissionpolicybinding) MutatingAdmissionPolicyBinding cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'mutatingwebhookconfigurations (mutatingwebhookconfiguration) MutatingWebhookConfiguration cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'validatingadmissionpolicies (validatingadmissionpolicy) ValidatingAdmissionPolicy cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'validatingadmissionpolicies/status () ValidatingAdmissionPolicy cluster [-] [-] get,patch,update',
      'validatingadmissionpolicybindings (validatingadmissionpolicybinding) ValidatingAdmissionPolicyBinding cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
      'validatingwebhookconfigurations (validatingwebhookconfiguration) ValidatingWebhookConfiguration cluster [-] [api-extensions] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/apis/authentication.k8s.io/v1',
    [
      'selfsubjectreviews (selfsubjectreview) SelfSubjectReview cluster [-] [-] create',
      'tokenreviews (tokenreview) TokenReview cluster [-] [-] create',
    ],
  ],
  [
    '/apis/authorization.k8s.io/v1',
    [
      'localsubjectaccessreviews (localsubjectaccessreview) LocalSubjectAccessReview namespaced [-] [-] create',
      'selfsubjectaccessreviews (selfsubjectaccessreview) SelfSubjectAccessReview cluster [-] [-] create',
      'selfsubjectrulesreviews (selfsubjectrulesreview) SelfSubjectRulesReview cluster [-] [-] create',
      'subjectaccessreviews (subjectaccessreview) SubjectAccessReview cluster [-] [-] create',
    ],
  ],
  [
    '/apis/certificates.k8s.io/v1',
    [
      'certificatesigningrequests (certificatesigningrequest) CertificateSigningRequest cluster [csr] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'certificatesigningrequests/approval () CertificateSigningRequest cluster [-] [-] get,patch,update',
      'certificatesigningrequests/status () CertificateSigningRequest cluster [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/flowcontrol.apiserver.k8s.io/v1',
    [
      'flowschemas (flowschema) FlowSchema cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'flowschemas/status () FlowSchema cluster [-] [-] get,patch,update',
      'prioritylevelconfigurations (prioritylevelconfiguration) PriorityLevelConfiguration cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'prioritylevelconfigurations/status () PriorityLevelConfiguration cluster [-] [-] get,patch,update',
    ],
  ],
  [
    '/apis/resource.k8s.io/v1',
    [
      'deviceclasses (deviceclass) DeviceClass cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'resourceclaims (resourceclaim) ResourceClaim namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'resourceclaims/status () ResourceClaim namespaced [-] [-] get,patch,update',
      'resourceclaimtemplates (resourceclaimtemplate) ResourceClaimTemplate namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'resourceslices (resourceslice) ResourceSlice cluster [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
    ],
  ],
  [
    '/api/v1',
    [
      'bindings (binding) Binding namespaced [-] [-] create',
      'componentstatuses (componentstatus) ComponentStatus cluster [cs] [-] get,list',
      'configmaps (configmap) ConfigMap namespaced [cm] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'endpoints (endpoints) Endpoints namespaced [ep] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'events (event) Event namespaced [ev] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'limitranges (limitrange) LimitRange namespaced [limits] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'namespaces (namespace) Namespace cluster [ns] [-] create,delete,get,list,patch,update,watch',
      'namespaces/finalize () Namespace cluster [-] [-] update',
      'namespaces/status () Namespace cluster [-] [-] get,patch,update',
      'nodes (node) Node cluster [no] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'nodes/proxy () NodeProxyOptions cluster [-] [-] create,delete,get,patch,update',
      'nodes/status () Node cluster [-] [-] get,patch,update',
      'persistentvolumeclaims (persistentvolumeclaim) PersistentVolumeClaim namespaced [pvc] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'persistentvolumeclaims/status () PersistentVolumeClaim namespaced [-] [-] get,patch,update',
      'persistentvolumes (persistentvolume) PersistentVolume cluster [pv] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'persistentvolumes/status () PersistentVolume cluster [-] [-] get,patch,update',
      'pods (pod) Pod namespaced [po] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'pods/attach () PodAttachOptions namespaced [-] [-] create,get',
      'pods/binding () Binding namespaced [-] [-] create',
      'pods/ephemeralcontainers () Pod namespaced [-] [-] get,patch,update',
      'pods/eviction () Eviction of policy/v1 namespaced [-] [-] create',
      'pods/exec () PodExecOptions namespaced [-] [-] create,get',
      'pods/log () Pod namespaced [-] [-] get',
      'pods/portforward () PodPortForwardOptions namespaced [-] [-] create,get',
      'pods/proxy () PodProxyOptions namespaced [-] [-] create,delete,get,patch,update',
      'pods/resize () Pod namespaced [-] [-] get,patch,update',
      'pods/status () Pod namespaced [-] [-] get,patch,update',
      'podtemplates (podtemplate) PodTemplate namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'replicationcontrollers (replicationcontroller) ReplicationController namespaced [rc] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'replicationcontrollers/scale () Scale of autoscaling/v1 namespaced [-] [-] get,patch,update',
      'replicationcontrollers/status () ReplicationController namespaced [-] [-] get,patch,update',
      'resourcequotas (resourcequota) ResourceQuota namespaced [quota] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'resourcequotas/status () ResourceQuota namespaced [-] [-] get,patch,update',
      'secrets (secret) Secret namespaced [-] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'serviceaccounts (serviceaccount) ServiceAccount namespaced [sa] [-] create,delete,deletecollection,get,list,patch,update,watch',
      'serviceaccounts/token () TokenRequest of authentication.k8s.io/v1 namespaced [-] [-] create',
      'services (service) Service namespaced [svc] [all] create,delete,deletecollection,get,list,patch,update,watch',
      'services/proxy () ServiceProxyOptions namespaced [-] [-] create,delete,get,patch,update',
      'services/status () Service namespaced [-] [-] get,patch,update',
    ],
  ],
]

topic('resources', (it) => {
  for (const [path, lines] of groups) {
    it(`lists the resources of ${path}`, async (at) => {
      expect(resourceLines(await at.get(path))).toEqual(lines)
    })
  }
})
