// Times are compared as instants.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTimes, parseTime, sameTime } from './time.ts'

describe('times', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'],
    ['2026-01-01T00:00:00Z', '2025-12-31T19:00:00-05:00'],
    ['2026-01-01T00:00:00z', '2026-01-01t00:00:00+00:00'],
    ['2024-02-29T23:30:00-01:00', '2024-03-01T00:30:00Z'],
    ['2026-01-01T00:00:00.123456Z', '2026-01-01T00:00:00.123456000Z'],
  ])('takes %s and %s as one instant', (a, b) => {
    expect(sameTime(a, b)).toBe(true)
  })

  it.each(['2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01', '2026-01-01T24:00:00Z', '', 'null'])(
    'refuses %j',
    (text) => {
      expect(parseTime(text)).toBeNull()
      expect(sameTime(text, text)).toBe(false)
    },
  )

  it('counts days as the calendar does', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTime(date.toISOString())).toBe(BigInt(date.getTime()) * 1_000_000n)
      }),
    )
  })

  it('takes a missing or unreadable time as earlier than any other', () => {
    expect(compareTimes(null, '2026-01-01T00:00:00Z')).toBe(-1)
    expect(compareTimes('2026-01-01T00:00:00Z', 'soon')).toBe(1)
    expect(compareTimes(null, null)).toBe(0)
    expect(compareTimes('2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z')).toBe(1)
  })
})
