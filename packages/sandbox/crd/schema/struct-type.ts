// A schema as the type that merging and server-side apply work with.

import { definition } from '../../schema/lookup.ts'
import type { Field, FieldType, ListType, ScalarType, StructType } from '../../schema/type.ts'
import type { Schema } from './schema.ts'
import { asRoot } from './schema.ts'

const ANY: FieldType = { kind: 'any' }
const TEXT: ScalarType = { kind: 'scalar', type: 'string', format: null }

/** The type of a whole resource. */
export function rootType(schema: Schema, name: string): StructType {
  return structOf(asRoot(schema), name)
}

/** The type of one node. */
export function fieldTypeOf(schema: Schema): FieldType {
  if (schema.intOrString) return { kind: 'scalar', type: 'int-or-string', format: null }
  switch (schema.type) {
    case 'array':
      return listOf(schema)
    case 'object':
      return objectOf(schema)
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { kind: 'scalar', type: schema.type, format: schema.format === '' ? null : schema.format }
    default:
      return ANY
  }
}

function listOf(schema: Schema): ListType {
  const items = schema.items === null ? ANY : fieldTypeOf(schema.items)
  if (schema.listType === 'set') return { kind: 'list', items, merge: { by: 'set' } }
  if (schema.listType === 'map') return { kind: 'list', items, merge: { by: 'keys', keys: schema.listKeys } }
  return { kind: 'list', items, merge: { by: 'atomic' } }
}

function objectOf(schema: Schema): FieldType {
  const every = schema.additional
  const atomic = schema.mapType === 'atomic'
  if (schema.properties.size > 0 || schema.embedded) return structOf(schema, null)
  if (every !== null && (every.allows || every.schema !== null)) {
    return { kind: 'map', values: every.schema === null ? ANY : fieldTypeOf(every.schema), atomic }
  }
  return structOf(schema, null)
}

function structOf(schema: Schema, name: string | null): StructType {
  const made = new Map<string, Field>()
  const field = (key: string): Field | null => {
    const before = made.get(key)
    if (before !== undefined) return before
    const fresh = fieldOf(schema, key)
    if (fresh !== null) made.set(key, fresh)
    return fresh
  }
  const own = [...schema.properties.keys()]
  const names = schema.embedded ? [...new Set([...own, 'apiVersion', 'kind', 'metadata'])] : own
  return {
    kind: 'struct',
    name,
    field,
    names,
    required: schema.required,
    atomic: schema.mapType === 'atomic',
    preservesUnknown: schema.preserve === true,
  }
}

function fieldOf(schema: Schema, key: string): Field | null {
  if (schema.embedded && key === 'metadata') {
    return { type: definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') ?? ANY }
  }
  const property = schema.properties.get(key)
  if (property === undefined) return schema.embedded && (key === 'apiVersion' || key === 'kind') ? { type: TEXT } : null
  // A field that may be null keeps its null, so its default is left to the resource's own reading.
  if (property.default === null || property.nullable) return { type: fieldTypeOf(property) }
  return { type: fieldTypeOf(property), default: property.default }
}
