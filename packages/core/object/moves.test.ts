// Kinds that moved to another API group are one object.
import { describe, expect, it } from 'vitest'
import { canonicalGroup, canonicalKey, sameKind } from './moves.ts'

describe('a kind that moved', () => {
  it.each([
    ['extensions', 'Ingress', 'networking.k8s.io'],
    ['extensions', 'Deployment', 'apps'],
    ['extensions', 'PodSecurityPolicy', 'policy'],
    ['events.k8s.io', 'Event', ''],
    ['networking.k8s.io', 'Ingress', 'networking.k8s.io'],
    // Kinds of one name in unrelated groups are never the same.
    ['networking.istio.io', 'Gateway', 'networking.istio.io'],
    ['crd.projectcalico.org', 'NetworkPolicy', 'crd.projectcalico.org'],
    ['extensions', 'Widget', 'extensions'],
  ])('%s/%s lives in %j', (group, kind, today) => {
    expect(canonicalGroup(group, kind)).toBe(today)
  })

  it('has one key under both groups', () => {
    const ref = { kind: 'Ingress', namespace: 'shop', name: 'web' }
    expect(canonicalKey({ group: 'extensions', ...ref })).toBe(canonicalKey({ group: 'networking.k8s.io', ...ref }))
    expect(sameKind({ group: 'extensions', kind: 'Ingress' }, { group: 'networking.k8s.io', kind: 'Ingress' })).toBe(
      true,
    )
    expect(sameKind({ group: 'extensions', kind: 'Ingress' }, { group: 'apps', kind: 'Ingress' })).toBe(false)
  })
})
