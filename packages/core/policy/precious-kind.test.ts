// Tests of the approval that names precious objects.
import { describe, expect, it, test } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { config, definition, deployment, live, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const PRECIOUS: readonly (readonly [string, JsonObject, string])[] = [
  ['a Namespace', object('v1', 'Namespace', 'extra'), 'Namespace/extra goes with everything in it'],
  ['a definition', definition('example.com', 'Widget'), 'goes with every object of its kind'],
  ['a volume', object('v1', 'PersistentVolume', 'pv'), 'PersistentVolume/pv is a volume'],
  ['a claim', object('v1', 'PersistentVolumeClaim', 'data'), 'PersistentVolumeClaim/data claims a volume'],
  ['a stateful set', object('apps/v1', 'StatefulSet', 'db'), 'StatefulSet/db keeps state'],
  ['a load balancer', object('v1', 'Service', 'lb', { spec: { type: 'LoadBalancer' } }), 'is a load balancer'],
  ['a database', object('postgresql.cnpg.io/v1', 'Cluster', 'orders'), 'Cluster/orders stands for a database'],
  ['a backup', object('velero.io/v1', 'Backup', 'daily'), 'Backup/daily stands for a backup'],
  [
    'an application',
    object('argoproj.io/v1alpha1', 'Application', 'child'),
    'is an application with objects of its own',
  ],
]

describe('deleting something precious', () => {
  test.each(PRECIOUS)('asks for %s by name', (_, manifest, title) => {
    const { found, plan } = judge('precious-kind', { same: [deployment('web')], ours: [manifest] })
    expect(found).toHaveLength(1)
    expect(found[0]?.level).toBe('needs-approval')
    expect(found[0]?.title).toContain(title)
    expect(found[0]?.what).not.toBe('')
    expect(found[0]?.ref?.kind).toBe(manifest.kind)
    expect(plan.verdict).toBe('needs-approval')
  })
})

it('says which volume a claim holds and what becomes of it', () => {
  const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv-1' } })
  const volume = object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: 'Delete' } })
  const { found, plan } = judge('precious-kind', { same: [deployment('web')], ours: [claim], facts: [volume] })
  expect(found[0]?.title).toBe('PersistentVolumeClaim/data holds volume pv-1')
  expect(found[0]?.what).toContain('the data of volume pv-1 stay (its reclaim policy Delete is set to Retain')
  expect(plan.steps.map((step) => step.kind)).toEqual(['wait', 'retain', 'delete', 'wait'])
})

it('says that the data go where somebody gave them up, and where nobody can see the volume', () => {
  const claim = object('v1', 'PersistentVolumeClaim', 'data', {
    metadata: { annotations: { 'mainstay.dev/give-up-data': 'true' } },
    spec: { volumeName: 'pv-1' },
  })
  const volume = object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: 'Delete' } })
  const given = judge('precious-kind', { same: [config('a')], ours: [claim], facts: [volume] })
  expect(given.found[0]?.what).toContain('volume pv-1 is deleted with its data')
  const unseen = judge('precious-kind', { same: [config('a')], ours: [claim] })
  expect(unseen.found[0]?.what).toContain('its data may be deleted')
  for (const { plan } of [given, unseen]) expect(plan.steps.map((step) => step.kind)).not.toContain('retain')
})

it('asks for each precious object of a deleted application, too', () => {
  const { found } = judge('precious-kind', {
    intent: { kind: 'delete', cascade: 'foreground' },
    ours: [object('apps/v1', 'StatefulSet', 'db'), object('v1', 'PersistentVolumeClaim', 'data'), config('a')],
  })
  expect(found.map((finding) => finding.ref?.name)).toEqual(['data', 'db'])
})

it('says nothing of objects that Git brings back as they were, nor of a Service without an address', () => {
  const ours = [config('a'), object('v1', 'Service', 'web', { spec: { type: 'ClusterIP' } })]
  expect(judge('precious-kind', { same: [deployment('web')], ours }).found).toEqual([])
})

it('says nothing of precious objects that stay', () => {
  const claim = object('v1', 'PersistentVolumeClaim', 'data', {
    metadata: { annotations: { 'mainstay.dev/protect': 'true' } },
  })
  const { found, plan } = judge('precious-kind', {
    same: [deployment('web')],
    ours: [claim],
    live: [live(config('x'))],
  })
  expect(found).toEqual([])
  expect(plan.totals.kept).toBe(1)
})

it('says nothing of keeping data that are meant to end with their Pod', () => {
  const pod = object('v1', 'Pod', 'p', { metadata: { uid: 'p' } })
  const claim = object('v1', 'PersistentVolumeClaim', 'scratch', {
    metadata: { ownerReferences: [{ uid: 'p', kind: 'Pod', controller: true }] },
    spec: { volumeName: 'pv-1' },
  })
  const volume = object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: 'Delete' } })
  const { plan } = judge('precious-kind', { same: [config('a')], ours: [claim], facts: [volume, pod] })
  expect(plan.steps.map((step) => step.kind)).not.toContain('retain')
})
