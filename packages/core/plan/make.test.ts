// Tests of what becomes of each difference, and in which order.
import { describe, expect, it } from 'vitest'
import { recordedUid } from '../inventory/inventory.ts'
import type { JsonObject } from '../object/json.ts'
import { config, definition, deployment, live, object } from '../testing/manifests.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { planInput } from '../testing/plan-case.ts'
import { makePlan } from './make.ts'
import type { Plan } from './plan.ts'

const planOf = (given: PlanCase): Plan => makePlan(planInput(given))
const idsOf = (plan: Plan): readonly string[] => plan.steps.map((step) => step.id)
const WAVE = 'argocd.argoproj.io/sync-wave'

describe('an object', () => {
  it('that is missing is created, by nobody else than us', () => {
    expect(planOf({ desired: [config('a')] }).steps).toMatchObject([
      { kind: 'apply', verb: 'create', uid: null, changes: [], why: 'not in the cluster yet' },
    ])
  })

  it('that is as it should be makes no step', () => {
    const plan = planOf({ same: [config('a')], recordedCommit: '4f1c2ab00000000000000000000000000000c0de' })
    expect(plan.steps).toEqual([])
    expect(plan.records).toEqual([])
    expect([plan.steps, plan.records]).toEqual([[], []])
  })

  it('that differs is updated by its uid, field by field', () => {
    const [step] = planOf({ desired: [config('a', {}, { a: '2' })], ours: [config('a')] }).steps
    expect(step).toMatchObject({ verb: 'update', uid: 'uid-/ConfigMap/shop/a' })
    expect(step?.kind === 'apply' && step.changes).toMatchObject([{ path: 'data.a', op: 'set', from: '1', to: '2' }])
  })

  it('that is recorded and seen gone is forgotten', () => {
    expect(planOf({ same: [config('a')], gone: [config('b')] }).records).toContainEqual({
      kind: 'forget',
      ref: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'b' },
    })
  })

  it('of a definition stays when its application is deleted', () => {
    const intent = { kind: 'delete', cascade: 'foreground' } as const
    const plan = planOf({ intent, ours: [definition('example.com', 'Widget')] })
    expect(plan.steps).toEqual([])
    expect(plan.records).toMatchObject([{ kind: 'release' }])
  })
})

describe('the records', () => {
  const marked = { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/a' }

  it('take up an object that is right and carries our mark, without a step', () => {
    const plan = planOf({ desired: [config('a')], live: [live(config('a', marked))] })
    expect(plan.steps).toEqual([])
    expect(plan.records).toMatchObject([{ kind: 'adopt', uid: 'uid-/ConfigMap/shop/a' }])
  })

  it('take up an object that somebody re-created as it should be, with its new uid', () => {
    const records = { 'ConfigMap/a': { state: { kind: 'applied', uid: 'the-one-before' } } } as const
    expect(planOf({ same: [config('a')], records }).records).toMatchObject([{ kind: 'adopt' }])
  })

  it('settle what a crash left intended', () => {
    const records = { 'ConfigMap/a': { state: { kind: 'intended' } } } as const
    expect(planOf({ same: [config('a')], records }).records).toMatchObject([{ kind: 'adopt' }])
  })

  it('follow the commit, so that a removal can be told from a lost render', () => {
    expect(planOf({ same: [config('a')] }).records).toMatchObject([{ kind: 'adopt' }])
  })

  it('follow options that came from the application and not from the manifest', () => {
    const recordedCommit = '4f1c2ab00000000000000000000000000000c0de'
    const records = { 'ConfigMap/a': { prune: 'no' } } as const
    expect(planOf({ same: [config('a')], recordedCommit, records }).records).toMatchObject([{ kind: 'adopt' }])
  })

  it('leave an object that another application recorded to that application', () => {
    const owners = { 'uid-/ConfigMap/shop/a': { namespace: 'argocd', name: 'billing' } }
    expect(planOf({ same: [config('a')], records: { 'ConfigMap/a': null }, owners }).records).toEqual([])
  })
})

describe('the order', () => {
  it('is by wave, then by what depends on what, then by name, whatever the order in Git', () => {
    const desired = [
      deployment('web'),
      config('b'),
      object('v1', 'Namespace', 'shop'),
      config('early', { [WAVE]: '-1' }),
      object('networking.k8s.io/v1', 'Ingress', 'web'),
      config('a'),
    ]
    expect(idsOf(planOf({ desired })).filter((id) => id.startsWith('apply'))).toEqual([
      'apply /Namespace//shop',
      'apply /ConfigMap/shop/early',
      'apply /ConfigMap/shop/a',
      'apply /ConfigMap/shop/b',
      'apply apps/Deployment/shop/web',
      'apply networking.k8s.io/Ingress/shop/web',
    ])
  })

  it('lets definitions settle before their objects are applied', () => {
    const plan = planOf({ desired: [definition('example.com', 'Widget'), object('example.com/v1', 'Widget', 'w')] })
    expect(plan.steps.map(({ kind, group, after }) => ({ kind, group, after }))).toEqual([
      { kind: 'apply', group: 'sync/0/20 definitions', after: [] },
      { kind: 'wait', group: 'sync/0/30 established', after: ['sync/0/20 definitions'] },
      { kind: 'apply', group: 'sync/0/60 others', after: ['sync/0/30 established'] },
    ])
  })

  it('runs side by side whatever does not depend on each other', () => {
    const desired = Array.from({ length: 50 }, (_, at) => config(`c${at}`))
    expect(new Set(planOf({ desired }).steps.map((step) => step.group)).size).toBe(1)
  })

  it('draws a Namespace and a definition into the wave of the first object that needs them', () => {
    const late = { [WAVE]: '5' }
    const namespace = { ...object('v1', 'Namespace', 'shop'), metadata: { name: 'shop', annotations: late } }
    const plan = planOf({ desired: [config('a'), namespace] })
    expect(plan.steps.map((step) => step.wave)).toEqual([0, 0])
  })

  it('deletes a Namespace after what is in it, though it was recorded in a later wave', () => {
    const records = { 'Namespace/shop': { wave: 5 } }
    const intent = { kind: 'delete', cascade: 'foreground' } as const
    const plan = planOf({ intent, ours: [config('a'), object('v1', 'Namespace', 'shop')], records })
    expect(idsOf(plan)).toEqual([
      'delete /ConfigMap/shop/a',
      'wait prune/0/40 config gone',
      'delete /Namespace//shop',
      'wait prune/0/00 namespaces gone',
    ])
  })

  it('deletes only after everything else is applied and healthy', () => {
    const plan = planOf({ desired: [deployment('new')], ours: [deployment('old')] })
    expect(plan.steps.map((step) => step.id)).toEqual([
      'apply apps/Deployment/shop/new',
      'wait sync/0/90 wait',
      'delete apps/Deployment/shop/old',
      'wait prune/0/50 workloads gone',
    ])
    expect(plan.steps.at(-2)?.after).toEqual(['sync/0/90 wait'])
  })
})

describe('a wave waits', () => {
  const waits = (given: PlanCase): readonly string[] =>
    planOf(given).steps.flatMap((step) =>
      step.kind === 'wait' && step.until === 'healthy' ? step.refs.map((ref) => ref.name) : [],
    )

  it('for what it applied and has a health of its own', () => {
    const desired = [
      deployment('web'),
      config('a'),
      object('v1', 'Service', 'internal', { spec: { type: 'ClusterIP' } }),
      object('v1', 'Service', 'lb', { spec: { type: 'LoadBalancer' } }),
    ]
    expect(waits({ desired })).toEqual(['lb', 'web'])
  })

  it('not for claims, which may bind only when a later pod uses them', () => {
    expect(waits({ desired: [object('v1', 'PersistentVolumeClaim', 'data')] })).toEqual([])
  })

  it('not for what is marked to be ignored', () => {
    expect(waits({ desired: [deployment('web', 1, { 'argocd.argoproj.io/ignore-healthcheck': 'true' })] })).toEqual([])
  })

  it('for what was right already only where something follows', () => {
    const same = [deployment('db')]
    expect(waits({ same, desired: [config('a')] })).toEqual([])
    expect(waits({ same, desired: [config('late', { [WAVE]: '1' })] })).toEqual(['db'])
    expect(waits({ same, ours: [config('old')] })).toEqual(['db'])
  })
})

describe('a deletion', () => {
  it('carries uid, proof and the way to go', () => {
    const spec = { syncPolicy: { syncOptions: ['PrunePropagationPolicy=background'] } }
    const [step] = planOf({ spec, same: [config('a')], ours: [config('b')] }).steps
    expect(step).toMatchObject({
      kind: 'delete',
      uid: 'uid-/ConfigMap/shop/b',
      cascade: 'background',
      proof: { kind: 'inventory', uid: 'uid-/ConfigMap/shop/b', origin: 'apps/b.yaml' },
    })
  })

  it('names the commit that removed it, where one is known', () => {
    const causes = { '/ConfigMap/shop/b': { commit: 'abcdef1234567890', movedTo: null } }
    const [known, unknown] = planOf({ same: [config('a')], ours: [config('b'), config('c')], causes })
      .steps.toReversed()
      .slice(1)
    expect([known?.why, unknown?.why]).toEqual(['removed from Git in abcdef1', 'no longer in Git at 4f1c2ab'])
  })

  it('leaves dependants behind where the option says so, and then does not name them', () => {
    const pod: JsonObject = live(
      object('v1', 'Pod', 'p', { metadata: { uid: 'p', ownerReferences: [{ uid: 'uid-apps/Deployment/shop/web' }] } }),
    )
    const given = { same: [config('a')], ours: [deployment('web')], facts: [pod] }
    const spec = { syncPolicy: { syncOptions: ['PrunePropagationPolicy=orphan'] } }
    expect(planOf(given).steps).toMatchObject([{ impact: [{ kind: 'dependants' }] }, { until: 'gone' }])
    expect(planOf({ ...given, spec }).steps).toMatchObject([{ cascade: 'orphan', impact: [] }, { until: 'gone' }])
  })

  it('never names an object by another uid than the recorded one', () => {
    const input = planInput({ same: [config('a')], ours: [config('b'), config('c')] })
    for (const step of makePlan(input).steps) {
      if (step.kind !== 'delete') continue
      const entry = input.inventory.entries.find((each) => each.ref.name === step.ref.name)
      expect(entry === undefined ? null : recordedUid(entry)).toBe(step.uid)
    }
  })
})

it('an object under another API group is a transfer: nothing is deleted', () => {
  const marked = { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:extensions/Ingress:shop/web' } } }
  const plan = planOf({
    desired: [object('networking.k8s.io/v1', 'Ingress', 'web', { spec: { rules: [{ host: 'a.example.com' }] } })],
    gone: [object('extensions/v1beta1', 'Ingress', 'web')],
    live: [live(object('networking.k8s.io/v1', 'Ingress', 'web', marked), { uid: 'uid-extensions/Ingress/shop/web' })],
  })
  expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  expect(plan.steps.filter((step) => step.kind === 'apply')).toMatchObject([{ verb: 'update' }])
})

it('counts an object that Git wants and that is on its way out', () => {
  const deletionTimestamp = '2026-05-01T00:00:00Z'
  const ending = { ...config('a'), metadata: { name: 'a', deletionTimestamp, finalizers: ['example.com/hold'] } }
  const plan = planOf({ desired: [config('a')], ours: [ending] })
  expect(plan.totals).toMatchObject({ objects: 1, update: 0, ending: 1 })
  expect(plan.steps).toEqual([])
})

it('counts every object once', () => {
  const plan = planOf({
    same: [config('same')],
    desired: [config('new'), config('changed', {}, { a: '2' })],
    ours: [config('changed'), config('old'), config('kept', { 'mainstay.dev/protect': 'true' })],
  })
  expect(plan.totals).toEqual({ objects: 5, same: 1, create: 1, update: 1, delete: 1, kept: 1, unseen: 0 })
})
