// The fields that an object has, by its type.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { fieldElement } from './element.ts'
import { elementOf } from './item.ts'
import { EMPTY, type FieldSet, isEmpty, LEAF, node } from './set.ts'
import { FREE, type ListShape, type MapShape, type Shape, SOLID } from './shape.ts'
import { isBareObject } from './value.ts'

/** The fields of a value. What is as in `like` is taken from there: sets take long to make. */
export function fieldsOf(value: Json, shape: Shape, like: FieldSet = EMPTY): FieldSet {
  return fields(value, shape, false, like)
}

const latest = new WeakMap<Shape, FieldSet>()

/** The fields of what is applied: much of what is applied to objects of a kind has the same ones. */
export function fieldsOfApplied(value: JsonObject, shape: Shape): FieldSet {
  const made = fieldsOf(value, shape, latest.get(shape))
  latest.set(shape, made)
  return made
}

/** `own`: the value is in the set even if it has parts. */
function fields(value: Json, shape: Shape, own: boolean, like: FieldSet): FieldSet {
  switch (shape.kind) {
    case 'scalar':
      return LEAF
    case 'map':
      if (shape.atomic) return LEAF
      return isObject(value) ? fieldsOfObject(value, shape, own, like) : node(own, null)
    case 'list':
      if (shape.by === 'atomic') return LEAF
      return isList(value) ? fieldsOfList(value, shape, own, like) : node(own, null)
    case 'free':
      if (shape.atomic) return LEAF
      if (value === null) return node(own, null)
      return isObject(value) ? fieldsOfObject(value, FREE_MAP, own, like) : LEAF
  }
}

/** A free object as a map. */
export const FREE_MAP: MapShape = { kind: 'map', atomic: false, declared: () => null, rest: FREE }

/** What is in a free list. */
export const FREE_LIST: ListShape = { kind: 'list', by: 'atomic', keys: [], listed: [], items: SOLID }

function fieldsOfObject(value: JsonObject, shape: MapShape, own: boolean, like: FieldSet): FieldSet {
  const parts = new Parts(like)
  for (const name in value) {
    const item = value[name]
    if (item === undefined) continue
    const declared = shape.declared(name)
    const element = declared?.element ?? fieldElement(name)
    // What the type does not name is somebody's even where it holds others' fields; and so is an empty object.
    const whole = declared === null || item === null || (isObject(item) && isBareObject(item))
    const below = fields(item, declared?.shape ?? shape.rest ?? SOLID, whole, parts.like(element))
    if (!isEmpty(below)) parts.add(element, below)
  }
  return parts.done(own)
}

function fieldsOfList(value: readonly Json[], shape: ListShape, own: boolean, like: FieldSet): FieldSet {
  const parts = new Parts(like)
  for (const item of value) {
    const element = elementOf(shape, item)
    if (element === null) continue
    // Items that cannot be told apart are one field.
    if (parts.has(element)) parts.set(element, LEAF)
    else parts.add(element, fields(item, shape.items, true, parts.like(element)))
  }
  return parts.done(own)
}

/** From so many on, looking through them takes longer than a table. */
const MANY = 32

/** The children of a node while they are collected. */
class Parts {
  readonly #like: FieldSet
  readonly #elements: string[] = []
  readonly #sets: FieldSet[] = []
  #seen: Set<string> | null = null
  #same = true

  constructor(like: FieldSet) {
    this.#like = like
  }

  like(element: string): FieldSet {
    return this.#like.children?.get(element) ?? EMPTY
  }

  has(element: string): boolean {
    if (this.#elements.length < MANY) return this.#elements.includes(element)
    this.#seen ??= new Set(this.#elements)
    return this.#seen.has(element)
  }

  add(element: string, set: FieldSet): void {
    this.#same &&= this.like(element) === set
    this.#elements.push(element)
    this.#seen?.add(element)
    this.#sets.push(set)
  }

  set(element: string, set: FieldSet): void {
    this.#same = false
    this.#sets[this.#elements.indexOf(element)] = set
  }

  done(own: boolean): FieldSet {
    const { children } = this.#like
    const same = this.#same && children !== null && children.size === this.#elements.length
    if (same && this.#like.own === own) return this.#like
    if (same) return node(own, children)
    return node(own, new Map(this.#elements.map((element, at) => [element, this.#sets[at] ?? EMPTY])))
  }
}
