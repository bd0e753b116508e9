// Which jq expressions are understood, and how the others are named.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJq } from './parse.ts'

describe('expressions that are understood', () => {
  it.each([
    '.',
    '.spec.replicas',
    '.metadata.annotations["example.com/x"]',
    '.metadata.annotations."example.com/x"',
    '.["metadata"]["labels"]',
    '.spec.containers[].env[0]',
    '.spec.containers[-1].image',
    '.a[1:3], .a[:2], .a[-1:]',
    '.a?.b?',
    '.. | .image?',
    'recurse | select(type == "string")',
    '.a | .b, .c',
    '(.a, .b).c',
    '.spec.containers[] | select(.name == "istio-proxy" and (.image | startswith("x")) or .a > 1)',
    '.a[] | select(.name | test("^web-"; "i") | not)',
    '.a[] | select((.labels // {"none": 1} | length) >= 0)',
    '.a[] | select(.tags | any(. == "x"))',
    '.a[] | select(all(.b[]?; . != null))',
    '.a[] | select(has("b")) | .c # a comment',
    '.a[] | select(.n == -1)',
    '.a[] | select(.name | IN("x", "y"))',
    '.a[] | select(.list | contains(["x"]))',
    '.and.or.not.if',
  ])('%s', (text) => {
    const parsed = parseJq(text)
    // Three of them hold one construct that is not, which keeps this list honest.
    const beyond = {
      '.a[] | select((.labels // {"none": 1} | length) >= 0)': '{',
      '.a[] | select(all(.b[]?; . != null))': 'all with such an argument',
    }
    const expected = new Map(Object.entries(beyond)).get(text)
    expect(parsed.kind === 'program' ? undefined : parsed.construct).toBe(expected)
  })
})

describe('expressions that are not understood', () => {
  it.each([
    ['.a | map(.b)', 'map', 5],
    ['.a |= 1', '|=', 3],
    ['.a + 1', '+', 3],
    ['$x', '$', 0],
    ['.a as $x | $x', 'as', 3],
    ['reduce .[] as $x (0; . + $x)', 'reduce', 0],
    ['if .a then .b else .c end', 'if', 0],
    ['try .a catch .b', 'try', 0],
    ['def f: .; f', 'def', 0],
    ['.a[.b]', 'a computed index', 3],
    ['.a | test(.b)', 'test with such an argument', 5],
    ['.a | test("(?=x)")', 'test with such an argument', 5],
    ['.a | to_entries', 'to_entries', 5],
    ['."a\\(1)"', 'this string', 1],
    ['{a: 1}', '{', 0],
    ['.a |', 'the end of the expression', 4],
    ['.a )', ')', 3],
    ['', 'the end of the expression', 0],
    ['.a & .b', '"&"', 3],
    ['@base64', '@', 0],
    ['a'.repeat(5000), 'an expression of this length', 4096],
  ])('%s is refused because of %s', (text, construct, at) => {
    expect(parseJq(text)).toEqual({ kind: 'unsupported', construct, at })
  })

  it('never make the reader throw, whatever is written', () => {
    const word = fc.constantFrom(
      '.',
      '..',
      '.a',
      '[',
      ']',
      '(',
      ')',
      '"x"',
      '|',
      ',',
      '?',
      '//',
      'select',
      'and',
      'not',
      ':',
      '-',
      '1',
      '==',
      ' ',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
        ),
        (text) => {
          expect(['program', 'unsupported']).toContain(parseJq(text).kind)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('never exhaust the stack', () => {
    for (const text of [
      '('.repeat(2000),
      '['.repeat(2000),
      '.a|'.repeat(1300),
      '.a//'.repeat(1000),
      '.a,'.repeat(1300),
      'select('.repeat(500),
    ]) {
      expect(parseJq(text).kind).toBe('unsupported')
    }
    expect(parseJq('.a'.repeat(1001)).kind).toBe('unsupported')
    expect(parseJq('.a'.repeat(1000)).kind).toBe('program')
  })
})
