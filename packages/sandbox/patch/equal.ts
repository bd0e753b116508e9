// Equality of JSON values as a `test` operation has it.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** True for one value; keys have no order. */
export function equalJson(left: Json, right: Json): boolean {
  if (left === right) return true
  if (isList(left)) {
    return isList(right) && left.length === right.length && left.every((item, at) => equalJson(item, right[at] ?? null))
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key] ?? null, right[key] ?? null))
  )
}
