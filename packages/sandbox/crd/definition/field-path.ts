// A path into a schema as rules and selectable fields write it: `.spec.ports`, `['a.b']`.
import type { Schema } from '../schema/schema.ts'

/** Where a path leads, or why it leads nowhere. */
export type FieldPath =
  | { readonly kind: 'found'; readonly path: string; readonly schema: Schema }
  | { readonly kind: 'problem'; readonly problem: string }

/** Follows a path; brackets may be forbidden. */
export function findField(text: string, root: Schema, brackets = true): FieldPath {
  const tokens = tokensOf(text)
  let schema: Schema = root
  let path = ''
  for (let at = 0; at < tokens.length; ) {
    const step = readStep(tokens, at, brackets)
    if (typeof step === 'string') return problem(step)
    const next = follow(schema, step.name)
    if (next === null) return problem('does not refer to a valid field')
    path = next.named ? (path === '' ? step.name : `${path}.${step.name}`) : `${path}[${step.name}]`
    schema = next.schema
    at = step.end
  }
  return { kind: 'found', path, schema }
}

function problem(text: string): FieldPath {
  return { kind: 'problem', problem: text }
}

function tokensOf(text: string): readonly string[] {
  return [...text.matchAll(/'(?:[^'\\]|\\.|\\)*'|[.[\]]|[^.[\]]+/gs)].map(([token]) => token)
}

interface Step {
  readonly name: string
  readonly end: number
}

function readStep(tokens: readonly string[], at: number, brackets: boolean): Step | string {
  const token = tokens[at]
  const next = tokens[at + 1]
  if (token === '.') return next === undefined ? 'unexpected end of JSON path' : { name: next, end: at + 2 }
  if (token !== '[') return `expected [ or . but got: ${token ?? ''}`
  if (!brackets) return 'array notation is not allowed'
  if (next === undefined) return 'unexpected end of JSON path'
  if (next.length < 2 || !next.startsWith("'") || !next.endsWith("'"))
    return `expected single quoted string but got ${next}`
  const name = unescaped(next.slice(1, -1))
  if (name === null) return `invalid string literal: invalid escape char ${/\\[^abfnrtv'\\]/.exec(next)?.[0] ?? ''}`
  const close = tokens[at + 2]
  if (close === undefined) return 'unexpected end of JSON path'
  return close === ']' ? { name, end: at + 3 } : `expected ] but got ${close}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
}

function unescaped(text: string): string | null {
  if (/\\[^abfnrtv'\\]/.test(text)) return null
  return text.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char)
}

function follow(schema: Schema, name: string): { readonly schema: Schema; readonly named: boolean } | null {
  if (schema.properties.size > 0) {
    const property = schema.properties.get(name)
    return property === undefined ? null : { schema: property, named: true }
  }
  return schema.additional?.schema == null ? null : { schema: schema.additional.schema, named: false }
}
