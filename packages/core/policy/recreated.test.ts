// Tests of the rule that a name is not an identity.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const records = { 'ConfigMap/b': { state: { kind: 'applied', uid: 'the-one-before' } } } as const

it('keeps an object that somebody re-created, and says so', () => {
  const { found, plan } = judge('recreated', { same: [config('a')], ours: [config('b')], records })
  expect(found[0]?.level).toBe('warning')
  expect(found[0]?.what).toContain('the-one-before → uid-/ConfigMap/shop/b')
  expect(plan.steps).toEqual([])
})

it('keeps its record in a sync, so that its mark is not taken for proof the next time', () => {
  const { plan } = judge('recreated', { same: [config('a')], ours: [config('b')], records })
  expect(plan.records.some((record) => record.ref.name === 'b')).toBe(false)
})

it('lets go of the record when the application is deleted', () => {
  const intent = { kind: 'delete', cascade: 'foreground' } as const
  const { plan } = judge('recreated', { intent, ours: [config('b')], records })
  expect(plan.steps).toEqual([])
  expect(plan.records.map((record) => record.kind)).toEqual(['release'])
})
