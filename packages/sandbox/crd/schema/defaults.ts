// Fills in a schema's defaults, and takes away nulls where a field can neither be null nor has a default.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Schema } from './schema.ts'
import { fieldSchema } from './schema.ts'

/** The value with defaults where fields are absent, or null without being nullable. */
export function fillDefaults(value: Json, schema: Schema | null): Json {
  if (schema === null) return value
  if (isList(value)) {
    return value.map((item) => {
      const given = isPlainNull(item, schema.items) ? (schema.items?.default ?? null) : item
      return fillDefaults(given, schema.items)
    })
  }
  if (!isObject(value)) return value
  const filled: Record<string, Json> = { ...value }
  for (const [name, property] of schema.properties) {
    if (property.default === null) continue
    if (!Object.hasOwn(filled, name) || isPlainNull(filled[name], property)) filled[name] = property.default
  }
  for (const [name, field] of Object.entries(filled)) {
    const property = schema.properties.get(name)
    if (property !== undefined) {
      filled[name] = fillDefaults(field, property)
    } else if (schema.additional !== null) {
      const below = schema.additional.schema
      filled[name] = fillDefaults(isPlainNull(field, below) ? (below?.default ?? null) : field, below)
    }
  }
  return filled
}

/** The value without nulls in fields that may not be null and have no default. Items of lists stay. */
export function dropNulls(value: Json, schema: Schema | null): Json {
  if (isList(value)) return value.map((item) => dropNulls(item, schema?.items ?? null))
  if (!isObject(value)) return value
  const kept = Object.entries(value).flatMap(([name, field]): [string, Json][] => {
    const below = fieldSchema(schema, name)
    if (isPlainNull(field, below) && below?.default === null) return []
    return [[name, dropNulls(field, below)]]
  })
  return Object.fromEntries(kept)
}

function isPlainNull(value: Json | undefined, schema: Schema | null): boolean {
  return value === null && schema !== null && !schema.nullable
}
