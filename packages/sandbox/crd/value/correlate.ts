// Which part of the old object a part of the new one stands for: what did not change is not refused (ratcheting).

import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Schema } from '../schema/schema.ts'
import { fieldSchema } from '../schema/schema.ts'
import { sameJson } from './same.ts'

/** A new value, the old one it stands for, and what the schema says of both. */
export interface Correlation {
  readonly value: Json
  readonly old: Json | undefined
  readonly schema: Schema
}

/** The correlation of a field; null where it is new, gone, or unknown to the schema. */
export function atName(from: Correlation, name: string): Correlation | null {
  if (!isObject(from.value) || !isObject(from.old)) return null
  if (!Object.hasOwn(from.value, name) || !Object.hasOwn(from.old, name)) return null
  const schema = fieldSchema(from.schema, name)
  if (schema === null) return null
  return { value: from.value[name] ?? null, old: from.old[name], schema }
}

/** The correlation of an item: only lists of type map know their items again. */
export function atItem(from: Correlation, index: number): Correlation | null {
  const { value, old, schema } = from
  const item = isList(value) ? value[index] : undefined
  if (item === undefined || !isList(old) || schema.items === null || schema.listType !== 'map') return null
  const before = itemLike(old, item, schema.listKeys)
  return before === undefined ? null : { value: item, old: before, schema: schema.items }
}

/** The item of a list with the same keys as another. The last of equal ones, as a map of them would keep it. */
export function itemLike(list: readonly Json[], item: Json, keys: readonly string[]): Json | undefined {
  const wanted = keyOf(item, keys)
  return wanted === null ? undefined : list.findLast((each) => keyOf(each, keys) === wanted)
}

function keyOf(item: Json, keys: readonly string[]): string | null {
  if (!isObject(item)) return null
  return canonicalJson(keys.map((key) => (Object.hasOwn(item, key) ? [item[key] ?? null] : [])))
}

/** True where a value is the same as before and the schema could follow it all the way down. */
export function isUnchanged(correlation: Correlation): boolean {
  const { value, old } = correlation
  if (old === undefined) return false
  if (value === null || old === null) return value === old
  if (isList(value)) return isList(old) && isUnchangedList(correlation, value, old)
  if (isObject(value)) {
    if (!isObject(old) || Object.keys(value).length !== Object.keys(old).length) return false
    return Object.keys(value).every((name) => {
      const field = atName(correlation, name)
      return field !== null && isUnchanged(field)
    })
  }
  return sameJson(value, old)
}

function isUnchangedList(correlation: Correlation, value: readonly Json[], old: readonly Json[]): boolean {
  if (value.length !== old.length) return false
  if (correlation.schema.listType !== 'map') return sameJson(value, old)
  return value.every((_, index) => {
    const item = atItem(correlation, index)
    return item !== null && isUnchanged(item)
  })
}
