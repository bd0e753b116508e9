// Writing JSON text with every digit of a bigint.
import type { Json } from '@mainstay/core/object/json.ts'

/** ES2025 function that marks a piece of JSON text as finished; the ES2023 library does not describe it yet. */
interface JsonWithRaw {
  readonly rawJSON: (text: string) => unknown
}

/**
 * Serializes JSON; a `bigint` is written as the integer it is.
 *
 * @param value the value; key order is kept (canonical form is the core's business)
 * @param options `indent`: spaces for each level; none (the default) gives one line
 */
export function stringifyJson(value: Json, options: { readonly indent?: number } = {}): string {
  return holdsBigint(value)
    ? JSON.stringify(value, writeBigint, options.indent)
    : JSON.stringify(value, null, options.indent)
}

function writeBigint(_key: string, value: unknown): unknown {
  // Node 24 has JSON.rawJSON; the cast only adds the missing type.
  return typeof value === 'bigint' ? (JSON as unknown as JsonWithRaw).rawJSON(value.toString()) : value
}

function holdsBigint(value: Json | undefined): boolean {
  if (typeof value === 'bigint') return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsBigint)
}
