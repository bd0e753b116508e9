// Evaluates a checked expression. A fault in one half of && and || does not matter where the other half decides.
import { dotted } from './check.ts'
import { invoke } from './function.ts'
import { itemAt, lookUp } from './library/core.ts'
import { FUNCTIONS } from './library/library.ts'
import type { Loop, Node } from './node.ts'
import type { Value } from './value.ts'
import { CelFault, Fields, List, MapValue, Optional, TypeValue } from './value.ts'

/** Values of variables. */
export type Scope = ReadonlyMap<string, Value>

/** The value of an expression; throws a CelFault. */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'name':
      return nameValue(node.name, scope)
    case 'select':
      return select(node, scope)
    case 'call':
      return call(node, scope)
    case 'list':
      return new List(node.items.map((each) => evaluate(each, scope)))
    case 'map':
      return mapLiteral(node.entries, scope)
    case 'loop':
      return loop(node, scope)
    case 'optional-map': {
      const of = evaluate(node.of, scope)
      if (!(of instanceof Optional)) throw new CelFault('no such overload')
      if (of.value === undefined) return of
      const made = evaluate(node.body, new Map([...scope, [node.name, of.value]]))
      return node.flat ? made : new Optional(made)
    }
  }
}

const TYPES: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'optional_type',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'net.IP',
  'net.CIDR',
])

function nameValue(name: string, scope: Scope): Value {
  const value = scope.get(name)
  if (value !== undefined) return value
  if (TYPES.has(name)) return new TypeValue(name)
  throw new CelFault(`no such attribute(s): ${name}`)
}

function mapLiteral(entries: readonly (readonly [Node, Node])[], scope: Scope): MapValue {
  const made = new MapValue(entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)] as const))
  if (made.entries.size < entries.length) throw new CelFault('duplicate key in map')
  return made
}

function select(node: Node & { readonly kind: 'select' }, scope: Scope): Value {
  const whole = dotted(node)
  if (whole !== null && TYPES.has(whole)) return new TypeValue(whole)
  const of = evaluate(node.of, scope)
  if (of instanceof Optional) {
    const found = of.value === undefined ? undefined : lookUp(of.value, node.field)
    return node.how === 'test' ? found !== undefined : new Optional(found)
  }
  if (!(of instanceof Fields || of instanceof MapValue)) throw new CelFault('no such overload')
  const found = lookUp(of, node.field)
  if (node.how === 'test') return found !== undefined
  if (node.how === 'optional') return new Optional(found)
  if (found === undefined) throw new CelFault(`no such key: ${node.field}`)
  return found
}

function call(node: Node & { readonly kind: 'call' }, scope: Scope): Value {
  const { name, target, args } = node
  switch (name) {
    case '_&&_':
      return logical(args, scope, false)
    case '_||_':
      return logical(args, scope, true)
    case '_?_:_':
      return ternary(args, scope)
    case '_[?_]':
      return optionalIndex(args, scope)
    default: {
      const qualified = target === null ? null : dotted(target)
      const whole = qualified === null ? null : FUNCTIONS.get(`${qualified}.${name}`)
      if (whole != null && !scope.has(qualified?.split('.')[0] ?? '')) {
        return invoke(
          whole,
          false,
          args.map((each) => evaluate(each, scope)),
        )
      }
      const all = target === null ? args : [target, ...args]
      const values = all.map((each) => evaluate(each, scope))
      if (name === '_[_]' && values[0] instanceof Optional) return indexed(values[0], values[1] ?? null)
      return invoke(FUNCTIONS.get(name) ?? [], target !== null, values)
    }
  }
}

function attempt(node: Node | undefined, scope: Scope): Value | CelFault {
  if (node === undefined) return new CelFault('no such overload')
  try {
    return evaluate(node, scope)
  } catch (error) {
    if (error instanceof CelFault) return error
    throw error
  }
}

/** `decisive` is the value that settles it, whatever the other half is. */
function logical([left, right]: readonly Node[], scope: Scope, decisive: boolean): Value {
  const first = attempt(left, scope)
  if (first === decisive) return decisive
  const second = attempt(right, scope)
  if (second === decisive) return decisive
  if (first instanceof CelFault) throw first
  if (second instanceof CelFault) throw second
  if (typeof first !== 'boolean' || typeof second !== 'boolean') throw new CelFault('no such overload')
  return !decisive
}

function ternary([test, yes, no]: readonly Node[], scope: Scope): Value {
  if (test === undefined || yes === undefined || no === undefined) throw new CelFault('no such overload')
  const held = evaluate(test, scope)
  if (typeof held !== 'boolean') throw new CelFault('no such overload')
  return evaluate(held ? yes : no, scope)
}

function optionalIndex(args: readonly Node[], scope: Scope): Value {
  const [of = null, key = null] = args.map((each) => evaluate(each, scope))
  return indexed(of instanceof Optional ? of : new Optional(of), key)
}

function indexed(of: Optional, key: Value): Optional {
  if (of.value === undefined) return of
  if (!(of.value instanceof List)) return new Optional(lookUp(of.value, key))
  const inside = typeof key === 'bigint' && key >= 0n && key < BigInt(of.value.items.length)
  return new Optional(inside ? itemAt(of.value, key) : undefined)
}

function loop(node: Loop, scope: Scope): Value {
  const turns = turnsOf(evaluate(node.range, scope), node.names)
  const inner = (turn: readonly Value[]): Scope =>
    new Map([...scope, ...node.names.map((name, at): [string, Value] => [name, turn[at] ?? null])])
  switch (node.macro) {
    case 'all':
    case 'exists':
      return quantified(turns.map(inner), node.body, node.macro === 'exists')
    case 'existsOne':
      return turns.filter((turn) => holds(node.body, inner(turn))).length === 1
    case 'filter':
      return new List(turns.filter((turn) => holds(node.body, inner(turn))).map(([item = null]) => item))
    default: {
      const { filter } = node
      const kept = filter === null ? turns : turns.filter((turn) => holds(filter, inner(turn)))
      if (node.macro === 'map') return new List(kept.map((turn) => evaluate(node.body, inner(turn))))
      return new MapValue(kept.map((turn) => [turn[0] ?? null, evaluate(node.body, inner(turn))] as const))
    }
  }
}

/** What the names of a loop stand for, turn by turn. */
function turnsOf(range: Value, names: readonly string[]): readonly (readonly Value[])[] {
  const two = names.length === 2
  if (range instanceof List) return range.items.map((item, at) => (two ? [BigInt(at), item] : [item]))
  if (range instanceof MapValue) return [...range.entries.values()].map(([key, value]) => (two ? [key, value] : [key]))
  throw new CelFault('no such overload')
}

function quantified(scopes: readonly Scope[], body: Node, decisive: boolean): boolean {
  let fault: CelFault | null = null
  for (const scope of scopes) {
    const held = attempt(body, scope)
    if (held === decisive) return decisive
    if (held instanceof CelFault) fault ??= held
    else if (typeof held !== 'boolean') fault ??= new CelFault('no such overload')
  }
  if (fault !== null) throw fault
  return !decisive
}

function holds(node: Node, scope: Scope): boolean {
  const value = evaluate(node, scope)
  if (typeof value !== 'boolean') throw new CelFault('no such overload')
  return value
}
