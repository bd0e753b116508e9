// What `kubectl get` shows of each kind: names of columns and cells.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { deployment, pod, podSpec, secret, service } from '../objects.ts'
import { shown } from '../said.ts'
import { topic } from '../suite.ts'

const never = { annotations: { 'mainstay.dev/stage': 'never-placed' } }
/** Where a controller has its part in what is shown, `until` is the field of the status that it sets. */
const rows: readonly (readonly [
  kind: string,
  collection: string,
  object: JsonObject,
  seen: unknown,
  until?: string,
])[] = [
  [
    'Secret',
    '/api/v1/~/secrets',
    secret('a', { data: { x: 'MQ==' } }),
    ['Name, Type, Data, Age', ['a', 'Opaque', 1, 'AGE']],
  ],
  [
    'Pod',
    '/api/v1/~/pods',
    pod('a', podSpec(), never),
    [
      'Name, Ready, Status, Restarts, Age, IP (wide), Node (wide), Nominated Node (wide), Readiness Gates (wide)',
      ['a', '0/1', 'Pending', '0', 'AGE', '<none>', '<none>', '<none>', '<none>'],
    ],
  ],
  [
    'Service',
    '/api/v1/~/services',
    service('a'),
    [
      'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector (wide)',
      ['a', 'ClusterIP', 'CLUSTER_IP', '<none>', '80/TCP', 'AGE', 'app=a'],
    ],
  ],
  [
    'headless Service',
    '/api/v1/~/services',
    service('a', { clusterIP: 'None', selector: null }),
    [
      'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector (wide)',
      ['a', 'ClusterIP', 'None', '<none>', '80/TCP', 'AGE', '<none>'],
    ],
  ],
  [
    'ExternalName',
    '/api/v1/~/services',
    { metadata: { name: 'a' }, spec: { type: 'ExternalName', externalName: 'example.com' } },
    [
      'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector (wide)',
      ['a', 'ExternalName', '<none>', 'example.com', '<none>', 'AGE', '<none>'],
    ],
  ],
  [
    'Deployment',
    '/apis/apps/v1/~/deployments',
    deployment('a', { paused: true, replicas: 3 }),
    [
      'Name, Ready, Up-to-date, Available, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', '0/3', 0, 0, 'AGE', 'main', 'example.com/app:1', 'app=a'],
    ],
  ],
  [
    'ReplicaSet',
    '/apis/apps/v1/~/replicasets',
    {
      metadata: { name: 'a' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: podSpec() },
      },
    },
    [
      'Name, Desired, Current, Ready, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', 0, 0, 0, 'AGE', 'main', 'example.com/app:1', 'app=a'],
    ],
  ],
  [
    'StatefulSet',
    '/apis/apps/v1/~/statefulsets',
    {
      metadata: { name: 'a' },
      spec: {
        replicas: 0,
        serviceName: 'a',
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: podSpec() },
      },
    },
    ['Name, Ready, Age, Containers (wide), Images (wide)', ['a', '0/0', 'AGE', 'main', 'example.com/app:1']],
  ],
  [
    'DaemonSet',
    '/apis/apps/v1/~/daemonsets',
    {
      metadata: { name: 'a' },
      spec: {
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: podSpec({ nodeSelector: { none: 'x' } }) },
      },
    },
    [
      'Name, Desired, Current, Ready, Up-to-date, Available, Node Selector, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', 0, 0, 0, 0, 0, 'none=x', 'AGE', 'main', 'example.com/app:1', 'app=a'],
    ],
  ],
  [
    'suspended Job',
    '/apis/batch/v1/~/jobs',
    { metadata: { name: 'a' }, spec: { suspend: true, template: { spec: podSpec({ restartPolicy: 'Never' }) } } },
    [
      'Name, Status, Completions, Duration, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', 'Suspended', '0/1', '', 'AGE', 'main', 'example.com/app:1', 'batch.kubernetes.io/controller-uid=UID'],
    ],
    'conditions',
  ],
  [
    'CronJob',
    '/apis/batch/v1/~/cronjobs',
    {
      metadata: { name: 'a' },
      spec: {
        suspend: true,
        schedule: '5 4 1 1 *',
        jobTemplate: { spec: { template: { spec: podSpec({ restartPolicy: 'Never' }) } } },
      },
    },
    [
      'Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', '5 4 1 1 *', '<none>', 'True', 0, '<none>', 'AGE', 'main', 'example.com/app:1', '<none>'],
    ],
  ],
  [
    'PersistentVolumeClaim',
    '/api/v1/~/persistentvolumeclaims',
    {
      metadata: { name: 'a' },
      spec: {
        storageClassName: 'none',
        accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
        resources: { requests: { storage: '1Gi' } },
      },
    },
    [
      'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode (wide)',
      ['a', 'Pending', '', '', '', 'none', '<unset>', 'AGE', 'Filesystem'],
    ],
  ],
  [
    'Ingress',
    '/apis/networking.k8s.io/v1/~/ingresses',
    {
      metadata: { name: 'a' },
      spec: {
        ingressClassName: 'x',
        rules: [{ host: 'a.example.com' }, { host: 'b.example.com' }],
        tls: [{ hosts: ['a.example.com'] }],
        defaultBackend: { service: { name: 's', port: { number: 80 } } },
      },
    },
    ['Name, Class, Hosts, Address, Ports, Age', ['a', 'x', 'a.example.com,b.example.com', '', '80, 443', 'AGE']],
  ],
  [
    'NetworkPolicy',
    '/apis/networking.k8s.io/v1/~/networkpolicies',
    { metadata: { name: 'a' }, spec: { podSelector: { matchLabels: { app: 'a' } } } },
    ['Name, Pod-Selector, Age', ['a', 'app=a', 'AGE']],
  ],
  [
    'PodDisruptionBudget',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata: { name: 'a' }, spec: { minAvailable: '50%', selector: { matchLabels: { app: 'a' } } } },
    ['Name, Min Available, Max Unavailable, Allowed Disruptions, Age', ['a', '50%', 'N/A', 0, 'AGE']],
  ],
  [
    'Role',
    '/apis/rbac.authorization.k8s.io/v1/~/roles',
    { metadata: { name: 'a' }, rules: [] },
    ['Name, Created At', ['a', 'TIME']],
  ],
  [
    'RoleBinding',
    '/apis/rbac.authorization.k8s.io/v1/~/rolebindings',
    {
      metadata: { name: 'a' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'u' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'g' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    ['Name, Role, Age, Users (wide), Groups (wide), ServiceAccounts (wide)', ['a', 'Role/a', 'AGE', 'u', 'g', 'n/s']],
  ],
  [
    'ResourceQuota',
    '/api/v1/~/resourcequotas',
    { metadata: { name: 'a' }, spec: { hard: { 'requests.cpu': '1', pods: '5', 'limits.memory': '2Gi' } } },
    ['Name, Request, Limit, Age', ['a', 'pods: 0/5, requests.cpu: 0/1', 'limits.memory: 0/2Gi', 'AGE']],
    'used',
  ],
  [
    'LimitRange',
    '/api/v1/~/limitranges',
    { metadata: { name: 'a' }, spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } },
    ['Name, Created At', ['a', 'TIME']],
  ],
  [
    'HorizontalPodAutoscaler',
    '/apis/autoscaling/v2/~/horizontalpodautoscalers',
    {
      metadata: { name: 'a' },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
    },
    [
      'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age',
      ['a', 'Deployment/none', 'cpu: <unknown>/80%', '1', 3, 0, 'AGE'],
    ],
  ],
  [
    'Lease',
    '/apis/coordination.k8s.io/v1/~/leases',
    { metadata: { name: 'a' }, spec: { holderIdentity: 'me' } },
    ['Name, Holder, Age', ['a', 'me', 'AGE']],
  ],
  [
    'EndpointSlice',
    '/apis/discovery.k8s.io/v1/~/endpointslices',
    {
      metadata: { name: 'a' },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.0.2.1'] }, { addresses: ['192.0.2.2'] }],
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    },
    ['Name, AddressType, Ports, Endpoints, Age', ['a', 'IPv4', '80,81', '192.0.2.1,192.0.2.2', 'AGE']],
  ],
  [
    'Endpoints',
    '/api/v1/~/endpoints',
    {
      metadata: { name: 'a' },
      subsets: [{ addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }], ports: [{ port: 80 }] }],
    },
    ['Name, Endpoints, Age', ['a', '192.0.2.1:80,192.0.2.2:80', 'AGE']],
  ],
  [
    'ReplicationController',
    '/api/v1/~/replicationcontrollers',
    {
      metadata: { name: 'a' },
      spec: { replicas: 0, selector: { app: 'a' }, template: { metadata: { labels: { app: 'a' } }, spec: podSpec() } },
    },
    [
      'Name, Desired, Current, Ready, Age, Containers (wide), Images (wide), Selector (wide)',
      ['a', 0, 0, 0, 'AGE', 'main', 'example.com/app:1', 'app=a'],
    ],
  ],
  [
    'PodTemplate',
    '/api/v1/~/podtemplates',
    { metadata: { name: 'a' }, template: { metadata: { labels: { app: 'a' } }, spec: podSpec() } },
    ['Name, Containers, Images, Pod Labels', ['a', 'main', 'example.com/app:1', 'app=a']],
  ],
  [
    'ControllerRevision',
    '/apis/apps/v1/~/controllerrevisions',
    { metadata: { name: 'a' }, data: {}, revision: 3 },
    ['Name, Controller, Revision, Age', ['a', '<none>', 3, 'AGE']],
  ],
]

topic('columns', (it) => {
  for (const [kind, collection, object, seen, until] of rows) {
    it(`shows a ${kind} in its columns`, async (at) => {
      expect(await shown(at, collection, object, until)).toEqual(seen)
    })
  }
})
