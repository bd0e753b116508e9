// Tests of the rule that data are not replaced by nothing.
import { describe, expect, it, test } from 'vitest'
import { config, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const STATEFUL = [
  object('apps/v1', 'StatefulSet', 'db'),
  object('v1', 'PersistentVolumeClaim', 'data'),
  object('postgresql.cnpg.io/v1', 'Cluster', 'orders'),
]

describe('creating again what held data', () => {
  test.each(STATEFUL)('asks first: $kind', (manifest) => {
    const { found, plan } = judge('stateful-recreate', { desired: [manifest], gone: [manifest] })
    expect(found[0]?.level).toBe('needs-approval')
    expect(found[0]?.what).toContain('last seen with uid')
    expect(plan.verdict).toBe('needs-approval')
  })
})

it('lets it be created where it never existed, or was only intended', () => {
  const [set] = STATEFUL
  if (set === undefined) throw new Error('no example')
  expect(judge('stateful-recreate', { desired: [set] }).found).toEqual([])
  const records = { 'StatefulSet/db': { state: { kind: 'intended' } } } as const
  expect(judge('stateful-recreate', { desired: [set], gone: [set], records }).found).toEqual([])
})

it('lets a restore bring it back, and other kinds come back by themselves', () => {
  const [set] = STATEFUL
  if (set === undefined) throw new Error('no example')
  const restore = { kind: 'restore', entries: ['t1'] } as const
  expect(judge('stateful-recreate', { intent: restore, desired: [set], gone: [set] }).found).toEqual([])
  expect(judge('stateful-recreate', { desired: [config('a')], gone: [config('a')] }).found).toEqual([])
})

it('asks also where its deletion was decided here: Git may want it again before it is gone', () => {
  const [set] = STATEFUL
  if (set === undefined) throw new Error('no example')
  const records = { 'StatefulSet/db': { state: { kind: 'deleting', uid: 'uid-1' } } } as const
  expect(judge('stateful-recreate', { desired: [set], gone: [set], records }).found).toHaveLength(1)
})
