// Which spellings are one value, by the type of the field.
import { describe, expect, it } from 'vitest'
import type { Json } from '../object/json.ts'
import { boolean, bytes, duration, integer, intOrString, quantity, scalar, text, time } from '../testing/schemas.ts'
import { sameScalar, sameUnknownScalar } from './scalar.ts'
import type { ScalarSchema } from './schema.ts'

const number = scalar('number')

const SAME: readonly (readonly [string, ScalarSchema, Json, Json])[] = [
  ['a quantity in another unit', quantity, '1000m', 1],
  ['a duration in another unit', duration, '60m', '1h0m0s'],
  ['an instant with another offset', time, '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'],
  ['base64 that somebody wrapped', bytes, 'aHVu\ndGVy\nMg==\n', 'aHVudGVyMg=='],
  ['an int64 and the same number', integer, 5n, 5],
  ['an int64 beyond 2^53', integer, 9007199254740993n, 9007199254740993n],
  ['a number with and without fraction digits', number, 1.0, 1],
]

const DIFFERENT: readonly (readonly [string, ScalarSchema, Json, Json])[] = [
  ['a number where a text belongs: the server refuses it', text, 1, '1'],
  ['a text where a number belongs: the server refuses it', integer, '80', 80],
  ['a text where a boolean belongs: the server refuses it', boolean, 'true', true],
  ['a port number and a port name', intOrString, 80, '80'],
  ['two texts that look like one amount', text, '1000m', '1'],
  ['two int64 that a float cannot tell apart', integer, 9007199254740993n, 9007199254740992n],
  ['an int64 and the float nearest to it', integer, 9007199254740993n, 9007199254740992],
  ['other bytes', bytes, 'YQ==', 'Yg=='],
]

describe('scalars of a known type', () => {
  it.each(SAME)('are the same: %s', (_, schema, a, b) => {
    expect(sameScalar(schema, a, b)).toBe('same')
    expect(sameScalar(schema, b, a)).toBe('same')
  })

  it.each(DIFFERENT)('differ: %s', (_, schema, a, b) => {
    expect(sameScalar(schema, a, b)).toBe('differs')
    expect(sameScalar(schema, b, a)).toBe('differs')
  })
})

describe('scalars of an unknown type', () => {
  it('are perhaps the same where they look like one amount', () => {
    expect(sameUnknownScalar(0.1, '100m')).toBe('perhaps')
    expect(sameUnknownScalar('0.5Gi', '512Mi')).toBe('perhaps')
  })

  it('differ where they look like versions, however equal the numbers', () => {
    expect(sameUnknownScalar('1.10', '1.1')).toBe('differs')
    expect(sameUnknownScalar('1e3', '1000')).toBe('differs')
    expect(sameUnknownScalar(true, 'true')).toBe('differs')
  })

  it('are the same where they are equal', () => {
    expect(sameUnknownScalar('a', 'a')).toBe('same')
    expect(sameUnknownScalar(3n, 3)).toBe('same')
  })
})
