// The fields that an object has, by its type.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { fieldElement } from './element.ts'
import { elementOf } from './item.ts'
import { EMPTY, type FieldSet, isEmpty, LEAF, node, owned } from './set.ts'
import { FREE, type ListShape, type MapShape, type Shape, SOLID } from './shape.ts'
import { isBareObject } from './value.ts'

/** The fields of a value. */
export function fieldsOf(value: Json, shape: Shape): FieldSet {
  switch (shape.kind) {
    case 'scalar':
      return LEAF
    case 'map':
      if (shape.atomic) return LEAF
      return isObject(value) ? fieldsOfObject(value, shape) : EMPTY
    case 'list':
      if (shape.by === 'atomic') return LEAF
      return isList(value) ? fieldsOfList(value, shape) : EMPTY
    case 'free':
      if (shape.atomic) return LEAF
      if (value === null) return EMPTY
      return isObject(value) ? fieldsOfObject(value, FREE_MAP) : LEAF
  }
}

/** A free object as a map. */
export const FREE_MAP: MapShape = { kind: 'map', atomic: false, declared: () => null, rest: FREE }

/** What is in a free list. */
export const FREE_LIST: ListShape = { kind: 'list', by: 'atomic', keys: [], listed: [], items: SOLID }

function fieldsOfObject(value: JsonObject, shape: MapShape): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const name in value) {
    const item = value[name]
    if (item === undefined) continue
    const declared = shape.declared(name)
    const below = fieldsOf(item, declared?.shape ?? shape.rest ?? SOLID)
    // What the type does not name is somebody's even where it holds others' fields; and so is an empty object.
    if (declared === null) children.set(fieldElement(name), owned(below))
    else if (item === null || (isObject(item) && isBareObject(item))) children.set(declared.element, owned(below))
    else if (!isEmpty(below)) children.set(declared.element, below)
  }
  return node(false, children)
}

function fieldsOfList(value: readonly Json[], shape: ListShape): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const item of value) {
    const element = elementOf(shape, item)
    if (element === null) continue
    // Items that cannot be told apart are one field.
    children.set(element, children.has(element) ? LEAF : owned(fieldsOf(item, shape.items)))
  }
  return node(false, children)
}
