// Whether two values say the same, whatever the order of their keys. Shared parts are not looked into.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'

/** True for equal JSON values. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return equalLists(a, b)
  // Neither is null nor a list.
  return equalObjects(a as JsonObject, b as JsonObject)
}

function equalLists(a: Json, b: Json): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((item, index) => equalJson(item, b[index]))
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]))
}

/** An object without some of its keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  if (!keys.some((key) => Object.hasOwn(object, key))) return object
  // Copied rather than deleted from: an object that loses keys is slow from then on.
  const rest: Record<string, Json> = {}
  for (const key of Object.keys(object)) if (!keys.includes(key)) rest[key] = object[key] ?? null
  return Object.hasOwn(object, '__proto__')
    ? asPlainObject(Object.entries(object).filter(([key]) => !keys.includes(key)))
    : rest
}

/** An object of entries; `__proto__` stays a key like any other. */
export function asPlainObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries)
}
