// Patterns for files as Argo CD expands them in valueFiles (doublestar): *, ?, [a-z], {a,b}, and ** for any folders.

/** A compiled pattern. */
export interface FilePattern {
  /** The folder above the first part with a pattern: nothing outside of it can match. */
  readonly base: string
  /** True for a path from the root of the repository that the whole pattern matches. */
  readonly matches: (path: string) => boolean
}

/** True for a path that is a pattern. */
export function hasPattern(path: string): boolean {
  return /[*?[{]/.test(path)
}

/** Compiles a pattern. One that is not well formed (a bracket without an end) matches the characters that it is. */
export function filePattern(pattern: string): FilePattern {
  const parts = pattern.split('/')
  const first = parts.findIndex(hasPattern)
  const expression = new RegExp(`^${parts.map(partOf).join('').replace(/\/$/, '')}$`, 'u')
  return { base: parts.slice(0, Math.max(0, first)).join('/'), matches: (path) => expression.test(path) }
}

/** One part with the slash behind it; `**` stands for any number of them, also for none. */
function partOf(part: string, index: number, parts: readonly string[]): string {
  const last = index === parts.length - 1
  if (part === '**') return last ? '.*' : '(?:[^/]+/)*'
  return `${expressionOf(part)}${last ? '' : '/'}`
}

const TOKEN = /\\(.)|\[([!^]?)((?:\\.|[^\]\\])+)\]|\{([^{}]*)\}|([*?])|(.)/gsu

function expressionOf(part: string): string {
  return [...part.matchAll(TOKEN)]
    .map(([, escaped, not, members, choices, wild, plain]) => {
      if (escaped !== undefined) return literal(escaped)
      if (members !== undefined) return `[${not === '' ? '' : '^'}${members.replaceAll(/[\\[\]^]/g, '\\$&')}]`
      if (choices !== undefined) return `(?:${choices.split(',').map(expressionOf).join('|')})`
      if (wild !== undefined) return wild === '*' ? '[^/]*' : '[^/]'
      return literal(plain ?? '')
    })
    .join('')
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, (character) =>
    character === '-' || character === '/' ? character : `\\${character}`,
  )
}
