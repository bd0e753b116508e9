// What the API server asks of an update after what it asks of every kind's metadata, and in which order: the causes of a
// refusal come in this order, and as often as it asks.

/**
 * `full`: the metadata as of a new object; `kept`: what of it may not change; the plain ones leave out that finalizers
 * without a domain must be Kubernetes' own. `spec`: what is asked of a new object; `fixed`: what may not change.
 */
export type Asked = 'full' | 'kept' | 'plain full' | 'plain kept' | 'spec' | 'fixed'

const USUAL: readonly Asked[] = ['kept', 'fixed', 'spec']
const NEW_FIRST: readonly Asked[] = ['full', 'spec', 'kept', 'fixed']
const FIXED_LAST: readonly Asked[] = ['kept', 'spec', 'fixed']
const FIXED_FIRST: readonly Asked[] = ['kept', 'fixed', 'full', 'spec']
const ALL_LAST: readonly Asked[] = ['kept', 'full', 'spec', 'fixed']
const AS_NEW: readonly Asked[] = ['full', 'spec', 'fixed']
const PLAIN: readonly Asked[] = ['plain full', 'spec', 'fixed']

const ORDERS: Readonly<Record<string, readonly Asked[]>> = {
  '/configmaps': FIXED_FIRST,
  '/endpoints': ALL_LAST,
  '/events': ['spec', 'fixed'],
  '/limitranges': AS_NEW,
  '/namespaces': NEW_FIRST,
  '/nodes': NEW_FIRST,
  '/persistentvolumeclaims': ALL_LAST,
  '/persistentvolumes': ['full', 'spec', 'full', 'spec', 'fixed'],
  '/pods': ALL_LAST,
  '/resourcequotas': FIXED_LAST,
  '/secrets': FIXED_FIRST,
  '/serviceaccounts': ALL_LAST,
  '/services': ['kept', 'fixed'],
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': PLAIN,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': PLAIN,
  'apps/controllerrevisions': ALL_LAST,
  'apps/deployments': FIXED_LAST,
  'apps/replicasets': FIXED_LAST,
  'apps/statefulsets': ['kept', 'fixed'],
  'batch/jobs': NEW_FIRST,
  'coordination.k8s.io/leases': ['plain kept', 'spec'],
  'discovery.k8s.io/endpointslices': AS_NEW,
  'events.k8s.io/events': ['spec', 'fixed'],
  'networking.k8s.io/ingressclasses': FIXED_FIRST,
  'networking.k8s.io/ingresses': ALL_LAST,
  'node.k8s.io/runtimeclasses': ['plain full', 'spec', 'plain kept', 'fixed'],
  'policy/poddisruptionbudgets': ['spec', 'fixed'],
  'rbac.authorization.k8s.io/clusterrolebindings': NEW_FIRST,
  'rbac.authorization.k8s.io/clusterroles': NEW_FIRST,
  'rbac.authorization.k8s.io/rolebindings': NEW_FIRST,
  'rbac.authorization.k8s.io/roles': NEW_FIRST,
  'scheduling.k8s.io/priorityclasses': ['kept', 'fixed'],
  'storage.k8s.io/csidrivers': FIXED_LAST,
  'storage.k8s.io/storageclasses': NEW_FIRST,
  'storage.k8s.io/volumeattachments': AS_NEW,
  'storage.k8s.io/volumeattributesclasses': FIXED_FIRST,
}

/** What is asked of an update of a resource (`group/plural`), in order. */
export function askedOf(resource: string): readonly Asked[] {
  return ORDERS[resource] ?? USUAL
}
