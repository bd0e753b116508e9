// Takes away what a schema does not know, and says where it was: the paths that field validation reports.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Schema } from './schema.ts'
import { asRoot, EMPTY, META_FIELDS } from './schema.ts'

/** A value without unknown fields, and the sorted paths of what was unknown. */
export interface Pruned<Value> {
  readonly value: Value
  readonly unknown: readonly string[]
}

/** Prunes a whole object; its kind, apiVersion and metadata stay as they are. */
export function pruneRoot(object: JsonObject, schema: Schema | null): Pruned<JsonObject> {
  const unknown: string[] = []
  const value = prune(object, asRoot(schema ?? EMPTY), '', unknown)
  return { value: isObject(value) ? value : {}, unknown: unknown.sort() }
}

/** Prunes a value below a root, such as a default. */
export function pruneValue(value: Json, schema: Schema): Json {
  return prune(value, schema, '', [])
}

function prune(value: Json, schema: Schema | null, path: string, unknown: string[]): Json {
  if (schema?.preserve === true) return keep(value, schema, path, unknown)
  if (isList(value)) {
    return value.map((item, index) => prune(item, schema?.items ?? null, `${path}[${index}]`, unknown))
  }
  if (!isObject(value)) return value
  const kept: [string, Json][] = []
  for (const [key, field] of Object.entries(value)) {
    if (schema?.embedded === true && META_FIELDS.has(key)) {
      kept.push([key, field])
      continue
    }
    const below = childOf(schema, key)
    if (below !== null) kept.push([key, prune(field, below.schema, join(path, key), unknown)])
    else if (schema === null || path !== '' || !META_FIELDS.has(key)) unknown.push(join(path, key))
  }
  return Object.fromEntries(kept)
}

/** Below a node that preserves unknown fields, what is specified is pruned all the same. */
function keep(value: Json, schema: Schema, path: string, unknown: string[]): Json {
  if (isList(value)) {
    const items = schema.items
    if (items === null) return value
    return value.map((item, index) => keep(item, items, `${path}[${index}]`, unknown))
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, field]): [string, Json] => {
    if (schema.embedded && META_FIELDS.has(key)) return [key, field]
    const below = childOf(schema, key)
    return [key, below === null ? field : prune(field, below.schema, join(path, key), unknown)]
  })
  return Object.fromEntries(entries)
}

/** What the schema says of a field; null where it does not know it. A schema of null: known, but nothing below it. */
function childOf(schema: Schema | null, key: string): { readonly schema: Schema | null } | null {
  const property = schema?.properties.get(key)
  if (property !== undefined) return { schema: property }
  return schema?.additional == null ? null : { schema: schema.additional.schema }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
