// Patterns for files as Argo CD expands them in valueFiles (doublestar): *, ?, [a-z], {a,b}, and ** for any folders.
// Matched part by part without a regular expression, so that no pattern takes longer than pattern times path.

/** A compiled pattern. */
export interface FilePattern {
  /** The folder above the first part with a pattern: nothing outside of it can match. */
  readonly base: string
  /** True for a path from the root of the repository that the whole pattern matches. */
  readonly matches: (path: string) => boolean
}

/** Choices in braces multiply; more than this is no pattern that somebody meant. */
const MOST_CHOICES = 256

/** True for a path that is a pattern. */
export function hasPattern(path: string): boolean {
  return /[*?[{]/.test(path)
}

/** Compiles a pattern. A bracket or brace without an end stands for itself. */
export function filePattern(pattern: string): FilePattern {
  const parts = pattern.split('/')
  const first = parts.findIndex(hasPattern)
  const choices = chosen(pattern).map((each) => each.split('/').map(tokensOf))
  return {
    base: parts.slice(0, Math.max(0, first)).join('/'),
    matches: (path) => choices.some((each) => matchesParts(each, path.split('/'))),
  }
}

/** One character of a pattern: itself, any, any number of any, or one of some. */
type Token =
  | { readonly kind: 'plain'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'one-of'; readonly not: boolean; readonly ranges: readonly (readonly [string, string])[] }

/** The patterns that the choices in braces make, innermost first. */
function chosen(pattern: string): readonly string[] {
  let patterns = [pattern]
  for (;;) {
    const next = patterns.flatMap((each) => {
      const found = /\{([^{}]*)\}/.exec(each)
      if (found === null) return [each]
      const [whole, inner = ''] = found
      const [before, after] = [each.slice(0, found.index), each.slice(found.index + whole.length)]
      return inner.split(',').map((choice) => `${before}${choice}${after}`)
    })
    if (next.length === patterns.length && next.every((each, at) => each === patterns[at])) return patterns
    patterns = next.slice(0, MOST_CHOICES)
  }
}

const TOKEN = /\\(.)|\[([!^]?)((?:\\.|[^\]\\])+)\]|([*?])|(.)/gsu

function tokensOf(part: string): readonly Token[] {
  return [...part.matchAll(TOKEN)].map(([, escaped, not, members, wild, plain]): Token => {
    if (members !== undefined) return { kind: 'one-of', not: not !== '', ranges: rangesOf(members) }
    if (wild !== undefined) return { kind: wild === '*' ? 'star' : 'any' }
    return { kind: 'plain', character: escaped ?? plain ?? '' }
  })
}

function rangesOf(members: string): readonly (readonly [string, string])[] {
  return [...members.matchAll(/\\?(.)(?:-\\?(.))?/gsu)].map(([, from = '', to]) => [from, to ?? from] as const)
}

/** `**` stands for any number of folders, also for none. */
function matchesParts(pattern: readonly (readonly Token[])[], path: readonly string[]): boolean {
  let reached = new Set([0])
  for (const [index, tokens] of pattern.entries()) {
    const next = new Set<number>()
    for (const at of reached) {
      const part = path[at]
      if (isFolders(tokens)) for (let to = at; to <= path.length; to++) next.add(to)
      else if (part !== undefined && matchesPart(tokens, part)) next.add(at + 1)
    }
    reached = next
    // `a/**` means what is in `a`, not `a` itself.
    if (index === pattern.length - 1 && isFolders(tokens)) return path.length >= pattern.length && reached.size > 0
  }
  return reached.has(path.length)
}

function isFolders(tokens: readonly Token[]): boolean {
  return tokens.length === 2 && tokens.every(({ kind }) => kind === 'star')
}

/** The classic way: only the last star is ever gone back to. */
function matchesPart(tokens: readonly Token[], part: string): boolean {
  const text = [...part]
  let [token, at, star, from] = [0, 0, -1, 0]
  while (at < text.length) {
    const each = tokens[token]
    if (each?.kind === 'star') {
      star = token++
      from = at
    } else if (each !== undefined && matchesCharacter(each, text[at] ?? '')) {
      token++
      at++
    } else if (star >= 0) {
      token = star + 1
      at = ++from
    } else return false
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star')
}

function matchesCharacter(token: Token, character: string): boolean {
  if (token.kind === 'any') return true
  if (token.kind === 'plain') return token.character === character
  if (token.kind === 'star') return false
  return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.not
}
