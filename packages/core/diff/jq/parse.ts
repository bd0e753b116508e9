// Reads a jq expression into a program, or names the first construct that is beyond the part of jq spoken here.

import type { ArgumentFunction, CompareOp, JqProgram, ParsedJq, PlainFunction } from './program.ts'
import { ARGUMENT_FUNCTIONS, PLAIN_FUNCTIONS } from './program.ts'
import { compileRegex } from './regex.ts'
import type { Token } from './tokens.ts'
import { tokenize } from './tokens.ts'

const MAX_NESTING = 100

const COMPARISONS: readonly CompareOp[] = ['==', '!=', '<', '<=', '>', '>=']

/** Reads an expression. Never throws and takes time in proportion to its length. */
export function parseJq(text: string): ParsedJq {
  const tokens = tokenize(text)
  if (tokens.kind === 'unsupported') return tokens
  const parser = new Parser(tokens.tokens)
  const program = parser.pipe(0)
  if (program !== null && parser.atEnd()) return { kind: 'program', program }
  const { token, why } = parser.stuck()
  return { kind: 'unsupported', construct: why ?? token.text, at: token.at }
}

/** Recursive descent; null means stuck, and the parser remembers where. */
class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #why: { readonly at: number; readonly text: string } | null = null

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  atEnd(): boolean {
    return this.#peek().kind === 'end'
  }

  /** The token that could not be read, and the construct it belongs to where the token alone does not say it. */
  stuck(): { readonly token: Token; readonly why: string | null } {
    const token = this.#why === null ? this.#peek() : (this.#tokens[this.#why.at] ?? this.#peek())
    return { token, why: this.#why?.text ?? null }
  }

  pipe(depth: number): JqProgram | null {
    if (depth > MAX_NESTING) return this.#fail('an expression nested this deep')
    const left = this.#comma(depth)
    if (left === null || !this.#take('|')) return left
    const right = this.pipe(depth + 1)
    return right === null ? null : { kind: 'pipe', left, right }
  }

  #comma(depth: number): JqProgram | null {
    let left = this.#otherwise(depth)
    while (left !== null && this.#take(',')) left = join('comma', left, this.#otherwise(depth))
    return left
  }

  #otherwise(depth: number): JqProgram | null {
    const left = this.#or(depth)
    if (left === null || !this.#take('//')) return left
    if (depth > MAX_NESTING) return this.#fail('an expression nested this deep')
    return join('otherwise', left, this.#otherwise(depth + 1))
  }

  #or(depth: number): JqProgram | null {
    let left = this.#and(depth)
    while (left !== null && this.#takeName('or')) left = join('or', left, this.#and(depth))
    return left
  }

  #and(depth: number): JqProgram | null {
    let left = this.#compare(depth)
    while (left !== null && this.#takeName('and')) left = join('and', left, this.#compare(depth))
    return left
  }

  #compare(depth: number): JqProgram | null {
    const left = this.#postfix(depth)
    const op = COMPARISONS.find((each) => this.#isSymbol(each))
    if (left === null || op === undefined) return left
    this.#at++
    const right = this.#postfix(depth)
    return right === null ? null : { kind: 'compare', op, left, right }
  }

  /** A term and everything that hangs on it: `.a`, `[0]`, `["a"]`, `?`. */
  #postfix(depth: number): JqProgram | null {
    let program = this.#term(depth)
    while (program !== null) {
      const before: JqProgram = program
      if (this.#take('?')) program = { kind: 'try', body: before }
      else if (this.#peek().kind === 'field') program = then(before, this.#field())
      else if (this.#isSymbol('[')) program = then(before, this.#brackets())
      else if (this.#isSymbol('.') && this.#opensStep()) {
        this.#at++
        program = then(before, this.#isSymbol('[') ? this.#brackets() : this.#field())
      } else return before
    }
    return null
  }

  /** After a dot: `."name"` or `.["name"]`. */
  #opensStep(): boolean {
    const next = this.#tokens[this.#at + 1]
    return next?.kind === 'string' || (next?.kind === 'symbol' && next.text === '[')
  }

  #term(depth: number): JqProgram | null {
    const token = this.#peek()
    if (token.kind === 'field') return this.#field()
    if (token.kind === 'string') return this.#literal(token.text)
    if (token.kind === 'number') return this.#literal(Number(token.text))
    if (token.kind === 'name') return this.#call(token, depth)
    if (token.kind === 'end') return null
    switch (token.text) {
      case '..':
        this.#at++
        return { kind: 'recurse' }
      case '.':
        this.#at++
        if (this.#isSymbol('[')) return this.#brackets()
        return this.#peek().kind === 'string' ? this.#field() : { kind: 'identity' }
      case '(':
        return this.#enclosed(depth)
      case '[':
        return this.#list(depth)
      case '-':
        return this.#negative()
      default:
        return null
    }
  }

  #enclosed(depth: number): JqProgram | null {
    this.#at++
    const body = this.pipe(depth + 1)
    return body !== null && this.#take(')') ? body : null
  }

  #list(depth: number): JqProgram | null {
    this.#at++
    if (this.#take(']')) return { kind: 'list', body: null }
    const body = this.pipe(depth + 1)
    return body !== null && this.#take(']') ? { kind: 'list', body } : null
  }

  #negative(): JqProgram | null {
    const number = this.#tokens[this.#at + 1]
    if (number?.kind !== 'number') return null
    this.#at++
    return this.#literal(-Number(number.text))
  }

  #literal(value: string | number): JqProgram {
    this.#at++
    return { kind: 'literal', value }
  }

  #field(): JqProgram {
    const name = this.#peek().text
    this.#at++
    return { kind: 'field', name }
  }

  /** `[]`, `["name"]`, `[2]`, `[-1]`, `[1:3]`, `[:-1]`. */
  #brackets(): JqProgram | null {
    this.#at++
    if (this.#take(']')) return { kind: 'each' }
    const token = this.#peek()
    if (token.kind === 'string') {
      const field = this.#field()
      return this.#take(']') ? field : null
    }
    const from = this.#integer()
    if (from !== null && this.#take(']')) return { kind: 'index', index: from }
    if (!this.#take(':')) return from === null ? this.#fail('a computed index') : null
    const to = this.#integer()
    if (from === null && to === null) return null
    return this.#take(']') ? { kind: 'slice', from, to } : null
  }

  #integer(): number | null {
    const sign = this.#isSymbol('-') ? 1 : 0
    const token = this.#tokens[this.#at + sign]
    if (token?.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) return null
    this.#at += sign + 1
    return sign === 1 ? -Number(token.text) : Number(token.text)
  }

  #call(token: Token, depth: number): JqProgram | null {
    const { text } = token
    if (text === 'true' || text === 'false' || text === 'null') {
      this.#at++
      return { kind: 'literal', value: text === 'null' ? null : text === 'true' }
    }
    const plain = PLAIN_FUNCTIONS.find((name): name is PlainFunction => name === text)
    const taking = ARGUMENT_FUNCTIONS.find((name): name is ArgumentFunction => name === text)
    const known = plain !== undefined || taking !== undefined || SPECIAL.has(text)
    if (!known) return this.#fail(text)
    const at = this.#at
    this.#at++
    const given = this.#arguments(depth)
    if (given === null) return null
    const program =
      plain !== undefined && given.length === 0 ? { kind: 'call' as const, name: plain } : special(text, given)
    const [argument] = given
    if (program !== null) return program
    if (taking !== undefined && argument !== undefined && given.length === 1) {
      return { kind: 'call-with', name: taking, argument }
    }
    this.#at = at
    return this.#fail(given.length === 0 ? text : `${text} with such an argument`)
  }

  #arguments(depth: number): readonly JqProgram[] | null {
    if (!this.#take('(')) return []
    const given: JqProgram[] = []
    do {
      const argument = this.pipe(depth + 1)
      if (argument === null) return null
      given.push(argument)
    } while (this.#take(';'))
    return this.#take(')') ? given : null
  }

  #fail(text: string): null {
    this.#why ??= { at: this.#at, text }
    return null
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end of the expression', at: 0 }
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek()
    return token.kind === 'symbol' && token.text === text
  }

  #take(text: string): boolean {
    if (!this.#isSymbol(text)) return false
    this.#at++
    return true
  }

  #takeName(text: string): boolean {
    const token = this.#peek()
    if (token.kind !== 'name' || token.text !== text) return false
    this.#at++
    return true
  }
}

const SPECIAL: ReadonlySet<string> = new Set(['select', 'any', 'all', 'recurse', 'test'])

/** Functions with a shape of their own; null where the arguments are others than expected. */
function special(name: string, given: readonly JqProgram[]): JqProgram | null {
  const [first, second] = given
  if (name === 'recurse' && first === undefined) return { kind: 'recurse' }
  if ((name === 'any' || name === 'all') && second === undefined) {
    return { kind: name, body: first ?? { kind: 'identity' } }
  }
  if (name === 'select' && first !== undefined && second === undefined) return { kind: 'select', body: first }
  if (name !== 'test' || first?.kind !== 'literal' || typeof first.value !== 'string' || given.length > 2) return null
  const flags = second === undefined ? '' : second.kind === 'literal' ? (second.value ?? '') : null
  const regex = typeof flags === 'string' ? compileRegex(first.value, flags) : null
  return regex === null ? null : { kind: 'test', regex }
}

function then(left: JqProgram, right: JqProgram | null): JqProgram | null {
  return right === null ? null : { kind: 'pipe', left, right }
}

function join(kind: 'comma' | 'otherwise' | 'and' | 'or', left: JqProgram, right: JqProgram | null): JqProgram | null {
  return right === null ? null : { kind, left, right }
}
