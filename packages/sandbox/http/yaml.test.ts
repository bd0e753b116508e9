// YAML of requests and answers, as Go reads and writes it.
import { expect, it } from 'vitest'
import { parseYaml, writeYaml } from './yaml.ts'

it('reads YAML 1.1: yes is true, a date is a text', () => {
  expect(parseYaml('a: yes\nb: 2026-01-01\nc: 010\nd: "yes"\ne: ~\n').value).toEqual({
    a: true,
    b: '2026-01-01',
    c: 8,
    d: 'yes',
    e: null,
  })
})

it('lets the last of two equal keys win, and tells the line of each', () => {
  const { value, repeated } = parseYaml('a: 1\nb:\n  x: 1\n  x: 2\na: 3\n')
  expect(value).toEqual({ a: 3, b: { x: 2 } })
  expect(repeated).toEqual(['line 4: key "x" already set in map', 'line 5: key "a" already set in map'])
})

it('refuses what is none in the words of Go', () => {
  expect(() => parseYaml('a: [')).toThrow('yaml: line 1: did not find expected node content')
})

it('writes sorted keys, and quotes what would be read as something else', () => {
  expect(writeYaml({ b: 'yes', a: ['1', 1], yes: '' })).toBe('a:\n- "1"\n- 1\nb: "yes"\n"yes": ""\n')
})
