// The order in which Go writes an object that a patch has changed: what was touched has sorted keys, what was not keeps
// the order of Go's fields.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { FieldType } from '../schema/type.ts'

/** A patched value in that order. */
export function inGoOrder(value: Json, live: Json | undefined, type: FieldType | undefined): Json {
  if (value === live) return byType(value, type)
  if (isList(value)) {
    const before = new Set(isList(live) ? live : [])
    const items = type?.kind === 'list' ? type.items : undefined
    return value.map((item) => inGoOrder(item, before.has(item) ? item : undefined, items))
  }
  if (!isObject(value)) return value
  const old = isObject(live) ? live : {}
  const entries = Object.keys(value)
    .sort()
    .map((key): [string, Json] => [key, inGoOrder(value[key] ?? null, old[key], below(type, key))])
  return Object.fromEntries(entries)
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
