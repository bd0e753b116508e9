// jq's functions on values, as far as conditions of ignore rules need them; undefined where jq reports an error.
// Source: https://jqlang.org/manual/
import { canonicalJson } from '../../object/canonical.ts'
import type { Json } from '../../object/json.ts'
import { isList, isObject } from '../../object/json.ts'
import { compareText } from '../../object/ref.ts'
import type { ArgumentFunction, PlainFunction } from './program.ts'

/** Everything but false and null counts as true. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false
}

/** A function without arguments, applied to a value. */
export function callPlain(name: Exclude<PlainFunction, 'empty'>, value: Json): Json | undefined {
  switch (name) {
    case 'not':
      return !isTrue(value)
    case 'length':
      return lengthOf(value)
    case 'type':
      return typeOf(value)
    case 'tostring':
      return typeof value === 'string' ? value : canonicalJson(value)
    case 'ascii_downcase':
      return typeof value === 'string' ? value.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : undefined
    case 'keys':
      if (isList(value)) return value.map((_, index) => index)
      return isObject(value) ? Object.keys(value).sort() : undefined
  }
}

/** A function of one argument, applied to a value. */
export function callWith(name: Exclude<ArgumentFunction, 'IN'>, value: Json, argument: Json): Json | undefined {
  switch (name) {
    case 'has':
      if (isObject(value) && typeof argument === 'string') return Object.hasOwn(value, argument)
      return isList(value) && typeof argument === 'number' ? argument >= 0 && argument < value.length : undefined
    case 'startswith':
      return texts(value, argument) ? value.toString().startsWith(String(argument)) : undefined
    case 'endswith':
      return texts(value, argument) ? value.toString().endsWith(String(argument)) : undefined
    case 'contains':
      return contains(value, argument)
    case 'inside':
      return contains(argument, value)
  }
}

/** jq's order of all values: null, false, true, numbers, strings, lists, objects. */
export function compareJson(a: Json, b: Json): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (isList(a) && isList(b)) return compareLists(a, b)
  if (isObject(a) && isObject(b)) {
    const left = Object.keys(a).sort()
    const right = Object.keys(b).sort()
    return compareLists(left, right) || compareLists(values(a, left), values(b, left))
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (isNumber(a) && isNumber(b)) return a === b ? 0 : a < b ? -1 : 1
  return 0
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareJson(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function values(object: { readonly [key: string]: Json }, keys: readonly string[]): readonly Json[] {
  return keys.map((key) => object[key] ?? null)
}

function rankOf(value: Json): number {
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 2 : 1
  if (isNumber(value)) return 3
  if (typeof value === 'string') return 4
  return isList(value) ? 5 : 6
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'array'
  if (isNumber(value)) return 'number'
  return typeof value
}

function lengthOf(value: Json): Json | undefined {
  if (value === null) return 0
  if (typeof value === 'boolean') return undefined
  if (typeof value === 'string') return [...value].length
  if (typeof value === 'number') return Math.abs(value)
  if (typeof value === 'bigint') return value < 0n ? -value : value
  return isList(value) ? value.length : Object.keys(value).length
}

function texts(value: Json, argument: Json): value is string {
  return typeof value === 'string' && typeof argument === 'string'
}

/** Texts contain parts, lists contain items that contain each item, objects contain fields; else equality. */
function contains(value: Json, part: Json): boolean | undefined {
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part)
  if (isList(value) && isList(part))
    return part.every((wanted) => value.some((item) => contains(item, wanted) === true))
  if (isObject(value) && isObject(part)) {
    return Object.entries(part).every(([key, wanted]) => {
      return Object.hasOwn(value, key) && contains(value[key] ?? null, wanted) === true
    })
  }
  return typeOf(value) === typeOf(part) ? compareJson(value, part) === 0 : undefined
}
