// Laws of the waiting time between tries.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

describe('backoffMs', () => {
  it('lies between half of the doubled wait and the whole, and never beyond the longest', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.nat(1000), chance, (attempt, random) => {
        const whole = Math.min(8000, 500 * 2 ** attempt)
        const ms = backoffMs({ firstMs: 500, maxMs: 8000 }, attempt, random)
        expect(ms).toBeGreaterThanOrEqual(whole / 2)
        expect(ms).toBeLessThanOrEqual(whole)
      }),
    )
  })
})
