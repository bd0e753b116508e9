// What changed between two objects, by their type.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { fieldElement } from './element.ts'
import { FREE_MAP } from './extract.ts'
import { elementOf } from './item.ts'
import { EMPTY, type FieldSet, isEmpty, SetBuilder, union } from './set.ts'
import { type ListShape, type MapShape, type Shape, SOLID } from './shape.ts'
import { equal, isBare } from './value.ts'

/** Fields that came, went, and were changed. */
export interface Changes {
  readonly added: FieldSet
  readonly removed: FieldSet
  readonly modified: FieldSet
}

/** No change at all. */
export const UNCHANGED: Changes = { added: EMPTY, removed: EMPTY, modified: EMPTY }

/** What makes `after` of `before`. */
export function compare(before: Json, after: Json, shape: Shape): Changes {
  if (before === after) return UNCHANGED
  const comparison = new Comparison()
  comparison.value(before, after, shape)
  return comparison.done()
}

/** Fields that hold something new. */
export function touched({ added, modified }: Changes): FieldSet {
  return isEmpty(added) ? modified : union(modified, added)
}

type Value = Json | undefined

class Comparison {
  readonly #path: string[] = []
  readonly #added = new SetBuilder()
  readonly #removed = new SetBuilder()
  readonly #modified = new SetBuilder()

  done(): Changes {
    return { added: this.#added.done(), removed: this.#removed.done(), modified: this.#modified.done() }
  }

  value(left: Value, right: Value, shape: Shape): void {
    if (left === right) return
    if (shape.kind === 'map') this.#object(left, right, shape)
    else if (shape.kind === 'list') this.#list(left, right, shape)
    else if (shape.kind === 'scalar' || shape.atomic) this.#whole(left, right)
    else this.#free(left, right)
  }

  /** Something that is one piece. */
  #whole(left: Value, right: Value): void {
    if (left === undefined) this.#added.add(this.#path)
    else if (right === undefined) this.#removed.add(this.#path)
    else if (!equal(left, right)) this.#modified.add(this.#path)
  }

  /** The place itself comes or goes with its first and last part. */
  #place(left: Value, right: Value): void {
    if (left === undefined) this.#added.add(this.#path)
    else if (right === undefined) this.#removed.add(this.#path)
  }

  #object(left: Value, right: Value, shape: MapShape): void {
    const ours = isObject(left) ? left : NOTHING
    const theirs = isObject(right) ? right : NOTHING
    if (shape.atomic || (isBare(ours) && isBare(theirs))) {
      this.#whole(left, right)
      return
    }
    for (const name in ours) this.#field(name, ours[name], fieldOf(theirs, name), shape)
    for (const name in theirs) if (!Object.hasOwn(ours, name)) this.#field(name, undefined, theirs[name], shape)
    this.#place(left, right)
  }

  #field(name: string, left: Value, right: Value, shape: MapShape): void {
    if (left === right) return
    const declared = shape.declared(name)
    this.#path.push(declared?.element ?? fieldElement(name))
    this.value(left, right, declared?.shape ?? shape.rest ?? SOLID)
    this.#path.pop()
  }

  /** A value of unknown type may change its form: what it was goes, what it is now comes. */
  #free(left: Value, right: Value): void {
    const both = left !== undefined && right !== undefined
    if (both && formOf(left) !== formOf(right)) this.#form(left, right, left)
    this.#form(left, right, right === undefined ? left : right)
  }

  #form(left: Value, right: Value, like: Value): void {
    if (formOf(like) === 'object' || formOf(like) === 'null') this.#object(left, right, FREE_MAP)
    else this.#whole(left, right)
  }

  #list(left: Value, right: Value, shape: ListShape): void {
    const ours = isList(left) ? left : NO_ITEMS
    const theirs = isList(right) ? right : NO_ITEMS
    if (shape.by === 'atomic' || (ours.length === 0 && theirs.length === 0)) {
      this.#whole(left, right)
      return
    }
    const before = grouped(ours, shape)
    const after = grouped(theirs, shape)
    for (const [element, items] of before) this.#item(element, items, after.get(element) ?? NO_ITEMS, shape.items)
    for (const [element, items] of after) if (!before.has(element)) this.#item(element, NO_ITEMS, items, shape.items)
    this.#place(left, right)
  }

  /** Items that cannot be told apart are compared as one piece. */
  #item(element: string, before: readonly Json[], after: readonly Json[], shape: Shape): void {
    this.#path.push(element)
    if (before.length <= 1 && after.length <= 1) this.value(before[0], after[0], shape)
    else if (before.length >= 2 && after.length >= 2) {
      if (!equal(before, after)) this.#modified.add(this.#path)
    } else if (before.length >= 2) {
      if (after.length > 0) this.value(undefined, after[0], shape)
      this.#removed.add(this.#path)
    } else {
      if (before.length > 0) this.value(before[0], undefined, shape)
      this.#added.add(this.#path)
    }
    this.#path.pop()
  }
}

const NOTHING: JsonObject = {}
const NO_ITEMS: readonly Json[] = []

function fieldOf(object: JsonObject, name: string): Value {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Null may be anything, and counts as an object first. */
function formOf(value: Value): 'object' | 'null' | 'list' | 'scalar' {
  if (value === null || value === undefined) return 'null'
  if (isList(value)) return 'list'
  return isObject(value) ? 'object' : 'scalar'
}

function grouped(items: readonly Json[], shape: ListShape): ReadonlyMap<string, readonly Json[]> {
  const groups = new Map<string, Json[]>()
  for (const item of items) {
    const element = elementOf(shape, item)
    if (element === null) continue
    const group = groups.get(element)
    if (group === undefined) groups.set(element, [item])
    else group.push(item)
  }
  return groups
}
