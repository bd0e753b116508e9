// Base64 and UTF-8 against the platform's own.
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64OfText, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from './base64.ts'

describe('base64', () => {
  it('writes bytes as the platform does, and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(text)).toEqual(bytes)
      }),
    )
  })

  it('writes any text as UTF-8, lone surrogates as the replacement character', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff })), (points) => {
        const text = String.fromCodePoint(...points)
        expect(Buffer.from(encodeUtf8(text)).equals(Buffer.from(text, 'utf8'))).toBe(true)
      }),
    )
    expect(Buffer.from(encodeUtf8('a\ud800b\udc00')).equals(Buffer.from('a\ud800b\udc00', 'utf8'))).toBe(true)
    expect(base64OfText('pässwörd 😀')).toBe(Buffer.from('pässwörd 😀').toString('base64'))
  })

  it('reads UTF-8 as the platform does, and refuses what is none', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const platform = (bytes: Uint8Array): string | null => {
      try {
        return strict.decode(bytes)
      } catch {
        return null
      }
    }
    const lead = fc.constantFrom(0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xf5, 0xa0, 0x9f, 0x90)
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.array(lead).map((each) => Uint8Array.from(each)),
    )
    fc.assert(
      fc.property(bytes, (each) => {
        expect(decodeUtf8(each)).toBe(platform(each))
      }),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeUtf8(encodeUtf8(text)) === text))
  })

  it('skips line breaks, as long values in YAML have them', () => {
    expect(decodeBase64('aGVs\nbG8=\r\n')).toEqual(encodeUtf8('hello'))
  })

  it.each(['a', 'ab=c', 'aGVsbG8', 'aGV$', '=', '====', 'aGVsbG8 ', 'YQ==YQ=='])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeNull()
  })
})
