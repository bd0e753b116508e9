// Tests of the rule about consequences that could not be seen.
import { expect, it } from 'vitest'
import { config, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const gap = (namespace: string | null) => [{ group: 'example.com', kind: null, namespace, reason: 'no answer' }]

it('asks where dependants could hide in what was not read', () => {
  for (const namespace of [null, 'shop']) {
    const { found } = judge('impact-unseen', { same: [config('a')], ours: [config('b')], factGaps: gap(namespace) })
    expect(found[0]?.level).toBe('needs-approval')
    expect(found[0]?.what).toContain('no answer')
  }
})

it('does not care for gaps elsewhere', () => {
  const given = { same: [config('a')], ours: [config('b')], factGaps: gap('other') }
  expect(judge('impact-unseen', given).found).toEqual([])
  const volume = { same: [config('a')], ours: [object('v1', 'PersistentVolume', 'pv')], factGaps: gap(null) }
  expect(judge('impact-unseen', volume).found).toEqual([])
})
