// Tests of the rule that an object has one owner.
import { expect, it } from 'vitest'
import { config, live, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const TRACKING = 'argocd.argoproj.io/tracking-id'
const billing = { namespace: 'argocd', name: 'billing' }

it('blocks applying to an object that another application recorded', () => {
  const there = live(config('a', {}, { a: 'other' }), { uid: 'u1' })
  const { found, plan } = judge('shared-resource', { desired: [config('a')], live: [there], owners: { u1: billing } })
  expect(found[0]?.level).toBe('blocked')
  expect(found[0]?.title).toBe('ConfigMap/a belongs to application argocd/billing')
  expect(plan.verdict).toBe('blocked')
})

it("blocks applying to an object that carries another application's own mark", () => {
  const there = live(config('a', { [TRACKING]: 'billing:/ConfigMap:shop/a' }, { a: 'other' }))
  expect(judge('shared-resource', { desired: [config('a')], live: [there] }).found[0]?.level).toBe('blocked')
})

it('blocks applying to an object of another installation', () => {
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
