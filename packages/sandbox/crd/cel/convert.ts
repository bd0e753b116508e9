// Schemas as CEL types, and JSON as CEL values.

import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Schema } from '../schema/schema.ts'
import { schemaOf } from '../schema/schema.ts'
import { isInt64 } from '../value/text.ts'
import { readDuration, readTimestamp } from './time.ts'
import type { CelType } from './type.ts'
import { DYN, INT, STRING } from './type.ts'
import type { Value } from './value.ts'
import { CelFault, Fields, List, MapValue } from './value.ts'

const TEXT = schemaOf({ type: 'string' })
const META = schemaOf({ type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } })

/** The schema with what every root has: kind, apiVersion and the name. */
export function withRoot(schema: Schema): Schema {
  const metadata = schema.properties.get('metadata')
  const known = metadata?.properties.has('name') === true && metadata.properties.has('generateName')
  const properties = new Map(schema.properties)
  properties.set('kind', TEXT)
  properties.set('apiVersion', TEXT)
  if (!known) properties.set('metadata', META)
  return { ...schema, properties }
}

/** The type of a node; null where expressions cannot see it. */
export function schemaType(schema: Schema, root: boolean, name: string): CelType | null {
  if (schema.intOrString) return DYN
  const known = root ? withRoot(schema) : schema
  switch (known.type) {
    case 'array': {
      const of = known.items === null ? null : schemaType(known.items, known.items.embedded, `${name}.@idx`)
      return of === null ? null : { kind: 'list', of }
    }
    case 'object':
      return objectType(known, name)
    case 'string':
      return { kind: FORMAT_TYPES[known.format] ?? 'string' }
    case 'boolean':
      return { kind: 'bool' }
    case 'number':
      return { kind: 'double' }
    case 'integer':
      return INT
    default:
      return null
  }
}

const FORMAT_TYPES: Readonly<Record<string, 'bytes' | 'duration' | 'timestamp'>> = {
  byte: 'bytes',
  duration: 'duration',
  date: 'timestamp',
  'date-time': 'timestamp',
}

function objectType(schema: Schema, name: string): CelType | null {
  if (schema.additional?.schema != null) {
    const value = schemaType(schema.additional.schema, schema.additional.schema.embedded, `${name}.@elem`)
    return value === null ? null : { kind: 'map', key: STRING, value }
  }
  const fields = new Map<string, CelType>()
  for (const [key, property] of schema.properties) {
    const field = escapeName(key)
    const type = schemaType(property, property.embedded, `${name}.${key}`)
    if (field !== null && type !== null) fields.set(field, type)
  }
  return { kind: 'object', name, fields }
}

const RESERVED: ReadonlySet<string> = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])

const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** The name under which a field is selected; null for one that cannot be. */
export function escapeName(name: string): string | null {
  if (RESERVED.has(name)) return `__${name}__`
  if (!/^[A-Za-z_.\-/][A-Za-z0-9_.\-/]*$/.test(name)) return null
  return name.replace(/__|[.\-/]/g, (part) => ESCAPES[part] ?? part)
}

/** JSON as a value of the schema's type. */
export function celValue(json: Json, schema: Schema, root = false): Value {
  if (json === null) {
    if (schema.nullable) return null
    throw new CelFault('got unexpected nil value')
  }
  if (schema.intOrString) return scalar(json)
  const known = root || schema.embedded ? withRoot(schema) : schema
  switch (known.type) {
    case 'array':
      return listValue(json, known)
    case 'object':
      return objectValue(json, known)
    case 'string':
      return textValue(json, known.format)
    case 'number':
      return typeof json === 'number' || typeof json === 'bigint' ? Number(json) : scalar(json)
    case 'integer':
      return typeof json === 'number' ? BigInt(Math.trunc(json)) : scalar(json)
    default:
      return scalar(json)
  }
}

function scalar(json: Json): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean' || typeof json === 'bigint') return json
  if (typeof json === 'number') return isInt64(json) ? BigInt(json) : json
  if (isList(json)) return new List(json.map(scalar))
  return isObject(json) ? new MapValue(Object.entries(json).map(([key, value]) => [key, scalar(value)])) : null
}

function listValue(json: Json, schema: Schema): Value {
  const items = schema.items
  if (!isList(json) || items === null) return scalar(json)
  const values = json.map((item) => celValue(item, items))
  if (schema.listType === 'set') return new List(values, 'value')
  return schema.listType === 'map' ? new List(values, 'keys', schema.listKeys) : new List(values)
}

function objectValue(json: Json, schema: Schema): Value {
  if (!isObject(json)) return scalar(json)
  const every = schema.additional?.schema
  if (every != null) return new MapValue(Object.entries(json).map(([key, value]) => [key, celValue(value, every)]))
  const fields = new Map<string, Value>()
  for (const [key, value] of Object.entries(json)) {
    const property = schema.properties.get(key)
    const name = escapeName(key)
    if (property === undefined || name === null || schemaType(property, property.embedded, '') === null) continue
    fields.set(name, celValue(value, property))
  }
  return new Fields(fields)
}

function textValue(json: Json, format: string): Value {
  if (typeof json !== 'string') return scalar(json)
  switch (FORMAT_TYPES[format]) {
    case 'bytes': {
      const bytes = decodeBase64(json)
      return bytes === null ? json : Uint8Array.from(bytes)
    }
    case 'duration':
      return readDuration(json) ?? json
    case 'timestamp':
      return readTimestamp(format === 'date' ? `${json}T00:00:00Z` : json) ?? json
    default:
      return json
  }
}
