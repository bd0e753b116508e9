// Tests of the rule that an object has one owner.
import { expect, it } from 'vitest'
import { config, live, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const TRACKING = 'argocd.argoproj.io/tracking-id'
const billing = { namespace: 'argocd', name: 'billing' }

it('asks before an object is taken over that another application recorded, and moves its record', () => {
  const there = live(config('a', {}, { a: 'other' }), { uid: 'u1' })
  const { found, plan } = judge('shared-resource', { desired: [config('a')], live: [there], owners: { u1: billing } })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.title).toBe('ConfigMap/a belongs to application argocd/billing and would be taken over')
  expect(plan.verdict).toBe('needs-approval')
  expect(plan.records).toMatchObject([{ kind: 'transfer', uid: 'u1', from: billing }])
  expect(plan.findings.some((finding) => finding.rule === 'takes-over')).toBe(false)
})

it('blocks it where the application says FailOnSharedResource=true', () => {
  const spec = { syncPolicy: { syncOptions: ['FailOnSharedResource=true'] } }
  const there = live(config('a', {}, { a: 'other' }), { uid: 'u1' })
  const { found, plan } = judge('shared-resource', {
    spec,
    desired: [config('a')],
    live: [there],
    owners: { u1: billing },
  })
  expect(found[0]?.level).toBe('blocked')
  expect(plan.verdict).toBe('blocked')
})

it('tells all objects of one owner together: an application that was renamed is one question', () => {
  const names = ['a', 'b', 'c']
  const { found, plan } = judge('shared-resource', {
    desired: names.map((name) => config(name)),
    live: names.map((name) => live(config(name, {}, { a: 'other' }), { uid: name })),
    owners: { a: billing, b: billing, c: billing },
  })
  expect(found).toHaveLength(1)
  expect(found[0]?.title).toBe('3 objects belong to application argocd/billing and would be taken over')
  expect(found[0]?.what).toContain('ConfigMap/a, ConfigMap/b, ConfigMap/c')
  expect(plan.records.filter((record) => record.kind === 'transfer')).toHaveLength(3)
  expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
})

it('finishes a transfer that a crash interrupted between the apply and the record, without asking again', () => {
  const { found, plan } = judge('shared-resource', {
    same: [config('a')],
    owners: { 'uid-/ConfigMap/shop/a': billing },
  })
  expect(found).toEqual([])
  expect(plan.records).toMatchObject([{ kind: 'adopt' }, { kind: 'transfer', from: billing }])
})

it('finishes one that ended before our own record said more than that we meant to apply it', () => {
  const intended = { state: { kind: 'intended' } } as const
  const { found, plan } = judge('shared-resource', {
    same: [config('a')],
    records: { 'ConfigMap/a': intended },
    owners: { 'uid-/ConfigMap/shop/a': billing },
  })
  expect(found).toEqual([])
  expect(plan.records).toMatchObject([
    { kind: 'adopt', uid: 'uid-/ConfigMap/shop/a' },
    { kind: 'transfer', from: billing },
  ])
})

it("asks before applying to an object that carries another application's own mark", () => {
  const there = live(config('a', { [TRACKING]: 'billing:/ConfigMap:shop/a' }, { a: 'other' }))
  expect(judge('shared-resource', { desired: [config('a')], live: [there] }).found[0]?.level).toBe('needs-approval')
})

it('asks before applying to an object of another installation', () => {
  const marks = { [TRACKING]: 'shop:/ConfigMap:shop/a', 'argocd.argoproj.io/installation-id': 'second' }
  const there = live(config('a', marks, { a: 'other' }))
  expect(judge('shared-resource', { desired: [config('a')], live: [there] }).found[0]?.title).toContain(
    'installation second',
  )
})

it('does not take a copied mark for an owner', () => {
  const there = live(config('a', { [TRACKING]: 'billing:/ConfigMap:shop/template' }, { a: 'other' }))
  expect(judge('shared-resource', { desired: [config('a')], live: [there] }).found).toEqual([])
})

it('stays with the record where the mark was taken away from us', () => {
  const ours = config('a', { [TRACKING]: 'billing:/ConfigMap:shop/a' }, { a: 'other' })
  expect(judge('shared-resource', { desired: [config('a')], ours: [ours] }).found).toEqual([])
})

it('lets several applications ask for the namespace they live in', () => {
  const spec = {
    syncPolicy: { syncOptions: ['CreateNamespace=true'], managedNamespaceMetadata: { labels: { team: 'a' } } },
  }
  const there = { ...object('v1', 'Namespace', 'shop'), metadata: { name: 'shop', uid: 'ns' } }
  const { found, plan } = judge('shared-resource', {
    spec,
    desired: [config('a')],
    live: [there],
    owners: { ns: billing },
  })
  expect(found).toEqual([])
  expect(plan.steps.some((step) => step.kind === 'apply' && step.ref.kind === 'Namespace')).toBe(true)
})

it('keeps what another application recorded out of our own deletion and records', () => {
  const { plan } = judge('shared-resource', {
    same: [config('b')],
    ours: [config('a')],
    owners: { 'uid-/ConfigMap/shop/a': billing },
  })
  expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  expect(plan.records).toContainEqual({
    kind: 'release',
    ref: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
    why: 'it is recorded as an object of application argocd/billing',
  })
})
