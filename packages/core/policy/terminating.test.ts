// Tests of the rule about objects on their way out.
import { expect, it } from 'vitest'
import { config, deployment } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const leaving = (name: string) => ({
  ...deployment(name),
  metadata: { name, deletionTimestamp: '2026-05-04T09:00:00Z', finalizers: ['foregroundDeletion'] },
})

it('neither applies to what is being deleted nor calls it right', () => {
  const { found, plan } = judge('terminating', { desired: [deployment('web', 2)], ours: [leaving('web')] })
  expect(found[0]?.level).toBe('warning')
  expect(found[0]?.what).toContain('foregroundDeletion')
  expect(plan.steps).toEqual([])
  expect(plan.totals.same).toBe(0)
})

it('does not delete a second time what is being deleted already', () => {
  const { found, plan } = judge('terminating', { same: [config('a')], ours: [leaving('old')] })
  expect(found[0]?.level).toBe('info')
  expect(plan.steps).toEqual([])
  expect(plan.verdict).toBe('proceed')
})
