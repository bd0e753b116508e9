// Checks an expression's types, and says what is wrong in the words and at the places of the real checker.
import type { Overload } from './function.ts'
import { FUNCTIONS } from './library/library.ts'
import type { Loop, Node } from './node.ts'
import type { Bindings, CelType } from './type.ts'
import { accepts, BOOL, DYN, FAULTY, INT, nameOf, resolve, STRING, sameType } from './type.ts'
import { Uint } from './value.ts'

/** One thing that is wrong, and where. */
export interface Issue {
  readonly at: number
  readonly text: string
}

/** What a check found out. */
export interface Checked {
  readonly type: CelType
  readonly issues: readonly Issue[]
  /** Names of variables that the expression reads. */
  readonly used: ReadonlySet<string>
  readonly types: ReadonlyMap<Node, CelType>
}

type Scope = ReadonlyMap<string, CelType>

/** Checks an expression in which these variables are known. */
export function check(node: Node, variables: Scope): Checked {
  const checker = new Checker()
  const type = checker.typeOf(node, variables)
  return { type, issues: checker.issues, used: checker.used, types: checker.types }
}

/** Names of types, which are values too. */
const TYPE_NAMES: Readonly<Record<string, CelType>> = {
  bool: BOOL,
  int: INT,
  uint: { kind: 'uint' },
  double: { kind: 'double' },
  string: STRING,
  bytes: { kind: 'bytes' },
  list: { kind: 'list', of: DYN },
  map: { kind: 'map', key: DYN, value: DYN },
  null_type: { kind: 'null' },
  type: { kind: 'type', of: null },
  'google.protobuf.Timestamp': { kind: 'timestamp' },
  'google.protobuf.Duration': { kind: 'duration' },
  'net.IP': { kind: 'opaque', name: 'net.IP' },
  'net.CIDR': { kind: 'opaque', name: 'net.CIDR' },
  optional_type: { kind: 'optional', of: DYN },
}

/** `a.b.c` where every part is a plain selection of a name; null for anything else. */
export function dotted(node: Node): string | null {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'select' || node.how !== 'get') return null
  const of = dotted(node.of)
  return of === null ? null : `${of}.${node.field}`
}

/** Goes over an expression once and gathers issues. */
class Checker {
  readonly issues: Issue[] = []
  readonly used = new Set<string>()
  readonly types = new Map<Node, CelType>()
  #free = 0
  /** Lists whose items may be of several types: what a text is formatted with. */
  readonly #mixed = new Set<Node>()

  typeOf(node: Node, scope: Scope): CelType {
    const type = this.#typeOf(node, scope)
    this.types.set(node, type)
    return type
  }

  #typeOf(node: Node, scope: Scope): CelType {
    switch (node.kind) {
      case 'literal':
        return literalType(node.value)
      case 'name':
        return this.#name(node.name, node.at, scope)
      case 'select':
        return this.#select(node, scope)
      case 'call':
        return this.#call(node, scope)
      case 'list':
        return { kind: 'list', of: this.#common(node.items, scope, this.#mixed.has(node)) }
      case 'map': {
        const key = this.#common(
          node.entries.map(([each]) => each),
          scope,
        )
        return {
          kind: 'map',
          key,
          value: this.#common(
            node.entries.map(([, each]) => each),
            scope,
          ),
        }
      }
      case 'loop':
        return this.#loop(node, scope)
      case 'optional-map':
        return this.#optionalMap(node, scope)
    }
  }

  #fail(at: number, text: string): CelType {
    this.issues.push({ at, text })
    return FAULTY
  }

  #name(name: string, at: number, scope: Scope): CelType {
    const type = scope.get(name)
    if (type !== undefined) {
      this.used.add(name)
      return type
    }
    const named = TYPE_NAMES[name]
    if (named !== undefined) return { kind: 'type', of: named }
    return this.#fail(at, `undeclared reference to '${name}' (in container '')`)
  }

  #select(node: Node & { readonly kind: 'select' }, scope: Scope): CelType {
    const whole = dotted(node)
    const named = whole === null ? undefined : TYPE_NAMES[whole]
    if (named !== undefined) return { kind: 'type', of: named }
    const of = this.typeOf(node.of, scope)
    const inner = of.kind === 'optional' ? of.of : of
    const field = this.#field(inner, node)
    if (node.how === 'test') return BOOL
    if (of.kind === 'optional' || node.how === 'optional') return { kind: 'optional', of: field }
    return field
  }

  #field(of: CelType, node: Node & { readonly kind: 'select' }): CelType {
    switch (of.kind) {
      case 'error':
        return FAULTY
      case 'dyn':
      case 'param':
        return DYN
      case 'map':
        return of.value
      case 'object':
        return of.fields.get(node.field) ?? this.#fail(node.at, `undefined field '${node.field}'`)
      default:
        return this.#fail(node.at, `type '${nameOf(of)}' does not support field selection`)
    }
  }

  #call(node: Node & { readonly kind: 'call' }, scope: Scope): CelType {
    const { name, target, args, at } = node
    if (name === '_&&_' || name === '_||_') return this.#logical(node, scope)
    if (name === '_?_:_') return this.#ternary(node, scope)
    if (name === '_[?_]') return this.#optionalIndex(node, scope)
    const qualified = target === null ? null : dotted(target)
    const whole = qualified === null ? null : `${qualified}.${name}`
    if (whole !== null && FUNCTIONS.has(whole) && !scope.has(whole.split('.')[0] ?? '')) {
      return this.#overload(whole, FUNCTIONS.get(whole) ?? [], false, args, at, scope)
    }
    if (name === 'sortBy' || !FUNCTIONS.has(name)) {
      if (target !== null) this.typeOf(target, scope)
      for (const each of args) this.typeOf(each, scope)
      return this.#fail(at, `undeclared reference to '${name}' (in container '')`)
    }
    const all = target === null ? args : [target, ...args]
    if (name === 'format') this.#mixed.add(args[0] ?? node)
    return this.#overload(name, FUNCTIONS.get(name) ?? [], target !== null, all, at, scope)
  }

  #overload(
    name: string,
    overloads: readonly Overload[],
    member: boolean,
    args: readonly Node[],
    at: number,
    scope: Scope,
  ): CelType {
    const given = args.map((each) => this.typeOf(each, scope))
    const results: CelType[] = []
    for (const each of overloads) {
      if (each.member !== member || each.params.length !== given.length) continue
      const bound: Bindings = new Map()
      if (!each.params.every((param, index) => accepts(param, given[index] ?? DYN, bound))) continue
      const result = name === 'type' ? ({ kind: 'type', of: given[0] ?? DYN } as const) : resolve(each.result, bound)
      if (!results.some((before) => sameType(before, result))) results.push(result)
    }
    const [first] = results
    if (first !== undefined) return results.length === 1 ? first : DYN
    if (given.some((each) => each.kind === 'error')) return FAULTY
    const [receiver, ...rest] = given.map(nameOf)
    const shown = member ? `${receiver}.(${rest.join(', ')})` : `(${given.map(nameOf).join(', ')})`
    return this.#fail(at, `found no matching overload for '${name}' applied to '${shown}'`)
  }

  #logical({ args }: Node & { readonly kind: 'call' }, scope: Scope): CelType {
    for (const each of args) this.#expectBool(each, this.typeOf(each, scope))
    return BOOL
  }

  #ternary({ name, args, at }: Node & { readonly kind: 'call' }, scope: Scope): CelType {
    const given = args.map((each) => this.typeOf(each, scope))
    const [test = DYN, yes = DYN, no = DYN] = given
    const bound: Bindings = new Map()
    const param: CelType = { kind: 'param', name: 'A' }
    if (accepts(BOOL, test, bound) && accepts(param, yes, bound) && accepts(param, no, bound))
      return resolve(param, bound)
    return this.#fail(at, `found no matching overload for '${name}' applied to '(${given.map(nameOf).join(', ')})'`)
  }

  #optionalIndex({ args, at }: Node & { readonly kind: 'call' }, scope: Scope): CelType {
    const given = args.map((each) => this.typeOf(each, scope))
    const [of = DYN] = given
    const inner = of.kind === 'optional' ? of.of : of
    if (inner.kind === 'list') return { kind: 'optional', of: inner.of }
    if (inner.kind === 'map') return { kind: 'optional', of: inner.value }
    if (inner.kind === 'dyn') return { kind: 'optional', of: DYN }
    return this.#fail(at, `found no matching overload for '_[?_]' applied to '(${given.map(nameOf).join(', ')})'`)
  }

  /** The type of all items: one type, or a fault where they differ. */
  #common(items: readonly Node[], scope: Scope, mixed = false): CelType {
    let common: CelType | null = null
    for (const item of items) {
      const type = this.typeOf(item, scope)
      if (common === null || common.kind === 'error') common = type
      else if (
        !mixed &&
        !sameType(common, type) &&
        type.kind !== 'dyn' &&
        type.kind !== 'error' &&
        common.kind !== 'dyn'
      ) {
        this.issues.push({ at: item.at, text: `expected type '${nameOf(common)}' but found '${nameOf(type)}'` })
      }
    }
    if (mixed) return DYN
    this.#free += 1
    return common ?? { kind: 'param', name: `_${this.#free}` }
  }

  #loop(node: Loop, scope: Scope): CelType {
    const range = this.typeOf(node.range, scope)
    const items = this.#rangeTypes(range, node)
    const inner = new Map(scope)
    node.names.forEach((name, index) => {
      inner.set(name, items[index] ?? DYN)
    })
    const filter = node.filter === null ? null : this.typeOf(node.filter, inner)
    const body = this.typeOf(node.body, inner)
    const result = loopResult(node.macro, items[0] ?? DYN, body)
    if (node.macro === 'all' || node.macro === 'exists') this.#expectBool(node.body, body)
    else if (node.macro === 'filter') this.#expectChoice(node, body, result)
    else if (node.macro === 'existsOne') this.#expectChoice(node, body, INT)
    else if (filter !== null) this.#expectChoice(node, filter, result)
    return result
  }

  /** These macros choose by their condition, and that is what their faults are told of. */
  #expectChoice(node: Loop, test: CelType, result: CelType): void {
    if (accepts(BOOL, test, new Map())) return
    const given = [test, result, result].map(nameOf).join(', ')
    this.#fail(node.at, `found no matching overload for '_?_:_' applied to '(${given})'`)
  }

  #rangeTypes(range: CelType, node: Loop): readonly CelType[] {
    const two = node.names.length === 2
    switch (range.kind) {
      case 'list':
        return two ? [INT, range.of] : [range.of]
      case 'map':
        return two ? [range.key, range.value] : [range.key]
      case 'dyn':
      case 'error':
        return [DYN, DYN]
      default:
        this.#fail(
          node.range.at,
          `expression of type '${nameOf(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        )
        return [FAULTY, FAULTY]
    }
  }

  #expectBool(node: Node, type: CelType): void {
    if (!accepts(BOOL, type, new Map())) this.#fail(node.at, `expected type 'bool' but found '${nameOf(type)}'`)
  }

  #optionalMap(node: Node & { readonly kind: 'optional-map' }, scope: Scope): CelType {
    const of = this.typeOf(node.of, scope)
    const inner = new Map(scope)
    inner.set(node.name, of.kind === 'optional' ? of.of : DYN)
    const body = this.typeOf(node.body, inner)
    if (of.kind !== 'optional' && of.kind !== 'dyn' && of.kind !== 'error') {
      return this.#fail(node.at, `found no matching overload for 'optMap' applied to '${nameOf(of)}.(${nameOf(body)})'`)
    }
    return node.flat ? body : { kind: 'optional', of: body }
  }
}

function loopResult(macro: Loop['macro'], item: CelType, body: CelType): CelType {
  switch (macro) {
    case 'map':
      return { kind: 'list', of: body }
    case 'transformMap':
      return { kind: 'map', key: item, value: body }
    case 'filter':
      return { kind: 'list', of: item }
    default:
      return BOOL
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return { kind: 'null' }
  if (value instanceof Uint) return { kind: 'uint' }
  if (value instanceof Uint8Array) return { kind: 'bytes' }
  if (typeof value === 'bigint') return INT
  if (typeof value === 'number') return { kind: 'double' }
  return typeof value === 'boolean' ? BOOL : STRING
}
