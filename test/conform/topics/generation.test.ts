// metadata.generation: what raises it and what does not.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { configMap, deployment, podSpec, service } from '../objects.ts'
import { part } from '../said.ts'
import { topic } from '../suite.ts'

const deployments = '/apis/apps/v1/~/deployments'
const template = { metadata: { labels: { app: 'a' } }, spec: podSpec() }
const jobTemplate = { spec: { template: { spec: podSpec({ restartPolicy: 'Never' }) } } }

const born: readonly (readonly [kind: string, collection: string, object: JsonObject, generation: unknown])[] = [
  ['ConfigMap', '/api/v1/~/configmaps', configMap('a'), null],
  ['Service', '/api/v1/~/services', service('a'), null],
  ['Pod', '/api/v1/~/pods', { metadata: { name: 'a' }, spec: podSpec() }, 1],
  ['Deployment', deployments, deployment('a'), 1],
  [
    'StatefulSet',
    '/apis/apps/v1/~/statefulsets',
    { metadata: { name: 'a' }, spec: { replicas: 0, selector: { matchLabels: { app: 'a' } }, template } },
    1,
  ],
  [
    'CronJob',
    '/apis/batch/v1/~/cronjobs',
    { metadata: { name: 'a' }, spec: { schedule: '0 0 1 1 *', jobTemplate } },
    1,
  ],
  ['Job', '/apis/batch/v1/~/jobs', { metadata: { name: 'a' }, spec: { suspend: true, ...jobTemplate.spec } }, 1],
  [
    'Ingress',
    '/apis/networking.k8s.io/v1/~/ingresses',
    { metadata: { name: 'a' }, spec: { rules: [{ host: 'a.example.com' }] } },
    1,
  ],
  [
    'NetworkPolicy',
    '/apis/networking.k8s.io/v1/~/networkpolicies',
    { metadata: { name: 'a' }, spec: { podSelector: {} } },
    1,
  ],
  [
    'PodDisruptionBudget',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata: { name: 'a' }, spec: { minAvailable: 1 } },
    1,
  ],
  [
    'EndpointSlice',
    '/apis/discovery.k8s.io/v1/~/endpointslices',
    { metadata: { name: 'a' }, addressType: 'IPv4', endpoints: [] },
    1,
  ],
  [
    'HorizontalPodAutoscaler',
    '/apis/autoscaling/v2/~/horizontalpodautoscalers',
    {
      metadata: { name: 'a' },
      spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' } },
    },
    null,
  ],
  [
    'PersistentVolumeClaim',
    '/api/v1/~/persistentvolumeclaims',
    { metadata: { name: 'a' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    null,
  ],
  [
    'ReplicationController',
    '/api/v1/~/replicationcontrollers',
    { metadata: { name: 'a' }, spec: { replicas: 0, selector: { app: 'a' }, template } },
    1,
  ],
  ['Lease', '/apis/coordination.k8s.io/v1/~/leases', { metadata: { name: 'a' } }, null],
  ['ResourceQuota', '/api/v1/~/resourcequotas', { metadata: { name: 'a' }, spec: { hard: { pods: '5' } } }, null],
]

topic('generation', (it) => {
  for (const [kind, collection, object, generation] of born) {
    it(`of a new ${kind}`, async (at) => {
      expect(part(await at.post(collection, object), 'metadata.generation')).toEqual(generation)
    })
  }

  const changes: readonly (readonly [what: string, patch: JsonObject, generation: unknown])[] = [
    ['a change of the spec', { spec: { paused: true } }, 2],
    ['a change of the replicas', { spec: { replicas: 1, paused: true } }, 2],
    ['a change of the template', { spec: { template: { metadata: { annotations: { a: '1' } } } } }, 2],
    ['a change of labels', { metadata: { labels: { a: '1' } } }, 1],
    ['a change of annotations', { metadata: { annotations: { a: '1' } } }, 2],
    ['no change at all', {}, 1],
    ['a number that is sent', { metadata: { generation: 7 } }, 1],
  ]
  for (const [what, patch, generation] of changes) {
    it(`of a Deployment after ${what}`, async (at) => {
      await at.given(deployments, deployment('a'))
      expect(part(await at.merge(`${deployments}/a`, patch), 'metadata.generation')).toEqual(generation)
    })
  }

  it('of a Deployment after a change of its status', async (at) => {
    await at.given(deployments, deployment('a'))
    expect(
      part(await at.merge(`${deployments}/a/status`, { status: { collisionCount: 1 } }), 'metadata.generation'),
    ).toEqual(1)
  })

  it('of a Deployment after a scale', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    await at.merge(`${deployments}/a/scale`, { spec: { replicas: 2 } })
    expect(part(await at.get(`${deployments}/a`), 'metadata.generation')).toEqual(2)
  })

  it('of an Ingress after a change of its spec', async (at) => {
    const ingresses = '/apis/networking.k8s.io/v1/~/ingresses'
    await at.given(ingresses, { metadata: { name: 'a' }, spec: { rules: [{ host: 'a.example.com' }] } })
    expect(
      part(await at.merge(`${ingresses}/a`, { spec: { rules: [{ host: 'b.example.com' }] } }), 'metadata.generation'),
    ).toEqual(2)
  })

  it('of an EndpointSlice after a change of its endpoints and of its labels', async (at) => {
    const slices = '/apis/discovery.k8s.io/v1/~/endpointslices'
    await at.given(slices, { metadata: { name: 'a' }, addressType: 'IPv4', endpoints: [] })
    const labelled = await at.merge(`${slices}/a`, { metadata: { labels: { a: '1' } } })
    const changed = await at.merge(`${slices}/a`, { endpoints: [{ addresses: ['192.0.2.1'] }] })
    expect([part(labelled, 'metadata.generation'), part(changed, 'metadata.generation')]).toEqual([2, 3])
  })

  it('of a Service after a change of its spec', async (at) => {
    await at.given('/api/v1/~/services', service('a'))
    expect(
      part(await at.merge('/api/v1/~/services/a', { spec: { sessionAffinity: 'ClientIP' } }), 'metadata.generation'),
    ).toEqual(null)
  })
})
