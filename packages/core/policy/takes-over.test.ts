// Tests of the warning about objects that are taken over.
import { expect, it } from 'vitest'
import { config, live } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('names what was there before and carries no mark of ours', () => {
  const { found, plan } = judge('takes-over', {
    desired: [config('a')],
    live: [live(config('a', {}, { a: 'theirs' }))],
  })
  expect(found[0]?.level).toBe('warning')
  expect(found[0]?.what).toContain('ConfigMap/a')
  expect(plan.steps[0]).toMatchObject({ kind: 'apply', verb: 'adopt' })
})

it('says nothing of what we recorded or marked before', () => {
  const marked = live(config('b', { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/b' }, { a: 'old' }))
  const { found, plan } = judge('takes-over', {
    desired: [config('a', {}, { a: '2' }), config('b')],
    ours: [config('a')],
    live: [marked],
  })
  expect(found).toEqual([])
  expect(plan.steps.map((step) => step.kind === 'apply' && step.verb)).toEqual(['update', 'update'])
})
