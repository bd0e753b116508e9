// The object that the real server takes for the one before a create: Go's empty value of the kind, written as JSON.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { FieldType, StructType } from '../schema/type.ts'

const known = new WeakMap<StructType, JsonObject>()

/** The empty object of a type, with the version and kind of another one. */
export function zeroLike(object: KubeObject, type: StructType): JsonObject {
  let zero = known.get(type)
  if (zero === undefined) {
    zero = zeroStruct(type)
    known.set(type, zero)
  }
  return { ...zero, apiVersion: object.apiVersion, kind: object.kind }
}

function zeroStruct(type: StructType): JsonObject {
  const zero: Record<string, Json> = {}
  for (const name of type.names) {
    const field = type.field(name)
    if (field?.go?.written === 'always') zero[name] = field.go.pointer ? null : zeroOf(field.type)
  }
  return zero
}

function zeroOf(type: FieldType): Json {
  if (type.kind === 'struct') return zeroStruct(type)
  if (type.kind !== 'scalar') return null
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
