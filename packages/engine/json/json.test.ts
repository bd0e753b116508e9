// Tests of the lossless JSON reader and writer.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFault } from '../fault.ts'
import { parseJson } from './parse.ts'
import { stringifyJson } from './stringify.ts'

describe('parseJson', () => {
  it('keeps every digit of a 64-bit integer, negative ones too', () => {
    const text = '{"a":9223372036854775807,"b":[-9007199254740993],"c":9007199254740991}'
    expect(parseJson(text, 't')).toEqual({ a: 9223372036854775807n, b: [-9007199254740993n], c: 9007199254740991 })
    expect(parseJson('9007199254740993', 't')).toBe(9007199254740993n)
  })

  it('leaves digits inside strings, long fractions and exponents as they are', () => {
    const text = '{"rv":"12345678901234567890","s":":12345678901234567890","f":0.1234567890123456,"e":1e30}'
    expect(parseJson(text, 't')).toEqual({
      rv: '12345678901234567890',
      s: ':12345678901234567890',
      f: 0.1234567890123456,
      e: 1e30,
    })
  })

  it('refuses broken text with its place and without quoting it', () => {
    try {
      parseJson('{\n  "token": "s3cr3t" oops}', 'file.json')
      expect.unreachable()
    } catch (error) {
      expect(isFault(error, 'invalid-input')).toBe(true)
      const text = String(error)
      expect(text).toContain('file.json')
      expect(text).toContain('line 2, column 21')
      expect(text).not.toContain('s3cr3t')
      expect(text).not.toContain('oops')
    }
  })

  it('names an empty text and a text that ends too early', () => {
    expect(() => parseJson('', 'x')).toThrow('x: the text is empty')
    expect(() => parseJson('{"a":', 'x')).toThrow(/ends too early|not JSON at line 1/)
  })
})

describe('stringifyJson', () => {
  it('writes the digits of a bigint', () => {
    expect(stringifyJson({ a: [9223372036854775807n], b: 'x' })).toBe('{"a":[9223372036854775807],"b":"x"}')
  })

  it('indents when asked, with and without bigints', () => {
    expect(stringifyJson({ a: 1 }, { indent: 2 })).toBe('{\n  "a": 1\n}')
    expect(stringifyJson({ a: 9223372036854775807n }, { indent: 2 })).toBe('{\n  "a": 9223372036854775807\n}')
  })

  it('is undone by parseJson for every JSON value with 64-bit integers', () => {
    const int64 = fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value))
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.string(),
        int64,
        fc.integer(),
        fc.array(tie('value')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
        ),
      ),
    })).value
    fc.assert(
      fc.property(json, (value) => {
        // The arbitrary is untyped through letrec; it only builds JSON.
        const before = value as Parameters<typeof stringifyJson>[0]
        expect(parseJson(stringifyJson(before), 'law')).toEqual(before)
      }),
    )
  })
})
