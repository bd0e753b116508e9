// Namespaces: nothing is made in one that is not there or ends, and one ends only when its finalizers are gone.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { failure, notFound } from '../registry/status.ts'
import type { Cluster, Target } from './target.ts'

const NAMESPACES = '/namespaces'

/** True for the resource `namespaces`. */
export function isNamespaces(target: Target): boolean {
  return target.resource.group === '' && target.resource.plural === 'namespaces'
}

/** Refuses to make an object in a namespace that is not there, or that ends. */
export function checkNamespace(cluster: Cluster, target: Target, object: KubeObject): void {
  if (!target.resource.namespaced || target.namespace === null) return
  const namespace = cluster.store.get(NAMESPACES, null, target.namespace)
  if (namespace === null) throw notFound({ group: '', resource: 'namespaces', name: target.namespace })
  if (stringAt(namespace, 'metadata', 'deletionTimestamp') === undefined) return
  throw terminating(target, target.namespace, object)
}

function terminating(target: Target, namespace: string, object: KubeObject): Error {
  const { group, plural } = target.resource
  const own = stringAt(object, 'metadata', 'name') ?? ''
  const name = own !== '' ? own : (stringAt(object, 'metadata', 'generateName') ?? 'Unknown')
  const where = group === '' ? plural : `${plural}.${group}`
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, causes: [cause] }
  return failure(403, 'Forbidden', `${where} ${JSON.stringify(name)} is forbidden: ${why}`, details)
}

/** `spec.finalizers` of a namespace. */
export function namespaceFinalizers(namespace: KubeObject): readonly Json[] {
  const finalizers = valueAt(namespace, 'spec', 'finalizers')
  return isList(finalizers) ? finalizers : []
}

/** A new namespace is held by the controller that will empty it. */
export function newNamespace(namespace: KubeObject): KubeObject {
  const held = namespaceFinalizers(namespace)
  const finalizers = held.includes('kubernetes') ? held : [...held, 'kubernetes']
  return { ...namespace, spec: { finalizers: [...finalizers] }, status: { phase: 'Active' } }
}

/** What an update of a namespace may not touch: its finalizers (they have a subresource) and its status. */
export function updatedNamespace(target: Target, namespace: KubeObject, old: KubeObject): KubeObject {
  const status = old.status ?? {}
  if (target.subresource === 'finalize') return { ...namespace, status }
  return { ...namespace, spec: old.spec ?? {}, status }
}

/** A namespace whose deletion has begun. */
export function terminatingNamespace(namespace: KubeObject): KubeObject {
  const status = isObject(namespace.status) ? namespace.status : {}
  return { ...namespace, status: { ...status, phase: 'Terminating' } }
}

/** The namespaces that are always there. */
export const IMMORTAL: readonly string[] = ['default', 'kube-system', 'kube-public']
