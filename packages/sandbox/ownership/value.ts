// Equality and order of JSON values as field ownership needs them: 1 and 1.0 are one value, keys have no order.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { compareText } from '@mainstay/core/object/ref.ts'

/** True when both are one value. */
export function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    // A large integer may be a bigint on one side and a number on the other.
    return isNumber(left) && isNumber(right) && Number(left) === Number(right)
  }
  if (isList(left)) {
    return isList(right) && left.length === right.length && left.every((item, at) => equal(item, right[at]))
  }
  return isObject(left) && isObject(right) && equalObjects(left, right)
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
}

/** Order of two scalars: numbers, texts, booleans, all else. */
export function compareScalars(left: Json, right: Json): number {
  if (isNumber(left) && isNumber(right)) return Math.sign(Number(left) - Number(right))
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  return rank(left) - rank(right)
}

function rank(value: Json): number {
  if (isNumber(value)) return 0
  if (typeof value === 'string') return 1
  return typeof value === 'boolean' ? 2 : 3
}

function isNumber(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** True for nothing, null, an empty object or an empty list. */
export function isBare(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true
  if (isList(value)) return value.length === 0
  return isObject(value) && isBareObject(value)
}

/** True for an object without fields. */
export function isBareObject(value: JsonObject): boolean {
  for (const _ in value) return false
  return true
}
