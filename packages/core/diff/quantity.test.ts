// Quantities are compared by amount, exactly, as the API server reads them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasUnit, parseQuantity, sameQuantity } from './quantity.ts'

describe('quantities', () => {
  it.each([
    ['1000m', '1'],
    ['1', 1],
    ['0.5', '500m'],
    [0.1, '100m'],
    ['1Gi', '1024Mi'],
    ['0.5Gi', '512Mi'],
    ['1e3', '1k'],
    ['1E3', '1000'],
    ['1E', '1000P'],
    ['1.5e0', '1500m'],
    ['+2', '2'],
    ['-1', '-1000m'],
    ['.5', '500m'],
    ['5.', '5'],
    ['00100m', '0.1'],
    ['9007199254740993', 9007199254740993n],
    ['0', '0Gi'],
  ])('takes %s and %s as one amount', (a, b) => {
    expect(sameQuantity(a, b)).toBe(true)
  })

  it.each([
    ['1G', '1Gi'],
    ['1', '1k'],
    ['9007199254740993', '9007199254740992'],
    ['100m', '101m'],
    ['-1', '1'],
  ])('tells %s from %s', (a, b) => {
    expect(sameQuantity(a, b)).toBe(false)
  })

  it.each(['', 'm', '1 Gi', '1gi', '1.2.3', 'abc', '0x10', '1e', '--1', 'NaN', '1e999999999', '9'.repeat(100)])(
    'refuses %j, which is no quantity, without comparing it',
    (text) => {
      expect(parseQuantity(text)).toBeNull()
      expect(sameQuantity(text, text)).toBe(false)
    },
  )

  it('rounds what is finer than a billionth away from zero, as the API server does', () => {
    expect(parseQuantity('0.0000000001')).toBe(1n)
    expect(parseQuantity('-0.0000000001')).toBe(-1n)
  })

  it('sees a unit only where the text cannot be a plain number', () => {
    expect(['100m', '1Gi', '2k', '.5G'].map(hasUnit)).toEqual([true, true, true, true])
    expect(['1', '1.10', '1e3', 'main', 'v1m'].map(hasUnit)).toEqual([false, false, false, false, false])
  })

  it('gives one amount for every way to write it', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n })
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseQuantity(`${amount}m`)).toBe(amount * 1_000_000n)
        expect(sameQuantity(`${amount}k`, `${amount * 1000n}`)).toBe(true)
        expect(sameQuantity(`${amount}Ki`, `${amount * 1024n}`)).toBe(true)
        expect(sameQuantity(`${amount}e2`, `${amount}00`)).toBe(true)
        expect(sameQuantity(`${amount}m`, `${amount + 1n}m`)).toBe(false)
      }),
    )
  })
})
