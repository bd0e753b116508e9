// A Kubernetes object as the core sees it: JSON with the few fields every object has.
import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import type { ObjectRef } from './ref.ts'
import { parseApiVersion } from './ref.ts'

/** A whole Kubernetes object (manifest or live) with at least apiVersion, kind and metadata.name. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
}

/** The metadata fields the core reads. Everything else stays reachable as JSON. */
export interface Metadata extends JsonObject {
  readonly name: string
}

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  /** RFC 3339, as the API server wrote it; absent in old objects. */
  readonly time?: string
  readonly subresource?: string
  readonly fieldsV1?: JsonObject
}

/** The identity of an object that was read from a cluster (scope is what the object itself says). */
export function refOf(object: KubeObject): ObjectRef {
  const { group } = parseApiVersion(object.apiVersion)
  return {
    group,
    kind: object.kind,
    namespace: stringAt(object, 'metadata', 'namespace') ?? null,
    name: object.metadata.name,
  }
}

/** `metadata.uid`, or null for a manifest. */
export function uidOf(object: KubeObject): string | null {
  return stringAt(object, 'metadata', 'uid') ?? null
}

/** `metadata.resourceVersion`, or null for a manifest. */
export function resourceVersionOf(object: KubeObject): string | null {
  return stringAt(object, 'metadata', 'resourceVersion') ?? null
}

/** `metadata.annotations[name]`. */
export function annotationOf(object: KubeObject, name: string): string | undefined {
  return stringAt(object, 'metadata', 'annotations', name)
}

/** `metadata.labels[name]`. */
export function labelOf(object: KubeObject, name: string): string | undefined {
  return stringAt(object, 'metadata', 'labels', name)
}

/** True once a DELETE was accepted and finalizers are still running. */
export function isTerminating(object: KubeObject): boolean {
  return stringAt(object, 'metadata', 'deletionTimestamp') !== undefined
}

/** The value at a path of object keys, or undefined where any part is missing. */
export function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let at: Json | undefined = value
  for (const key of path) {
    if (!isObject(at)) return undefined
    at = Object.hasOwn(at, key) ? at[key] : undefined
  }
  return at
}

/** The string at a path, or undefined where it is missing or of another type. */
export function stringAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const at = valueAt(value, ...path)
  return typeof at === 'string' ? at : undefined
}

/** The number at a path, or undefined where it is missing or of another type. */
export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const at = valueAt(value, ...path)
  return typeof at === 'number' ? at : undefined
}
