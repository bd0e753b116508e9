// YAML as the API server takes and gives it: JSON in another dress.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import {
  boolYaml11Tag,
  dump,
  EVENT_ID,
  type Event,
  FAILSAFE_SCHEMA,
  floatYaml11Tag,
  getScalarValue,
  intYaml11Tag,
  load,
  mergeTag,
  nullYaml11Tag,
  parseEvents,
  Schema,
  YAMLException,
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

/** A text that is no YAML; the message begins with `yaml: `. */
export class YamlFault extends JsonFault {}

/** Reads one document; throws a YamlFault. */
export function parseYaml(text: string): ParsedJson {
  if (text.trim() === '') return { value: {}, duplicates: null }
  try {
    const value = asJson(load(text, { schema: SCHEMA, json: true }))
    return { value, duplicates: null, repeated: repeatedKeys(text) }
  } catch (error) {
    if (error instanceof YAMLException) throw new YamlFault(`yaml: ${goWords(error)}`)
    throw error
  }
}

/** Writes a value with sorted keys, as the API server does. */
export function writeYaml(value: Json): string {
  return dump(withPlainNumbers(value), {
    sortKeys: true,
    lineWidth: -1,
    noRefs: true,
    quoteStyle: 'double',
    seqNoIndent: true,
  })
}

/** Keys that a mapping has twice, as Go's reader tells them: `line 3: key "name" already set in map`. */
function repeatedKeys(text: string): readonly string[] {
  const found: string[] = []
  const open: { readonly keys: Set<string> | null; isKey: boolean }[] = []
  for (const event of parseEvents(text, {})) {
    const top = open.at(-1)
    if (event.type === EVENT_ID.POP) {
      open.pop()
      continue
    }
    if (top !== undefined && top.keys !== null) {
      if (top.isKey && event.type === EVENT_ID.SCALAR) noteKey(text, event, top.keys, found)
      top.isKey = !top.isKey
    }
    if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) continue
    open.push({ keys: event.type === EVENT_ID.MAPPING ? new Set() : null, isKey: true })
  }
  return found
}

function noteKey(
  text: string,
  event: Event & { readonly type: typeof EVENT_ID.SCALAR },
  keys: Set<string>,
  found: string[],
): void {
  const key = getScalarValue(text, event)
  if (!keys.has(key)) {
    keys.add(key)
    return
  }
  const line = text.slice(0, event.valueStart).split('\n').length
  found.push(`line ${line}: key ${JSON.stringify(key)} already set in map`)
}

function asJson(value: unknown): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return value
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]): [string, Json] => [key, asJson(item)]))
  }
  throw new YamlFault(`yaml: a ${typeof value} is not JSON`)
}

function withPlainNumbers(value: Json): Json {
  if (typeof value === 'bigint') return Number(value)
  if (isList(value)) return value.map(withPlainNumbers)
  if (!isObject(value)) return value
  const entries = Object.entries(value as JsonObject)
  return Object.fromEntries(entries.map(([key, item]) => [key, withPlainNumbers(item)]))
}

/** Faults of one reader in the words of the other, as far as they are alike. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/unexpected end of the stream within a flow/, 'did not find expected node content'],
  [/can not read a block mapping entry|implicit mapping pair|colon is missed/, "could not find expected ':'"],
  [/bad indentation of a mapping/, 'did not find expected key'],
  [/bad indentation of a sequence/, "did not find expected '-' indicator"],
  [/tab characters/, 'found character that cannot start any token'],
]

function goWords(error: YAMLException): string {
  const message = error.message.split('\n')[0] ?? ''
  const words = WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? message
  const line = error.mark === null || error.mark === undefined ? 1 : error.mark.line + 1
  return `line ${line}: ${words}`
}
