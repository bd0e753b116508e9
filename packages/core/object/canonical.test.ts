// Canonical JSON: one text for one value.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, fieldPath, findUnrepresentable, jsonOf, MAX_DEPTH } from './canonical.ts'
import type { Json } from './json.ts'

/** JSON values without −0, which canonical JSON cannot tell from 0. */
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value): Json => JSON.parse(JSON.stringify(value, (_, item) => (item === 0 ? 0 : item))))

describe('canonical JSON', () => {
  it.each<[string, Json, string]>([
    [
      'sorts keys by code unit, not by locale or number',
      { b: 1, a: 2, B: 3, '10': 4, '9': 5, é: 6 },
      '{"10":4,"9":5,"B":3,"a":2,"b":1,"é":6}',
    ],
    ['sorts surrogate pairs by their units, before U+FFFF', { '\uffff': 1, '😀': 2 }, '{"😀":2,"\uffff":1}'],
    ['writes 64-bit integers in full', { n: 9007199254740993n }, '{"n":9007199254740993}'],
    [
      'writes a number and a bigint of one value alike',
      [5, 5n, 1e21, 10n ** 21n],
      '[5,5,1000000000000000000000,1000000000000000000000]',
    ],
    ['writes minus zero as zero', [-0, 0], '[0,0]'],
    ['keeps fractions and exponents', [0.1, 1e-7, -2.5], '[0.1,1e-7,-2.5]'],
    [
      'escapes quotes, backslashes, control characters and lone surrogates',
      'a"b\\c\n\u0001\ud800',
      '"a\\"b\\\\c\\n\\u0001\\ud800"',
    ],
    ['keeps an own __proto__ key', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    ['writes empty containers', { a: [], b: {}, c: null }, '{"a":[],"b":{},"c":null}'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value)
      }),
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { maxKeys: 60 }), fc.nat(), (value, seed) => {
        const entries = Object.entries(value)
        const turned = [...entries.slice(seed % (entries.length + 1)), ...entries.slice(0, seed % (entries.length + 1))]
        expect(canonicalJson(Object.fromEntries(turned.reverse()))).toBe(canonicalJson(value))
      }),
    )
  })

  it('gives different values different texts', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const equal = canonicalJson(a) === canonicalJson(b)
        expect(equal).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))
      }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', (value) => {
    expect(() => canonicalJson([value])).toThrow(RangeError)
    expect(findUnrepresentable({ spec: { items: [1, { weight: value }] } })).toEqual({
      path: 'spec.items[1].weight',
      found: String(value),
    })
  })

  it('finds nesting without end before recursion does', () => {
    let deep: Json = 'x'
    for (let level = 0; level < MAX_DEPTH + 1; level++) deep = [deep]
    expect(findUnrepresentable(deep)?.found).toBe('nested too deep')
    expect(findUnrepresentable([[[]]])).toBeNull()
  })
})

describe('typed values as JSON', () => {
  it('leaves out undefined fields and keeps everything else', () => {
    expect(jsonOf({ a: 1, b: undefined, c: [null, 2n, { d: 'x' }] })).toEqual({ a: 1, c: [null, 2n, { d: 'x' }] })
  })

  it.each([new Map(), new Date(0), () => 1, undefined, Symbol('x')])('refuses what is no data', (value) => {
    expect(() => jsonOf([value])).toThrow(TypeError)
  })
})

it('quotes keys that are not plain words in a path', () => {
  expect(fieldPath(fieldPath('metadata', 'annotations'), 'a.b/c')).toBe('metadata.annotations["a.b/c"]')
  expect(fieldPath('', 'spec')).toBe('spec')
})

/** A second, slow way to one order of keys, to compare with. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)]
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return ['object', ...entries.map(([key, item]): Json => ['key', key, sorted(item)])]
}
