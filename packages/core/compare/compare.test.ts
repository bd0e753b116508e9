// The verdict on each object: same, changed, missing or unseen, and which of them the API server is asked about.
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { exampleKinds } from '../testing/examples.ts'
import { printComparison } from '../testing/print-drift.ts'
import { noSchemas } from '../testing/schemas.ts'
import { applied, compareInput, configMap, desired, liveSet, manifest, recorded } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { CompareInput } from './context.ts'

const found = (parts: Partial<CompareInput>) => printComparison(compare(compareInput(parts)))

/** A live object with some of it replaced. */
function edited(object: KubeObject, fields: Partial<KubeObject>): KubeObject {
  return { ...object, ...fields, metadata: { ...object.metadata, ...fields.metadata } }
}

describe('an object that is there', () => {
  const web = desired(configMap('web'))

  it('is the same, and nobody is asked, when every field of the manifest is as it says', () => {
    const live = edited(applied(web), { data: { a: '1', ofOthers: '2' } })
    expect(found({ desired: [web], live: liveSet([live]) })).toEqual(['same ConfigMap/web'])
  })

  it('is changed when a field differs, and the server is asked to judge the manifest before anything is written', () => {
    const live = edited(applied(web), { data: { a: '2' } })
    expect(found({ desired: [web], live: liveSet([live]) })).toEqual([
      'changed ConfigMap/web',
      '  set data.a "2" → "1" by argocd-controller',
      'ask /ConfigMap/shop/web',
    ])
  })

  it('is changed when Git drops a field that we applied', () => {
    const before = desired(configMap('web', { a: '1', b: '2' }))
    expect(found({ desired: [web], live: liveSet([applied(before)]) })).toEqual([
      'changed ConfigMap/web',
      '  remove data.b "2" → null by argocd-controller',
      'ask /ConfigMap/shop/web',
    ])
  })

  it('is the same when Git drops a field that another manager owns as well', () => {
    const before = applied(desired(configMap('web', { a: '1', b: '2' })))
    const [ours] = before.metadata.managedFields as readonly object[]
    const other = { manager: 'team-b', operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:b': {} } } }
    const live = edited(before, { metadata: { name: 'web', managedFields: [ours as never, other] } })
    expect(found({ desired: [web], live: liveSet([live]) })).toEqual(['same ConfigMap/web'])
  })

  it('is never the same while it is being deleted', () => {
    const live = edited(applied(web), { metadata: { name: 'web', deletionTimestamp: '2026-01-03T00:00:00Z' } })
    expect(found({ desired: [web], live: liveSet([live]) })).toEqual([
      'changed ConfigMap/web',
      '  remove metadata.deletionTimestamp "2026-01-03T00:00:00Z" → null',
      'ask /ConfigMap/shop/web',
    ])
  })

  it('is asked about where the cluster publishes no types and the live object has more than the manifest', () => {
    const live = edited(applied(web), { data: { a: '1', ofOthers: '2' } })
    expect(found({ desired: [web], live: liveSet([live]), schema: noSchemas })).toEqual([
      'same ConfigMap/web',
      'ask /ConfigMap/shop/web',
    ])
  })

  it('is not asked about where that very manifest was applied last and everything in it is still ours', () => {
    const widget = desired(manifest('v1', 'ConfigMap', 'w', { spec: { size: 1, cpu: 0.1 } }))
    const live = edited(applied(widget), { spec: { size: 1, cpu: '100m' } })
    const input = { desired: [widget], live: liveSet([live]), schema: noSchemas }
    expect(found(input)).toEqual(['same ConfigMap/w', 'ask /ConfigMap/shop/w'])
    expect(found({ ...input, inventory: { entries: [recorded(widget)] } })).toEqual(['same ConfigMap/w'])
    // An entry of another manifest says nothing about this one.
    const earlier = { ...recorded(widget), digest: 'of-another-manifest' }
    expect(found({ ...input, inventory: { entries: [earlier] } })).toEqual([
      'same ConfigMap/w',
      'ask /ConfigMap/shop/w',
    ])
    // An entry for another object of that name says nothing about this one.
    const other = recorded(widget, { kind: 'applied', uid: 'another' })
    expect(found({ ...input, inventory: { entries: [other] } })).toEqual(['same ConfigMap/w', 'ask /ConfigMap/shop/w'])
  })

  it('is asked about where it was read in another version than the manifest speaks', () => {
    const live = { ...applied(web), apiVersion: 'v2' }
    expect(found({ desired: [web], live: liveSet([live]) })).toEqual(['same ConfigMap/web', 'ask /ConfigMap/shop/web'])
  })
})

describe('an object that is not there', () => {
  it('is missing, and the server is asked whether it would take it', () => {
    expect(found({ desired: [desired(configMap('web'))] })).toEqual([
      'missing ConfigMap/web',
      'ask /ConfigMap/shop/web',
    ])
  })

  it('is not asked about while its namespace is only on its way', () => {
    const namespace = desired({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    expect(found({ desired: [desired(configMap('web')), namespace] })).toEqual([
      'missing ConfigMap/web',
      'missing Namespace/shop',
      'ask /Namespace//shop',
    ])
  })

  it('is not asked about while the cluster does not serve its kind, or not in this version', () => {
    const widget = desired(manifest('example.com/v1', 'Widget', 'w'))
    const old = desired(manifest('apps/v1beta1', 'Deployment', 'd'))
    const live = liveSet([], { absent: new Set([refKey(widget.ref), refKey(old.ref)]) })
    expect(found({ desired: [widget, old], live })).toEqual(['missing Deployment/d', 'missing Widget/w'])
  })

  it('carries the refusal of the server', () => {
    const web = desired(configMap('web'))
    const refusal = { reason: 'Invalid', message: 'data is too long', fields: [] }
    expect(found({ desired: [web], dryRuns: new Map([[refKey(web.ref), { kind: 'refused', refusal }]]) })).toEqual([
      'missing ConfigMap/web: refused, data is too long',
    ])
  })

  it('is asked about again while no answer came', () => {
    const web = desired(configMap('web'))
    const dryRuns = new Map([[refKey(web.ref), { kind: 'unavailable', reason: 'timeout' } as const]])
    expect(found({ desired: [web], dryRuns })).toEqual(['missing ConfigMap/web', 'ask /ConfigMap/shop/web'])
  })
})

describe('an object that cannot be seen', () => {
  const web = desired(configMap('web'))

  it('is unseen, never missing, where its list failed', () => {
    const live = liveSet([], { gaps: [{ group: '', kind: 'ConfigMap', namespace: 'shop', reason: 'timeout' }] })
    expect(found({ desired: [web], live })).toEqual(['unseen ConfigMap/web: timeout'])
  })

  it('is unseen where nobody looked', () => {
    expect(found({ desired: [web], live: liveSet([], { seen: [] }) })).toEqual([
      'unseen ConfigMap/web: this part of the cluster was not read',
    ])
  })

  it('says why its API group did not answer', () => {
    const deployment = desired(manifest('apps/v1', 'Deployment', 'web'))
    expect(found({ desired: [deployment], live: liveSet([], { seen: [] }), kinds: exampleKinds(['apps']) })).toEqual([
      'unseen Deployment/web: the server is currently unable to handle the request',
    ])
  })

  it('is neither gone nor surplus where it was recorded and is not wanted any more', () => {
    const inventory = { entries: [recorded(web)] }
    const live = liveSet([], { gaps: [{ group: '', kind: null, namespace: null, reason: 'forbidden' }] })
    expect(found({ inventory, live })).toEqual(['unseen ConfigMap/web: forbidden'])
  })
})

describe('the result', () => {
  it('is ordered by ref, whatever the order of the files', () => {
    const objects = ['c', 'a', 'b'].map((name) => desired(configMap(name)))
    expect(compare(compareInput({ desired: objects })).drifts.map((drift) => drift.ref.name)).toEqual(['a', 'b', 'c'])
  })

  it('tells the inventory entry of each object, also of one recorded under the group its kind has left', () => {
    const old = desired(manifest('extensions/v1beta1', 'Ingress', 'web'))
    const now = desired(manifest('networking.k8s.io/v1', 'Ingress', 'web'))
    const inventory = { entries: [recorded(old)] }
    const [drift] = compare(compareInput({ desired: [now], inventory })).drifts
    expect(drift?.kind === 'missing' && drift.recorded?.ref.group).toBe('extensions')
  })
})
