// JSON values as they travel through the core: 64-bit integers survive, nothing is ever mutated.

/**
 * A JSON value. Integers beyond 2^53 are `bigint`, so an int64 field of a Kubernetes object is never rounded
 * (`JSON.parse` alone would lose digits); every other number is a `number`.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject

/** A JSON object. Values are read-only by convention and by type; change by copy. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for a JSON object: not null, not a list, not a scalar. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a JSON list. (`Array.isArray` alone does not narrow read-only lists.) */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
