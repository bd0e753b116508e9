// Go's regular expressions in a JavaScript engine.
import { expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern)
  if (compiled.kind === 'problem') throw new Error(compiled.problem)
  return compiled.expression.test(text)
}

function problem(pattern: string): string | null {
  const compiled = compilePattern(pattern)
  return compiled.kind === 'problem' ? compiled.problem : null
}

it('takes classes by their POSIX names', () => {
  expect(matches('^[[:alpha:]_]+$', 'ab_')).toBe(true)
  expect(matches('^[[:alpha:]_]+$', 'a1')).toBe(false)
  expect(matches('^[^[:space:]]+$', 'a b')).toBe(false)
})

it('keeps \\d, \\w and \\s to ASCII', () => {
  expect(matches('^\\d$', '٣')).toBe(false)
  expect(matches('^\\w$', 'é')).toBe(false)
  expect(matches('^\\s$', '\u00a0')).toBe(false)
})

it('turns flags on for the rest of a group alone', () => {
  expect(matches('^(?i)abc$', 'ABC')).toBe(true)
  expect(matches('^((?i)a)b$', 'AB')).toBe(false)
  expect(matches('(?s)^a.b$', 'a\nb')).toBe(true)
  expect(matches('^a.b$', 'a\nb')).toBe(false)
})

it('ends a text at its very end, where a line break is part of it', () => {
  expect(matches('^a$', 'a\n')).toBe(false)
  expect(matches('(?m)^a$', 'a\nb')).toBe(true)
  expect(matches('\\Aa\\z', 'a')).toBe(true)
})

it('says of a pattern that is none what Go says', () => {
  expect(problem('[a')).toBe('error parsing regexp: missing closing ]: `[a`')
  expect(problem('(a')).toBe('error parsing regexp: missing closing ): `(a`')
  expect(problem('a)')).toBe('error parsing regexp: unexpected ): `a)`')
  expect(problem('*a')).toBe('error parsing regexp: missing argument to repetition operator: `*`')
  expect(problem('a**')).toBe('error parsing regexp: invalid nested repetition operator: `**`')
  expect(problem('\\q')).toBe('error parsing regexp: invalid escape sequence: `\\q`')
  expect(problem('(?=a)')).toBe('error parsing regexp: invalid or unsupported Perl syntax: `(?=`')
  expect(problem('a{1001}')).toBe('error parsing regexp: invalid repeat count: `{1001}`')
})
