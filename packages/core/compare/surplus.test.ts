// What is left in the cluster that nobody wants: ours with proof, or somebody else's.
import { describe, expect, it } from 'vitest'
import type { Tracking } from '../app/application.ts'
import { DEFAULT_TRACKING } from '../app/tracking.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { printComparison } from '../testing/print-drift.ts'
import {
  applied,
  compareInput,
  configMap,
  desired,
  liveSet,
  managed,
  manifest,
  recorded,
  uidFor,
} from '../testing/world.ts'
import { compare } from './compare.ts'
import type { CompareInput } from './context.ts'

const old = desired(configMap('old'))

const found = (
  objects: readonly KubeObject[],
  entries: readonly InventoryEntry[] = [],
  parts: Partial<CompareInput> = {},
) => printComparison(compare(compareInput({ live: liveSet(objects), inventory: { entries }, ...parts })))

function withMetadata(object: KubeObject, metadata: JsonObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } }
}

function marked(object: KubeObject, annotations: JsonObject): KubeObject {
  return withMetadata(object, { annotations })
}

const TRACKING_ID = 'argocd.argoproj.io/tracking-id'

describe('an object that was recorded and is not wanted any more', () => {
  it('is surplus with the uid as proof, and the commit that last wanted it', () => {
    const comparison = compare(compareInput({ live: liveSet([applied(old)]), inventory: { entries: [recorded(old)] } }))
    expect(comparison.drifts).toMatchObject([
      { kind: 'surplus', proof: { kind: 'inventory', uid: uidFor(old.ref), commit: 'c1', origin: 'app.yaml' } },
    ])
  })

  it('is surplus by its uid although it carries no mark, as CustomResourceDefinitions never do', () => {
    expect(found([marked(applied(old), {})], [recorded(old)])).toEqual(['surplus ConfigMap/old: inventory'])
  })

  it('is foreign when it was made again by somebody: the uid is another', () => {
    const comparison = compare(
      compareInput({
        live: liveSet([withMetadata(applied(old), { uid: 'new' })]),
        inventory: { entries: [recorded(old)] },
      }),
    )
    expect(comparison.drifts).toMatchObject([
      { kind: 'foreign', why: { kind: 'recreated', recordedUid: uidFor(old.ref), liveUid: 'new' } },
    ])
  })

  it('is foreign when another application has taken it over', () => {
    const taken = marked(applied(old), { [TRACKING_ID]: 'billing:/ConfigMap:shop/old' })
    expect(found([taken], [recorded(old)])).toEqual(['foreign ConfigMap/old: foreign-mark'])
  })

  it('is foreign when another installation has taken it over', () => {
    const annotations = { [TRACKING_ID]: 'shop:/ConfigMap:shop/old', 'argocd.argoproj.io/installation-id': 'other' }
    expect(found([marked(applied(old), annotations)], [recorded(old)])).toEqual(['foreign ConfigMap/old: foreign-mark'])
  })

  it('is still ours when only our installation got an id since', () => {
    const tracking: Tracking = { ...DEFAULT_TRACKING, installationId: 'prod' }
    expect(found([applied(old)], [recorded(old)], { tracking })).toEqual(['surplus ConfigMap/old: inventory'])
  })

  it('is gone when it was seen not to exist', () => {
    expect(found([], [recorded(old)])).toEqual(['gone ConfigMap/old'])
  })

  it('stays surplus while its deletion was sent and is not finished', () => {
    const entry = recorded(old, { kind: 'deleting', uid: uidFor(old.ref) })
    const live = withMetadata(applied(old), { deletionTimestamp: '2026-01-01T00:00:00Z' })
    expect(found([live], [entry])).toEqual(['surplus ConfigMap/old: inventory'])
  })

  it('is nothing at all where only wanted objects are looked at', () => {
    expect(found([applied(old)], [recorded(old)], { surplus: 'ignore' })).toEqual([])
  })
})

describe('an object that we only meant to apply', () => {
  const intended = recorded(old, { kind: 'intended' })

  it('is ours when it carries our mark', () => {
    expect(found([applied(old)], [intended])).toEqual(['surplus ConfigMap/old: tracking'])
  })

  it('is somebody else’s when it carries none, another one, or a copied one', () => {
    expect(found([marked(applied(old), {})], [intended])).toEqual(['foreign ConfigMap/old: unmarked'])
    const other = marked(applied(old), { [TRACKING_ID]: 'billing:/ConfigMap:shop/old' })
    expect(found([other], [intended])).toEqual(['foreign ConfigMap/old: foreign-mark'])
    const copied = marked(applied(old), { [TRACKING_ID]: 'shop:/ConfigMap:shop/another' })
    expect(found([copied], [intended])).toEqual(['foreign ConfigMap/old: copied-mark'])
  })

  it('is gone when it was never made', () => {
    expect(found([], [intended])).toEqual(['gone ConfigMap/old'])
  })
})

describe('an object that moved', () => {
  it('to another API group is neither surplus nor gone: one uid has one fate', () => {
    const before = desired(manifest('extensions/v1beta1', 'Ingress', 'web'))
    const after = desired(manifest('networking.k8s.io/v1', 'Ingress', 'web'))
    const uid = uidFor(before.ref)
    const now = withMetadata(applied(after), { uid })
    const comparison = compare(
      compareInput({
        desired: [after],
        live: liveSet([now, withMetadata(applied(before), { uid })]),
        inventory: { entries: [recorded(before)] },
      }),
    )
    expect(comparison).toMatchObject({ drifts: [{ kind: 'same', recorded: { ref: before.ref } }], gone: [] })
  })

  it('in a way that no table knows is told by its uid, recorded or not', () => {
    const after = desired(configMap('new'))
    const uid = uidFor(old.ref)
    const both = [withMetadata(applied(after), { uid }), applied(old)]
    for (const entries of [[recorded(old)], []]) {
      expect(found(both, entries, { desired: [after] })).toEqual(['same ConfigMap/new'])
    }
    expect(found(both.slice(0, 1), [recorded(old)], { desired: [after] })).toEqual(['same ConfigMap/new'])
  })
})

describe('an object with our mark that nobody recorded', () => {
  it('is surplus with the mark as proof when the mark describes it', () => {
    const comparison = compare(compareInput({ live: liveSet([applied(old)]) }))
    expect(comparison.drifts).toMatchObject([
      {
        kind: 'surplus',
        recorded: null,
        proof: { kind: 'tracking', uid: uidFor(old.ref), id: 'shop:/ConfigMap:shop/old' },
      },
    ])
  })

  it('is foreign when a backup or an operator copied the mark of another object', () => {
    const copied = marked(applied(old), { [TRACKING_ID]: 'shop:/ConfigMap:shop/schedule' })
    expect(found([copied])).toEqual(['foreign ConfigMap/old: copied-mark'])
  })

  it('is foreign when another object owns it', () => {
    const owned = withMetadata(applied(old), { ownerReferences: [{ kind: 'Widget', name: 'w', uid: 'u' }] })
    expect(compare(compareInput({ live: liveSet([owned]) })).drifts).toMatchObject([
      { kind: 'foreign', why: { kind: 'owned-by-object', owner: 'Widget/w' } },
    ])
  })

  it('is not worth a word when a controller copied the mark to what it makes', () => {
    const copied = marked(applied(old), { [TRACKING_ID]: 'shop:apps/Deployment:shop/web' })
    expect(found([withMetadata(copied, { ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'u' }] })])).toEqual(
      [],
    )
  })

  it('is left alone when it is a hook, of another application, of another installation, or of nobody', () => {
    const id = 'shop:/ConfigMap:shop/old'
    for (const annotations of [
      { [TRACKING_ID]: id, 'argocd.argoproj.io/hook': 'PreSync' },
      { [TRACKING_ID]: id, 'helm.sh/hook': 'pre-install' },
      { [TRACKING_ID]: 'billing:/ConfigMap:shop/old' },
      { [TRACKING_ID]: id, 'argocd.argoproj.io/installation-id': 'other' },
      { [TRACKING_ID]: 'nonsense' },
      {},
    ]) {
      expect(found([marked(applied(old), annotations)])).toEqual([])
    }
  })

  it('is ours all the same when Helm marked it as an ordinary definition', () => {
    const annotations = { [TRACKING_ID]: 'shop:/ConfigMap:shop/old', 'helm.sh/hook': 'crd-install' }
    expect(found([marked(applied(old), annotations)])).toEqual(['surplus ConfigMap/old: tracking'])
  })
})

describe('a label', () => {
  const tracking: Tracking = { ...DEFAULT_TRACKING, method: 'label' }
  const labelled = withMetadata(configMap('release'), { uid: 'u', labels: { 'app.kubernetes.io/instance': 'shop' } })

  it('never proves a deletion: a Helm release of the same name carries it, too', () => {
    expect(found([labelled], [], { tracking })).toEqual(['foreign ConfigMap/release: foreign-mark'])
    const elsewhere = withMetadata(labelled, { namespace: 'a' })
    expect(found([elsewhere], [], { tracking })).toEqual(['foreign ConfigMap/release: foreign-mark'])
  })

  it('means nothing beside the annotation that is missing', () => {
    expect(found([labelled], [], { tracking: { ...tracking, method: 'annotation+label' } })).toEqual([])
  })

  it('does not stand in the way of what was recorded by uid', () => {
    const wanted = desired(configMap('release'))
    const entry = recorded(wanted, { kind: 'applied', uid: 'u' })
    expect(found([labelled], [entry], { tracking })).toEqual(['surplus ConfigMap/release: inventory'])
  })
})

describe('hand edits on an object that is to go', () => {
  it('are the fields of other managers, without status, without the control plane, without ours', () => {
    const edits = [
      managed('kubectl-edit', 'Update', { 'f:data': { 'f:x': {}, 'f:a': {} }, 'f:status': { 'f:y': {} } }),
      managed('kubectl-edit', 'Update', { 'f:status': { 'f:z': {} } }, { subresource: 'status' }),
      managed('kube-controller-manager', 'Update', { 'f:data': { 'f:k': {} } }),
      managed('team-b', 'Apply', { 'f:data': { 'f:t': {} } }),
      managed('argocd-controller', 'Update', { 'f:data': { 'f:o': {} } }),
    ]
    expect(found([withMetadata(applied(old), { managedFields: edits })], [recorded(old)])).toEqual([
      'surplus ConfigMap/old: inventory',
      '  data.a by kubectl-edit',
      '  data.x by kubectl-edit',
    ])
  })

  it('name the latest author of a field that several edited', () => {
    const path = { 'f:data': { 'f:a': {} } }
    const edits = [
      managed('late', 'Update', path, { time: '2026-02-01T00:00:00Z' }),
      managed('early', 'Update', path, { time: '2026-01-01T00:00:00Z' }),
    ]
    expect(found([withMetadata(applied(old), { managedFields: edits })], [recorded(old)])).toContain('  data.a by late')
  })
})

describe('absence', () => {
  it('never makes an object surplus: what is wanted and cannot be seen stays unseen', () => {
    const live = liveSet([], { seen: [], objects: new Map([[refKey(old.ref), applied(old)]]) })
    expect(found([], [], { desired: [desired(configMap('other'))], live })).toEqual([
      'surplus ConfigMap/old: tracking',
      'unseen ConfigMap/other: this part of the cluster was not read',
    ])
  })
})
