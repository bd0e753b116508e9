// What a quick run leaves out, and that the real run leaves out nothing.
import { afterEach, expect, it } from 'vitest'
import { sampled, wholeVariable } from './whole.ts'

const before = process.env[wholeVariable]
afterEach(() => {
  if (before === undefined) delete process.env[wholeVariable]
  else process.env[wholeVariable] = before
})

it('is a sample from the first on in a quick run', () => {
  delete process.env[wholeVariable]
  expect(sampled([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 3])
  expect(sampled([], 3)).toEqual([])
})

it('is everything in the real run', () => {
  process.env[wholeVariable] = '1'
  expect(sampled([0, 1, 2, 3], 3)).toEqual([0, 1, 2, 3])
})
