// The compact type of a Kubernetes field: what comparison needs to know of an OpenAPI schema, and no more.
import type { Json } from '../object/json.ts'

/**
 * The type of a value. Made from the cluster's OpenAPI document by the engine; the core only reads it.
 * Source of the list and map types: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export type Schema = ScalarSchema | MapSchema | ListSchema | UnknownSchema

/** A scalar. `form` names a spelling that has several forms of one value. */
export interface ScalarSchema {
  readonly kind: 'scalar'
  readonly type: 'string' | 'integer' | 'number' | 'boolean'
  /** `quantity`: 1000m = 1. `int-or-string`: 80 or "http". `bytes`: base64. `time`: RFC 3339. `duration`: Go's 1h0m0s. */
  readonly form: 'plain' | 'quantity' | 'int-or-string' | 'bytes' | 'time' | 'duration'
  /** What the server fills in where the field is absent. */
  readonly default?: Json
}

/** An object: with known fields (struct), free keys (map), or both. */
export interface MapSchema {
  readonly kind: 'map'
  /** Types of the known fields, looked up lazily because schemas may be recursive (JSONSchemaProps). */
  readonly field: (name: string) => Schema | null
  /** Type of the values under free keys; null where there are none. */
  readonly values: Schema | null
  /** `x-kubernetes-map-type: atomic`: replaced as a whole, owned as a whole. */
  readonly atomic: boolean
  /** `x-kubernetes-preserve-unknown-fields`: fields that the schema does not know are kept by the server. */
  readonly preservesUnknown: boolean
  readonly default?: Json
}

/** A list, by how the server merges it. */
export interface ListSchema {
  readonly kind: 'list'
  readonly items: Schema
  readonly merge:
    | { readonly by: 'atomic' }
    | { readonly by: 'set' }
    | { readonly by: 'keys'; readonly keys: readonly string[] }
  readonly default?: Json
}

/** Nothing is known of the value (no schema, or a free-form field): local comparison of it is not certain. */
export interface UnknownSchema {
  readonly kind: 'unknown'
}

/** Finds the type of a whole object by group, version and kind; null where the server published none. */
export type SchemaLookup = (group: string, version: string, kind: string) => Schema | null
