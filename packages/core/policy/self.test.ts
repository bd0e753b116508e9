// Tests of the rule that nobody saws off the branch.
import { describe, expect, it, test } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { config, definition, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const FORBIDDEN: readonly (readonly [string, JsonObject])[] = [
  ...['kube-system', 'kube-public', 'kube-node-lease', 'default', 'argocd'].map(
    (name): readonly [string, JsonObject] => [`Namespace ${name}`, object('v1', 'Namespace', name)],
  ),
  ['the definition of applications', definition('argoproj.io', 'Application')],
  ['a definition of our own', definition('mainstay.dev', 'Policy')],
  [
    'a part of the control plane',
    object('apps/v1', 'Deployment', 'argocd-server', {
      metadata: { namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    }),
  ],
]

describe('what everything stands on', () => {
  test.each(FORBIDDEN)('is never deleted: %s', (_, manifest) => {
    const { found, plan } = judge('self', { same: [config('a')], ours: [manifest] })
    expect(found[0]?.level).toBe('blocked')
    expect(plan.verdict).toBe('blocked')
  })
})

it('does not stop other namespaces, definitions and objects', () => {
  const ours = [
    object('v1', 'Namespace', 'extra'),
    definition('example.com', 'Widget'),
    object('v1', 'ConfigMap', 'mine', { metadata: { namespace: 'argocd' } }),
  ]
  expect(judge('self', { same: [config('a')], ours }).found).toEqual([])
})
