// Character classes of RE2 (`[[:alpha:]\d-]`, `\pL`) in JavaScript's spelling.
import { codeOf, complain } from './pattern-complaint.ts'

/** `[:alpha:]` and its kin, as the inside of a class. */
export const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

const NEGATED_POSIX: Readonly<Record<string, string>> = {
  alpha: '\\x00-@\\[-`\\{-\\u{10ffff}',
  digit: '\\x00-\\/:-\\u{10ffff}',
  space: '\\x00-\\x08\\x0e-\\x1f!-\\u{10ffff}',
  word: '\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
}

const INNER: Readonly<Record<string, string>> = {
  '\\d': '0-9',
  '\\D': '\\x00-\\/:-\\u{10ffff}',
  '\\w': '0-9A-Za-z_',
  '\\W': '\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
  '\\s': '\\t\\n\\f\\r ',
  '\\S': '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}',
  '\\a': '\\x07',
}

/** The class that begins at a `[`, translated, and where it ends. */
export function classBody(text: string, start: number): { readonly body: string; readonly end: number } {
  let at = start + 1
  let out = '['
  if (text[at] === '^') {
    out += '^'
    at += 1
  }
  for (let first = true; ; first = false) {
    if (at >= text.length) complain('missing closing ]', text.slice(start))
    if (text[at] === ']' && !first) return { body: `${out}]`, end: at + 1 }
    const item = classItem(text, at)
    at = item.end
    const dashed = text[at] === '-' && text[at + 1] !== ']' && at + 1 < text.length
    if (!dashed || item.code === null) {
      out += item.text
      continue
    }
    const upper = classItem(text, at + 1)
    const range = text.slice(item.start, upper.end)
    if (upper.code === null || upper.code < item.code) complain('invalid character class range', range)
    out += `${item.text}-${upper.text}`
    at = upper.end
  }
}

interface Item {
  readonly text: string
  /** Code point of a single character; null for a class of its own. */
  readonly code: number | null
  readonly start: number
  readonly end: number
}

function classItem(text: string, start: number): Item {
  const rest = text.slice(start)
  const posix = /^\[:(\^?)(\w+):\]/.exec(rest)
  if (posix !== null) {
    const [whole, negated = '', name = ''] = posix
    const inner = negated === '' ? POSIX_CLASSES[name] : NEGATED_POSIX[name]
    if (inner === undefined) return complain('invalid character class range', whole)
    return { text: inner, code: null, start, end: start + whole.length }
  }
  if (!rest.startsWith('\\')) {
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    return { text: inClass(char), code: char.codePointAt(0) ?? 0, start, end: start + char.length }
  }
  const found =
    /^\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[pP](?:\{\^?\w+\}|\w)|[dDwWsSaftnrv]|[^0-9A-Za-z])/su.exec(
      rest,
    )?.[0]
  if (found === undefined) return complain('invalid escape sequence', rest.slice(0, 2))
  return { ...escapedItem(found), start, end: start + found.length }
}

const CONTROL: Readonly<Record<string, number>> = { '\\a': 7, '\\f': 12, '\\t': 9, '\\n': 10, '\\r': 13, '\\v': 11 }

function escapedItem(found: string): Pick<Item, 'text' | 'code'> {
  if (/^\\[pP]/.test(found)) return { text: propertyClass(found), code: null }
  const code = codeOf(found) ?? CONTROL[found] ?? null
  if (code !== null) return { text: `\\u{${code.toString(16)}}`, code }
  const inner = INNER[found]
  if (inner !== undefined) return { text: inner, code: null }
  const char = found.slice(1)
  return { text: inClass(char), code: char.codePointAt(0) ?? 0 }
}

function inClass(char: string): string {
  return /[\\\]^[\-/&!#%,:;<=>@`~{}|()$.*+?]/.test(char) && !/[&!#%,:;<=>@`~]/.test(char) ? `\\${char}` : char
}

const SCRIPTS = /^\p{Lu}\p{Ll}{2,}/u

/** `\pL`, `\p{Greek}`, `\P{Lu}`, `\p{^Lu}`. */
export function propertyClass(found: string): string {
  const name = found.slice(2).replace(/[{}^]/g, '')
  const negated = found.startsWith('\\P') !== found.includes('^')
  if (name === 'Any') return negated ? '[^\\u{0}-\\u{10ffff}]' : '[\\u{0}-\\u{10ffff}]'
  const property = SCRIPTS.test(name) ? `Script=${name}` : name
  try {
    new RegExp(`\\p{${property}}`, 'u')
  } catch {
    complain('invalid character class range', found)
  }
  return `\\${negated ? 'P' : 'p'}{${property}}`
}
