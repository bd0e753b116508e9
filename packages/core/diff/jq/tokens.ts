// The words of a jq expression, each with the position where it begins.

/** One token. `text` is the decoded value of a string and the spelling of everything else. */
export interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'field' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}

/** The tokens, or the place of something that is none. */
export type Tokens =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'unsupported'; readonly construct: string; readonly at: number }

const MAX_LENGTH = 4096
/** Programs nest at most as deep as they have words, and running them must not exhaust the stack. */
const MAX_TOKENS = 1000

const PATTERN =
  /(?<space>\s+|#[^\n]*)|(?<string>"(?:[^"\\]|\\.)*")|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<field>\.[A-Za-z_]\w*)|(?<name>[A-Za-z_][\w:]*)|(?<symbol>\?\/\/|\/\/=|\/\/|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\.\.|[.[\](){}|,:;?=<>+\-*/%$@])/y

/** Splits an expression. */
export function tokenize(text: string): Tokens {
  if (text.length > MAX_LENGTH)
    return { kind: 'unsupported', construct: 'an expression of this length', at: MAX_LENGTH }
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    PATTERN.lastIndex = at
    const match = PATTERN.exec(text)
    if (match === null) return { kind: 'unsupported', construct: JSON.stringify(text.charAt(at)), at }
    const token = tokenOf(match, at)
    if (token === null) return { kind: 'unsupported', construct: 'this string', at }
    if (token !== 'space') tokens.push(token)
    if (tokens.length > MAX_TOKENS) return { kind: 'unsupported', construct: 'an expression of this length', at }
    at += match[0].length
  }
  return { kind: 'tokens', tokens: [...tokens, { kind: 'end', text: 'the end of the expression', at }] }
}

function tokenOf(match: RegExpExecArray, at: number): Token | 'space' | null {
  const groups = match.groups ?? {}
  if (groups.space !== undefined) return 'space'
  if (groups.string !== undefined) {
    const text = unquote(groups.string)
    return text === null ? null : { kind: 'string', text, at }
  }
  if (groups.number !== undefined) return { kind: 'number', text: groups.number, at }
  if (groups.field !== undefined) return { kind: 'field', text: groups.field.slice(1), at }
  if (groups.name !== undefined) return { kind: 'name', text: groups.name, at }
  return { kind: 'symbol', text: match[0], at }
}

/** jq strings are JSON strings; `\(…)` puts an expression into one and is not understood. */
function unquote(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : null
  } catch {
    // `\(` and other escapes that JSON does not have.
    return null
  }
}
