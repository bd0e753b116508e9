// Durations are compared by length.
import { describe, expect, it } from 'vitest'
import { parseDuration, sameDuration } from './duration.ts'

describe('durations', () => {
  it.each([
    ['1h', '60m'],
    ['1h', '1h0m0s'],
    ['1.5h', '1h30m'],
    ['90s', '1m30s'],
    ['1000ms', '1s'],
    ['1us', '1µs'],
    ['0', '0s'],
    ['-1m', '-60s'],
    ['2562047h47m16.854775807s', '9223372036854775807ns'],
  ])('takes %s and %s as one length', (a, b) => {
    expect(sameDuration(a, b)).toBe(true)
  })

  it.each([
    ['1h', '1m'],
    ['1s', '-1s'],
    ['1m', '1ms'],
  ])('tells %s from %s', (a, b) => {
    expect(sameDuration(a, b)).toBe(false)
  })

  it.each(['', '1', '1d', 'h', '1h ', '1 h', '.s', '1h-5m', 'x'.repeat(100)])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull()
    expect(sameDuration(text, text)).toBe(false)
  })
})
