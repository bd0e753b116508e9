// Whether two JSON values are equal, as the real server compares them.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** Deep equality; a number and a bigint of the same value are the same. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== typeof b) {
    const numbers = (typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint')
    // biome-ignore lint/suspicious/noDoubleEquals: the comparison of numbers across number and bigint.
    return numbers && a == b
  }
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index] ?? null))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] ?? null, b[key] ?? null))
}
