// Patterns of ignore rules: the usual syntax, in time that no pattern can blow up.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRegex, matches } from './regex.ts'

function test(pattern: string, text: string, flags = ''): boolean {
  const regex = compileRegex(pattern, flags)
  if (regex === null) throw new Error(`${pattern} was not understood`)
  return matches(regex, text)
}

describe('patterns', () => {
  it.each([
    ['', 'anything', true],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['c$', 'abc', true],
    ['^abc$', 'abc', true],
    ['a.c', 'a\nc', false],
    ['^(web|api)-\\d+$', 'api-12', true],
    ['^(?:web|api)-\\d+$', 'db-12', false],
    ['[a-c]{2,3}x', 'zabx', true],
    ['^[^/]+/[^/]+$', 'a/b/c', false],
    ['a{2}', 'a', false],
    ['^a{2,}$', 'aaaa', true],
    ['^a?b*c+$', 'bbc', true],
    ['a*?b', 'aab', true],
    ['\\bweb\\b', 'the web is', true],
    ['\\Bweb', 'the web', false],
    ['^\\w+\\s\\S+$', 'a b', true],
    ['\\.example\\.com$', 'x.example.com', true],
    ['[\\d.]+', 'v1.2', true],
    ['[a\\-]', '-', true],
    ['[]a]', ']', true],
    ['(a|b)*c$', 'ababc', true],
    ['é.', 'é😀', true],
    ['|a', 'zzz', true],
  ] as const)('%j on %j gives %s', (pattern, text, expected) => {
    expect(test(pattern, text)).toBe(expected)
  })

  it('ignore case where they are told to', () => {
    expect(test('^WEB[a-z]$', 'webX', 'i')).toBe(true)
    expect(test('(?i)web', 'WEB')).toBe(true)
    expect(test('web', 'WEB')).toBe(false)
  })

  it.each([
    '(a',
    'a)',
    '[a',
    'a**',
    '*a',
    '(?=a)',
    '(?<n>a)',
    '\\1',
    '\\pL',
    '[[:alpha:]]',
    'a{3,1}',
    'a{',
    '\\',
    '^*',
    '(a{900}){900}',
  ])('refuse %j, which is beyond them', (pattern) => {
    expect(compileRegex(pattern, '')).toBeNull()
  })

  it('take no longer for patterns that make other engines hang', () => {
    const text = 'a'.repeat(3000)
    expect(test('^(a+)+$', `${text}b`)).toBe(false)
    expect(test('(a|aa)*(a|aa)*(a|aa)*c', text)).toBe(false)
    expect(test('(.*)(.*)(.*)(.*)x', text)).toBe(false)
  })

  it('agree with the platform on what both understand', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(?:ab)',
      '\\w',
      'a?',
      'b*',
      'a+',
      '(ab)*',
      'a{1,2}',
    )
    const pattern = fc.array(atom, { maxLength: 6 }).map((parts) => parts.join(''))
    const anchored = fc
      .tuple(fc.boolean(), pattern, fc.boolean())
      .map(([start, body, end]) => `${start ? '^' : ''}${body}${end ? '$' : ''}`)
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 8 })
    fc.assert(
      fc.property(anchored, text, (source, subject) => {
        expect(test(source, subject)).toBe(new RegExp(source, 'u').test(subject))
      }),
      { numRuns: 500 },
    )
  })
})
