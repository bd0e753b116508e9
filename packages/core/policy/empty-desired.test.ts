// Tests of the rule against revisions that hold nothing.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('blocks a sync to nothing while objects are recorded, with and without prune', () => {
  for (const prune of [true, false]) {
    const { found, plan } = judge('empty-desired', {
      intent: { kind: 'sync', prune, only: [], revision: null },
      ours: [config('a')],
    })
    expect(found.map((finding) => finding.level)).toEqual(['blocked'])
    expect(plan.verdict).toBe('blocked')
  }
})

it('only asks where the application says that empty is allowed', () => {
  const spec = { syncPolicy: { automated: { allowEmpty: true } } }
  const { found, plan } = judge('empty-desired', { spec, ours: [config('a')] })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.fixes).toContainEqual({ kind: 'approve' })
  expect(plan.verdict).toBe('needs-approval')
})

it('warns of an empty revision of an application that has nothing yet', () => {
  expect(judge('empty-desired', {}).found[0]?.level).toBe('warning')
})

it('says nothing of a revision with objects, nor of a deletion', () => {
  expect(judge('empty-desired', { desired: [config('a')] }).found).toEqual([])
  expect(
    judge('empty-desired', { intent: { kind: 'delete', cascade: 'foreground' }, ours: [config('a')] }).found,
  ).toEqual([])
})
