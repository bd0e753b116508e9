// Tests of what a deletion is said to take with it.
import { describe, expect, it, test } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { config, deployment, live, object } from '../testing/manifests.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { judge } from '../testing/plan-case.ts'
import type { Impact } from './impact.ts'

function impactsOf(name: string, given: PlanCase): readonly Impact[] {
  const { plan } = judge('', { same: [config('stays')], ...given })
  const step = plan.steps.find((each) => each.kind === 'delete' && each.ref.name === name)
  return step?.kind === 'delete' ? step.impact : []
}

const owned = (kind: string, name: string, ...owners: readonly string[]): JsonObject =>
  live(object('v1', kind, name, { metadata: { uid: name, ownerReferences: owners.map((uid) => ({ uid })) } }))

describe('dependants', () => {
  const web = 'uid-apps/Deployment/shop/web'

  it('are found through any number of owners', () => {
    const facts = [owned('ReplicaSet', 'rs', web), owned('Pod', 'pod', 'rs'), owned('Pod', 'other', 'elsewhere')]
    expect(impactsOf('web', { ours: [deployment('web')], facts })).toMatchObject([
      { kind: 'dependants', refs: [{ name: 'pod' }, { name: 'rs' }] },
    ])
  })

  it('stay while another owner stays', () => {
    expect(impactsOf('web', { ours: [deployment('web')], facts: [owned('Pod', 'pod', web, 'elsewhere')] })).toEqual([])
  })

  it('go when all their owners go with the plan', () => {
    const facts = [owned('Pod', 'pod', web, 'uid-apps/Deployment/shop/api')]
    const ours = [deployment('web'), deployment('api')]
    expect(impactsOf('web', { ours, facts })).toMatchObject([{ kind: 'dependants', refs: [{ name: 'pod' }] }])
  })

  it('may own each other in a circle', () => {
    const facts = [owned('A', 'a', web, 'b'), owned('B', 'b', 'a')]
    expect(impactsOf('web', { ours: [deployment('web')], facts })).toEqual([])
  })
})

describe('referrers', () => {
  const pod = (spec: JsonObject): JsonObject =>
    live(object('apps/v1', 'Deployment', 'user', { spec: { template: { spec } } }))
  const container = (more: JsonObject): JsonObject => ({ containers: [{ name: 'c', image: 'i', ...more }] })
  const service = object('v1', 'Service', 'x', { spec: {} })
  const secret = object('v1', 'Secret', 'x')
  const claim = object('v1', 'PersistentVolumeClaim', 'x')
  const account = object('v1', 'ServiceAccount', 'x')
  const ingress = (spec: JsonObject): JsonObject => live(object('networking.k8s.io/v1', 'Ingress', 'user', { spec }))
  const backend = { service: { name: 'x', port: { number: 80 } } }
  const CASES: readonly (readonly [string, JsonObject, JsonObject])[] = [
    ['a volume of a ConfigMap', config('x'), pod({ ...container({}), volumes: [{ configMap: { name: 'x' } }] })],
    ['a projected volume', secret, pod({ volumes: [{ projected: { sources: [{ secret: { name: 'x' } }] } }] })],
    ['an environment', config('x'), pod(container({ envFrom: [{ configMapRef: { name: 'x' } }] }))],
    [
      'a variable',
      secret,
      pod(container({ env: [{ name: 'V', valueFrom: { secretKeyRef: { name: 'x', key: 'k' } } }] })),
    ],
    ['a pull secret', secret, pod({ imagePullSecrets: [{ name: 'x' }] })],
    ['a claim', claim, pod({ volumes: [{ persistentVolumeClaim: { claimName: 'x' } }] })],
    ['an account', account, pod({ serviceAccountName: 'x' })],
    ['a rule of an Ingress', service, ingress({ rules: [{ http: { paths: [{ backend }] } }] })],
    ['the default of an Ingress', service, ingress({ defaultBackend: backend })],
    ['a certificate', secret, ingress({ tls: [{ secretName: 'x' }] })],
    [
      'an autoscaler',
      deployment('x'),
      live(
        object('autoscaling/v2', 'HorizontalPodAutoscaler', 'user', {
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } },
        }),
      ),
    ],
    [
      'a binding',
      account,
      live(
        object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'user', {
          roleRef: { kind: 'Role', name: 'r' },
          subjects: [{ kind: 'ServiceAccount', name: 'x', namespace: 'shop' }],
        }),
      ),
    ],
  ]

  test.each(CASES)('are named: %s', (_, target, user) => {
    expect(impactsOf('x', { ours: [target], facts: [user] })).toContainEqual({
      kind: 'referrers',
      refs: [expect.objectContaining({ name: 'user' })],
    })
  })

  it('do not count where they go too, stand elsewhere, or were made by a controller', () => {
    const user = pod({ serviceAccountName: 'x' })
    const elsewhere = { ...user, metadata: { name: 'user', namespace: 'other' } }
    const made = { ...user, metadata: { name: 'user', namespace: 'shop', ownerReferences: [{ uid: 'rs' }] } }
    for (const fact of [elsewhere, made]) expect(impactsOf('x', { ours: [account], facts: [fact] })).toEqual([])
    const both = [
      account,
      object('apps/v1', 'Deployment', 'user', { spec: { template: { spec: { serviceAccountName: 'x' } } } }),
    ]
    expect(impactsOf('x', { ours: both })).toEqual([])
  })
})

describe('addresses', () => {
  it('are those that were given to it, with the names that point there', () => {
    const lb = object('v1', 'Service', 'lb', {
      metadata: { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'b.example.com, a.example.com' } },
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: { ingress: [{ hostname: 'lb.example.net' }, { ip: '203.0.113.1' }] } },
    })
    expect(impactsOf('lb', { ours: [lb] })).toEqual([
      { kind: 'address', addresses: ['203.0.113.1', 'lb.example.net'], names: ['a.example.com', 'b.example.com'] },
    ])
  })

  it('of an Ingress and a route are their host names', () => {
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'in', {
      spec: { rules: [{ host: 'in.example.com' }, {}] },
    })
    const route = object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'ro', { spec: { hostnames: ['ro.example.com'] } })
    const given = { ours: [ingress, route] }
    expect(impactsOf('in', given)).toEqual([{ kind: 'address', addresses: [], names: ['in.example.com'] }])
    expect(impactsOf('ro', given)).toEqual([{ kind: 'address', addresses: [], names: ['ro.example.com'] }])
  })
})

describe('volumes', () => {
  it('have the reclaim policy that was read, or an unknown one', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv' } })
    const volume = object('v1', 'PersistentVolume', 'pv', { spec: { persistentVolumeReclaimPolicy: 'Retain' } })
    expect(impactsOf('data', { ours: [claim] })).toEqual([{ kind: 'volume', volume: 'pv', reclaim: 'unknown' }])
    expect(impactsOf('data', { ours: [claim], facts: [volume] })).toEqual([
      { kind: 'volume', volume: 'pv', reclaim: 'Retain' },
    ])
  })
})

it('names hand edits that are lost with the object', () => {
  const edit = {
    manager: 'kubectl-edit',
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-05-01T08:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:b': {} } },
  }
  const edited = { ...config('x'), metadata: { name: 'x', managedFields: [edit] } }
  expect(impactsOf('x', { ours: [edited] })).toEqual([
    { kind: 'hand-edits', fields: [{ path: 'data.b', manager: 'kubectl-edit', time: '2026-05-01T08:00:00Z' }] },
  ])
})
