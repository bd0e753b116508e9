// The type of a field as an API server knows it: what merging, defaulting, pruning and validation need of OpenAPI.
import type { Json } from '@mainstay/core/object/json.ts'

/** A type. Definitions refer to each other, so fields are looked up lazily. */
export type FieldType = StructType | MapType | ListType | ScalarType | AnyType

/** An object with named fields. */
export interface StructType {
  readonly kind: 'struct'
  /** Go-like name of the definition (`io.k8s.api.core.v1.PodSpec`), for messages; null for an anonymous one. */
  readonly name: string | null
  readonly field: (name: string) => Field | null
  readonly names: readonly string[]
  readonly required: readonly string[]
  /** `x-kubernetes-map-type: atomic`. */
  readonly atomic: boolean
  /** Unknown fields are kept (`x-kubernetes-preserve-unknown-fields`, or a type without a schema below it). */
  readonly preservesUnknown: boolean
}

/** One field of a struct. */
export interface Field {
  readonly type: FieldType
  /** Filled in where the field is absent. */
  readonly default?: Json
  /** Strategic merge: absent means `replace` for lists and scalars, `merge` for maps. */
  readonly patch?: {
    readonly strategies: readonly ('merge' | 'replace' | 'retainKeys')[]
    readonly mergeKey: string | null
  }
  /** How Go holds and writes it, which decides what becomes of empty values; absent for custom resources. */
  readonly go?: GoField
}

/** What Go's JSON does with a field of a built-in type: empty values that are no pointers cannot be told from absent. */
export interface GoField {
  readonly pointer: boolean
  readonly written: 'always' | 'unless empty' | 'unless zero'
}

/** An object with free keys. */
export interface MapType {
  readonly kind: 'map'
  readonly values: FieldType
  readonly atomic: boolean
}

/** A list, by how server-side apply merges it. */
export interface ListType {
  readonly kind: 'list'
  readonly items: FieldType
  readonly merge:
    | { readonly by: 'atomic' }
    | { readonly by: 'set' }
    | { readonly by: 'keys'; readonly keys: readonly string[] }
}

/** A scalar. */
export interface ScalarType {
  readonly kind: 'scalar'
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity'
  /** OpenAPI format (`int32`, `int64`, `byte`, `date-time`, `double`), or null. */
  readonly format: string | null
  /** A time with microseconds (`MicroTime`). */
  readonly micro?: boolean
}

/** Nothing is known: anything goes (JSON, RawExtension). Server-side apply deduces its shape from the value. */
export interface AnyType {
  readonly kind: 'any'
  /** Server-side apply takes it as one piece: so it is in built-in types. */
  readonly atomic?: boolean
}
