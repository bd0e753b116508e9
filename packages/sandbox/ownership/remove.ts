// Takes fields out of an object, and adds to a set the structs on the way to its fields.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { Recent } from '../schema/recent.ts'
import { fieldElement } from './element.ts'
import { FREE_MAP } from './extract.ts'
import { elementOf } from './item.ts'
import { type FieldSet, isEmpty, node } from './set.ts'
import { type ListShape, type MapShape, type Shape, SOLID } from './shape.ts'
import { isBare } from './value.ts'

/** A value without some of its fields. What has nothing left becomes null, and so does what is one piece. */
export function removeFields(value: Json, fields: FieldSet, shape: Shape): Json {
  if (isEmpty(fields)) return value
  switch (shape.kind) {
    case 'scalar':
      return value
    case 'map':
      return withoutFields(value, fields, shape)
    case 'list':
      return withoutItems(value, fields, shape)
    case 'free':
      if (!shape.atomic && isObject(value)) return withoutFields(value, fields, FREE_MAP)
      return typeof value === 'object' ? null : value
  }
}

function withoutFields(value: Json, fields: FieldSet, shape: MapShape): Json {
  if (!isObject(value) || shape.atomic || isBare(value)) return null
  const left: Record<string, Json> = {}
  let changed = false
  let some = false
  for (const name in value) {
    const item = value[name] ?? null
    const declared = shape.declared(name)
    const below = fields.children?.get(declared?.element ?? fieldElement(name))
    if (below?.own === true) {
      changed = true
      continue
    }
    const rest = below === undefined ? item : removeFields(item, below, declared?.shape ?? shape.rest ?? SOLID)
    changed ||= rest !== item
    some = true
    left[name] = rest
  }
  return some ? (changed ? left : value) : null
}

function withoutItems(value: Json, fields: FieldSet, shape: ListShape): Json {
  if (!isList(value) || value.length === 0 || shape.by === 'atomic') return null
  const left: Json[] = []
  let changed = false
  for (const item of value) {
    const element = elementOf(shape, item)
    const below = element === null ? undefined : fields.children?.get(element)
    if (below?.own === true) {
      changed = true
      continue
    }
    const rest = below === undefined ? item : removeFields(item, below, shape.items)
    changed ||= rest !== item
    left.push(rest)
  }
  return left.length === 0 ? null : changed ? left : value
}

/** A set with every named field of the type that holds something of it. */
export function withNamed(set: FieldSet, shape: Shape | null): FieldSet {
  if (set.children === null || shape === null) return set
  let children: Map<string, FieldSet> | null = null
  for (const [element, below] of set.children) {
    if (below.children === null) continue
    const { inner, named } = partOf(element, shape)
    const deep = withNamed(below, inner)
    const full = named && !deep.own ? node(true, deep.children) : deep
    if (full === below) continue
    children ??= new Map(set.children)
    children.set(element, full)
  }
  return children === null ? set : node(set.own, children)
}

function partOf(element: string, shape: Shape): { readonly inner: Shape | null; readonly named: boolean } {
  if (element.startsWith('f:')) {
    if (shape.kind !== 'map') return { inner: null, named: false }
    const declared = shape.declared(element.slice(2))
    return { inner: declared?.shape ?? shape.rest, named: declared !== null }
  }
  return { inner: element.startsWith('k:') && shape.kind === 'list' ? shape.items : null, named: false }
}

/** A set in which nothing is below what is one piece today: its type may have had parts when the set was made. */
export function withoutParts(set: FieldSet, shape: Shape): FieldSet {
  const before = whole.get(set)
  if (before?.shape === shape) return before.set
  const made = collapse(set, shape)
  whole.set(set, { shape, set: made })
  return made
}

const whole = new Recent<FieldSet, { readonly shape: Shape; readonly set: FieldSet }>()

function collapse(set: FieldSet, shape: Shape): FieldSet {
  if (set.children === null || shape.kind === 'scalar') return set
  if (shape.kind === 'free') return shape.atomic ? node(true, null) : set
  if (shape.kind === 'map' ? shape.atomic : shape.by === 'atomic') return node(true, null)
  let children: Map<string, FieldSet> | null = null
  for (const [element, below] of set.children) {
    const inner = partShape(element, shape)
    const rest = inner === null ? below : collapse(below, inner)
    if (rest === below) continue
    children ??= new Map(set.children)
    children.set(element, rest)
  }
  return children === null ? set : node(set.own, children)
}

function partShape(element: string, shape: MapShape | ListShape): Shape | null {
  if (shape.kind === 'list') return shape.items
  const declared = element.startsWith('f:') ? shape.declared(element.slice(2)) : null
  return declared?.shape ?? shape.rest
}
