// YAML as the API server takes and gives it: JSON in another dress.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import {
  boolYaml11Tag,
  dump,
  FAILSAFE_SCHEMA,
  floatYaml11Tag,
  intYaml11Tag,
  load,
  mergeTag,
  nullYaml11Tag,
  Schema,
} from 'js-yaml'
import { JsonFault, type ParsedJson } from './json.ts'

/** YAML 1.1 as Go reads it into JSON: `yes` is true, a date is a text. */
const SCHEMA = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  nullYaml11Tag,
  boolYaml11Tag,
  intYaml11Tag,
  floatYaml11Tag,
  mergeTag,
])

/** Reads one document; throws a JsonFault. */
export function parseYaml(text: string): ParsedJson {
  try {
    const value = asJson(load(text, { schema: SCHEMA, json: true }))
    return { value, duplicates: duplicatesOf(text) }
  } catch (error) {
    if (error instanceof JsonFault) throw error
    throw new JsonFault(`error converting YAML to JSON: yaml: ${wordsOf(error)}`)
  }
}

/** Writes a value with sorted keys, as the API server does. */
export function writeYaml(value: Json): string {
  return dump(withPlainNumbers(value), { sortKeys: true, lineWidth: -1, noRefs: true })
}

/** The reader above lets the last of equal keys win; a stricter one tells whether there were any. */
function duplicatesOf(text: string): ParsedJson['duplicates'] {
  try {
    load(text, { schema: SCHEMA })
    return null
  } catch (error) {
    const key = /duplicated mapping key/.test(wordsOf(error)) ? /"([^"]*)"/.exec(wordsOf(error))?.[1] : undefined
    return new Map([[{}, new Set([key ?? ''])]])
  }
}

function asJson(value: unknown): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return value
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]): [string, Json] => [key, asJson(item)]))
  }
  throw new JsonFault(`a ${typeof value} is not JSON`)
}

function withPlainNumbers(value: Json): Json {
  if (typeof value === 'bigint') return Number(value)
  if (isList(value)) return value.map(withPlainNumbers)
  if (!isObject(value)) return value
  const entries = Object.entries(value as JsonObject)
  return Object.fromEntries(entries.map(([key, item]) => [key, withPlainNumbers(item)]))
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}
