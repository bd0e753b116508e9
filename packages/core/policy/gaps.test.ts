// Tests of the note about parts of the cluster that were not read.
import { expect, it } from 'vitest'
import { config, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('names every place that was not read, once for each reason', () => {
  const gaps = [
    { group: '', kind: 'Secret', namespace: 'shop', reason: 'forbidden' },
    { group: 'batch', kind: 'Job', namespace: null, reason: 'forbidden' },
    { group: 'example.com', kind: null, namespace: null, reason: 'no answer' },
  ]
  const { found } = judge('gaps', { same: [config('a')], gaps })
  expect(found.map((finding) => finding.title)).toEqual([
    'not read: Job of batch, Secret of the core group in shop',
    'not read: every kind of example.com',
  ])
  expect(found.every((finding) => finding.level === 'warning')).toBe(true)
})

it('says nothing twice: an unseen object tells of its gap', () => {
  const gaps = [{ group: 'example.com', kind: null, namespace: null, reason: 'no answer' }]
  const desired = [object('example.com/v1', 'Widget', 'w1')]
  expect(judge('gaps', { desired, gaps }).found).toEqual([])
})
