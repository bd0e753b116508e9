// JSON output: any value of the core or the engine as a document, with every digit of its integers.
import type { Json } from '@mainstay/core/object/json.ts'
import { stringifyJson } from '@mainstay/engine/json/stringify.ts'

/** Characters that JSON allows raw in strings and terminals act upon. */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g

/** A JSON document of two-space indentation with a line break at its end. */
export function jsonText(value: unknown): string {
  const text = stringifyJson(toJson(value), { indent: 2 })
  const safe = text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `${safe}\n`
}

/** A value as JSON: undefined members are left out. A value JSON cannot say is a bug and throws. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw new TypeError('JSON has no word for a number that is not finite')
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return value.map(toJson)
      return objectToJson(value)
    default:
      throw new TypeError(`JSON has no word for a ${typeof value}`)
  }
}

function objectToJson(value: object): Json {
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    throw new TypeError(`JSON output got a ${value.constructor.name}, which is no plain object`)
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, toJson(member)]),
  )
}
