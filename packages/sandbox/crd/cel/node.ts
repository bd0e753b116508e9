// An expression as it is checked and evaluated: read by the CEL package, with its macros as loops and with places.
import { Environment } from '@marcbachmann/cel-js'
import { syntaxText } from './syntax.ts'
import type { Value } from './value.ts'
import { Uint } from './value.ts'

/** An expression. `at` is the offset that the real checker's messages point at. */
export type Node =
  | { readonly kind: 'literal'; readonly value: Value; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'select'; readonly of: Node; readonly field: string; readonly how: Select; readonly at: number }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly target: Node | null
      readonly args: readonly Node[]
      readonly at: number
    }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[]; readonly at: number }
  | Loop
  | {
      readonly kind: 'optional-map'
      readonly of: Node
      readonly name: string
      readonly body: Node
      readonly flat: boolean
      readonly at: number
    }

type Select = 'get' | 'test' | 'optional'

/** A macro over a list or a map. */
export interface Loop {
  readonly kind: 'loop'
  readonly macro: 'all' | 'exists' | 'existsOne' | 'map' | 'filter' | 'transformMap'
  readonly range: Node
  /** One name for the item (or key); two for index (or key) and value. */
  readonly names: readonly string[]
  readonly filter: Node | null
  readonly body: Node
  readonly at: number
}

/** Why a text is no expression, and where. */
export class SyntaxFault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** What the package's parser gives for each part. */
interface Raw {
  readonly op: string
  readonly args: unknown
  readonly start: number
  readonly end: number
}

const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })

/** Reads an expression; throws a SyntaxFault. */
export function readExpression(text: string): Node {
  let raw: Raw
  try {
    raw = environment.parse(text).ast as unknown as Raw // Every node of the package has these.
  } catch (error) {
    const { summary, message, range } = error as { summary?: string; message: string; range?: { start: number } }
    const at = range?.start ?? 0
    throw new SyntaxFault(`Syntax error: ${syntaxText(text, summary ?? message, at)}`, at)
  }
  return new Reader(text).node(raw)
}

const BINARY: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '&&', '||'])

/** Turns the package's nodes into ours, looking up in the text where operators stand. */
class Reader {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  node(raw: Raw): Node {
    const { op, start: at } = raw
    switch (op) {
      case 'value':
        return { kind: 'literal', value: literal(raw.args), at }
      case 'id':
        return { kind: 'name', name: String(raw.args), at }
      case 'list':
        return { kind: 'list', items: raws(raw.args).map((each) => this.node(each)), at }
      case 'map':
        return { kind: 'map', entries: pairs(raw.args).map(([key, value]) => [this.node(key), this.node(value)]), at }
      case '!_':
      case '-_':
        return this.#unary(op, raw.args as Raw, at)
      case '?:':
        return this.#ternary(raws(raw.args))
      case '.':
      case '.?':
        return this.#select(raw.args as readonly [Raw, string], op)
      case '[]':
      case '[?]':
        return this.#index(raws(raw.args), op)
      case 'call':
        return this.#call(raw.args as readonly [string, readonly Raw[]], at)
      case 'rcall':
        return this.#member(raw.args as readonly [string, Raw, readonly Raw[]])
      default:
        return this.#binary(op, raws(raw.args), at)
    }
  }

  #unary(op: string, inner: Raw, at: number): Node {
    const arg = this.node(inner)
    if (op === '-_' && arg.kind === 'literal' && typeof arg.value === 'number') return { ...arg, value: -arg.value, at }
    if (op === '-_' && arg.kind === 'literal' && typeof arg.value === 'bigint') return { ...arg, value: -arg.value, at }
    return call(op, at, arg)
  }

  #ternary([test, yes, no]: readonly Raw[]): Node {
    if (test === undefined || yes === undefined || no === undefined) throw new SyntaxFault('Syntax error', 0)
    return call('_?_:_', this.#find('?', test.end), this.node(test), this.node(yes), this.node(no))
  }

  #binary(op: string, [left, right]: readonly Raw[], at: number): Node {
    if (left === undefined || right === undefined || !(BINARY.has(op) || op === 'in')) {
      throw new SyntaxFault(`Syntax error: ${op} is not understood by the sandbox`, at)
    }
    return call(op === 'in' ? '@in' : `_${op}_`, this.#find(op, left.end), this.node(left), this.node(right))
  }

  #select([of, field]: readonly [Raw, string], op: string): Node {
    const how = op === '.?' ? 'optional' : 'get'
    return { kind: 'select', of: this.node(of), field, how, at: this.#find('.', of.end) }
  }

  #index([of, key]: readonly Raw[], op: string): Node {
    if (of === undefined || key === undefined) throw new SyntaxFault('Syntax error', 0)
    return call(op === '[?]' ? '_[?_]' : '_[_]', this.#find('[', of.end), this.node(of), this.node(key))
  }

  #call([name, args]: readonly [string, readonly Raw[]], start: number): Node {
    const at = this.#find('(', start)
    const nodes = args.map((each) => this.node(each))
    const [first] = nodes
    if (name !== 'has' || nodes.length !== 1) return { kind: 'call', name, target: null, args: nodes, at }
    if (first?.kind !== 'select') throw new SyntaxFault('invalid argument to has() macro', args[0]?.start ?? at)
    return { ...first, how: 'test', at }
  }

  #member([name, receiver, args]: readonly [string, Raw, readonly Raw[]]): Node {
    const at = this.#find('(', this.#find(name, this.#find('.', receiver.end)))
    const target = this.node(receiver)
    const nodes = args.map((each) => this.node(each))
    return macro(name, target, nodes, at) ?? { kind: 'call', name, target, args: nodes, at }
  }

  /** Where a text comes after a place: only spaces and closing parentheses are in between. */
  #find(text: string, from: number): number {
    const found = this.#text.indexOf(text, from)
    return found < 0 ? from : found
  }
}

function call(name: string, at: number, ...args: readonly Node[]): Node {
  return { kind: 'call', name, target: null, args, at }
}

const LOOPS: Readonly<Record<string, Loop['macro']>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'existsOne',
  existsOne: 'existsOne',
  map: 'map',
  filter: 'filter',
  transformList: 'map',
  transformMap: 'transformMap',
}

/** A loop, or null where the call is a plain one. */
function macro(name: string, target: Node, args: readonly Node[], at: number): Node | null {
  const kind = LOOPS[name]
  const first = args[0]
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2 && args[1] !== undefined) {
    return { kind: 'optional-map', of: target, name: nameOf(first), body: args[1], flat: name === 'optFlatMap', at }
  }
  if (kind === undefined || (name === 'existsOne' && args.length === 2)) return null
  const two = name.startsWith('transform') || (args.length === 3 && ['all', 'exists', 'existsOne'].includes(kind))
  const names = args.slice(0, two ? 2 : 1).map(nameOf)
  const rest = args.slice(names.length)
  const body = rest.at(-1)
  const most = kind === 'map' || kind === 'transformMap' ? 2 : 1
  if (body === undefined || rest.length > most || names.length < (two ? 2 : 1)) return null
  return {
    kind: 'loop',
    macro: kind,
    range: target,
    names,
    filter: rest.length === 2 ? (rest[0] ?? null) : null,
    body,
    at,
  }
}

function nameOf(node: Node | undefined): string {
  if (node?.kind === 'name') return node.name
  throw new SyntaxFault('argument must be a simple name', node?.at ?? 0)
}

function raws(args: unknown): readonly Raw[] {
  return args as readonly Raw[] // The arguments of an operator are nodes.
}

function pairs(args: unknown): readonly (readonly [Raw, Raw])[] {
  return args as readonly (readonly [Raw, Raw])[] // Entries of a map literal.
}

function literal(value: unknown): Value {
  if (typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'bigint')
    return new Uint(value.value)
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  return value as Value // Texts, numbers, booleans and null are alike.
}
