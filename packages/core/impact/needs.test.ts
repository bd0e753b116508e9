// Tests of what is read before the impact of deletions can be told.
import { expect, it } from 'vitest'
import { config, definition, object } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import { impactNeeds } from './needs.ts'

const ours = [
  config('a'),
  object('v1', 'ConfigMap', 'b', { metadata: { namespace: 'other' } }),
  object('v1', 'Namespace', 'extra'),
  definition('example.com', 'Widget'),
  object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv-1' } }),
]

it('asks for namespaces, kinds and volumes of what may go', () => {
  const { comparison } = planInput({ ours })
  expect(impactNeeds(comparison, { kind: 'delete', cascade: 'foreground' })).toEqual({
    namespaces: ['extra', 'other', 'shop'],
    instancesOf: [{ group: 'example.com', kind: 'Widget' }],
    volumes: ['pv-1'],
  })
})

it('asks for nothing where nothing will be deleted', () => {
  const { comparison } = planInput({ ours })
  const nothing = { namespaces: [], instancesOf: [], volumes: [] }
  expect(impactNeeds(comparison, { kind: 'sync', prune: false, only: [], revision: null })).toEqual(nothing)
  expect(impactNeeds(comparison, { kind: 'rollback', history: 1, prune: false })).toEqual(nothing)
  expect(impactNeeds(comparison, { kind: 'delete', cascade: 'none' })).toEqual(nothing)
})

it('asks a restore for the volumes of the claims that come back', () => {
  const claim = (name: string) => object('v1', 'PersistentVolumeClaim', name, { spec: { volumeName: `pv-${name}` } })
  const intent = { kind: 'restore', entries: ['t1'] } as const
  const { comparison } = planInput({ intent, desired: [claim('b'), claim('a')], same: [claim('there')] })
  expect(impactNeeds(comparison, intent).volumes).toEqual(['pv-a', 'pv-b'])
})
