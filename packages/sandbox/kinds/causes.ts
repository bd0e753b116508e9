// The words for what is wrong with a field, as the API server says them.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../registry/kind.ts'

/** `Invalid value: "x": detail`. */
export function invalid(field: string, value: Json | undefined, detail: string): Cause {
  return cause('FieldValueInvalid', field, `Invalid value: ${shown(value)}`, detail)
}

/** `Required value`, with or without a detail. */
export function required(field: string, detail = ''): Cause {
  return cause('FieldValueRequired', field, 'Required value', detail)
}

/** `Forbidden: detail`. */
export function forbidden(field: string, detail: string): Cause {
  return cause('FieldValueForbidden', field, 'Forbidden', detail)
}

/** `Duplicate value: "x"`. */
export function duplicate(field: string, value: Json): Cause {
  return cause('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`, '')
}

/** `Not found: "x"`. */
export function notFoundValue(field: string, value: Json): Cause {
  return cause('FieldValueNotFound', field, `Not found: ${shown(value)}`, '')
}

/** `Unsupported value: "x": supported values: "a", "b"`; the server sorts what it supports. */
export function notSupported(field: string, value: Json | undefined, supported: readonly string[]): Cause {
  const detail = `supported values: ${supported.map(quoted).join(', ')}`
  return cause('FieldValueNotSupported', field, `Unsupported value: ${shown(value)}`, detail)
}

/** `Too long: may not be more than 63 bytes`. */
export function tooLong(field: string, most: number, what = 'bytes'): Cause {
  return cause('FieldValueTooLong', field, 'Too long', `may not be more than ${most} ${what}`)
}

/** `Too many: 9: must have at most 8 items`. */
export function tooMany(field: string, count: number, most: number): Cause {
  const detail = `must have at most ${most} item${most === 1 ? '' : 's'}`
  return cause('FieldValueTooMany', field, `Too many: ${count}`, detail)
}

/** An invalid value for each message. */
export function invalids(field: string, value: Json | undefined, messages: readonly string[]): readonly Cause[] {
  return messages.map((message) => invalid(field, value, message))
}

/** A field that may not change. */
export function unchanged(field: string, value: Json | undefined, old: Json | undefined): readonly Cause[] {
  return same(value, old) ? [] : [invalid(field, value, 'field is immutable')]
}

/** A required text out of a fixed choice. */
export function oneOf(field: string, value: string, supported: readonly string[], detail = ''): readonly Cause[] {
  if (value === '') return [required(field, detail)]
  return supported.includes(value) ? [] : [notSupported(field, value, supported)]
}

function cause(reason: Cause['reason'], field: string, what: string, detail: string): Cause {
  return { reason, field, message: detail === '' ? what : `${what}: ${detail}` }
}

/** How a value is shown: numbers bare, everything else as JSON with Go's escapes. */
function shown(value: Json | undefined): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return String(value)
  return value === undefined ? 'null' : goJson(value)
}

/** A text in Go's quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** JSON as Go writes it: with escapes for HTML; on lines of its own where each level is `indent` further in. */
export function goJson(value: Json, indent = 0): string {
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? Number(each) : each), indent)
  return text.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Deep equality of JSON, where an absent value, null and an empty list or object are the same. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  const left = bare(a)
  const right = bare(b)
  if (left === null || right === null) return left === right
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [one, other] = [left as JsonObject, right as JsonObject]
  for (const key in one) if (!same(one[key], other[key])) return false
  for (const key in other) if (!Object.hasOwn(one, key) && !same(one[key], other[key])) return false
  return true
}

function bare(value: Json | undefined): Json {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object') return value
  for (const _ in value) return value
  return null
}
