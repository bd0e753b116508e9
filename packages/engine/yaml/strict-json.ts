// Reads strict JSON with exact positions for errors and fields: no digits of an int64 are lost, no key can reach a prototype.
import type { Json } from '@mainstay/core/object/json.ts'
import { ComposeError, type DuplicateKey } from './compose.ts'
import { setKey } from './record.ts'

/** What was read, and where it begins in the text. */
export interface JsonText {
  readonly value: Json
  readonly offset: number
  readonly duplicates: readonly DuplicateKey[]
  /** Offset after the value and the white space that follows it: the text's length where nothing else follows. */
  readonly end: number
}

/** A path of keys and list indexes into a value. */
export type FieldPath = readonly (string | number)[]

/** Reads one JSON value from an offset on. Throws ComposeError with the offset of the first character that is wrong. */
export function readJson(text: string, from: number, limits: { readonly depth: number }): JsonText {
  const reader = new Reader(text, from, limits.depth, null)
  const { value, offset } = reader.read()
  return { value, offset, duplicates: reader.duplicates, end: reader.at }
}

/** Offset of the deepest part of a path that exists, in a text that `readJson` accepted. */
export function locateJson(text: string, from: number, path: FieldPath): number {
  const reader = new Reader(text, from, Number.POSITIVE_INFINITY, path)
  const { offset } = reader.read()
  return reader.found < 0 ? offset : reader.found
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
const SPACE = /[ \t\n\r]*/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Characters of a string that stand for themselves: all but quote, backslash and control characters (and the end: NaN). */
function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c
}

class Reader {
  readonly duplicates: DuplicateKey[] = []
  readonly #text: string
  readonly #depth: number
  readonly #path: FieldPath | null
  at: number
  /** Offset of the deepest part of the wanted path so far. */
  found = -1

  constructor(text: string, at: number, depth: number, path: FieldPath | null) {
    this.#text = text
    this.at = at
    this.#depth = depth
    this.#path = path
  }

  read(): { readonly value: Json; readonly offset: number } {
    this.#space()
    const offset = this.at
    const value = this.#value(0, this.#path === null ? -1 : 0)
    this.#space()
    return { value, offset }
  }

  /** Reads a value at a nesting level. `wanted` is how much of the wanted path led here, -1 where it went elsewhere. */
  #value(level: number, wanted: number): Json {
    if (level > this.#depth) this.#fail(`lists and mappings are nested deeper than ${this.#depth} levels`)
    const char = this.#text.charAt(this.at)
    if (char === '{') return this.#object(level, wanted)
    if (char === '[') return this.#list(level, wanted)
    if (char === '"') return this.#string()
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number()
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    return this.#fail(char === '' ? 'the JSON ends too early' : 'a JSON value is expected here')
  }

  #object(level: number, wanted: number): Json {
    const result: Record<string, Json> = {}
    this.at++
    this.#space()
    if (this.#take('}')) return result
    for (;;) {
      const offset = this.at
      if (this.#text.charAt(this.at) !== '"') this.#fail('a key in double quotes is expected here')
      const key = this.#string()
      this.#space()
      if (!this.#take(':')) this.#fail('":" is expected here')
      this.#space()
      if (Object.hasOwn(result, key)) this.duplicates.push({ key, offset })
      setKey(result, key, this.#value(level + 1, this.#follow(key, wanted, offset)))
      this.#space()
      if (this.#take('}')) return result
      if (!this.#take(',')) this.#fail('"," or "}" is expected here')
      this.#space()
    }
  }

  #list(level: number, wanted: number): Json {
    const result: Json[] = []
    this.at++
    this.#space()
    if (this.#take(']')) return result
    for (;;) {
      result.push(this.#value(level + 1, this.#follow(result.length, wanted, this.at)))
      this.#space()
      if (this.#take(']')) return result
      if (!this.#take(',')) this.#fail('"," or "]" is expected here')
      this.#space()
    }
  }

  #follow(key: string | number, wanted: number, offset: number): number {
    if (this.#path === null || wanted < 0 || this.#path[wanted] !== key) return -1
    this.found = offset
    return wanted + 1
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.at
    const text = NUMBER.exec(this.#text)?.[0]
    if (text === undefined) return this.#fail('a number is expected here')
    const value = Number(text)
    if (!Number.isFinite(value)) this.#fail('the number is too large')
    this.at += text.length
    if (Number.isSafeInteger(value) || /[.eE]/.test(text)) return value + 0
    const exact = BigInt(text)
    return exact >= -(2n ** 63n) && exact < 2n ** 64n ? exact : value
  }

  #string(): string {
    let result = ''
    this.at++
    for (;;) {
      const start = this.at
      while (isPlain(this.#text.charCodeAt(this.at))) this.at++
      result += this.#text.slice(start, this.at)
      const char = this.#text.charAt(this.at)
      if (char === '"') {
        this.at++
        return result
      }
      if (char !== '\\')
        this.#fail(char === '' ? 'the JSON ends inside a string' : 'a control character must be escaped')
      result += this.#escape()
    }
  }

  #escape(): string {
    const char = this.#text.charAt(this.at + 1)
    const simple = ESCAPES[char]
    if (simple !== undefined) {
      this.at += 2
      return simple
    }
    const digits = this.#text.slice(this.at + 2, this.at + 6)
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('this escape sequence is not JSON')
    this.at += 6
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #take(char: string): boolean {
    if (this.#text.charAt(this.at) !== char) return false
    this.at++
    return true
  }

  #space(): void {
    SPACE.lastIndex = this.at
    this.at += SPACE.exec(this.#text)?.[0].length ?? 0
  }

  #fail(reason: string): never {
    throw new ComposeError(this.at, reason)
  }
}
