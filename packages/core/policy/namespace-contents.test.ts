// Tests of the rule that no Namespace goes with what is not ours.
import { expect, it } from 'vitest'
import { config, live, object } from '../testing/manifests.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { judge } from '../testing/plan-case.ts'

const deletion: PlanCase = {
  intent: { kind: 'delete', cascade: 'foreground' },
  ours: [object('v1', 'Namespace', 'shop'), config('ours')],
}

it('blocks while the Namespace holds anything that the plan does not delete, and names it', () => {
  const { found, plan } = judge('namespace-contents', { ...deletion, facts: [live(object('v1', 'Secret', 'by-hand'))] })
  expect(found[0]?.level).toBe('blocked')
  expect(found[0]?.what).toContain('Secret/by-hand')
  expect(plan.verdict).toBe('blocked')
})

it('counts our own objects that stay', () => {
  const kept = config('kept', { 'argocd.argoproj.io/sync-options': 'Delete=false' })
  const { found } = judge('namespace-contents', { ...deletion, ours: [object('v1', 'Namespace', 'shop'), kept] })
  expect(found[0]?.what).toContain('ConfigMap/kept')
})

it('does not count what every Namespace holds by itself, nor what goes with the plan', () => {
  const pod = object('v1', 'Pod', 'p', {
    metadata: {
      uid: 'p',
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'ours', uid: 'uid-/ConfigMap/shop/ours' }],
    },
  })
  const facts = [
    live(object('v1', 'ServiceAccount', 'default')),
    live(object('v1', 'ConfigMap', 'kube-root-ca.crt')),
    live(object('discovery.k8s.io/v1', 'EndpointSlice', 'web-x')),
    live(pod),
    live(object('v1', 'Pod', 'leaving', { metadata: { deletionTimestamp: '2026-05-04T09:00:00Z' } })),
  ]
  expect(judge('namespace-contents', { ...deletion, facts }).found).toEqual([])
})

it('blocks where the content could not be seen', () => {
  const factGaps = [{ group: 'example.com', kind: null, namespace: null, reason: 'no answer' }]
  const { found } = judge('namespace-contents', { ...deletion, factGaps })
  expect(found[0]?.level).toBe('blocked')
  expect(found[0]?.what).toContain('no answer')
})
