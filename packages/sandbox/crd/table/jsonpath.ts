// JSONPath as printer columns write it: fields, indexes, slices, wildcards, recursion, unions and filters.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { sameJson } from '../value/same.ts'

/** A path, read once; null for one that cannot be read. */
export type Path = (root: Json) => readonly Json[]

/** Cannot be evaluated on this value (an index out of bounds, a filter on something that is no list). */
export class PathFault extends Error {}

type Step = (from: readonly Json[]) => readonly Json[]

/** Reads a path such as `.spec.ports[?(@.name=="http")].port`. */
export function readPath(text: string): Path | null {
  const parser = new Parser(text)
  const steps = parser.steps()
  if (steps === null || !parser.done) return null
  return (root) => steps.reduce<readonly Json[]>((values, step) => step(values), [root])
}

/** Reads steps one after another. */
class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#text.slice(this.#at))
    if (found !== null) this.#at += found[0].length
    return found
  }

  steps(): readonly Step[] | null {
    const steps: Step[] = []
    this.#take(/^[$@]/)
    while (!this.done) {
      const step = this.#step(steps.length === 0)
      if (step === null) return null
      steps.push(step)
    }
    return steps
  }

  #step(first: boolean): Step | null {
    if (this.#take(/^\.\.(?=[^[\].\s])/) !== null) return recursively(this.#name())
    if (this.#take(/^\.\./) !== null) return everythingBelow
    if (this.#take(/^\.?\*/) !== null) return wildcard
    if (this.#take(/^\.$/) !== null) return (from) => from
    if (this.#take(/^\./) !== null || (first && /^[A-Za-z_]/.test(this.#text.slice(this.#at)))) {
      if (this.#text[this.#at] === '[') return this.#brackets()
      const name = this.#name()
      return name === null ? null : field(name)
    }
    return this.#text[this.#at] === '[' ? this.#brackets() : null
  }

  #name(): string | null {
    const found = this.#take(/^(?:\\.|[^\s[\].,()"'@$&|=<>!{}*?])+/)
    return found === null ? null : found[0].replace(/\\(.)/g, '$1')
  }

  #brackets(): Step | null {
    if (this.#take(/^\[\*\]/) !== null) return wildcard
    const quoted = this.#take(/^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/)
    if (quoted !== null) return dotted(quoted[1] ?? quoted[2] ?? '')
    const slice = this.#take(/^\[(-?\d*)(?:(:)(-?\d*)(?::(-?\d*))?)?\]/)
    if (slice !== null) return sliceOf(slice)
    const union = this.#take(/^\[((?:-?\d+|'[^']*'|"[^"]*")(?:\s*,\s*(?:-?\d+|'[^']*'|"[^"]*"))+)\]/)
    if (union !== null) return unionOf(union[1] ?? '')
    const filter = this.#take(/^\[\?\((.+?)\)\]/)
    return filter === null ? null : filterOf(filter[1] ?? '')
  }
}

function field(name: string): Step {
  return (from) => from.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : []))
}

/** A quoted key is read as a path of its own, as the real server does: dots in it separate unless they are escaped. */
function dotted(text: string): Step | null {
  const path = readPath(`.${text}`)
  return path === null ? null : (from) => from.flatMap(path)
}

const wildcard: Step = (from) => from.flatMap(childrenOf)

function childrenOf(value: Json): readonly Json[] {
  if (isList(value)) return value
  return isObject(value) ? Object.values(value) : []
}

function everythingBelow(from: readonly Json[]): readonly Json[] {
  return from.flatMap((value) => {
    const children = childrenOf(value)
    return children.length === 0 ? [] : [value, ...everythingBelow(children)]
  })
}

function recursively(name: string | null): Step | null {
  if (name === null) return null
  const named = field(name)
  return (from) => named(everythingBelow(from))
}

function sliceOf([, first = '', colon, last, every]: readonly (string | undefined)[]): Step | null {
  if (first === '' && colon === undefined) return null
  const step = every === undefined || every === '' ? 1 : Number(every)
  return (from) =>
    from.flatMap((value) => {
      if (value === null) return []
      if (!isList(value)) throw new PathFault('is not array or slice')
      const start = first === '' ? 0 : inBounds(Number(first), value.length)
      const end = endOf(start, colon, last, value.length)
      return cut(value, start, end, step)
    })
}

function endOf(start: number, colon: string | undefined, last: string | undefined, length: number): number {
  if (colon === undefined) return start + 1
  return last === undefined || last === '' ? length : inBounds(Number(last), length)
}

function cut(list: readonly Json[], start: number, end: number, step: number): readonly Json[] {
  const length = list.length
  if (start === end) return []
  if (start < 0 || start >= length || end > length || end < start || step <= 0) {
    throw new PathFault(`array index out of bounds: index ${start}, length ${length}`)
  }
  return list.slice(start, end).filter((_, index) => index % step === 0)
}

function inBounds(index: number, length: number): number {
  return index < 0 ? index + length : index
}

function unionOf(text: string): Step {
  const steps = text.split(',').map((part): Step => {
    const trimmed = part.trim()
    if (/^['"]/.test(trimmed)) return field(trimmed.slice(1, -1))
    return sliceOf(['', trimmed]) ?? ((from) => from)
  })
  return (from) => steps.flatMap((step) => step(from))
}

const COMPARISONS: Readonly<Record<string, (a: Json, b: Json) => boolean>> = {
  '==': sameJson,
  '!=': (a, b) => !sameJson(a, b),
  '<': (a, b) => compare(a, b) < 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>': (a, b) => compare(a, b) > 0,
  '>=': (a, b) => compare(a, b) >= 0,
}

function compare(a: Json, b: Json): number {
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : a < b ? -1 : 1
  if (isNumber(a) && isNumber(b)) return a === b ? 0 : a < b ? -1 : 1
  throw new PathFault('incompatible types for comparison')
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function filterOf(text: string): Step | null {
  const found = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/.exec(text)
  const left = operand(found?.[1] ?? text)
  if (left === null) return null
  if (found === null) return overItems((item) => left(item).length > 0)
  const holds = COMPARISONS[found[2] ?? '']
  const right = operand(found[3] ?? '')
  if (holds === undefined || right === null) return null
  return overItems((item) => {
    const [a, ...moreLeft] = left(item)
    const [b, ...moreRight] = right(item)
    if (a === undefined || b === undefined) return false
    if (moreLeft.length > 0 || moreRight.length > 0) throw new PathFault('can only compare one element at a time')
    return holds(a, b)
  })
}

function overItems(keep: (item: Json) => boolean): Step {
  return (from) =>
    from.flatMap((value) => {
      if (!isList(value)) throw new PathFault('is not array or slice and cannot be filtered')
      return value.filter(keep)
    })
}

function operand(text: string): Path | null {
  const trimmed = text.trim()
  const quoted = /^'((?:\\.|[^'])*)'$/.exec(trimmed) ?? /^"((?:\\.|[^"])*)"$/.exec(trimmed)
  if (quoted !== null) return () => [(quoted[1] ?? '').replace(/\\(.)/g, '$1')]
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return () => [Number(trimmed)]
  if (trimmed === 'true' || trimmed === 'false') return () => [trimmed === 'true']
  return trimmed.startsWith('@') ? readPath(trimmed) : null
}
