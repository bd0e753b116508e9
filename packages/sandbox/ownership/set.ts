// Sets of fields as tries, and their algebra. A node's children are named as FieldsV1 names them: `f:spec`, `k:{…}`, `v:…`.

/** A set of fields: a node says whether its own path is in the set, and what is below it. Never mutated. */
export interface FieldSet {
  readonly own: boolean
  /** Without empty nodes; null for none. */
  readonly children: ReadonlyMap<string, FieldSet> | null
}

/** Nothing. */
export const EMPTY: FieldSet = { own: false, children: null }

/** The path itself and nothing below it. */
export const LEAF: FieldSet = { own: true, children: null }

/** A node; empty maps of children become none. */
export function node(own: boolean, children: ReadonlyMap<string, FieldSet> | null): FieldSet {
  if (children === null || children.size === 0) return own ? LEAF : EMPTY
  return { own, children }
}

/** True when nothing is in it. */
export function isEmpty(set: FieldSet): boolean {
  return !set.own && set.children === null
}

/** The set of some paths. */
export function setOf(paths: Iterable<readonly string[]>): FieldSet {
  let set = EMPTY
  for (const path of paths) {
    set = union(
      set,
      path.reduceRight((below, element) => node(false, new Map([[element, below]])), LEAF),
    )
  }
  return set
}

/** Paths of either. The left one is given back where it holds all. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmpty(right)) return left
  if (isEmpty(left)) return right
  const own = left.own || right.own
  if (left.children === null) return own === right.own ? right : node(own, right.children)
  if (right.children === null) return own === left.own ? left : node(own, left.children)
  let children: Map<string, FieldSet> | null = null
  for (const [element, theirs] of right.children) {
    const ours = left.children.get(element)
    const both = ours === undefined ? theirs : union(ours, theirs)
    if (both === ours) continue
    children ??= new Map(left.children)
    children.set(element, both)
  }
  return children === null && own === left.own ? left : node(own, children ?? left.children)
}

/** Paths of both. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left
  const own = left.own && right.own
  if (left.children === null || right.children === null) return own ? LEAF : EMPTY
  const children = new Map<string, FieldSet>()
  for (const [element, theirs] of right.children) {
    const ours = left.children.get(element)
    if (ours === undefined) continue
    const both = intersection(ours, theirs)
    if (!isEmpty(both)) children.set(element, both)
  }
  return node(own, children)
}

/** Paths of the left one alone. It is given back where nothing goes. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, false)
}

/** As `difference`, but a path takes everything below it along. */
export function differenceBelow(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, true)
}

function subtract(left: FieldSet, right: FieldSet, below: boolean): FieldSet {
  if (left === right) return EMPTY
  const own = left.own && !right.own
  if (left.children === null || right.children === null) return own === left.own ? left : node(own, left.children)
  let children: Map<string, FieldSet> | null = null
  for (const [element, theirs] of right.children) {
    const ours = left.children.get(element)
    if (ours === undefined) continue
    const rest = below && theirs.own ? EMPTY : subtract(ours, theirs, below)
    if (rest === ours) continue
    children ??= new Map(left.children)
    if (isEmpty(rest)) children.delete(element)
    else children.set(element, rest)
  }
  return children === null && own === left.own ? left : node(own, children ?? left.children)
}

/** True when every path of the left one is in the right one. */
export function isSubset(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true
  if (left.own && !right.own) return false
  if (left.children === null) return true
  if (right.children === null) return false
  for (const [element, ours] of left.children) {
    const theirs = right.children.get(element)
    if (theirs === undefined || !isSubset(ours, theirs)) return false
  }
  return true
}

/** True when both hold the same paths. */
export function isSame(left: FieldSet, right: FieldSet): boolean {
  return isSubset(left, right) && isSubset(right, left)
}

/** The set below a path; null where there is nothing. */
export function at(set: FieldSet, path: readonly string[]): FieldSet | null {
  let found: FieldSet = set
  for (const element of path) {
    const next = found.children?.get(element)
    if (next === undefined) return null
    found = next
  }
  return found
}

/** Every path, each level's own ones before what is below them, as the real server lists conflicts. */
export function* paths(
  set: FieldSet,
  order: (left: string, right: string) => number,
  above: readonly string[] = [],
): Generator<readonly string[]> {
  const elements = [...(set.children?.keys() ?? [])].sort(order)
  for (const element of elements) if (set.children?.get(element)?.own === true) yield [...above, element]
  for (const element of elements) {
    const below = set.children?.get(element)
    if (below !== undefined && below.children !== null) yield* paths(below, order, [...above, element])
  }
}

/** Collects paths one by one. */
export class SetBuilder {
  readonly #root: Building = { own: false, children: null }

  /** Takes one more path; the empty one is the whole object, which nobody owns. */
  add(path: readonly string[]): void {
    if (path.length === 0) return
    let at = this.#root
    for (const element of path) {
      at.children ??= new Map()
      let next = at.children.get(element)
      if (next === undefined) {
        next = { own: false, children: null }
        at.children.set(element, next)
      }
      at = next
    }
    at.own = true
  }

  /** What was collected; nothing may be added afterwards. */
  done(): FieldSet {
    return this.#root.children === null ? EMPTY : this.#root
  }
}

interface Building {
  own: boolean
  children: Map<string, Building> | null
}
