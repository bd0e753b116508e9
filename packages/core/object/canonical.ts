// One spelling for one JSON value: the text that digests are taken of.
import type { Json, JsonObject } from './json.ts'
import { isList } from './json.ts'

/**
 * The canonical JSON text of a value: keys sorted by UTF-16 code unit, no white space, integers as plain digits
 * (`bigint` and `number` alike), −0 as 0. Equal values give equal texts, whatever the order of their keys.
 *
 * NaN and Infinity are not JSON. They are refused where values enter (`findUnrepresentable`), so meeting one here is a
 * programming error and throws a RangeError: a digest of a made-up text would be worse.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      return numberText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return value.toString()
    default:
      if (value === null) return 'null'
      return isList(value) ? listText(value) : objectText(value)
  }
}

/** A place in a value that canonical JSON cannot hold. */
export interface Unrepresentable {
  /** `spec.items[2].weight`. */
  readonly path: string
  /** What is there: `NaN`, `Infinity`, `-Infinity`, or `nested too deep`. */
  readonly found: string
}

/** Deeper nesting is refused: nothing in Kubernetes needs it and recursion must have an end. */
export const MAX_DEPTH = 200

/** The first place in a value that canonical JSON cannot hold (in key order as written), or null where all is well. */
export function findUnrepresentable(value: Json): Unrepresentable | null {
  const fault = findFault(value, 0)
  if (fault === null) return null
  const path = fault.keys.reduceRight<string>(
    (parent, key) => (typeof key === 'number' ? `${parent}[${key}]` : fieldPath(parent, key)),
    '',
  )
  return { path, found: fault.found }
}

/** `spec` + `replicas` → `spec.replicas`; keys that are not plain words are quoted: `data["a.b"]`. */
export function fieldPath(parent: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`
  return parent === '' ? key : `${parent}.${key}`
}

/**
 * A typed value (an interface of plain data) as JSON, so that it can be digested. Fields that are undefined are left
 * out. Anything that is no data (a function, a Map, a Date) is a programming error and throws a TypeError.
 */
export function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (Array.isArray(value)) return value.map(jsonOf)
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined
  if (typeof value !== 'object' || (prototype !== Object.prototype && prototype !== null)) {
    throw new TypeError(`a ${typeof value} is not JSON`)
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, jsonOf(item)]))
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no JSON form`)
  // From 1e21 on `String` switches to an exponent; digits keep number and bigint alike.
  if (Math.abs(value) >= 1e21) return BigInt(value).toString()
  return value === 0 ? '0' : String(value)
}

function listText(value: readonly Json[]): string {
  let text = '['
  for (let index = 0; index < value.length; index++) {
    if (index > 0) text += ','
    text += canonicalJson(value[index] ?? null)
  }
  return `${text}]`
}

function objectText(value: JsonObject): string {
  let text = '{'
  for (const key of sortedKeys(value)) {
    const item = value[key]
    // A field that is set to undefined is no field: it would be gone once the value was stored and read again.
    if (item === undefined) continue
    if (text.length > 1) text += ','
    text += `${quoted(key)}:${canonicalJson(item)}`
  }
  return `${text}}`
}

/** Most texts need no escape, and then the quotes are all there is to do: several times faster than `JSON.stringify`. */
function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON escapes.
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/

/** Keys by UTF-16 code unit. Objects mostly come sorted already or small, so sorting in place beats `sort`. */
function sortedKeys(value: JsonObject): readonly string[] {
  const keys = Object.keys(value)
  if (keys.length > 32) return keys.sort()
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] ?? ''
    let at = next - 1
    while (at >= 0 && (keys[at] ?? '') > key) {
      keys[at + 1] = keys[at] ?? ''
      at--
    }
    keys[at + 1] = key
  }
  return keys
}

/** A fault and the keys that lead to it, innermost first: paths are only written for faults, and there are few. */
interface Fault {
  readonly keys: readonly (string | number)[]
  readonly found: string
}

function findFault(value: Json, depth: number): Fault | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : { keys: [], found: String(value) }
  if (typeof value !== 'object' || value === null) return null
  if (depth >= MAX_DEPTH) return { keys: [], found: 'nested too deep' }
  if (isList(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = findFault(value[index] ?? null, depth + 1)
      if (fault !== null) return { ...fault, keys: [...fault.keys, index] }
    }
    return null
  }
  for (const key of Object.keys(value)) {
    const fault = findFault(value[key] ?? null, depth + 1)
    if (fault !== null) return { ...fault, keys: [...fault.keys, key] }
  }
  return null
}
