// Regular expressions as Go has them (RE2), for a JavaScript engine: the same language, the same complaints.
import { classBody, propertyClass } from './pattern-class.ts'
import { Complaint, codeOf, complain } from './pattern-complaint.ts'

/** A pattern that can be run, or what Go says of it. */
export type Compiled =
  | { readonly kind: 'pattern'; readonly expression: RegExp }
  | { readonly kind: 'problem'; readonly problem: string }

const compiled = new Map<string, Compiled>()
/** Patterns come from schemas, of which there are few; beyond this the oldest are made anew. */
const MOST = 2000

/** Compiles a pattern; the same text gives the same value. */
export function compilePattern(pattern: string): Compiled {
  const before = compiled.get(pattern)
  if (before !== undefined) return before
  if (compiled.size >= MOST) compiled.clear()
  const made = compile(pattern)
  compiled.set(pattern, made)
  return made
}

function compile(pattern: string): Compiled {
  try {
    return { kind: 'pattern', expression: new RegExp(new Translator(pattern).all(), 'u') }
  } catch (error) {
    if (error instanceof Complaint) return { kind: 'problem', problem: `error parsing regexp: ${error.message}` }
    if (error instanceof SyntaxError)
      return { kind: 'problem', problem: `not understood by the sandbox: ${error.message}` }
    throw error
  }
}

/** Flags that may be turned on inside a pattern. `U` swaps greedy and lazy. */
interface Flags {
  readonly fold: boolean
  readonly lines: boolean
  readonly dotAll: boolean
  readonly swap: boolean
}

const NO_FLAGS: Flags = { fold: false, lines: false, dotAll: false, swap: false }

/** Walks a pattern once and writes it in JavaScript's spelling. */
class Translator {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  all(): string {
    const out = this.#alternatives(NO_FLAGS)
    if (this.#at < this.#text.length) complain('unexpected )', this.#text)
    return out
  }

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  /** Everything up to the end of the group. A flag group without a body holds for the rest of it. */
  #alternatives(flags: Flags): string {
    let out = ''
    let now = flags
    while (this.#at < this.#text.length && !this.#peek(')')) {
      if (this.#peek('|')) {
        this.#at += 1
        out += '|'
        continue
      }
      const change = this.#flagsAlone(now)
      if (change !== null) now = change
      else out += this.#repeated(now)
    }
    return out
  }

  /** `(?i)`; null where there is none here. */
  #flagsAlone(flags: Flags): Flags | null {
    const found = /^\(\?([imsU]*)(-[imsU]+)?\)/.exec(this.#text.slice(this.#at))
    if (found === null) return null
    this.#at += found[0].length
    return changed(flags, found[1] ?? '', (found[2] ?? '').slice(1))
  }

  #repeated(flags: Flags): string {
    const start = this.#at
    let out = this.#atom(flags)
    let count = 0
    for (;;) {
      const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#text.slice(this.#at))?.[0]
      if (found === undefined) return out
      const lazy = this.#text[this.#at + found.length] === '?'
      const whole = found + (lazy ? '?' : '')
      if (count > 0) complain('invalid nested repetition operator', this.#text.slice(start, this.#at).slice(-1) + whole)
      checkCounts(found)
      this.#at += whole.length
      out = `${isSimple(out) ? out : `(?:${out})`}${found}${lazy !== flags.swap ? '?' : ''}`
      count += 1
    }
  }

  #atom(flags: Flags): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    switch (char) {
      case '(':
        return this.#group(flags)
      case '[':
        return this.#class(flags)
      case '\\':
        return this.#escape(flags)
      case '*':
      case '+':
      case '?':
        return complain('missing argument to repetition operator', char)
      default:
        this.#at += char.length
        return plainAtom(char, flags)
    }
  }

  #group(flags: Flags): string {
    const rest = this.#text.slice(this.#at)
    const opening = /^\((?:\?P?<([A-Za-z_][A-Za-z0-9_]*)>|\?([imsU]*)(?:-([imsU]+))?:)?/.exec(rest)
    if (opening === null) return complain('missing closing )', this.#text)
    if (opening[0] === '(' && rest.startsWith('(?'))
      complain('invalid or unsupported Perl syntax', rest.slice(0, rest.startsWith('(?<') ? 4 : 3))
    this.#at += opening[0].length
    const inner = changed(flags, opening[2] ?? '', opening[3] ?? '')
    const body = this.#alternatives(inner)
    if (!this.#peek(')')) complain('missing closing )', this.#text)
    this.#at += 1
    return opening[0].endsWith(':') || opening[1] !== undefined ? `(?:${body})` : `(${body})`
  }

  #class(flags: Flags): string {
    const { body, end } = classBody(this.#text, this.#at)
    this.#at = end
    return flags.fold ? `(?i:${body})` : body
  }

  #escape(flags: Flags): string {
    const rest = this.#text.slice(this.#at)
    const next = rest[1]
    if (next === undefined) return complain('trailing backslash at end of expression', '')
    const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest)
    if (quoted !== null) {
      this.#at += quoted[0].length
      return [...(quoted[1] ?? '')].map((char) => plainAtom(char, flags, true)).join('')
    }
    const found =
      /^\\(?:[AzbBdDsSwWaftnrv]|x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[0-7]{2,3}|[1-7][0-7]+|0|[pP](?:\{\^?\w+\}|\w)|[^0-9A-Za-z])/su.exec(
        rest,
      )?.[0]
    if (found === undefined) return complain('invalid escape sequence', rest.slice(0, 2))
    this.#at += found.length
    return flags.fold ? `(?i:${escapeText(found, flags)})` : escapeText(found, flags)
  }
}

function changed(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean): boolean => (on.includes(letter) || before) && !off.includes(letter)
  return {
    fold: value('i', flags.fold),
    lines: value('m', flags.lines),
    dotAll: value('s', flags.dotAll),
    swap: value('U', flags.swap),
  }
}

/** One character that means itself, or `.`, `^`, `$`. */
function plainAtom(char: string, flags: Flags, literal = false): string {
  if (!literal && char === '.') return flags.dotAll ? '[^]' : '[^\\n]'
  if (!literal && char === '^') return flags.lines ? '(?<=^|\\n)' : '^'
  if (!literal && char === '$') return flags.lines ? '(?=\\n|$)' : '$'
  const text = /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char
  return flags.fold && /\p{L}/u.test(char) ? `(?i:${text})` : text
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\A': '^',
  '\\z': '$',
  '\\a': '\\x07',
  '\\s': '[\\t\\n\\f\\r ]',
  '\\S': '[^\\t\\n\\f\\r ]',
  '\\d': '[0-9]',
  '\\D': '[^0-9]',
  '\\w': '[0-9A-Za-z_]',
  '\\W': '[^0-9A-Za-z_]',
}

function escapeText(found: string, flags: Flags): string {
  const simple = SIMPLE_ESCAPES[found]
  if (simple !== undefined) return simple
  if (/^\\[bBftnrv]$/.test(found)) return found
  if (/^\\[pP]/.test(found)) return propertyClass(found)
  const code = codeOf(found)
  return code === null ? plainAtom(found.slice(1), flags, true) : `\\u{${code.toString(16)}}`
}

function checkCounts(repetition: string): void {
  const found = /^\{(\d+)(?:,(\d*))?\}$/.exec(repetition)
  if (found === null) return
  const least = Number(found[1])
  const most = found[2] === undefined || found[2] === '' ? least : Number(found[2])
  if (least > 1000 || most > 1000 || most < least) complain('invalid repeat count', repetition)
}

/** True where a repetition after this text takes all of it. */
function isSimple(text: string): boolean {
  return (
    text.length === 1 ||
    /^\\(?:u\{[0-9a-f]+\}|.)$/su.test(text) ||
    /^\[(?:[^\]\\]|\\.)*\]$/s.test(text) ||
    /^\([^()]*\)$/.test(text)
  )
}
