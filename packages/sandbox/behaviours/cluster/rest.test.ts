// Everybody together: when nothing changes any more, nobody writes.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { openSandbox } from '../../sandbox.ts'
import { openTestClock } from '../../testing/clock.ts'
import { autoscaler } from '../actors/autoscaler.ts'
import { workloadControllers } from '../workloads/all.ts'
import { clusterAdmission, clusterControllers } from './all.ts'
import { standardClasses } from './provisioner.ts'

const labels = { app: 'web' }
const selector = { matchLabels: labels }
const container = { name: 'main', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }
const template = { metadata: { labels }, spec: { containers: [container] } }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

function object(apiVersion: string, kind: string, name: string, spec: Json, more: JsonObject = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'default', ...more }, spec }
}

const objects: readonly KubeObject[] = [
  ...standardClasses,
  object('v1', 'ResourceQuota', 'all', { hard: { pods: '20', 'count/deployments.apps': '5', services: '9' } }),
  object('apps/v1', 'Deployment', 'web', { replicas: 3, selector, template }),
  object('apps/v1', 'StatefulSet', 'db', {
    replicas: 2,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [container] } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
  }),
  object(
    'v1',
    'Service',
    'web',
    { type: 'LoadBalancer', selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
    {
      annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'shop.example.com' },
    },
  ),
  object('v1', 'Service', 'db', { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] }),
  object('policy/v1', 'PodDisruptionBudget', 'web', { maxUnavailable: '30%', selector }),
  object('networking.k8s.io/v1', 'Ingress', 'web', {
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'www.example.com',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
        },
      },
    ],
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  }),
]

it('a cluster in which nothing happens comes to rest, and so does a copy of it', () => {
  const clock = openTestClock()
  const controllers = [
    ...clusterControllers({ dns: {}, ingress: [{ class: 'nginx', address: { service: 'default/web' } }] }),
    ...workloadControllers(),
    autoscaler({ load: () => 220 }),
  ]
  const { world, fork } = openSandbox({ clock, seed: 1, controllers, admission: clusterAdmission })
  clock.advance(5000)
  for (const each of objects) world.create(each)
  clock.advance(420_000)
  const written: string[] = []
  const tell = (kind: string, name: string): void => void written.push(`${kind} ${name}`)
  world.subscribe(({ object: { kind, metadata } }) => tell(kind, metadata.name))
  const copy = fork()
  copy.world.subscribe(({ object: { kind, metadata } }) => tell(`copied ${kind}`, metadata.name))
  clock.advance(300_000)
  // Nodes say that they live.
  expect(written.filter((each) => !/Lease|Node /.test(each))).toEqual([])
  expect(world.list('v1', 'Pod', 'default')).toHaveLength(7)
})
