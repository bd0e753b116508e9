// Lists that say how their items are told apart (`x-kubernetes-list-type` set and map): no item may be there twice.
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { atIndex, atKey, child, duplicate, invalid } from '../value/cause.ts'
import type { Schema } from './schema.ts'

/** What is there twice, anywhere in a value. */
export function listCauses(value: Json, schema: Schema, path: string): readonly Cause[] {
  if (isList(value)) {
    const items = schema.items
    return [
      ...ownCauses(value, schema, path),
      ...(items === null ? [] : value.flatMap((item, index) => listCauses(item, items, atIndex(path, index)))),
    ]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const property = schema.properties.get(name)
    const every = schema.additional?.schema ?? null
    return [
      ...(every === null ? [] : listCauses(field, every, atKey(path, name))),
      ...(property === undefined ? [] : listCauses(field, property, child(path, name))),
    ]
  })
}

function ownCauses(list: readonly Json[], schema: Schema, path: string): readonly Cause[] {
  if (schema.listType === 'set')
    return repeated(list).map((index) => duplicate(atIndex(path, index), list[index] ?? null))
  if (schema.listType !== 'map') return []
  const wrong = list.findIndex((item) => item !== null && !isObject(item))
  if (wrong >= 0) {
    return [invalid(atIndex(path, wrong), list[wrong] ?? null, 'must be an object for an array of list-type map')]
  }
  const keys = list.map((item) => keyOf(isObject(item) ? item : {}, schema.listKeys))
  return repeated(keys).map((index) => duplicate(atIndex(path, index), keys[index] ?? null))
}

function keyOf(item: JsonObject, names: readonly string[]): JsonObject {
  const known = names.filter((name) => Object.hasOwn(item, name))
  return Object.fromEntries(known.map((name) => [name, item[name] ?? null]))
}

/** Where a value comes for the second time; further times are not told. */
function repeated(values: readonly Json[]): readonly number[] {
  const seen = new Map<string, number>()
  return values.flatMap((value, index) => {
    const text = canonicalJson(value)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    return times === 2 ? [index] : []
  })
}
