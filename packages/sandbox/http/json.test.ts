// JSON of requests: large integers, duplicate fields, the words of faults.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonFault, parseJson, writeJson } from './json.ts'

/** Integers that a double holds; the others are read as what they are, which the platform cannot. */
const small = fc.json().filter((text) => !/\d{15}/.test(text))

describe('reading JSON', () => {
  it('reads what the platform reads, fast or slowly', () => {
    fc.assert(
      fc.property(small, fc.constantFrom(0, 2), (text, indent) => {
        const value: unknown = JSON.parse(text)
        const written = JSON.stringify(value, null, indent)
        expect(parseJson(written).value).toEqual(value)
        // A large integer beside it forces the slow way.
        expect(parseJson(`[12345678901234567890,${written}]`).value).toEqual([12345678901234567890n, value])
      }),
    )
  })

  it('keeps 64-bit integers, and writes them back', () => {
    const { value } = parseJson('{"a":9223372036854775807,"b":1.5,"c":1e3}')
    expect(value).toEqual({ a: 9223372036854775807n, b: 1.5, c: 1000 })
    expect(writeJson(value)).toBe('{"a":9223372036854775807,"b":1.5,"c":1000}')
    expect(writeJson(value, 2)).toBe('{\n  "a": 9223372036854775807,\n  "b": 1.5,\n  "c": 1000\n}')
  })

  it('notices fields that come twice, but not colons in texts', () => {
    const { value, duplicates } = parseJson('{"a":{"x":1,"x":2},"b":"a:b","c":"\\":"}')
    expect(value).toEqual({ a: { x: 2 }, b: 'a:b', c: '":' })
    expect([...(duplicates ?? [])].map(([, keys]) => [...keys])).toEqual([['x']])
    expect(parseJson('{"a":"b:c","d\\"":":"}').duplicates).toBeNull()
  })

  it('lays the second of two equal objects over the first, as Go does', () => {
    expect(parseJson('{"data":{"x":"1","y":"1"},"data":{"x":"2"}}').value).toEqual({ data: { x: '2', y: '1' } })
  })

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a":1}x', "invalid character 'x' after top-level value"],
    ['nul!', "invalid character '!' in literal null (expecting 'l')"],
  ])('refuses %j in the words of Go', (text, words) => {
    expect(() => parseJson(text)).toThrow(new JsonFault(words))
  })

  it('keeps an own __proto__ key', () => {
    const { value } = parseJson('{"__proto__":{"x":1},"a":12345678901234567890}')
    expect(JSON.stringify(Object.keys(value ?? {}))).toBe('["__proto__","a"]')
  })
})

it('escapes what HTML would take for its own', () => {
  expect(writeJson({ x: '<&>' })).toBe('{"x":"\\u003c\\u0026\\u003e"}')
})
