// Patterns of values files, as doublestar matches them.
import { expect, it } from 'vitest'
import { filePattern } from './file-pattern.ts'

it.each([
  ['envs/*.yaml', 'envs/a.yaml', true],
  ['envs/*.yaml', 'envs/.yaml', true],
  ['envs/*.yaml', 'envs/deep/a.yaml', false],
  ['envs/**/*.yaml', 'envs/a.yaml', true],
  ['envs/**/*.yaml', 'envs/b/c/a.yaml', true],
  ['envs/**', 'envs/b/a.yaml', true],
  ['envs/**', 'envs', false],
  ['**/a.yaml', 'a.yaml', true],
  ['**/x/**/a.yaml', 'b/x/a.yaml', true],
  ['envs/?.yaml', 'envs/ä.yaml', true],
  ['envs/?.yaml', 'envs/ab.yaml', false],
  ['envs/[a-c].yaml', 'envs/b.yaml', true],
  ['envs/[!a-c].yaml', 'envs/b.yaml', false],
  ['envs/[^a-c].yaml', 'envs/d.yaml', true],
  ['envs/{stg,prod}.yaml', 'envs/prod.yaml', true],
  ['envs/{stg,prod}/{a,b}.yaml', 'envs/stg/b.yaml', true],
  ['{a,b/c}/x', 'b/c/x', true],
  ['envs/{stg.yaml', 'envs/{stg.yaml', true],
  ['envs/\\*.yaml', 'envs/*.yaml', true],
  ['envs/\\*.yaml', 'envs/a.yaml', false],
  ['a.b', 'axb', false],
  ['envs/(a|b)+.yaml', 'envs/(a|b)+.yaml', true],
])('%s and %s: %s', (pattern, path, matches) => {
  expect(filePattern(pattern).matches(path)).toBe(matches)
})

it('looks only below the folder above the first pattern', () => {
  expect(filePattern('a/b/*/c.yaml').base).toBe('a/b')
  expect(filePattern('*.yaml').base).toBe('')
})

it('takes a pattern that would keep a regular expression busy for ever', () => {
  expect(filePattern(`${'*a'.repeat(100)}b`).matches('a'.repeat(1000))).toBe(false)
  expect(filePattern('{a,b}'.repeat(40)).matches('a'.repeat(40))).toBe(true)
})
