// Stories of the kinds that a cluster's own parts use.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { objectAt } from '../../look.ts'
import type { Story } from '../story.ts'
import { made, selector, spec, template } from './builders.ts'

const bare = (apiVersion: string, kind: string, rest: JsonObject, name = 'thing'): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
})

const relabelled = (live: JsonObject): JsonObject => ({
  ...live,
  metadata: { ...objectAt(live, 'metadata'), labels: { a: 'b' } },
})

const hook = {
  name: 'a.example.com',
  clientConfig: { service: { namespace: 'a', name: 'b' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
}

/** By resource. */
export const restStories: readonly (readonly [string, readonly Story[]])[] = [
  [
    '/replicationcontrollers',
    [
      {
        name: 'a controller',
        object: made('v1', 'ReplicationController', 'rc', { replicas: 0, template: template() }),
        updates: [(live) => spec(live, { minReadySeconds: 1 })],
      },
      {
        name: 'a controller that does not fit',
        object: made('v1', 'ReplicationController', 'rc', {
          selector: { a: 'b' },
          template: template({}, { restartPolicy: 'Never' }),
        }),
      },
    ],
  ],
  [
    '/podtemplates',
    [{ name: 'a template', object: bare('v1', 'PodTemplate', { template: template() }), updates: [relabelled] }],
  ],
  [
    '/limitranges',
    [
      {
        name: 'limits',
        object: made('v1', 'LimitRange', 'limits', {
          limits: [{ type: 'Container', max: { cpu: '1000m' }, min: { memory: '1Mi' } }],
        }),
        updates: [relabelled],
      },
    ],
  ],
  [
    '/resourcequotas',
    [
      {
        name: 'a quota',
        object: made('v1', 'ResourceQuota', 'quota', { hard: { pods: '100', 'requests.cpu': '1000m' } }),
        updates: [relabelled],
      },
    ],
  ],
  [
    '/endpoints',
    [
      {
        name: 'endpoints',
        object: bare('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] }),
        updates: [relabelled],
      },
      {
        name: 'bad endpoints',
        object: bare('v1', 'Endpoints', {
          subsets: [
            {},
            {
              addresses: [{ ip: '127.0.0.1', hostname: 'A' }],
              ports: [{ port: 0 }, { port: 1, name: 'A', protocol: 'X' }],
            },
          ],
        }),
      },
    ],
  ],
  [
    '/nodes',
    [{ name: 'a node', object: bare('v1', 'Node', { status: { capacity: { cpu: '2000m' } } }), updates: [relabelled] }],
  ],
  [
    'apps/replicasets',
    [
      {
        name: 'a set',
        object: made('apps/v1', 'ReplicaSet', 'rs', { replicas: 0, selector, template: template() }),
        updates: [relabelled, (live) => spec(live, { selector: { matchLabels: { a: 'b' } } })],
      },
    ],
  ],
  [
    'apps/controllerrevisions',
    [
      {
        name: 'a revision',
        object: bare('apps/v1', 'ControllerRevision', { revision: 1, data: { a: 1 } }),
        updates: [(live) => ({ ...live, revision: 2 }), (live) => ({ ...live, data: { b: 1 } })],
      },
    ],
  ],
  [
    'coordination.k8s.io/leases',
    [
      {
        name: 'a lease',
        object: made('coordination.k8s.io/v1', 'Lease', 'lease', {
          holderIdentity: 'me',
          leaseDurationSeconds: 5,
          renewTime: '2026-01-01T00:00:00.000000Z',
        }),
        updates: [relabelled],
      },
      {
        name: 'a bad lease',
        object: made('coordination.k8s.io/v1', 'Lease', 'lease', { leaseDurationSeconds: 0, leaseTransitions: -1 }),
      },
    ],
  ],
  [
    'scheduling.k8s.io/priorityclasses',
    [
      {
        name: 'a class',
        object: bare('scheduling.k8s.io/v1', 'PriorityClass', { value: 5 }),
        updates: [relabelled, (live) => ({ ...live, value: 6 }), (live) => ({ ...live, preemptionPolicy: 'Never' })],
      },
      {
        name: 'a class of the system',
        object: bare('scheduling.k8s.io/v1', 'PriorityClass', { value: 2_000_000_000 }, 'system-x'),
      },
    ],
  ],
  [
    'node.k8s.io/runtimeclasses',
    [
      {
        name: 'a runtime',
        object: bare('node.k8s.io/v1', 'RuntimeClass', { handler: 'runc' }),
        updates: [(live) => ({ ...live, handler: 'kata' })],
      },
    ],
  ],
  [
    'discovery.k8s.io/endpointslices',
    [
      {
        name: 'a slice',
        object: bare('discovery.k8s.io/v1', 'EndpointSlice', {
          addressType: 'IPv4',
          endpoints: [{ addresses: ['1.2.3.4'] }],
          ports: [{ port: 80 }],
        }),
        updates: [relabelled, (live) => ({ ...live, ports: [] })],
      },
    ],
  ],
  [
    'networking.k8s.io/ingressclasses',
    [
      {
        name: 'a class',
        object: made('networking.k8s.io/v1', 'IngressClass', 'nginx', {
          controller: 'example.com/x',
          parameters: { kind: 'K', name: 'n' },
        }),
        updates: [(live) => spec(live, { controller: 'example.com/y' })],
      },
    ],
  ],
  [
    'storage.k8s.io/csidrivers',
    [{ name: 'a driver', object: made('storage.k8s.io/v1', 'CSIDriver', 'driver', {}), updates: [relabelled] }],
  ],
  [
    'admissionregistration.k8s.io/validatingwebhookconfigurations',
    [
      {
        name: 'webhooks',
        object: bare('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks: [hook] }),
        updates: [relabelled, (live) => ({ ...live, webhooks: [] })],
      },
    ],
  ],
  [
    'admissionregistration.k8s.io/mutatingwebhookconfigurations',
    [
      {
        name: 'webhooks',
        object: bare('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', {
          webhooks: [
            {
              ...hook,
              rules: [
                {
                  apiGroups: ['none.example.com'],
                  apiVersions: ['v1'],
                  operations: ['CREATE'],
                  resources: ['nothings'],
                },
              ],
            },
          ],
        }),
        updates: [relabelled],
      },
    ],
  ],
  [
    'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
    [
      {
        name: 'a level',
        object: made('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration', 'level', {
          type: 'Limited',
          limited: { limitResponse: { type: 'Queue', queuing: {} } },
        }),
        updates: [relabelled],
      },
    ],
  ],
]
