// What one call costs, and how large its result is.
import type { Entries, Estimate } from './estimate.ts'
import type { Node } from './node.ts'
import type { Range } from './range.ts'
import { fixed, LIMIT, scaled, sum, times, UNKNOWN, union } from './range.ts'
import type { CelType } from './type.ts'

type Made = Pick<Estimate, 'cost' | 'size' | 'entries' | 'extent'>

/** A cost without that of the arguments, and the size of the result where it is known. */
interface Own {
  readonly cost: Range
  readonly size?: Range
}

const TRAVERSAL = 0.1
const PATTERN = 0.25

/** The estimate of a call. */
export function callCost(
  node: Node & { readonly kind: 'call' },
  target: Estimate | null,
  args: readonly Estimate[],
  type: CelType,
): Made {
  const paid = sum(...(target === null ? [] : [target.cost]), ...args.map((each) => each.cost))
  const special = specialCost(node.name, args)
  if (special !== null) return special
  const own = libraryCost(node.name, target, args) ?? coreCost(node.name, target, args) ?? { cost: fixed(1) }
  const size = own.size ?? (scalar(type) ? fixed(1) : null)
  return { cost: sum(paid, own.cost), size, entries: entriesOf(node.name, args), extent: null }
}

function scalar(type: CelType): boolean {
  return ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'].includes(type.kind)
}

/** Calls whose arguments are not all paid for, or that lead further into the object. */
function specialCost(name: string, args: readonly Estimate[]): Made | null {
  const [first, second, third] = args
  if (first === undefined) return null
  const none = { size: null, entries: null, extent: null }
  if (name === 'dyn') return { ...first, cost: sum(first.cost, fixed(1)) }
  if (second === undefined) return null
  if (name === '_&&_' || name === '_||_') {
    return { ...none, cost: { min: first.cost.min, max: sum(first.cost, second.cost).max }, size: fixed(1) }
  }
  if (name === '_[_]') {
    const extent = first.extent?.items ?? null
    const size = first.entries?.value ?? (extent === null ? null : { min: 0n, max: extent.most })
    return { ...none, cost: sum(first.cost, second.cost, fixed(1)), extent, size }
  }
  if (name !== '_?_:_' || third === undefined) return null
  const cost = sum(first.cost, union(second.cost, third.cost))
  return { ...none, cost, size: union(known(second), known(third)), entries: unite(second.entries, third.entries) }
}

function entriesOf(name: string, [first, second]: readonly Estimate[]): Entries | null {
  return name === '_+_' && first !== undefined && second !== undefined ? unite(first.entries, second.entries) : null
}

function unite(a: Entries | null, b: Entries | null): Entries | null {
  if (a === null || b === null) return null
  return { list: a.list, key: union(a.key, b.key), value: union(a.value, b.value) }
}

/** The size of a part, or any size. */
function known({ size, extent, type }: Estimate): Range {
  if (size !== null) return size
  if (extent !== null) return { min: 0n, max: extent.most }
  return scalar(type) ? fixed(1) : UNKNOWN
}

const COMPARISONS: ReadonlySet<string> = new Set(['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'])

/** CEL's own functions that go over their arguments. */
function coreCost(name: string, target: Estimate | null, args: readonly Estimate[]): Own | null {
  const [first, second] = args
  if (first === undefined) return null
  if (COMPARISONS.has(name) && second !== undefined) return comparisonCost(name, first, second)
  switch (name) {
    case '_+_':
      return second === undefined ? null : additionCost(first, second)
    case 'startsWith':
    case 'endsWith':
      return { cost: scaled(known(first), TRAVERSAL) }
    case '@in':
      return second === undefined || second.type.kind === 'map' ? null : { cost: known(second) }
    case 'matches': {
      const [text, pattern] = target === null ? [first, second] : [target, first]
      return text === undefined || pattern === undefined ? null : { cost: patternCost(text, pattern) }
    }
    case 'contains':
      if (target === null) return null
      return { cost: times(scaled(known(target), TRAVERSAL), scaled(known(first), TRAVERSAL)) }
    case 'format':
      return target === null ? null : { cost: scaled(known(target), TRAVERSAL) }
    case 'bytes':
      return { cost: scaled(known(first), TRAVERSAL), size: times(known(first), { min: 1n, max: 4n }) }
    case 'string':
      return first.type.kind === 'bytes' ? { cost: scaled(known(first), TRAVERSAL), size: known(first) } : null
    default:
      return null
  }
}

function comparisonCost(name: string, a: Estimate, b: Estimate): Own | null {
  const isEquality = name === '_==_' || name === '_!=_'
  if (a.type.kind === 'opaque' && name === '_==_') return { cost: fixed(1) }
  const traversed = isEquality || [a, b].some(({ type }) => ['string', 'bytes', 'dyn'].includes(type.kind))
  if (!traversed) return null
  const [left, right] = [known(a).max, known(b).max]
  const most = left < right ? left : right
  const range = { min: most > 0n ? 1n : 0n, max: most }
  const cost = scaled(range, TRAVERSAL)
  return { cost: a.type.kind === 'dyn' && !isEquality ? union(cost, fixed(1)) : cost }
}

function additionCost(a: Estimate, b: Estimate): Own | null {
  const kinds = [a.type.kind, b.type.kind]
  const size = sum(known(a), known(b))
  if (kinds.includes('list')) return { cost: fixed(1), size }
  if (kinds.some((kind) => ['string', 'bytes', 'dyn'].includes(kind))) return { cost: scaled(size, TRAVERSAL), size }
  return null
}

function patternCost(text: Estimate, pattern: Estimate): Range {
  return times(scaled(sum(known(text), fixed(1)), TRAVERSAL), scaled(known(pattern), PATTERN))
}

const PER_ITEM: ReadonlySet<string> = new Set(['isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf'])
const SAME_SIZE: ReadonlySet<string> = new Set(['lowerAscii', 'upperAscii', 'substring', 'trim'])
const PARSED: ReadonlySet<string> = new Set([
  'cidr',
  'isIP',
  'isCIDR',
  'ip',
  'quantity',
  'isQuantity',
  'semver',
  'isSemver',
])
const ADDRESS: Range = { min: 4n, max: 16n }

/** Functions of Kubernetes' libraries. */
function libraryCost(name: string, target: Estimate | null, args: readonly Estimate[]): Own | null {
  const [first, second] = args
  if (target !== null) return memberCost(name, target, first, second)
  if (first === undefined) return null
  if (PARSED.has(name)) return { cost: scaled(known(first), TRAVERSAL) }
  if (name === 'url') return { cost: scaled(known(first), TRAVERSAL), size: known(first) }
  return name === 'isCanonical' ? { cost: scaled(known(first), 2 * TRAVERSAL) } : null
}

function memberCost(
  name: string,
  target: Estimate,
  first: Estimate | undefined,
  second: Estimate | undefined,
): Own | null {
  if (PER_ITEM.has(name)) return itemsCost(target)
  if (SAME_SIZE.has(name)) return { cost: scaled(known(target), TRAVERSAL), size: known(target) }
  if (name === 'split') return splitCost(target, second)
  if (name === 'join') return joinCost(target, first)
  if (first === undefined) return null
  switch (name) {
    case 'replace':
      return second === undefined ? null : replaceCost(target, first, second)
    case 'find':
    case 'findAll':
      return { cost: patternCost(target, first), size: { min: 0n, max: known(target).max } }
    case 'containsIP':
    case 'containsCIDR':
      return containsCost(name, first)
    case 'validate':
      return { cost: scaled(scaled(known(first), TRAVERSAL), 128 * PATTERN) }
    default:
      return null
  }
}

function itemsCost(target: Estimate): Own {
  if (target.type.kind !== 'list') return { cost: scaled(known(target), TRAVERSAL) }
  const isText = ['string', 'bytes'].includes(target.type.of.kind)
  const each = isText ? sum(fixed(1), scaled(itemSize(target), TRAVERSAL)) : fixed(1)
  return { cost: times(known(target), each) }
}

function itemSize({ extent }: Estimate): Range {
  return extent?.items == null ? UNKNOWN : { min: 0n, max: extent.items.most }
}

function replaceCost(target: Estimate, old: Estimate, fresh: Estimate): Own {
  const [text, from, to] = [known(target), known(old), known(fresh)]
  const grows = from.min === 0n ? text.max + 1n : to.max <= from.min ? 0n : (text.max + from.min - 1n) / from.min
  const keeps = from.min === 0n || to.max <= from.min ? text.max : 0n
  const max = grows * to.max + keeps
  return { cost: scaled(text, 2 * TRAVERSAL), size: { min: 0n, max: max > LIMIT ? LIMIT : max } }
}

function splitCost(target: Estimate, times_: Estimate | undefined): Own {
  const node = times_?.node
  const given = node?.kind === 'literal' && typeof node.value === 'bigint' && node.value >= 0n ? node.value : null
  const text = known(target)
  return { cost: scaled(text, 2 * TRAVERSAL), size: { min: 0n, max: given ?? text.max } }
}

function joinCost(target: Estimate, separator: Estimate | undefined): Own {
  const count = known(target)
  const texts = times(count, itemSize(target))
  const less = (value: bigint): bigint => (value > 0n ? value - 1n : 0n)
  const between =
    separator === undefined ? fixed(0) : times(known(separator), { min: less(count.min), max: less(count.max) })
  const size = sum(texts, between)
  return { cost: scaled(size, TRAVERSAL), size }
}

function containsCost(name: string, other: Estimate): Own {
  const compared = scaled(sum(ADDRESS, ADDRESS), TRAVERSAL)
  const masked = name === 'containsCIDR' ? sum(scaled(ADDRESS, TRAVERSAL), fixed(1)) : fixed(0)
  const parsed = other.type.kind === 'string' ? scaled(known(other), TRAVERSAL) : fixed(0)
  return { cost: sum(compared, masked, parsed) }
}
