// What field ownership needs of a type: how its values are merged and what their parts are. Made once a type.
import type { Json } from '@mainstay/core/object/json.ts'
import type { FieldType, ListType, MapType, ScalarType, StructType } from '../schema/type.ts'
import { fieldElement } from './element.ts'

/** How a value is merged. */
export type Shape = MapShape | ListShape | ScalarShape | FreeShape

/** An object. */
export interface MapShape {
  readonly kind: 'map'
  readonly atomic: boolean
  /** A field of the type; null where the name is free. */
  readonly declared: (name: string) => DeclaredShape | null
  /** What is under free names; null where there may be none. */
  readonly rest: Shape | null
}

/** A field that the type names. */
export interface DeclaredShape {
  readonly element: string
  readonly shape: Shape
  readonly fallback: Json | undefined
}

/** A list. */
export interface ListShape {
  readonly kind: 'list'
  readonly by: 'atomic' | 'set' | 'keys'
  /** In the order of their names. */
  readonly keys: readonly string[]
  /** In the order of the schema, for messages. */
  readonly listed: readonly string[]
  readonly items: Shape
}

/** A scalar. */
export interface ScalarShape {
  readonly kind: 'scalar'
  readonly accepts: 'number' | 'text' | 'boolean' | 'any'
}

/** Whatever it is: objects are merged by their fields, or not at all where it is atomic; lists never. */
export interface FreeShape {
  readonly kind: 'free'
  readonly atomic: boolean
}

/** A value of unknown type. */
export const FREE: FreeShape = { kind: 'free', atomic: false }

/** A value of unknown type that is one piece. */
export const SOLID: FreeShape = { kind: 'free', atomic: true }

const closed = new WeakMap<FieldType, Shape>()
const open = new WeakMap<FieldType, Shape>()

/** The shape of a type. `loose`: something above keeps unknown fields, and so do the structs below it. */
export function shapeOf(type: FieldType, loose = false): Shape {
  const known = loose ? open : closed
  const before = known.get(type)
  if (before !== undefined) return before
  const shape = makeShape(type, loose)
  known.set(type, shape)
  return shape
}

function makeShape(type: FieldType, loose: boolean): Shape {
  switch (type.kind) {
    case 'struct':
      // What is a type of Kubernetes itself has its fields and no others, wherever it is.
      return structShape(type, (loose && type.name === null) || type.preservesUnknown)
    case 'map':
      return mapShape(type, loose)
    case 'list':
      return listShape(type, loose)
    case 'scalar':
      return scalarShape(type)
    case 'any':
      return type.atomic === true ? SOLID : FREE
  }
}

function structShape(type: StructType, loose: boolean): MapShape {
  const made = new Map<string, DeclaredShape | null>()
  const declared = (name: string): DeclaredShape | null => {
    const before = made.get(name)
    if (before !== undefined) return before
    const field = type.field(name)
    // Free names are not kept: there is no end to them.
    if (field === null) return null
    const fresh = { element: fieldElement(name), shape: shapeOf(field.type, loose), fallback: field.default }
    made.set(name, fresh)
    return fresh
  }
  // An object of which nothing is known may have any field.
  const rest = loose || type.names.length === 0 ? FREE : null
  return { kind: 'map', atomic: type.atomic, declared, rest }
}

const NONE = (): null => null

function mapShape(type: MapType, loose: boolean): MapShape {
  return { kind: 'map', atomic: type.atomic, declared: NONE, rest: shapeOf(type.values, loose) }
}

function listShape({ merge, items }: ListType, loose: boolean): ListShape {
  const listed = merge.by === 'keys' ? merge.keys : []
  return { kind: 'list', by: merge.by, keys: [...listed].sort(), listed, items: shapeOf(items, loose) }
}

function scalarShape({ type, format }: ScalarType): ScalarShape | FreeShape {
  switch (type) {
    case 'integer':
    case 'number':
      return { kind: 'scalar', accepts: 'number' }
    case 'boolean':
      return { kind: 'scalar', accepts: 'boolean' }
    case 'string':
      return { kind: 'scalar', accepts: format === null || format === 'byte' ? 'text' : 'any' }
    case 'int-or-string':
      // OpenAPI cannot say what it is, so that anything passes here.
      return FREE
    default:
      return { kind: 'scalar', accepts: 'any' }
  }
}
