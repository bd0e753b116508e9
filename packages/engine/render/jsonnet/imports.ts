// The imports of a Jsonnet text, found by reading its tokens: an import takes a literal, so none can be hidden.

/** One import as it is written. */
export interface JsonnetImport {
  readonly kind: 'import' | 'importstr' | 'importbin'
  readonly path: string
  /** 1-based. */
  readonly line: number
}

/**
 * Every `import`, `importstr` and `importbin` of a text, in comments and strings none. What is no Jsonnet gives what was
 * found up to there: the tool says what is wrong with it. Takes time proportional to the text.
 */
export function importsOf(text: string): readonly JsonnetImport[] {
  const scan = new Scan(text)
  const imports: JsonnetImport[] = []
  let pending: JsonnetImport['kind'] | null = null
  for (let token = scan.next(); token !== null; token = scan.next()) {
    if (token.kind === 'string' && pending !== null) {
      imports.push({ kind: pending, path: token.value, line: token.line })
    }
    pending = token.kind === 'word' && isImport(token.value) ? token.value : null
  }
  return imports
}

/**
 * Every import that stands anywhere in a text, in comments and strings too: whatever the tool takes for an import is
 * among them, even where it should read the tokens differently. For refusing alone.
 */
export function possibleImportsOf(text: string): readonly JsonnetImport[] {
  const imports: JsonnetImport[] = []
  let line = 1
  let from = 0
  for (const found of text.matchAll(/import(?:str|bin)?/g)) {
    for (; from < found.index; from++) if (text[from] === '\n') line++
    const rest = text.slice(found.index + found[0].length, found.index + MAX_IMPORT)
    const token = new Scan(rest).next()
    if (token?.kind === 'string' && isImport(found[0])) imports.push({ kind: found[0], path: token.value, line })
  }
  return imports
}

/** Characters in which an import and its path stand; a path that is longer is refused by every file system. */
const MAX_IMPORT = 8192

function isImport(word: string): word is JsonnetImport['kind'] {
  return word === 'import' || word === 'importstr' || word === 'importbin'
}

interface Token {
  readonly kind: 'word' | 'string' | 'other'
  readonly value: string
  readonly line: number
}

class Scan {
  readonly #text: string
  #at = 0
  #line = 1

  constructor(text: string) {
    this.#text = text
  }

  next(): Token | null {
    this.#skipBlank()
    const line = this.#line
    const char = this.#text[this.#at]
    if (char === undefined) return null
    if (this.#text.startsWith('|||', this.#at)) return { kind: 'string', value: this.#block(), line }
    const verbatim = char === '@' && /["']/.test(this.#text[this.#at + 1] ?? '')
    if (verbatim) return { kind: 'string', value: this.#verbatim(), line }
    if (char === '"' || char === "'") return { kind: 'string', value: this.#quoted(char), line }
    const word = this.#match(/[A-Za-z_][A-Za-z0-9_]*/y)
    if (word !== null) return { kind: 'word', value: word, line }
    this.#at++
    return { kind: 'other', value: char, line }
  }

  #skipBlank(): void {
    for (;;) {
      const blank = this.#match(/\s+/y) ?? this.#match(/(?:\/\/|#)[^\n]*/y)
      if (blank !== null) continue
      if (!this.#text.startsWith('/*', this.#at)) return
      const end = this.#text.indexOf('*/', this.#at + 2)
      this.#advance(end < 0 ? this.#text.length : end + 2)
    }
  }

  #quoted(quote: string): string {
    let value = ''
    let at = this.#at + 1
    for (; at < this.#text.length && this.#text[at] !== quote; at++) {
      const char = this.#text[at] ?? ''
      if (char !== '\\') {
        value += char
        continue
      }
      const escaped = this.#text[++at] ?? ''
      if (escaped === 'u') {
        value += String.fromCharCode(Number.parseInt(this.#text.slice(at + 1, at + 5), 16) || 0)
        at += 4
      } else value += ESCAPES[escaped] ?? escaped
    }
    this.#advance(at + 1)
    return value
  }

  /** `@'it''s'`: a doubled quote is one. */
  #verbatim(): string {
    const quote = this.#text[this.#at + 1] ?? ''
    let value = ''
    let at = this.#at + 2
    for (; at < this.#text.length; at++) {
      const char = this.#text[at] ?? ''
      if (char === quote) {
        if (this.#text[at + 1] !== quote) break
        at++
      }
      value += char
    }
    this.#advance(at + 1)
    return value
  }

  /**
   * A text block: its first line that is not blank gives the indent, and the first line without that indent ends it. As
   * the lexer of go-jsonnet reads it; a block that is no block takes the rest of the text.
   */
  #block(): string {
    const from = this.#at
    const head = this.#match(/\|\|\|-?[ \t\r]*\n\n*/y)
    const indent = head === null ? null : this.#match(/[ \t]+/y)
    if (indent === null) this.#advance(this.#text.length)
    while (this.#at < this.#text.length) {
      this.#match(/[^\n]*\n*/y)
      if (indent === null || this.#text.startsWith(indent, this.#at)) continue
      this.#match(/[ \t]*(?:\|\|\|)?/y)
      break
    }
    return this.#text.slice(from, this.#at)
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    if (found !== null) this.#advance(this.#at + found.length)
    return found
  }

  #advance(to: number): void {
    const end = Math.min(to, this.#text.length)
    for (let at = this.#at; at < end; at++) if (this.#text[at] === '\n') this.#line++
    this.#at = end
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
