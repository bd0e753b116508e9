// Field sets as a server works with them: what two share, what is left of one, and the values that they stand for.
import { valueAtPath } from '@mainstay/core/compare/leftovers.ts'
import type { Fields } from '@mainstay/core/diff/fields.ts'
import { isLeaf, segmentOf } from '@mainstay/core/diff/fields.ts'
import type { Path, Segment } from '@mainstay/core/diff/path.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** What either has. */
export function union(a: Fields, b: Fields): Fields {
  const merged: Record<string, Json> = { ...a }
  for (const [key, node] of Object.entries(b)) {
    const known = merged[key]
    merged[key] = isObject(known) && isObject(node) ? union(known, node) : node
  }
  return merged
}

/** What `fields` has and `taken` has not. */
export function without(fields: Fields, taken: Fields): Fields {
  return mapNodes(fields, (key, node) => {
    const other = taken[key]
    if (!isObject(other)) return node
    if (isLeaf(node) || isLeaf(other)) return null
    const below = without(node, other)
    return isLeaf(below) ? null : below
  })
}

/** What both have, without the marks (`.`) of whole items: their fields speak for themselves. */
export function shared(a: Fields, b: Fields): Fields {
  return mapNodes(a, (key, node) => {
    const other = b[key]
    if (key === '.' || !isObject(other)) return null
    if (isLeaf(node) || isLeaf(other)) return isLeaf(node) ? other : node
    const below = shared(node, other)
    return isLeaf(below) ? null : below
  })
}

/** The part of a set whose paths are as asked; the mark of an item counts as the path of the item. */
export function pick(fields: Fields, keep: (path: Path) => boolean, at: Path = []): Fields {
  return mapNodes(fields, (key, node) => {
    if (key === '.') return keep(at) ? node : null
    const segment = segmentOf(key)
    if (segment === null) return null
    const path = [...at, segment]
    if (isLeaf(node)) return keep(path) ? node : null
    const below = pick(node, keep, path)
    return isLeaf(below) ? null : below
  })
}

function mapNodes(fields: Fields, change: (key: string, node: Fields) => Fields | null): Fields {
  const mapped: Record<string, Json> = {}
  for (const [key, node] of Object.entries(fields)) {
    const after = isObject(node) ? change(key, node) : null
    if (after !== null) mapped[key] = after
  }
  return mapped
}

/** True when two objects have the same at a path, be it nothing. */
export function sameAt(a: Json, b: Json, path: Path): boolean {
  const left = valueAtPath(a, path)
  const right = valueAtPath(b, path)
  if (left === undefined || right === undefined) return left === right
  return canonicalJson(left) === canonicalJson(right)
}

/** A copy without the value at a path; containers that are left empty go with it. */
export function withoutPath(value: Json, path: Path): Json {
  const [segment, ...rest] = path
  if (segment === undefined) return value
  if (isList(value)) {
    return value.flatMap((item) => {
      if (!isItem(item, segment)) return [item]
      return rest.length === 0 ? [] : [withoutPath(item, rest)]
    })
  }
  if (!isObject(value) || typeof segment !== 'string') return value
  const { [segment]: found, ...others } = value
  if (found === undefined) return value
  if (rest.length === 0) return others
  const below = withoutPath(found, rest)
  const empty = isList(below) ? below.length === 0 : isObject(below) && isLeaf(below)
  return empty ? others : { ...value, [segment]: below }
}

function isItem(item: Json, segment: Segment): boolean {
  if (typeof segment === 'string' || typeof segment === 'number') return false
  if ('value' in segment) return canonicalJson(item) === canonicalJson(segment.value)
  return isObject(item) && segment.keys.every(([name, value]) => item[name] === value)
}
