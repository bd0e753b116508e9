// The words that a strategic merge patch may carry beside fields.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** `$patch: replace`, `$patch: delete`. */
export const DIRECTIVE = '$patch'
/** `$retainKeys: [a, b]`. */
export const RETAIN = '$retainKeys'
/** `$deleteFromPrimitiveList/finalizers: [x]`. */
export const DELETE_FROM = '$deleteFromPrimitiveList'
/** `$setElementOrder/containers: [{name: a}]`. */
export const SET_ORDER = '$setElementOrder'

/** A new value without directives; undefined where it is itself one. */
export function withoutDirectives(value: Json): Json | undefined {
  if (isList(value)) return value.map(withoutDirectives).filter((item) => item !== undefined)
  if (!isObject(value)) return value
  if (Object.hasOwn(value, DIRECTIVE)) return undefined
  const left: Record<string, Json> = {}
  for (const [name, item] of Object.entries(value)) {
    const kept = withoutDirectives(item)
    if (kept !== undefined) left[name] = kept
  }
  return left
}

/** A new value without the fields that are null. */
export function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const fields = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(fields.map(([name, item]) => [name, withoutNulls(item)]))
}
