// Tests of the rule that a commit cannot lose what it had.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const C1 = '1111111000000000000000000000000000000000'
const C2 = '2222222000000000000000000000000000000000'

it('blocks deleting what the same commit from the same source gave before', () => {
  const { found, plan } = judge('absence-without-cause', {
    commit: C1,
    recordedCommit: C1,
    same: [config('stays')],
    ours: [config('lost')],
  })
  expect(found[0]?.level).toBe('blocked')
  expect(found[0]?.title).toBe('ConfigMap/lost would be deleted without a commit that removed it')
  expect(plan.verdict).toBe('blocked')
})

it('lets a later commit remove it', () => {
  const given = { commit: C2, recordedCommit: C1, same: [config('stays')], ours: [config('removed')] }
  expect(judge('absence-without-cause', given).found).toEqual([])
})

it("lets a change of the application's source remove it at the same commit", () => {
  const { found } = judge('absence-without-cause', {
    commit: C1,
    recordedCommit: C1,
    same: [config('stays')],
    ours: [config('excluded')],
    records: { 'ConfigMap/excluded': { sourceDigest: 'before include was edited' } },
  })
  expect(found).toEqual([])
})

it('does not stand in the way of deleting the application, nor of a sync without prune', () => {
  const given = { commit: C1, recordedCommit: C1, same: [config('stays')], ours: [config('lost')] }
  const off = { kind: 'sync', prune: false, only: [], revision: null } as const
  expect(judge('absence-without-cause', { ...given, intent: off }).found).toEqual([])
  const deletion = { kind: 'delete', cascade: 'foreground' } as const
  expect(judge('absence-without-cause', { ...given, intent: deletion }).found).toEqual([])
})
