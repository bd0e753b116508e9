// Stories of the core group: configuration, Services, Namespaces, accounts.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { objectAt } from '../../look.ts'
import type { Story } from '../story.ts'

const configMap = (name: string, rest: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...rest,
})

const secret = (name: string, rest: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  ...rest,
})

/** ConfigMaps and Secrets. */
export const configurationStories: readonly Story[] = [
  {
    name: 'a ConfigMap with data',
    object: configMap('plain', { data: { a: '1', 'b.txt': '' }, binaryData: { c: 'AAEC' } }),
    updates: [
      (live) => ({ ...live, data: { a: '2' } }),
      (live) => ({ ...live, immutable: true }),
      (live) => ({ ...live, data: { a: '3' }, binaryData: {} }),
      (live) => ({ ...live, immutable: false }),
    ],
  },
  { name: 'a ConfigMap with empty parts', object: configMap('empty', { data: {}, binaryData: null }) },
  {
    name: 'a ConfigMap with bad keys',
    object: configMap('keys', { data: { 'a b': '1', '..': '2', '..x': '3', '.': '4', [`k${'x'.repeat(253)}`]: '' } }),
  },
  { name: 'a ConfigMap with a key twice', object: configMap('twice', { data: { a: '1' }, binaryData: { a: 'AA==' } }) },
  { name: 'a ConfigMap that is too large', object: configMap('large', { data: { a: 'x'.repeat(1024 * 1024 + 1) } }) },
  { name: 'a bad name', object: configMap('Bad_Name', {}) },
  { name: 'a name that is too long', object: configMap('x'.repeat(254), {}) },
  {
    name: 'bad labels and annotations',
    object: configMap('labels', {
      metadata: {
        name: 'labels',
        labels: {
          'a b': 'x',
          'x/y/z': '1',
          '/z': '2',
          'UP.com/x': '3',
          ok: 'bad value',
          long: 'y'.repeat(64),
          '': 'e',
        },
        annotations: { 'UP.com/x': 'fine', 'a b': 'bad', 'example.com/': 'x' },
      },
    }),
  },
  {
    name: 'annotations that are too large',
    object: configMap('notes', { metadata: { name: 'notes', annotations: { a: 'x'.repeat(256 * 1024) } } }),
  },
  {
    name: 'bad owners and finalizers',
    object: configMap('owners', {
      metadata: {
        name: 'owners',
        finalizers: ['no-slash ', 'orphan', 'foregroundDeletion', 'example.com/ok'],
        ownerReferences: [
          { apiVersion: '', kind: '', name: '', uid: '' },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u', controller: true },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'b', uid: 'v', controller: true },
          { apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'w' },
        ],
      },
    }),
  },
  {
    name: 'a Secret with texts',
    object: secret('texts', { stringData: { a: 'x', ü: 'y' }, data: { b: 'AAEC\nAAEC' } }),
  },
  {
    name: 'a Secret that becomes immutable',
    object: secret('fixed', { stringData: { a: 'x' }, data: { a: 'AAEC', b: '' } }),
    updates: [
      (live) => ({ ...live, stringData: { a: 'z' } }),
      (live) => ({ ...live, type: 'kubernetes.io/tls' }),
      (live) => ({ ...live, immutable: true }),
      (live) => ({ ...live, data: {} }),
      (live) => ({ ...live, immutable: null, type: '' }),
    ],
  },
  ...['service-account-token', 'dockercfg', 'dockerconfigjson', 'basic-auth', 'ssh-auth', 'tls'].map((type) => ({
    name: `an empty Secret of type ${type}`,
    object: secret('typed', { type: `kubernetes.io/${type}` }),
  })),
  {
    name: 'a Secret for a registry that is no JSON',
    object: secret('registry', { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'x' } }),
  },
  {
    name: 'a Secret for a registry that is a list',
    object: secret('registry', { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '[1]' } }),
  },
  {
    name: 'a Secret for a registry',
    object: secret('registry', { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '{}' } }),
  },
]

const service = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
})

const spec = (live: JsonObject, change: JsonObject): JsonObject => ({
  ...live,
  spec: { ...objectAt(live, 'spec'), ...change },
})

const web = { selector: { app: 'web' }, ports: [{ port: 80 }] }

/** Services. */
export const serviceStories: readonly Story[] = [
  {
    name: 'a ClusterIP service',
    object: service('web', web),
    updates: [
      (live) => spec(live, { clusterIP: '', clusterIPs: [] }),
      (live) => spec(live, { clusterIP: '10.96.200.1' }),
      (live) => spec(live, { clusterIP: '10.96.200.1', clusterIPs: ['10.96.200.1'] }),
      (live) =>
        spec(live, {
          ports: [
            { name: 'a', port: 80, targetPort: 'http' },
            { name: 'b', port: 81, nodePort: 30_999 },
          ],
        }),
      (live) => spec(live, { type: 'NodePort' }),
      (live) => spec(live, { ports: [{ port: 90 }] }),
      (live) => spec(live, { type: 'ClusterIP' }),
      (live) => spec(live, { type: 'LoadBalancer' }),
      (live) => spec(live, { externalTrafficPolicy: 'Local' }),
      (live) => spec(live, { healthCheckNodePort: 30_998 }),
      (live) => spec(live, { type: 'ClusterIP' }),
      (live) => spec(live, { type: 'ExternalName', externalName: 'example.com' }),
      (live) => spec(live, { type: 'ClusterIP' }),
    ],
  },
  {
    name: 'a LoadBalancer without node ports',
    object: service('lb', {
      ...web,
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      loadBalancerClass: 'example.com/x',
      loadBalancerSourceRanges: ['10.0.0.0/8', '1.2.3.4/8', 'x'],
    }),
  },
  {
    name: 'a LoadBalancer that changes its class',
    object: service('lb', {
      ...web,
      type: 'LoadBalancer',
      loadBalancerClass: 'example.com/x',
      sessionAffinity: 'ClientIP',
    }),
    updates: [
      (live) => spec(live, { loadBalancerClass: 'example.com/y' }),
      (live) => spec(live, { sessionAffinity: 'None' }),
      (live) =>
        spec(live, { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } }),
    ],
  },
  { name: 'a headless service', object: service('none', { ...web, clusterIP: 'None' }) },
  {
    name: 'a headless service without a selector',
    object: service('none', { clusterIP: 'None', ports: [] }),
    updates: [(live) => spec(live, { publishNotReadyAddresses: true })],
  },
  {
    name: 'a headless NodePort',
    object: service('none', { ...web, clusterIP: 'None', type: 'NodePort', externalName: 'x' }),
  },
  { name: 'an ExternalName without a name', object: service('ext', { type: 'ExternalName' }) },
  {
    name: 'an ExternalName with everything',
    object: service('ext', {
      ...web,
      type: 'ExternalName',
      externalName: 'Exa_mple.',
      clusterIP: '10.96.3.3',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    }),
  },
  { name: 'a service without ports', object: service('noports', { selector: { a: 'b' } }) },
  {
    name: 'a service with bad ports',
    object: service('ports', {
      ports: [
        { port: 0 },
        { port: 65_536, name: 'Bad', protocol: 'UPD', targetPort: 'x--y-' },
        { port: 80, name: 'a', targetPort: 70_000, appProtocol: 'a b' },
        { port: 80, name: 'a', nodePort: 30_000 },
      ],
    }),
  },
  {
    name: 'node ports out of range',
    object: service('node', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
  },
  {
    name: 'node ports for two protocols',
    object: service('node', {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 53, nodePort: 31_053, protocol: 'UDP' },
        { name: 'b', port: 53, protocol: 'TCP' },
      ],
    }),
  },
  {
    name: 'the same node port twice',
    object: service('node', {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 53, nodePort: 31_054 },
        { name: 'b', port: 54, nodePort: 31_054 },
      ],
    }),
  },
  { name: 'an address out of range', object: service('addr', { ...web, clusterIP: '10.0.0.9' }) },
  { name: 'an address that is none', object: service('addr', { ...web, clusterIP: '10.96.0' }) },
  {
    name: 'an address with zeros',
    object: service('addr', {
      ...web,
      externalIPs: ['010.1.1.1', '127.0.0.1', '0.0.0.0', '169.254.1.1', '224.0.0.1', '8.8.8.8'],
    }),
  },
  {
    name: 'an address and a list that differ',
    object: service('addr', { ...web, clusterIP: '10.96.3.4', clusterIPs: ['10.96.3.5'] }),
  },
  { name: 'an address that is taken', object: service('addr', { ...web, clusterIP: '10.96.0.1' }) },
  { name: 'two families', object: service('dual', { ...web, ipFamilyPolicy: 'RequireDualStack' }) },
  { name: 'a preference for two families', object: service('dual', { ...web, ipFamilyPolicy: 'PreferDualStack' }) },
  { name: 'IPv6', object: service('six', { ...web, ipFamilies: ['IPv6'] }) },
  {
    name: 'bad families',
    object: service('six', { ...web, ipFamilies: ['IPv5', 'IPv4', 'IPv4'], ipFamilyPolicy: 'Some' }),
  },
  {
    name: 'bad choices',
    object: service('choices', {
      ...web,
      type: 'Some',
      sessionAffinity: 'Cookie',
      externalTrafficPolicy: 'Far',
      internalTrafficPolicy: 'Near',
      trafficDistribution: 'Any',
      selector: { 'a b': 'c d' },
      healthCheckNodePort: 5,
      loadBalancerClass: 'a b',
    }),
  },
  {
    name: 'externally reachable by addresses',
    object: service('ext', { ...web, externalIPs: ['8.8.8.8'], trafficDistribution: 'PreferClose' }),
    updates: [(live) => spec(live, { externalIPs: [] })],
  },
  { name: 'a name with a digit first', object: service('1web', web) },
  { name: 'a name with dots', object: service('web.x', web) },
]

const namespace = (name: string, rest: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  ...rest,
})

/** Namespaces. */
export const namespaceStories: readonly Story[] = [
  {
    name: 'a namespace',
    object: namespace('mainstay-story', { status: { phase: 'Terminating' } }),
    updates: [
      (live) => ({ ...live, metadata: { ...live.metadata, labels: { a: 'b' } } }),
      (live) => ({ ...live, metadata: { ...live.metadata, labels: { 'kubernetes.io/metadata.name': 'other' } } }),
      (live) => ({ ...live, spec: { finalizers: [] } }),
    ],
  },
  {
    name: 'a namespace with finalizers',
    object: namespace('mainstay-finalizers', { spec: { finalizers: ['x', 'example.com/y', 'a b'] } }),
  },
  { name: 'a namespace with dots', object: namespace('a.b', {}) },
]

/** ServiceAccounts. */
export const accountStories: readonly Story[] = [
  {
    name: 'an account',
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
      secrets: [{ name: 'a' }],
      imagePullSecrets: [{}],
      automountServiceAccountToken: false,
    },
  },
]
