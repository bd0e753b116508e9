// Tests of the rule that a mark without a record asks.
import { expect, it } from 'vitest'
import { config, live } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const marked = live(config('b', { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/b' }))

it('asks before pruning what only its mark calls ours', () => {
  const { found, plan } = judge('unrecorded', { same: [config('a')], live: [marked] })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.ref?.name).toBe('b')
  expect(plan.verdict).toBe('needs-approval')
})

it('has nothing to ask where it is recorded', () => {
  expect(judge('unrecorded', { same: [config('a')], ours: [config('b')] }).found).toEqual([])
})
