// An application is as healthy as its worst object.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aggregate } from './aggregate.ts'
import type { Health } from './health.ts'
import { HEALTH_ORDER, worse } from './health.ts'

const health: fc.Arbitrary<Health | null> = fc.option(
  fc.record({ status: fc.constantFrom(...HEALTH_ORDER), message: fc.string() }),
)

it('is healthy where nothing counts', () => {
  expect(aggregate([])).toEqual({ status: 'Healthy', message: '' })
  expect(aggregate([null, { status: 'Healthy', message: 'fine' }])).toEqual({ status: 'Healthy', message: '' })
})

it('gives the reason of the worst, and how many more there are', () => {
  const degraded = (message: string): Health => ({ status: 'Degraded', message })
  const progressing: Health = { status: 'Progressing', message: 'starting' }
  expect(aggregate([progressing, degraded(''), null, degraded('a'), degraded('b')])).toEqual({
    status: 'Degraded',
    message: 'a (and 2 more)',
  })
  expect(aggregate([progressing, degraded('a')])).toEqual({ status: 'Degraded', message: 'a' })
  expect(aggregate([degraded(''), degraded('')])).toEqual({ status: 'Degraded', message: '' })
})

it('is the worst of all by Argo CD’s order, whatever order they come in', () => {
  fc.assert(
    fc.property(fc.array(health), fc.array(health), (a, b) => {
      expect(aggregate([...a, ...b]).status).toBe(worse(aggregate(a).status, aggregate(b).status))
      expect(aggregate([...b, ...a]).status).toBe(aggregate([...a, ...b]).status)
    }),
  )
})
