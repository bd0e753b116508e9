// An object in the versions of its kind: owners of other versions own fields of those.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { Recent } from '../schema/recent.ts'
import type { StructType } from '../schema/type.ts'
import { fieldsOf } from './extract.ts'
import { type FieldSet, isEmpty } from './set.ts'
import { type Shape, shapeOf } from './shape.ts'

/** How a kind looks in its versions. */
export interface Versions {
  /**
   * Null for a version that is no longer there. What was owned in such a version of a built-in kind is owned by nobody;
   * a custom resource cannot be applied to any more, and an update of it loses its managedFields.
   */
  readonly typeOf: (apiVersion: string) => StructType | null
  /** Absent: all versions have one shape. */
  readonly convert?: (object: KubeObject, apiVersion: string) => KubeObject
}

/** Only of Go's own types it is known how Go writes them. */
export function isBuiltIn(type: StructType | null): boolean {
  return type?.field('metadata')?.go !== undefined
}

/** An object with its shape. */
export interface Typed {
  readonly object: JsonObject
  readonly shape: Shape
  readonly apiVersion: string
}

/** An object in a version; null where the version is gone. */
export function inVersion(versions: Versions, typed: Typed, apiVersion: string): Typed | null {
  if (typed.apiVersion === apiVersion) return typed
  const type = versions.typeOf(apiVersion)
  if (type === null) return null
  // What is merged and pruned here always has kind, version and metadata.
  const object = versions.convert?.(typed.object as KubeObject, apiVersion) ?? { ...typed.object, apiVersion }
  return { object, shape: shapeOf(type), apiVersion }
}

// Live objects are asked for their fields again and again.
const known = new Recent<JsonObject, { readonly shape: Shape; readonly fields: FieldSet }>()

/** All fields of an object. */
export function allFields({ object, shape }: Typed): FieldSet {
  const before = known.get(object)
  if (before?.shape === shape) return before.fields
  const fields = fieldsOf(object, shape)
  if (!isEmpty(fields)) known.set(object, { shape, fields })
  return fields
}
