// Tests of the rule about objects that could not be seen.
import { expect, it } from 'vitest'
import { config, deployment, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const failedGroups = { 'example.com': 'no answer' }
const widget = object('example.com/v1', 'Widget', 'w1')

it('blocks the deletion of an application while a recorded object cannot be seen', () => {
  const { found, plan } = judge('unseen', {
    intent: { kind: 'delete', cascade: 'foreground' },
    ours: [config('a')],
    gone: [widget],
    failedGroups,
  })
  expect(found[0]?.level).toBe('blocked')
  expect(found[0]?.what).toContain('no answer')
  expect(plan.verdict).toBe('blocked')
})

it('lets an application be forgotten with unseen objects, keeping them', () => {
  const { found, plan } = judge('unseen', { intent: { kind: 'delete', cascade: 'none' }, gone: [widget], failedGroups })
  expect(found[0]?.level).toBe('warning')
  expect(plan.records.map((record) => record.kind)).toEqual(['release'])
})

it('warns in a sync and decides nothing about the object', () => {
  const { found, plan } = judge('unseen', { desired: [widget, deployment('web')], failedGroups })
  expect(found[0]?.level).toBe('warning')
  expect(plan.steps.some((step) => step.kind !== 'wait' && step.ref.kind === 'Widget')).toBe(false)
  expect(plan.totals.unseen).toBe(1)
  expect(plan.verdict).toBe('proceed')
})

it('never deletes nor forgets what it cannot see', () => {
  const { plan } = judge('unseen', { same: [config('a')], gone: [widget], failedGroups })
  expect(plan.steps).toEqual([])
  expect(plan.records.every((record) => record.ref.kind !== 'Widget')).toBe(true)
})

it('asks where a Namespace that objects go into cannot be seen', () => {
  const gaps = [{ group: '', kind: 'Namespace', namespace: null, reason: 'forbidden' }]
  const { found } = judge('unseen', { desired: [object('v1', 'Namespace', 'shop'), config('a')], gaps })
  expect(found[0]?.level).toBe('needs-approval')
})
