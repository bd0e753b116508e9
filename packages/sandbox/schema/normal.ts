// The form in which the API server keeps an object: read into Go's types, defaults filled in, written again. Empty values
// that Go cannot tell from absent ones go, fields that Go always writes come, quantities and times get one spelling.
import { decodeBase64, encodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { formatQuantity, inMillis, parseQuantity } from '../kinds/quantity.ts'
import { normalTime } from './time.ts'
import type { Field, FieldType, ScalarType, StructType } from './type.ts'

/** Fills in one struct: called with what was read, without empty values, before the structs inside it. */
export type Defaulting = (value: JsonObject) => JsonObject

/** Defaults by the names of definitions (`io.k8s.api.core.v1.PodSpec`). */
export type Defaults = ReadonlyMap<string, Defaulting>

/** The form in which an object of a built-in type is kept. Unknown fields are dropped, wrong types left as they are. */
export function normalForm(type: StructType, object: JsonObject, defaults: Defaults): JsonObject {
  return writtenStruct(type, filledStruct(type, readStruct(type, object), defaults))
}

/** What Go has after reading JSON: no nulls, no unknown fields, no empty values that are no pointers. */
function readStruct(type: StructType, value: JsonObject): JsonObject {
  const read: Record<string, Json> = {}
  for (const name of type.names) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    const field = type.field(name)
    if (given === undefined || given === null || field === null) continue
    const inner = readValue(field.type, given)
    if (field.go?.pointer === true || !isEmpty(inner)) read[name] = inner
  }
  return read
}

function readValue(type: FieldType, value: Json): Json {
  switch (type.kind) {
    case 'struct':
      return isObject(value) ? readStruct(type, value) : value
    case 'map':
      return isObject(value) ? mapped(value, (each) => readItem(type.values, each, true)) : value
    case 'list':
      return isList(value) ? value.map((each) => readItem(type.items, each, false)) : value
    case 'scalar':
      return readScalar(type, value)
    case 'any':
      return value
  }
}

/** A null among items is an empty item. */
function readItem(type: FieldType, value: Json, inMap: boolean): Json {
  if (value === null) return type.kind === 'any' ? null : zeroOf(type)
  if (inMap && type.kind === 'scalar' && type.type === 'quantity') return spelled(value, true)
  return readValue(type, value)
}

function readScalar(type: ScalarType, value: Json): Json {
  if (type.type === 'quantity') return spelled(value, false)
  if (typeof value !== 'string') return value
  if (type.format === 'byte') {
    const bytes = decodeBase64(value)
    return bytes === null ? value : encodeBase64(bytes)
  }
  return type.format === 'date-time' ? normalTime(value, type.micro === true) : value
}

function spelled(value: Json, resource: boolean): Json {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return value
  const quantity = parseQuantity(String(value))
  if (quantity === null) return value
  return formatQuantity(resource ? inMillis(quantity) : quantity)
}

function isEmpty(value: Json): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (isList(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

function filledStruct(type: StructType, value: JsonObject, defaults: Defaults): JsonObject {
  const own: Record<string, Json> = { ...value }
  for (const name of type.names) {
    const field = type.field(name)
    if (field !== null && own[name] === undefined && isDefault(field)) own[name] = field.default ?? null
  }
  const filled = (type.name === null ? undefined : defaults.get(type.name))?.(own) ?? own
  const deep: Record<string, Json> = {}
  for (const [name, given] of Object.entries(filled)) {
    const field = type.field(name)
    deep[name] = field === null ? given : filledValue(field.type, given, defaults)
  }
  for (const name of type.names) {
    const field = type.field(name)
    // A struct by value is always there to be filled in.
    if (deep[name] !== undefined || field?.type.kind !== 'struct' || field.go?.pointer !== false) continue
    const inner = filledStruct(field.type, {}, defaults)
    if (Object.keys(inner).length > 0) deep[name] = inner
  }
  return deep
}

/** OpenAPI also names Go's zero values as defaults; those are for the writing. */
function isDefault({ default: value, go, type }: Field): boolean {
  if (value === undefined || type.kind === 'struct') return false
  return go?.pointer === true || !isEmpty(value)
}

function filledValue(type: FieldType, value: Json, defaults: Defaults): Json {
  if (type.kind === 'struct' && isObject(value)) return filledStruct(type, value, defaults)
  if (type.kind === 'list' && isList(value)) return value.map((each) => filledValue(type.items, each, defaults))
  if (type.kind === 'map' && isObject(value)) return mapped(value, (each) => filledValue(type.values, each, defaults))
  return value
}

/** What Go writes: in the order of its fields, with those that are never left out. */
function writtenStruct(type: StructType, value: JsonObject): JsonObject {
  const written: Record<string, Json> = {}
  for (const name of type.names) {
    const field = type.field(name)
    if (field === null) continue
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given !== undefined && (field.go?.pointer === true || !isEmpty(given))) {
      written[name] = writtenValue(field.type, given)
    } else if (field.go?.written === 'always') {
      written[name] = field.go.pointer ? null : zeroOf(field.type)
    }
  }
  return written
}

function writtenValue(type: FieldType, value: Json): Json {
  if (type.kind === 'struct' && isObject(value)) return writtenStruct(type, value)
  if (type.kind === 'list' && isList(value)) return value.map((each) => writtenValue(type.items, each))
  if (type.kind === 'map' && isObject(value)) return mapped(value, (each) => writtenValue(type.values, each))
  return value
}

/** How Go writes a value that nobody set. */
function zeroOf(type: FieldType): Json {
  switch (type.kind) {
    case 'struct':
      return writtenStruct(type, {})
    case 'scalar':
      return zeroScalar(type)
    default:
      return null
  }
}

function zeroScalar(type: ScalarType): Json {
  switch (type.type) {
    case 'string':
      return type.format === 'date-time' ? null : ''
    case 'boolean':
      return false
    case 'quantity':
      return '0'
    default:
      return 0
  }
}

/** Go writes the keys of maps in order. */
function mapped(object: JsonObject, change: (value: Json) => Json): JsonObject {
  const keys = Object.keys(object).sort()
  return Object.fromEntries(keys.map((key) => [key, change(object[key] ?? null)]))
}
