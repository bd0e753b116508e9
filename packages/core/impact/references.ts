// Which objects an object refers to by name: what would be left pointing at nothing.
import type { Json } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt, valueAt } from '../object/object.ts'
import { parseApiVersion } from '../object/ref.ts'

/** A reference inside the namespace of the object that holds it (or to a cluster-scoped object). */
export interface Reference {
  readonly group: string
  readonly kind: string
  readonly name: string
}

/** Everything the object refers to by name, as far as its content was read. Doubles are possible. */
export function referencesOf(object: KubeObject): readonly Reference[] {
  const pod = podSpecOf(object)
  return [...(pod === undefined ? [] : podReferences(pod)), ...kindReferences(object)]
}

/** The pod specification inside a workload, or the one of a Pod. */
function podSpecOf(object: KubeObject): Json | undefined {
  switch (object.kind) {
    case 'Pod':
      return valueAt(object, 'spec')
    case 'CronJob':
      return valueAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
    default:
      return valueAt(object, 'spec', 'template', 'spec')
  }
}

function kindReferences(object: KubeObject): readonly Reference[] {
  switch (object.kind) {
    case 'Ingress':
      return ingressReferences(object)
    case 'HorizontalPodAutoscaler':
      return scaleTarget(object)
    case 'StatefulSet':
      return named('', 'Service', valueAt(object, 'spec', 'serviceName'))
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return bindingReferences(object)
    case 'ServiceAccount':
      return [...items(object, 'secrets'), ...items(object, 'imagePullSecrets')].flatMap((each) =>
        named('', 'Secret', valueAt(each, 'name')),
      )
    default:
      return []
  }
}

function podReferences(pod: Json): readonly Reference[] {
  const containers = [...items(pod, 'containers'), ...items(pod, 'initContainers')]
  const account = valueAt(pod, 'serviceAccountName') ?? valueAt(pod, 'serviceAccount')
  return [
    ...named('', 'ServiceAccount', account),
    ...items(pod, 'imagePullSecrets').flatMap((each) => named('', 'Secret', valueAt(each, 'name'))),
    ...items(pod, 'volumes').flatMap(volumeReferences),
    ...containers.flatMap(environmentReferences),
  ]
}

function volumeReferences(volume: Json): readonly Reference[] {
  return [
    ...named('', 'ConfigMap', valueAt(volume, 'configMap', 'name')),
    ...named('', 'Secret', valueAt(volume, 'secret', 'secretName')),
    ...named('', 'PersistentVolumeClaim', valueAt(volume, 'persistentVolumeClaim', 'claimName')),
    ...items(valueAt(volume, 'projected'), 'sources').flatMap((source) => [
      ...named('', 'ConfigMap', valueAt(source, 'configMap', 'name')),
      ...named('', 'Secret', valueAt(source, 'secret', 'name')),
    ]),
  ]
}

function environmentReferences(container: Json): readonly Reference[] {
  const from = items(container, 'envFrom').flatMap((each) => [
    ...named('', 'ConfigMap', valueAt(each, 'configMapRef', 'name')),
    ...named('', 'Secret', valueAt(each, 'secretRef', 'name')),
  ])
  const single = items(container, 'env').flatMap((each) => [
    ...named('', 'ConfigMap', valueAt(each, 'valueFrom', 'configMapKeyRef', 'name')),
    ...named('', 'Secret', valueAt(each, 'valueFrom', 'secretKeyRef', 'name')),
  ])
  return [...from, ...single]
}

function ingressReferences(ingress: KubeObject): readonly Reference[] {
  const backends = [
    valueAt(ingress, 'spec', 'defaultBackend'),
    valueAt(ingress, 'spec', 'backend'),
    ...items(valueAt(ingress, 'spec'), 'rules').flatMap((rule) =>
      items(valueAt(rule, 'http'), 'paths').map((path) => valueAt(path, 'backend')),
    ),
  ]
  return [
    ...backends.flatMap((backend) => [
      ...named('', 'Service', valueAt(backend, 'service', 'name')),
      ...named('', 'Service', valueAt(backend, 'serviceName')),
    ]),
    ...items(valueAt(ingress, 'spec'), 'tls').flatMap((tls) => named('', 'Secret', valueAt(tls, 'secretName'))),
  ]
}

function scaleTarget(autoscaler: KubeObject): readonly Reference[] {
  const target = valueAt(autoscaler, 'spec', 'scaleTargetRef')
  const kind = stringAt(target, 'kind')
  if (kind === undefined) return []
  const { group } = parseApiVersion(stringAt(target, 'apiVersion') ?? 'apps/v1')
  return named(group, kind, valueAt(target, 'name'))
}

function bindingReferences(binding: KubeObject): readonly Reference[] {
  const role = stringAt(binding, 'roleRef', 'kind')
  const accounts = items(binding, 'subjects').filter((each) => {
    const namespace = stringAt(each, 'namespace')
    return stringAt(each, 'kind') === 'ServiceAccount' && (namespace ?? null) === namespaceOf(binding, namespace)
  })
  return [
    ...(role === undefined ? [] : named('rbac.authorization.k8s.io', role, valueAt(binding, 'roleRef', 'name'))),
    ...accounts.flatMap((each) => named('', 'ServiceAccount', valueAt(each, 'name'))),
  ]
}

/** Where a binding's subjects must be to count: its own namespace; a cluster-wide binding may name any. */
function namespaceOf(binding: KubeObject, named: string | undefined): string | null {
  return binding.kind === 'ClusterRoleBinding' ? (named ?? null) : (stringAt(binding, 'metadata', 'namespace') ?? null)
}

function named(group: string, kind: string, name: Json | undefined): readonly Reference[] {
  return typeof name === 'string' && name !== '' ? [{ group, kind, name }] : []
}

function items(value: Json | undefined, field: string): readonly Json[] {
  const list = isObject(value) ? value[field] : undefined
  return isList(list) ? list : []
}
