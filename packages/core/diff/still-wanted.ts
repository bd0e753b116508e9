// A quick look that settles nearly every object: does the manifest still have everything we own in the live one?
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import { LAST_APPLIED } from '../object/secret.ts'
import { own, UNKNOWN } from './draft.ts'
import type { Fields } from './fields.ts'
import { isLeaf, keyText } from './fields.ts'
import { keyValue } from './lists.ts'
import { OBJECT_META, SERVER_METADATA } from './metadata.ts'
import type { ListSchema, Schema } from './schema.ts'

/**
 * True when every field of the set is in the manifest, so that nothing would be removed. False means that it has to be
 * looked at closely: the walk that follows knows paths, co-owners and the live object, and this one does not.
 */
export function isStillWanted(fields: Fields, schema: Schema, wanted: JsonObject): boolean {
  for (const key in fields) {
    if (key === '.' || key === 'f:status' || key === 'f:apiVersion' || key === 'f:kind') continue
    const node = fields[key]
    const value = own(wanted, key.slice(2))
    if (!isObject(node) || value === undefined) return false
    if (key === 'f:metadata' ? !metadataWanted(node, value) : !wants(node, fieldType(schema, key.slice(2)), value))
      return false
  }
  return true
}

function metadataWanted(fields: Fields, metadata: Json): boolean {
  if (!isObject(metadata)) return false
  for (const key in fields) {
    const name = key.slice(2)
    if (key === '.' || SERVER_METADATA.has(name)) continue
    const node = fields[key]
    const value = own(metadata, name)
    if (!isObject(node) || value === undefined) return false
    if (!wants(node, fieldType(OBJECT_META, name), value, name === 'annotations' ? LAST_APPLIED_KEY : null))
      return false
  }
  return true
}

const LAST_APPLIED_KEY = `f:${LAST_APPLIED}`

function wants(fields: Fields, schema: Schema, wanted: Json, skip: string | null = null): boolean {
  if (isLeaf(fields)) return true
  if (isList(wanted)) return schema.kind === 'list' && listWanted(fields, schema, wanted)
  if (!isObject(wanted)) return false
  for (const key in fields) {
    if (key === '.' || key === skip) continue
    const node = fields[key]
    const name = key.slice(2)
    const value = own(wanted, name)
    if (value === undefined || !isObject(node) || !key.startsWith('f:')) return false
    if (!wants(node, fieldType(schema, name), value)) return false
  }
  return true
}

/** As many owned items as wanted ones that are owned: then none of them is left over. */
function listWanted(fields: Fields, schema: ListSchema, wanted: readonly Json[]): boolean {
  if (schema.merge.by !== 'keys') return false
  const { keys } = schema.merge
  let left = 0
  for (const key in fields) if (key !== '.') left++
  for (const item of wanted) {
    const node = fields[keyText(keys.map((key) => [key, keyValue(schema.items, item, key)]))]
    if (!isObject(node)) continue
    if (!wants(node, schema.items, item)) return false
    left--
  }
  return left === 0
}

function fieldType(schema: Schema, name: string): Schema {
  return schema.kind === 'map' ? (schema.field(name) ?? schema.values ?? UNKNOWN) : UNKNOWN
}
