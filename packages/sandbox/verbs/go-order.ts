// The order in which Go writes an object that a patch has changed: what was touched has sorted keys, what was not keeps
// the order of Go's fields, wherever it was moved, and what the patch brought keeps its own.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { FieldType } from '../schema/type.ts'

/** A patched value in that order; `brought` are the values that the patch put in as they are, `pointers` where it looked. */
export function inGoOrder(
  value: Json,
  live: Json,
  type: FieldType | undefined,
  brought: readonly Json[],
  pointers: readonly string[],
): Json {
  const known = new Map<Json, FieldType | typeof SENT | undefined>()
  for (const each of brought) sentParts(each, known)
  liveParts(live, type, known)
  for (const pointer of pointers) touch(live, pointer, known)
  return ordered(value, known)
}

/** In the order of whoever sent it. */
const SENT = Symbol('sent')

/** Every part that may be found again untouched, with what says its order. */
type Known = Map<Json, FieldType | typeof SENT | undefined>

function liveParts(value: Json, type: FieldType | undefined, known: Known): void {
  if (typeof value !== 'object' || value === null) return
  known.set(value, type)
  if (isList(value)) {
    const items = type?.kind === 'list' ? type.items : undefined
    for (const item of value) liveParts(item, items, known)
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) liveParts(value[key] ?? null, below(type, key), known)
  }
}

/** What a pointer goes through was read, and is written anew; what it ends at is not. */
function touch(whole: Json, pointer: string, known: Known): void {
  let here: Json | undefined = whole
  for (const part of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return
    known.delete(here)
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    here = isList(here) ? here[Number(key)] : isObject(here) ? here[key] : undefined
  }
}

function sentParts(value: Json, known: Known): void {
  if (typeof value !== 'object' || value === null) return
  known.set(value, SENT)
  for (const part of isList(value) ? value : Object.values(value)) sentParts(part, known)
}

function ordered(value: Json, known: Known): Json {
  if (known.has(value)) {
    const order = known.get(value)
    return order === SENT ? value : byType(value, order)
  }
  if (isList(value)) return value.map((item) => ordered(item, known))
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, ordered(value[key] ?? null, known)]))
}

function byType(value: Json, type: FieldType | undefined): Json {
  if (isList(value)) {
    const items = type?.kind === 'list' ? type.items : undefined
    return value.map((item) => byType(item, items))
  }
  if (!isObject(value)) return value
  const keys = type?.kind === 'struct' ? fieldOrder(value, type.names) : Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, byType(value[key] ?? null, below(type, key))]))
}

function fieldOrder(value: JsonObject, names: readonly string[]): readonly string[] {
  const known = names.filter((name) => Object.hasOwn(value, name))
  return [...known, ...Object.keys(value).filter((key) => !names.includes(key))]
}

function below(type: FieldType | undefined, key: string): FieldType | undefined {
  if (type?.kind === 'map') return type.values
  return type?.kind === 'struct' ? type.field(key)?.type : undefined
}
