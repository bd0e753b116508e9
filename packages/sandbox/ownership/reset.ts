// Fields that nobody can own through one resource or subresource, because writing them there has no effect.
import { differenceBelow, EMPTY, type FieldSet, isEmpty, node, setOf } from './set.ts'

/** Which fields of a version count: all but some, or only some. */
export type FieldFilter =
  | { readonly kind: 'without'; readonly fields: FieldSet }
  | { readonly kind: 'only'; readonly patterns: readonly (readonly string[])[] }

/** The filter of a version of the resource; null where every field counts. */
export type ResetFields = (apiVersion: string) => FieldFilter | null

/** Everything but some paths of field names, and what is below them. */
export function without(...paths: readonly (readonly string[])[]): FieldFilter {
  return { kind: 'without', fields: setOf(paths.map((path) => path.map((name) => `f:${name}`))) }
}

/** Only what is below some paths of field names; `*` stands for any element. */
export function only(...paths: readonly (readonly string[])[]): FieldFilter {
  return { kind: 'only', patterns: paths.map((path) => path.map((name) => (name === '*' ? name : `f:${name}`))) }
}

/** The part of a set that counts. */
export function filtered(set: FieldSet, filter: FieldFilter | null): FieldSet {
  if (filter === null || isEmpty(set)) return set
  return filter.kind === 'without' ? differenceBelow(set, filter.fields) : matching(set, filter.patterns)
}

function matching(set: FieldSet, patterns: readonly (readonly string[])[]): FieldSet {
  if (patterns.some((pattern) => pattern.length === 0)) return set
  const children = new Map<string, FieldSet>()
  for (const [element, below] of set.children ?? []) {
    const meant = patterns.filter(([first]) => first === '*' || first === element)
    if (meant.length === 0) continue
    const inner = matching(
      below,
      meant.map((pattern) => pattern.slice(1)),
    )
    const kept = below.own ? node(true, inner.children) : inner
    if (!isEmpty(kept)) children.set(element, kept)
  }
  return children.size === 0 ? EMPTY : node(false, children)
}
