// Regular expressions that take time in proportion to the text, whatever the pattern: patterns come from manifests.

/** A compiled pattern: states of a nondeterministic automaton; the last one accepts. */
export interface Regex {
  readonly states: readonly State[]
  readonly start: number
}

type Test = (character: string) => boolean

type State =
  | { readonly kind: 'read'; readonly test: Test; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no-boundary'; readonly next: number }
  | { readonly kind: 'accept' }

/** Repetitions are unrolled; a pattern that grows beyond this is refused. */
const MAX_STATES = 2000
const MAX_PATTERN = 1000
const MAX_NESTING = 50

type Node =
  | { readonly kind: 'read'; readonly test: Test }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number | null }

/**
 * Compiles a pattern of the RE2 kind (no back-references, no look-around). Null where something in it is not
 * understood. Flags: `i` ignores case, `x`, `g`, `n`, `s` and others are refused.
 */
export function compileRegex(pattern: string, flags: string): Regex | null {
  if (pattern.length > MAX_PATTERN || !/^i?$/.test(flags)) return null
  const insensitive = flags === 'i' || pattern.startsWith('(?i)')
  const source = pattern.startsWith('(?i)') ? pattern.slice(4) : pattern
  const reader = new PatternReader([...source], insensitive)
  const node = reader.choice(0)
  if (node === null || !reader.atEnd()) return null
  const states: State[] = [{ kind: 'accept' }]
  const start = build(states, node, 0)
  return start === null ? null : { states, start }
}

/** True when the pattern matches somewhere in the text. */
export function matches(regex: Regex, text: string): boolean {
  const characters = [...text]
  let current = new Set<number>()
  for (let at = 0; at <= characters.length; at++) {
    if (enter(regex, regex.start, characters, at, current)) return true
    const next = new Set<number>()
    const character = characters[at]
    if (character === undefined) return false
    for (const index of current) {
      const state = regex.states[index]
      if (state?.kind === 'read' && state.test(character) && enter(regex, state.next, characters, at + 1, next))
        return true
    }
    current = next
  }
  return false
}

/** What a match costs at most, in steps. */
export function matchCost(regex: Regex, text: string): number {
  return regex.states.length * (text.length + 1)
}

/** Adds a state and all it reaches without reading; true when that accepts. */
function enter(regex: Regex, from: number, text: readonly string[], at: number, into: Set<number>): boolean {
  const stack = [from]
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    if (into.has(index)) continue
    into.add(index)
    const state = regex.states[index]
    if (state?.kind === 'accept') return true
    if (state?.kind === 'fork') stack.push(...state.next)
    if (state?.kind === 'assert' && holds(state.what, text, at)) stack.push(state.next)
  }
  return false
}

function holds(what: 'start' | 'end' | 'boundary' | 'no-boundary', text: readonly string[], at: number): boolean {
  if (what === 'start') return at === 0
  if (what === 'end') return at === text.length
  const boundary = isWord(text[at - 1]) !== isWord(text[at])
  return what === 'boundary' ? boundary : !boundary
}

/** Appends the states of a node before `next`; the number of its first state, or null when there are too many. */
function build(states: State[], node: Node, next: number): number | null {
  if (states.length > MAX_STATES) return null
  switch (node.kind) {
    case 'read':
      return states.push({ kind: 'read', test: node.test, next }) - 1
    case 'assert':
      return states.push({ kind: 'assert', what: node.what, next }) - 1
    case 'sequence': {
      let at: number | null = next
      for (const part of node.parts.toReversed()) at = at === null ? null : build(states, part, at)
      return at
    }
    case 'choice': {
      const starts = node.parts.map((part) => build(states, part, next))
      const known = starts.filter((start) => start !== null)
      return known.length === starts.length ? states.push({ kind: 'fork', next: known }) - 1 : null
    }
    case 'repeat':
      return buildRepeat(states, node, next)
  }
}

function buildRepeat(states: State[], node: Extract<Node, { kind: 'repeat' }>, next: number): number | null {
  let at: number | null = next
  if (node.max === null) {
    const loop = states.push({ kind: 'fork', next: [next] }) - 1
    const body = build(states, node.body, loop)
    if (body === null) return null
    states[loop] = { kind: 'fork', next: [body, next] }
    at = loop
  } else {
    for (let count = node.min; count < node.max && at !== null; count++) {
      const body = build(states, node.body, at)
      at = body === null ? null : states.push({ kind: 'fork', next: [body, next] }) - 1
    }
  }
  for (let count = 0; count < node.min && at !== null; count++) at = build(states, node.body, at)
  return at
}

/** Recursive descent over the characters of a pattern; every method gives null for what it does not understand. */
class PatternReader {
  readonly #characters: readonly string[]
  readonly #insensitive: boolean
  #at = 0

  constructor(characters: readonly string[], insensitive: boolean) {
    this.#characters = characters
    this.#insensitive = insensitive
  }

  atEnd(): boolean {
    return this.#at >= this.#characters.length
  }

  choice(depth: number): Node | null {
    if (depth > MAX_NESTING) return null
    const parts: Node[] = []
    do {
      const part = this.#sequence(depth)
      if (part === null) return null
      parts.push(part)
    } while (this.#take('|'))
    return parts.length === 1 ? (parts[0] ?? null) : { kind: 'choice', parts }
  }

  #sequence(depth: number): Node | null {
    const parts: Node[] = []
    while (!this.atEnd() && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom(depth)
      const part = atom === null ? null : this.#repeated(atom)
      if (part === null) return null
      parts.push(part)
    }
    return { kind: 'sequence', parts }
  }

  #atom(depth: number): Node | null {
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group(depth)
      case '[':
        return this.#class()
      case '\\':
        return this.#escape()
      case '.':
        return { kind: 'read', test: (each) => each !== '\n' }
      case '^':
        return { kind: 'assert', what: 'start' }
      case '$':
        return { kind: 'assert', what: 'end' }
      case '*':
      case '+':
      case '?':
      case undefined:
        return null
      default:
        return { kind: 'read', test: this.#literal(character) }
    }
  }

  #group(depth: number): Node | null {
    if (this.#take('?') && !this.#take(':')) return null
    const body = this.choice(depth + 1)
    return body !== null && this.#take(')') ? body : null
  }

  #escape(): Node | null {
    const character = this.#next()
    if (character === 'b') return { kind: 'assert', what: 'boundary' }
    if (character === 'B') return { kind: 'assert', what: 'no-boundary' }
    if (character === 'A') return { kind: 'assert', what: 'start' }
    if (character === 'z') return { kind: 'assert', what: 'end' }
    const test = this.#escaped(character)
    return test === null ? null : { kind: 'read', test }
  }

  #escaped(character: string | undefined): Test | null {
    if (character === undefined) return null
    const known = CLASSES.get(character)
    if (known !== undefined) return known
    const control = CONTROLS.get(character)
    if (control !== undefined) return this.#literal(control)
    // A letter or digit with another meaning (\p, \Q, \1) is not understood; punctuation stands for itself.
    return /[A-Za-z0-9]/.test(character) ? null : this.#literal(character)
  }

  #class(): Node | null {
    const negated = this.#take('^')
    const tests: Test[] = []
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const test = this.#classItem()
      if (test === null) return null
      tests.push(test)
    }
    this.#at++
    return { kind: 'read', test: (each) => tests.some((test) => test(each)) !== negated }
  }

  #classItem(): Test | null {
    const low = this.#next()
    if (low === undefined || (low === '[' && this.#peek() === ':')) return null
    if (low === '\\') {
      const test = this.#escaped(this.#next())
      return this.#peek() === '-' && this.#characters[this.#at + 1] !== ']' ? null : test
    }
    if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') return this.#literal(low)
    this.#at++
    const high = this.#next()
    if (high === undefined || high === '\\' || high < low) return null
    const inRange: Test = (each) => each >= low && each <= high
    return this.#insensitive ? (each) => inRange(each.toLowerCase()) || inRange(each.toUpperCase()) : inRange
  }

  #repeated(atom: Node): Node | null {
    const bounds = this.#quantifier()
    if (bounds === 'none') return atom
    if (bounds === null || atom.kind === 'assert') return null
    this.#take('?')
    const again = this.#quantifier()
    return again === 'none' ? { kind: 'repeat', body: atom, ...bounds } : null
  }

  #quantifier(): { readonly min: number; readonly max: number | null } | 'none' | null {
    if (this.#take('*')) return { min: 0, max: null }
    if (this.#take('+')) return { min: 1, max: null }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#peek() !== '{') return 'none'
    const rest = this.#characters.slice(this.#at, this.#at + 16).join('')
    const match = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(rest)
    if (match === null) return null
    this.#at += match[0].length
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === undefined ? null : Number(match[3])
    return max !== null && max < min ? null : { min, max }
  }

  #literal(character: string): Test {
    if (!this.#insensitive) return (each) => each === character
    const lower = character.toLowerCase()
    return (each) => each.toLowerCase() === lower
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #next(): string | undefined {
    return this.#characters[this.#at++]
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }
}

const isDigit: Test = (each) => each >= '0' && each <= '9'
const isSpace: Test = (each) => /^[ \t\n\r\f]$/.test(each)

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character)
}

const CLASSES: ReadonlyMap<string, Test> = new Map([
  ['d', isDigit],
  ['D', (each) => !isDigit(each)],
  ['w', isWord],
  ['W', (each) => !isWord(each)],
  ['s', isSpace],
  ['S', (each) => !isSpace(each)],
])

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['v', '\v'],
])
