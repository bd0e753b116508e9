// Glob patterns as Argo CD matches them in `directory.include` and `directory.exclude`: no character is a separator.

/** Decides whether a text matches a pattern. Takes time proportional to pattern × text, whatever the pattern. */
export type Glob = (text: string) => boolean

/** A part of a pattern. Without separators `**` means what `*` means. */
type Part =
  | { readonly kind: 'text'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' }
  | { readonly kind: 'set'; readonly not: boolean; readonly has: (char: string) => boolean }
  | { readonly kind: 'choice'; readonly options: readonly (readonly Part[])[] }

/** Why a pattern cannot be read. */
export class GlobError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'GlobError'
  }
}

/**
 * Compiles a pattern: `*` and `**` any text (also across `/`), `?` one character, `[abc]`, `[a-z]`, `[!a]`, `{one,two}`,
 * `\` takes the next character as it is.
 *
 * @throws GlobError for a bracket or brace that is not closed, for empty brackets, and for a range that runs backwards
 */
export function compileGlob(pattern: string): Glob {
  const parser = new Parser(pattern)
  const machine = build(parser.parts(0))
  return (text) => matches(machine, text)
}

class Parser {
  readonly #chars: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#chars = [...pattern]
  }

  parts(depth: number): readonly Part[] {
    if (depth > 20) throw new GlobError('braces are nested deeper than 20 levels')
    const parts: Part[] = []
    for (let char = this.#chars[this.#at]; char !== undefined; char = this.#chars[this.#at]) {
      if (depth > 0 && (char === ',' || char === '}')) return parts
      this.#at++
      if (char === '*') parts.push({ kind: 'any' })
      else if (char === '?') parts.push({ kind: 'one' })
      else if (char === '[') parts.push(this.#set())
      else if (char === '{') parts.push(this.#choice(depth))
      else if (char !== '\\') parts.push({ kind: 'text', char })
      else if (this.#at < this.#chars.length) parts.push({ kind: 'text', char: this.#chars[this.#at++] ?? '' })
    }
    return parts
  }

  #choice(depth: number): Part {
    const options: (readonly Part[])[] = []
    for (;;) {
      options.push(this.parts(depth + 1))
      const end = this.#chars[this.#at++]
      if (end === undefined) throw new GlobError('a brace is not closed')
      if (end === '}') return { kind: 'choice', options }
    }
  }

  #set(): Part {
    const not = this.#chars[this.#at] === '!'
    if (not) this.#at++
    const [low = '', dash, high] = this.#chars.slice(this.#at, this.#at + 3)
    if (dash === '-' && high !== undefined) {
      if (this.#chars[this.#at + 3] !== ']') throw new GlobError('a range in brackets must be closed: [a-z]')
      if (high < low) throw new GlobError(`the range [${low}-${high}] runs backwards`)
      this.#at += 4
      return { kind: 'set', not, has: (char) => char >= low && char <= high }
    }
    const listed = new Set<string>()
    for (let char = this.#chars[this.#at++]; char !== ']'; char = this.#chars[this.#at++]) {
      if (char === '\\') char = this.#chars[this.#at++]
      if (char === undefined) throw new GlobError('a bracket is not closed')
      listed.add(char)
    }
    if (listed.size === 0) throw new GlobError('brackets are empty')
    return { kind: 'set', not, has: (char) => listed.has(char) }
  }
}

/** One state of the matching machine: takes a character, or goes on without one. */
interface State {
  readonly takes: ((char: string) => boolean) | null
  readonly next: readonly number[]
}

interface Machine {
  readonly states: readonly State[]
  readonly start: number
}

/** Index of the state that accepts. */
const END = 0

/** Builds the machine from back to front: each part knows the state that follows it. */
function build(parts: readonly Part[]): Machine {
  const states: State[] = [{ takes: null, next: [] }]
  const add = (takes: State['takes'], next: readonly number[]): number => states.push({ takes, next }) - 1
  const chain = (list: readonly Part[], after: number): number =>
    list.reduceRight((next, part) => single(part, next), after)
  const single = (part: Part, after: number): number => {
    switch (part.kind) {
      case 'text':
        return add((char) => char === part.char, [after])
      case 'one':
        return add(() => true, [after])
      case 'set':
        return add((char) => part.has(char) !== part.not, [after])
      case 'choice':
        return add(
          null,
          part.options.map((option) => chain(option, after)),
        )
      case 'any': {
        const loop: number[] = [after]
        const entry = add(null, loop)
        loop.push(add(() => true, [entry]))
        return entry
      }
    }
  }
  const start = chain(parts, END)
  return { states, start }
}

function matches({ states, start }: Machine, text: string): boolean {
  let current = reach(states, [start])
  for (const char of text) {
    const next: number[] = []
    for (const index of current) {
      const state = states[index]
      if (state?.takes?.(char)) next.push(...state.next)
    }
    if (next.length === 0) return false
    current = reach(states, next)
  }
  return current.has(END)
}

/** All states that can be reached without taking a character. */
function reach(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>()
  const todo = [...from]
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    if (reached.has(index)) continue
    reached.add(index)
    const state = states[index]
    if (state?.takes === null) todo.push(...state.next)
  }
  return reached
}
