// Paths of the Kubernetes API: where a kind and its objects live.
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { FaultError } from '../fault.ts'

/** A kind in the version to be spoken, with its place in URLs. */
export interface Resource {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** The path segment: `deployments`. */
  readonly resource: string
  readonly scope: 'namespaced' | 'cluster'
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** `/apis/apps/v1`, or `/api/v1` for the core group. */
export function groupVersionPath(resource: { readonly group: string; readonly version: string }): string {
  const { group, version } = resource
  return group === '' ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`
}

/** Where objects are listed and created: in one namespace, or (null) in all of them and for cluster scope. */
export function collectionPath(resource: Resource, namespace: string | null): string {
  const root = groupVersionPath(resource)
  const within = namespace === null || resource.scope === 'cluster' ? '' : `/namespaces/${segment(namespace)}`
  return `${root}${within}/${segment(resource.resource)}`
}

/** Where one object lives. */
export function objectPath(resource: Resource, object: Pick<ObjectRef, 'namespace' | 'name'>): string {
  return `${collectionPath(resource, object.namespace)}/${segment(object.name)}`
}

/** A path with the parameters that have a value. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/** `Deployments in namespace shop`, for the text of an error. */
export function collectionName(resource: Resource, namespace: string | null): string {
  const within =
    resource.scope === 'cluster' ? '' : namespace === null ? ' in all namespaces' : ` in namespace ${namespace}`
  return `${resource.resource}${resource.group === '' ? '' : `.${resource.group}`}${within}`
}

/** `Deployment/shop/web`, for the text of an error. */
export function objectName(object: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return object.namespace === null
    ? `${object.kind}/${object.name}`
    : `${object.kind}/${object.namespace}/${object.name}`
}

/** True for the kind whose values must never be shown. */
export function holdsSecrets(resource: Pick<Resource, 'group' | 'kind'>): boolean {
  return resource.group === '' && resource.kind === 'Secret'
}

/**
 * One path segment. What Kubernetes allows in no name is refused here, because it would lead elsewhere: an empty name
 * to the whole collection, `..` and a slash to another resource.
 */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text)) {
    const why = 'it must not be empty, "." or "..", and must hold neither "/" nor "%"'
    throw new FaultError({ kind: 'invalid-input', what: 'the name cannot be used', where: JSON.stringify(text), why })
  }
  return encodeURIComponent(text)
}
