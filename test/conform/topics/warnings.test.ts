// Warnings: what the server takes but advises against.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { deployment, podSpec } from '../objects.ts'
import { topic } from '../suite.ts'

const template = { metadata: { labels: { app: 'a' } }, spec: podSpec() }
const job = (rest: JsonObject = {}, pod: JsonObject = {}): JsonObject => ({
  metadata: { name: 'a' },
  spec: { suspend: true, template: { spec: podSpec({ restartPolicy: 'Never', ...pod }) }, ...rest },
})
const pod = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  metadata: { name: 'a', ...metadata },
  spec,
})
const pods = '/api/v1/~/pods'
const rows: readonly (readonly [title: string, collection: string, object: JsonObject, told: unknown])[] = [
  ['an ordinary Pod', pods, pod(podSpec()), [201]],
  [
    'Endpoints',
    '/api/v1/~/endpoints',
    { metadata: { name: 'a' } },
    [201, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  ],
  [
    'a ServiceAccount that enforces its Secrets',
    '/api/v1/~/serviceaccounts',
    { metadata: { name: 'a', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } } },
    [
      201,
      'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
    ],
  ],
  [
    'a duplicate variable',
    pods,
    pod(
      podSpec(
        {},
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      ),
    ),
    [201, 'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'a duplicate port',
    pods,
    pod({
      containers: [
        { name: 'a', image: 'i', ports: [{ containerPort: 80 }] },
        { name: 'b', image: 'i', ports: [{ containerPort: 80 }] },
      ],
    }),
    [201, 'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    'a fraction of a byte',
    pods,
    pod(podSpec({}, { resources: { limits: { memory: '100m' } } })),
    [
      201,
      'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    'an old annotation for seccomp',
    pods,
    pod(podSpec(), { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' } }),
    [
      201,
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
  ],
  [
    'an old annotation for AppArmor',
    pods,
    pod(podSpec(), { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'runtime/default' } }),
    [
      201,
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/main]: deprecated since v1.30; use the "appArmorProfile" field instead',
    ],
  ],
  [
    'a beta label of a node',
    pods,
    pod(podSpec({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } })),
    [201, 'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  ['a grace period below zero', pods, pod(podSpec({ terminationGracePeriodSeconds: -1 })), [201]],
  [
    'a git repository as volume',
    pods,
    pod(podSpec({ volumes: [{ name: 'v', gitRepo: { repository: 'x' } }] })),
    [201, 'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+'],
  ],
  [
    'a volume of a retired kind',
    pods,
    pod(podSpec({ volumes: [{ name: 'v', cephfs: { monitors: ['m'] } }] })),
    [201, 'spec.volumes[0].cephfs: deprecated in v1.28, non-functional in v1.31+'],
  ],
  ['an empty path of a host', pods, pod(podSpec({ volumes: [{ name: 'v', hostPath: { path: '' } }] })), [422]],
  ['the old name of serviceAccountName', pods, pod(podSpec({ serviceAccount: 'default' })), [201]],
  [
    'a pull secret without a name',
    pods,
    pod(podSpec({ imagePullSecrets: [{ name: '' }] })),
    [201, 'spec.imagePullSecrets[0].name: invalid empty name ""'],
  ],
  [
    'a host alias that comes twice',
    pods,
    pod(
      podSpec({
        hostAliases: [
          { ip: '192.0.2.1', hostnames: ['a'] },
          { ip: '192.0.2.1', hostnames: ['b'] },
        ],
      }),
    ),
    [201, 'spec.hostAliases[1].ip: duplicate ip "192.0.2.1"'],
  ],
  [
    'an address with leading zeros',
    pods,
    pod(podSpec({ hostAliases: [{ ip: '192.000.002.001', hostnames: ['a'] }] })),
    [422],
  ],
  [
    'a spread without a selector',
    pods,
    pod(podSpec({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'k', whenUnsatisfiable: 'DoNotSchedule' }] })),
    [201, 'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
  ],
  [
    'a Deployment with a duplicate variable',
    '/apis/apps/v1/~/deployments',
    deployment('a', { template: { ...template, spec: podSpec({}, { env: [{ name: 'A' }, { name: 'A' }] }) } }),
    [
      201,
      'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ],
  ],
  [
    'a Job that counts from one with a name that is too long',
    '/apis/batch/v1/~/jobs',
    { ...job({ completionMode: 'Indexed', completions: 2, parallelism: 1 }), metadata: { name: 'j'.repeat(62) } },
    [422],
  ],
  [
    'a Job with very many completions',
    '/apis/batch/v1/~/jobs',
    job({ completionMode: 'Indexed', completions: 200000, parallelism: 20000 }),
    [
      201,
      'spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail',
    ],
  ],
  [
    'a CronJob with a time zone in its schedule',
    '/apis/batch/v1/~/cronjobs',
    {
      metadata: { name: 'a' },
      spec: {
        schedule: 'TZ=UTC 0 0 1 1 *',
        jobTemplate: { spec: { template: { spec: podSpec({ restartPolicy: 'Never' }) } } },
      },
    },
    [422],
  ],
  [
    'an Ingress with its class in an annotation',
    '/apis/networking.k8s.io/v1/~/ingresses',
    {
      metadata: { name: 'a', annotations: { 'kubernetes.io/ingress.class': 'x' } },
      spec: { rules: [{ host: 'a.example.com' }] },
    },
    [201, 'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead'],
  ],
  [
    'a Service with an old annotation',
    '/api/v1/~/services',
    {
      metadata: { name: 'a', annotations: { 'service.kubernetes.io/topology-aware-hints': 'Auto' } },
      spec: { ports: [{ port: 80 }] },
    },
    [
      201,
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    ],
  ],
  [
    'a Service with external addresses',
    '/api/v1/~/services',
    { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }], externalIPs: ['192.0.2.1'] } },
    [201, 'spec.externalIPs is deprecated and may no longer be implemented in some clusters'],
  ],
  [
    'a Service with an address and leading zeros',
    '/api/v1/~/services',
    { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }], externalIPs: ['192.000.002.001'] } },
    [422],
  ],
  [
    'a Service with an address of a load balancer',
    '/api/v1/~/services',
    {
      metadata: { name: 'a', annotations: { 'mainstay.dev/load-balancer': 'pending' } },
      spec: { type: 'LoadBalancer', loadBalancerIP: '192.0.2.1', ports: [{ port: 80 }] },
    },
    [201],
  ],
  [
    'a budget without a selector',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata: { name: 'a' }, spec: { minAvailable: 1 } },
    [201],
  ],
  [
    'a budget with an empty selector',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata: { name: 'a' }, spec: { minAvailable: 1, selector: {} } },
    [201],
  ],
  [
    'a NetworkPolicy with a range that is no network',
    '/apis/networking.k8s.io/v1/~/networkpolicies',
    {
      metadata: { name: 'a' },
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.1/24' } }] }] },
    },
    [422],
  ],
  [
    'an EndpointSlice with leading zeros',
    '/apis/discovery.k8s.io/v1/~/endpointslices',
    { metadata: { name: 'a' }, addressType: 'IPv4', endpoints: [{ addresses: ['192.000.002.001'] }] },
    [422],
  ],
  [
    'a claim with a fraction of a byte',
    '/api/v1/~/persistentvolumeclaims',
    {
      metadata: { name: 'a' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
    },
    [201, 'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer'],
  ],
  [
    'a claim with its class in an annotation',
    '/api/v1/~/persistentvolumeclaims',
    {
      metadata: { name: 'a', annotations: { 'volume.beta.kubernetes.io/storage-class': 'x' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    [
      201,
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    ],
  ],
  [
    'a StatefulSet with a negative history',
    '/apis/apps/v1/~/statefulsets',
    {
      metadata: { name: 'a' },
      spec: { replicas: 0, revisionHistoryLimit: -1, selector: { matchLabels: { app: 'a' } }, template },
    },
    [201, 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'],
  ],
  [
    'a Secret of a token that is made by hand',
    '/api/v1/~/secrets',
    {
      metadata: { name: 'a', annotations: { 'kubernetes.io/service-account.name': 'default' } },
      type: 'kubernetes.io/service-account-token',
    },
    [201],
  ],
  [
    'an old label of a zone in a template',
    '/api/v1/~/podtemplates',
    {
      metadata: { name: 'a' },
      template: { spec: podSpec({ nodeSelector: { 'failure-domain.beta.kubernetes.io/zone': 'z' } }) },
    },
    [
      201,
      'template.spec.nodeSelector[failure-domain.beta.kubernetes.io/zone]: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ],
  ],
  [
    'a HorizontalPodAutoscaler of an old form',
    '/apis/autoscaling/v1/~/horizontalpodautoscalers',
    {
      metadata: { name: 'a' },
      spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' } },
    },
    [201],
  ],
]

function titleOf(what: string, told: unknown): string {
  const [status, ...warnings] = told as readonly unknown[]
  if (status !== 201) return `refuses ${what}`
  return warnings.length === 0 ? `does not warn of ${what}` : `warns of ${what}`
}

topic('warnings', (it) => {
  for (const [title, collection, object, told] of rows) {
    it(titleOf(title, told), async (at) => {
      const made = await at.post(`${collection}?dryRun=All`, object)
      expect([made.status, ...made.warnings]).toEqual(told)
    })
  }

  it('quotes what it warns of, with code 299', async (at) => {
    const made = await at.post('/api/v1/~/configmaps?dryRun=All', { metadata: { name: 'a' }, 'a"b': 1 })
    expect(made.header('warning')).toEqual('299 - "unknown field \\"a\\\\\\"b\\""')
  })

  it('warns of a read of what is old', async (at) => {
    expect((await at.get('/api/v1/componentstatuses')).warnings).toEqual(['v1 ComponentStatus is deprecated in v1.19+'])
    expect((await at.get('/api/v1/~/endpoints')).warnings).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    ])
  })

  it('does not warn again where an update changes something else', async (at) => {
    const wrong = {
      metadata: { name: 'a' },
      template: {
        spec: podSpec(
          {},
          {
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ),
      },
    }
    const made = await at.post('/api/v1/~/podtemplates', wrong)
    const changed = await at.merge('/api/v1/~/podtemplates/a', { metadata: { labels: { l: '1' } } })
    expect([made.warnings, changed.warnings]).toEqual([
      ['template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
      [],
    ])
  })
})
