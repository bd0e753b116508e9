// JSON output: any value of the core or the engine as a document, with every digit of its integers.
import { jsonOf } from '@mainstay/core/object/canonical.ts'
import { stringifyJson } from '@mainstay/engine/json/stringify.ts'

/** Characters that JSON allows raw in strings and terminals act upon. */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g

/** A JSON document of two-space indentation with a line break at its end. */
export function jsonText(value: unknown): string {
  const text = stringifyJson(jsonOf(value), { indent: 2 })
  const safe = text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `${safe}\n`
}
