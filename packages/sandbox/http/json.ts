// JSON as it comes over the wire: 64-bit integers survive, duplicate fields are noticed, faults are worded as Go's.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'

/** A text that is no JSON. */
export class JsonFault extends Error {}

/** A value, and for each of its objects the keys that stood there more than once (the last one counts). */
export interface ParsedJson {
  readonly value: Json
  readonly duplicates: ReadonlyMap<JsonObject, ReadonlySet<string>> | null
  /** Keys that stood twice in YAML, in the words of its reader. */
  readonly repeated?: readonly string[]
}

/** Reads a text; throws a JsonFault. */
export function parseJson(text: string): ParsedJson {
  // An integer of sixteen digits and more may not fit into a double.
  if (!/\d{16}/.test(text)) {
    try {
      const value: Json = JSON.parse(text)
      if (countKeys(value) === countColons(text)) return { value, duplicates: null }
    } catch {
      // Read again below, for the words of the fault.
    }
  }
  return new Parser(text).whole()
}

/** Writes a value as Go does: what HTML would take for its own is escaped. */
export function writeJson(value: Json, indent = 0): string {
  const text = plainJson(value, indent)
  return SPECIAL.test(text)
    ? text.replaceAll(SPECIALS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text
}

const SPECIAL = /[<>&\u2028\u2029]/
const SPECIALS = /[<>&\u2028\u2029]/g

function plainJson(value: Json, indent: number): string {
  try {
    return JSON.stringify(value, null, indent)
  } catch {
    // Only a bigint cannot be written by the platform.
    return writeSlowly(value, indent === 0 ? null : '')
  }
}

function countKeys(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) count += countKeys(item)
    return count
  }
  const object = value as JsonObject
  for (const key in object) count += 1 + countKeys(object[key] ?? null)
  return count
}

/** Colons outside of strings: one for each key as written. */
function countColons(text: string): number {
  let count = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 58) count++
    else if (code === 34) at = endOfString(text, at)
    at++
  }
  return count
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? text.length : at
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y

class Parser {
  readonly #text: string
  readonly #duplicates = new Map<JsonObject, Set<string>>()
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): ParsedJson {
    this.#space()
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#fail('after top-level value')
    return { value, duplicates: this.#duplicates.size === 0 ? null : this.#duplicates }
  }

  #value(): Json {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object()
      case '[':
        return this.#list()
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #object(): JsonObject {
    const object: Record<string, Json> = {}
    this.#at++
    this.#space()
    if (this.#skip('}')) return object
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#fail('looking for beginning of object key string')
      const key = this.#string()
      this.#space()
      if (!this.#skip(':')) this.#fail('after object key')
      this.#space()
      const read = this.#value()
      const value = Object.hasOwn(object, key) ? this.#twice(object, key, read) : read
      // Assigning would set the prototype where the key is `__proto__`.
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
      this.#space()
      if (this.#skip('}')) return object
      if (!this.#skip(',')) this.#fail('after object key:value pair')
      this.#space()
    }
  }

  /** Go reads the second value into the first: objects are laid over each other. */
  #twice(object: JsonObject, key: string, value: Json): Json {
    this.#note(object, key)
    const before = object[key]
    return isObject(before) && isObject(value) ? this.#laidOver(before, value) : value
  }

  #laidOver(under: JsonObject, over: JsonObject): JsonObject {
    const whole: Record<string, Json> = { ...under }
    for (const [key, value] of Object.entries(over)) {
      whole[key] = Object.hasOwn(under, key) ? this.#twice(whole, key, value) : value
    }
    for (const part of [under, over]) for (const key of this.#duplicates.get(part) ?? []) this.#note(whole, key)
    return whole
  }

  #note(object: JsonObject, key: string): void {
    const keys = this.#duplicates.get(object)
    if (keys === undefined) this.#duplicates.set(object, new Set([key]))
    else keys.add(key)
  }

  #list(): readonly Json[] {
    const list: Json[] = []
    this.#at++
    this.#space()
    if (this.#skip(']')) return list
    for (;;) {
      list.push(this.#value())
      this.#space()
      if (this.#skip(']')) return list
      if (!this.#skip(',')) this.#fail('after array element')
      this.#space()
    }
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at)
    if (end >= this.#text.length) throw new JsonFault('unexpected end of JSON input')
    const raw = this.#text.slice(this.#at, end + 1)
    this.#at = end + 1
    try {
      return JSON.parse(raw)
    } catch {
      throw new JsonFault('invalid character in string literal')
    }
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)
    if (found === null || found[0] === '') this.#fail('looking for beginning of value')
    const [raw, fraction, exponent] = found
    this.#at += raw.length
    const value = Number(raw)
    if (fraction !== undefined || exponent !== undefined || Number.isSafeInteger(value)) return value
    return BigInt(raw)
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) {
      const off = [...word].findIndex((letter, index) => this.#text[this.#at + index] !== letter)
      this.#at += off
      this.#fail(`in literal ${word} (expecting '${word[off]}')`)
    }
    this.#at += word.length
    return value
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #fail(where: string): never {
    const character = this.#text[this.#at]
    if (character === undefined) throw new JsonFault('unexpected end of JSON input')
    throw new JsonFault(`invalid character ${character === "'" ? `'\\''` : `'${character}'`} ${where}`)
  }
}

function writeSlowly(value: Json, indent: string | null): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = indent === null ? null : `${indent}  `
  const list = Array.isArray(value)
  const parts = list
    ? (value as readonly Json[]).map((item) => writeSlowly(item, inner))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}:${indent === null ? '' : ' '}${writeSlowly(item, inner)}`,
      )
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  if (parts.length === 0 || inner === null) return `${open}${parts.join(',')}${close}`
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
}
