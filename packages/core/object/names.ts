// What Kubernetes accepts as a name, a namespace, a label.
import type { GroupKind } from './ref.ts'

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const QUALIFIED = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/

/** Groups whose kinds all demand a DNS subdomain as a name; for the others only the server knows. */
const SUBDOMAIN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'storage.k8s.io',
  'scheduling.k8s.io',
  'apiextensions.k8s.io',
  'admissionregistration.k8s.io',
  'gateway.networking.k8s.io',
])

/** A DNS label: the form of namespaces. Source: RFC 1123. */
export function isNamespaceName(text: string): boolean {
  return text.length <= 63 && LABEL.test(text)
}

/** A DNS subdomain: the form of most names and of API groups. Source: RFC 1123. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text)
}

/**
 * What is wrong with an object's name, or null. Only what Kubernetes refuses for certain: kinds such as ClusterRole
 * take any text that can stand in a URL path, the kinds of other groups are left to their server.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function nameFault(kind: GroupKind, name: string): string | null {
  if (name.length > 253) return 'is longer than 253 characters'
  if (name === '.' || name === '..' || /[/%]/.test(name)) return 'cannot stand in a URL path'
  if (kind.group === '' && (kind.kind === 'Namespace' || kind.kind === 'Service')) {
    return isNamespaceName(name) ? null : 'must be at most 63 lower-case letters, digits and dashes'
  }
  if (!SUBDOMAIN_GROUPS.has(kind.group) || isSubdomain(name)) return null
  return 'must consist of lower-case letters, digits, dashes and dots'
}

/** What is wrong with the key of a label or annotation (`prefix/name`), or null. */
export function metadataKeyFault(key: string): string | null {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash >= 0 && !isSubdomain(key.slice(0, slash).toLowerCase())) return 'has a prefix that is not a DNS name'
  return name.length <= 63 && QUALIFIED.test(name)
    ? null
    : 'must be at most 63 letters, digits, dashes, dots and underscores'
}

/** What is wrong with the value of a label, or null. */
export function labelValueFault(value: string): string | null {
  if (value === '' || (value.length <= 63 && QUALIFIED.test(value))) return null
  return 'must be empty or at most 63 letters, digits, dashes, dots and underscores'
}

/** What is wrong with an apiVersion, or null. */
export function apiVersionFault(apiVersion: string): string | null {
  const parts = apiVersion.split('/')
  const version = parts.at(-1) ?? ''
  if (parts.length > 2 || !isNamespaceName(version)) return 'must be a version, or a group and a version: apps/v1'
  return parts.length === 2 && !isSubdomain(parts[0] ?? '') ? 'has a group that is not a DNS name' : null
}

/** What is wrong with a kind, or null. */
export function kindFault(kind: string): string | null {
  return kind.length <= 63 && /^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(kind)
    ? null
    : 'must be a word, such as Deployment'
}
