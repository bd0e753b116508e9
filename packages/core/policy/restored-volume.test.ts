// Tests of the rule about restored claims and their volumes.
import { expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv-1' } })
const volume = (claimRef: JsonObject | null, phase: string) =>
  object('v1', 'PersistentVolume', 'pv-1', {
    metadata: { uid: 'pv-uid' },
    spec: claimRef === null ? {} : { claimRef },
    status: { phase },
  })
const restore = { kind: 'restore', entries: ['t1'] } as const
const dead = { namespace: 'shop', name: 'data', uid: 'dead' }

it('frees a released volume of the dead claim before the claim comes', () => {
  const { found, plan } = judge('restored-volume', {
    intent: restore,
    desired: [claim],
    facts: [volume(dead, 'Released')],
  })
  expect(found).toEqual([])
  expect(plan.steps).toMatchObject([
    { kind: 'rebind', uid: 'pv-uid', claim: dead },
    { kind: 'apply', verb: 'create', after: ['sync/0/10 rebind'] },
  ])
})

it('asks where the volume is gone, or belongs to another claim', () => {
  const others = [[], [volume({ ...dead, name: 'other' }, 'Bound')], [volume(dead, 'Bound')]]
  for (const facts of others) {
    const { found, plan } = judge('restored-volume', { intent: restore, desired: [claim], facts })
    expect(found[0]?.level).toBe('needs-approval')
    expect(plan.steps.map((step) => step.kind)).toEqual(['apply'])
  }
})

it('leaves a free volume to the cluster, and claims that name none', () => {
  const { found, plan } = judge('restored-volume', {
    intent: restore,
    desired: [claim, object('v1', 'PersistentVolumeClaim', 'new')],
    facts: [volume({ namespace: 'shop', name: 'data' }, 'Available')],
  })
  expect(found).toEqual([])
  expect(plan.steps.map((step) => step.kind)).toEqual(['apply', 'apply'])
})
