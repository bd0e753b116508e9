// Tests of the rule that a definition's objects are named before it goes.
import { expect, it } from 'vitest'
import { config, definition, live, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const widgets = definition('example.com', 'Widget')

it('names the objects of its kind in all namespaces', () => {
  const facts = [
    live(object('example.com/v1', 'Widget', 'w1')),
    live(object('example.com/v1', 'Widget', 'w2'), { namespace: 'other' }),
  ]
  const { found } = judge('crd-instances', { same: [config('a')], ours: [widgets], facts })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.title).toContain('takes 2 objects with it')
  expect(found[0]?.what).toBe('other/Widget/w2, Widget/w1; and what they own, claims and their data included')
})

it('says nothing where all of them are deleted by the plan itself', () => {
  const ours = [widgets, object('example.com/v1', 'Widget', 'w1')]
  expect(judge('crd-instances', { same: [config('a')], ours }).found).toEqual([])
})
