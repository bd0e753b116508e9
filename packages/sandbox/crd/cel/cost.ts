// The estimated cost of a rule, in the units and by the formulas of the real server: it refuses rules that may cost too much.
import { callCost } from './call-cost.ts'
import type { Entries, Estimate } from './estimate.ts'
import type { Loop, Node } from './node.ts'
import type { Range } from './range.ts'
import { fixed, sum, times, UNKNOWN, union } from './range.ts'
import type { Extent } from './size.ts'
import type { CelType } from './type.ts'
import { DYN } from './type.ts'

type Variables = ReadonlyMap<string, Variable>

/** The most that an expression can cost. `extent` is that of `self` and of `oldSelf`. */
export function estimateCost(node: Node, types: ReadonlyMap<Node, CelType>, extent: Extent): bigint {
  const known = { size: null, entries: null, extent }
  const variables = new Map([
    ['self', known],
    ['oldSelf', known],
  ])
  return new Estimator(types, extent).estimate(node, variables).cost.max
}

/** The size that an estimate has: computed, by its schema, or by its type. */
export function sizeOf({ size, extent, type }: Pick<Estimate, 'size' | 'extent' | 'type'>): Range | null {
  if (size !== null) return size
  if (extent !== null) return { min: 0n, max: extent.most }
  return isScalar(type) ? fixed(1) : null
}

function isScalar(type: CelType): boolean {
  if (type.kind === 'optional') return isScalar(type.of)
  return ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'].includes(type.kind)
}

/** Goes over an expression. */
class Estimator {
  readonly #types: ReadonlyMap<Node, CelType>

  readonly #root: Extent

  constructor(types: ReadonlyMap<Node, CelType>, root: Extent) {
    this.#types = types
    this.#root = root
  }

  estimate(node: Node, variables: Variables): Estimate {
    const type = this.#types.get(node) ?? DYN
    const blank = { size: null, entries: null, extent: null, type, node }
    switch (node.kind) {
      case 'literal':
        return { ...blank, cost: fixed(0), size: literalSize(node.value) }
      case 'name': {
        const known = variables.get(node.name)
        // The name of a type is taken for one of the whole object, as the real estimator does.
        const size =
          known === undefined
            ? { min: 0n, max: this.#root.most }
            : (sizeOf({ ...known, size: null, type }) ?? known.size)
        return { ...blank, cost: fixed(1), size, entries: known?.entries ?? null, extent: known?.extent ?? null }
      }
      case 'select':
        return this.#select(node, variables, blank)
      case 'call': {
        const target = node.target === null || isNamespace(node) ? null : this.estimate(node.target, variables)
        const args = node.args.map((each) => this.estimate(each, variables))
        return { ...blank, ...callCost(node, target, args, type) }
      }
      case 'list': {
        const items = node.items.map((each) => this.estimate(each, variables))
        const entries = { list: true, key: fixed(1), value: common(items) }
        const cost = sum(fixed(10), ...items.map((each) => each.cost))
        return { ...blank, cost, size: fixed(items.length), entries }
      }
      case 'map': {
        const keys = node.entries.map(([key]) => this.estimate(key, variables))
        const values = node.entries.map(([, value]) => this.estimate(value, variables))
        const cost = sum(fixed(30), ...[...keys, ...values].map((each) => each.cost))
        const entries = { list: false, key: common(keys), value: common(values) }
        return { ...blank, cost, size: fixed(keys.length), entries }
      }
      case 'loop':
        return { ...blank, ...this.#loop(node, variables) }
      case 'optional-map': {
        const of = this.estimate(node.of, variables)
        const body = this.estimate(node.body, new Map([...variables, [node.name, { ...of, extent: null }]]))
        // What is mapped is asked for its value twice, and an empty list is made on the way.
        const cost = sum(of.cost, of.cost, fixed(13), body.cost)
        return { ...blank, cost }
      }
    }
  }

  #select(
    node: Node & { readonly kind: 'select' },
    variables: Variables,
    blank: Pick<Estimate, 'size' | 'entries' | 'extent' | 'type' | 'node'>,
  ): Estimate {
    const of = this.estimate(node.of, variables)
    if (node.how === 'test') return { ...blank, cost: of.cost }
    if (node.how === 'optional') return { ...blank, cost: sum(of.cost, fixed(1)) }
    const extent = of.extent?.fields.get(node.field) ?? null
    const counted = ['map', 'object', 'param'].includes(of.type.kind)
    const made = { ...blank, cost: counted ? sum(of.cost, fixed(1)) : of.cost, extent }
    return { ...made, size: sizeOf(made) }
  }

  #loop(node: Loop, variables: Variables): Pick<Estimate, 'cost' | 'size' | 'entries'> {
    const range = this.estimate(node.range, variables)
    const inner = new Map([...variables, ...loopVariables(node, range)])
    const body = this.estimate(node.body, inner)
    const filter = node.filter === null ? null : this.estimate(node.filter, inner).cost
    const turns = sizeOf(range) ?? UNKNOWN
    const item = loopVariables(node, range)[0]?.[1]
    const { start, step, entries } = turnCost(node, body, filter, item === undefined ? UNKNOWN : itemSize(item))
    const cost = sum(range.cost, start, times(turns, step))
    return { cost, size: entries === null ? fixed(1) : turns, entries }
  }
}

/** `sets.contains` and its kin are called on no value. */
function isNamespace({ target }: Node & { readonly kind: 'call' }): boolean {
  const names = ['sets', 'optional', 'lists', 'format', 'ip', 'strings']
  return target?.kind === 'name' && names.includes(target.name)
}

type Variable = Pick<Estimate, 'size' | 'entries' | 'extent'>

function loopVariables(node: Loop, range: Estimate): readonly (readonly [string, Variable])[] {
  const { entries, extent, type } = range
  const list = entries?.list ?? type.kind !== 'map'
  const key = { size: entries?.key ?? null, entries: null, extent: list ? null : (extent?.keys ?? null) }
  const value = { size: entries?.value ?? null, entries: null, extent: extent?.items ?? null }
  const [first = '', second] = node.names
  if (second !== undefined)
    return [
      [first, key],
      [second, value],
    ]
  return [[first, list ? value : key]]
}

function itemSize({ size, extent }: Variable): Range {
  return extent === null ? (size ?? UNKNOWN) : { min: 0n, max: extent.most }
}

interface Turn {
  /** What is paid once. */
  readonly start: Range
  /** What is paid for every item. */
  readonly step: Range
  readonly entries: Entries | null
}

/** What the macro of a loop is expanded to costs, beside its body. */
function turnCost(node: Loop, body: Estimate, filter: Range | null, item: Range): Turn {
  const least = (range: Range): Range => ({ min: 1n, max: range.max })
  switch (node.macro) {
    case 'all':
      return { start: fixed(1), step: sum(fixed(2), least(sum(fixed(1), body.cost))), entries: null }
    case 'exists':
      return { start: fixed(1), step: sum(fixed(3), least(sum(fixed(1), body.cost))), entries: null }
    case 'existsOne':
      return { start: fixed(2), step: sum(body.cost, { min: 1n, max: 2n }), entries: null }
    case 'filter': {
      const entries = { list: true, key: fixed(1), value: union(fixed(0), item) }
      return { start: fixed(11), step: sum(body.cost, { min: 1n, max: 13n }), entries }
    }
    default: {
      const made = node.macro === 'map' ? sum(fixed(12), body.cost) : sum(fixed(3), body.cost)
      const step = filter === null ? made : sum(filter, union(made, fixed(1)))
      const value = union(fixed(0), sizeOf(body) ?? UNKNOWN)
      const start = fixed(node.macro === 'map' ? 11 : 31)
      return { start, step, entries: { list: node.macro === 'map', key: fixed(1), value } }
    }
  }
}

function common(items: readonly Estimate[]): Range {
  const [first, ...rest] = items.map((each) => sizeOf(each) ?? UNKNOWN)
  return first === undefined ? fixed(0) : rest.reduce(union, first)
}

function literalSize(value: unknown): Range {
  if (typeof value === 'string') return fixed([...value].length)
  return value instanceof Uint8Array ? fixed(value.length) : fixed(1)
}
