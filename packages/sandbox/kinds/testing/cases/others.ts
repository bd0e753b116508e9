// Stories of networking, access, scaling and disruption.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Story } from '../story.ts'
import { made, spec } from './builders.ts'

const ingress = (rest: JsonObject): JsonObject => made('networking.k8s.io/v1', 'Ingress', 'web', rest)
const backend = { service: { name: 'web', port: { number: 80 } } }
const rule = (rest: JsonObject): JsonObject => ({
  host: 'example.com',
  http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...rest }] },
})

/** Ingresses. */
export const ingressStories: readonly Story[] = [
  {
    name: 'an Ingress',
    object: ingress({
      ingressClassName: 'nginx',
      rules: [rule({})],
      tls: [{ hosts: ['example.com'], secretName: 's' }],
    }),
    updates: [
      (live) => spec(live, { rules: [rule({ path: '/x' })] }),
      (live) => spec(live, { rules: [], defaultBackend: backend }),
    ],
  },
  { name: 'an empty Ingress', object: ingress({}) },
  {
    name: 'bad hosts',
    object: ingress({
      rules: [{ host: '1.2.3.4' }, { host: 'A_b' }, { host: '*.x' }, { host: 'a.*' }],
      tls: [{ hosts: ['*', 'A'], secretName: 'S' }],
    }),
  },
  {
    name: 'bad paths',
    object: ingress({ rules: ['x', '/a//b', '/a/../b', '/a/..', '/a%2fb', '/./'].map((path) => rule({ path })) }),
  },
  {
    name: 'bad types',
    object: ingress({
      rules: [
        rule({ pathType: 'X' }),
        rule({ pathType: null }),
        rule({ pathType: 'ImplementationSpecific', path: 'x' }),
        { http: { paths: [] } },
      ],
    }),
  },
  {
    name: 'bad backends',
    object: ingress({
      defaultBackend: {},
      rules: [
        rule({ backend: { service: { name: '', port: {} } } }),
        rule({ backend: { service: { name: 'A', port: { name: 'x--', number: 1 } } } }),
        rule({ backend: { service: { name: 'a', port: { number: 70_000 } } } }),
        rule({ backend: { service: { name: 'a', port: { name: 'A' } }, resource: { kind: 'x', name: 'y' } } }),
      ],
    }),
  },
  {
    name: 'a class said twice',
    object: {
      ...ingress({ ingressClassName: 'a', defaultBackend: backend }),
      metadata: { name: 'web', annotations: { 'kubernetes.io/ingress.class': 'b' } },
    },
  },
  {
    name: 'a class said in the old way',
    object: {
      ...ingress({ defaultBackend: backend }),
      metadata: { name: 'web', annotations: { 'kubernetes.io/ingress.class': 'b' } },
    },
  },
]

const policy = (rest: JsonObject): JsonObject => made('networking.k8s.io/v1', 'NetworkPolicy', 'deny', rest)

/** NetworkPolicies. */
export const policyStories: readonly Story[] = [
  {
    name: 'a policy',
    object: policy({ podSelector: {} }),
    updates: [(live) => spec(live, { egress: [{ to: [{ podSelector: {} }], ports: [{ port: 53 }] }] })],
  },
  {
    name: 'a policy for both ways',
    object: policy({
      podSelector: { matchLabels: { a: 'b' } },
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
      egress: [{}],
    }),
  },
  {
    name: 'a bad policy',
    object: policy({
      podSelector: { matchLabels: { 'a b': '' } },
      policyTypes: ['Ingress', 'X'],
      ingress: [
        {
          from: [
            {},
            { podSelector: {}, ipBlock: { cidr: 'x' } },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', 'y'] } },
          ],
          ports: [{ port: 0 }, { port: 'x--', endPort: 5 }, { port: 90, endPort: 80, protocol: 'X' }, { endPort: 1 }],
        },
      ],
    }),
  },
  { name: 'too many types', object: policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress', 'Ingress'] }) },
]

const RBAC = 'rbac.authorization.k8s.io'
const access = (kind: string, rest: JsonObject): JsonObject => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: { name: 'access' },
  ...rest,
})
const role = { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' }

/** Roles. */
export const roleStories: readonly Story[] = [
  {
    name: 'a role',
    object: access('Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
    updates: [(live) => ({ ...live, rules: [] })],
  },
  { name: 'a role of nothing', object: access('Role', {}) },
  {
    name: 'bad rules',
    object: access('Role', {
      rules: [{}, { verbs: [], nonResourceURLs: ['/x'], resources: ['y'] }, { verbs: ['get'], apiGroups: [''] }],
    }),
  },
  { name: 'a name with a slash', object: { ...access('Role', {}), metadata: { name: 'a/b%c' } } },
  { name: 'a name with colons', object: { ...access('Role', {}), metadata: { name: 'System:Thing' } } },
]

/** Roles of the cluster. */
export const clusterRoleStories: readonly Story[] = [
  { name: 'a role', object: access('ClusterRole', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }) },
  {
    name: 'an aggregation',
    object: access('ClusterRole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }),
  },
  { name: 'an empty aggregation', object: access('ClusterRole', { aggregationRule: {} }) },
]

/** Bindings. */
export const bindingStories: readonly Story[] = [
  {
    name: 'a binding',
    object: access('RoleBinding', {
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'ana' },
        { kind: 'ServiceAccount', name: 'a' },
      ],
    }),
    updates: [(live) => ({ ...live, roleRef: { ...role, name: 'edit' } }), (live) => ({ ...live, subjects: [] })],
  },
  {
    name: 'a bad binding',
    object: access('RoleBinding', {
      roleRef: { apiGroup: 'x', kind: 'User', name: '' },
      subjects: [
        { kind: 'X', name: '' },
        { kind: 'ServiceAccount', name: 'A', apiGroup: 'x' },
        { kind: 'Group', name: 'g', apiGroup: 'x' },
      ],
    }),
  },
  { name: 'a binding to nothing', object: access('RoleBinding', {}) },
]

/** Bindings of the cluster. */
export const clusterBindingStories: readonly Story[] = [
  {
    name: 'a binding',
    object: access('ClusterRoleBinding', { roleRef: role, subjects: [{ kind: 'Group', name: 'g' }] }),
  },
  {
    name: 'a bad binding',
    object: access('ClusterRoleBinding', {
      roleRef: { ...role, kind: 'Role' },
      subjects: [{ kind: 'ServiceAccount', name: 'a' }],
    }),
  },
]

const budget = (rest: JsonObject): JsonObject => made('policy/v1', 'PodDisruptionBudget', 'web', rest)

/** Budgets. */
export const budgetStories: readonly Story[] = [
  {
    name: 'a budget',
    object: budget({ minAvailable: 1, selector: { matchLabels: { a: 'b' } } }),
    updates: [(live) => spec(live, { minAvailable: '50%' })],
  },
  { name: 'an empty budget', object: budget({}) },
  { name: 'both bounds', object: budget({ minAvailable: 1, maxUnavailable: '50%', selector: {} }) },
  {
    name: 'a bad budget',
    object: budget({ minAvailable: '101%', unhealthyPodEvictionPolicy: 'X', selector: { matchLabels: { 'a b': '' } } }),
  },
  { name: 'a budget below zero', object: budget({ maxUnavailable: -1 }) },
]

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const scaler = (rest: JsonObject, version = 'v2'): JsonObject =>
  made(`autoscaling/${version}`, 'HorizontalPodAutoscaler', 'web', { scaleTargetRef: ref, maxReplicas: 3, ...rest })
const memory = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1024Mi' } },
}

/** Autoscalers. */
export const scalerStories: readonly Story[] = [
  {
    name: 'an autoscaler',
    object: scaler({}),
    updates: [(live) => spec(live, { maxReplicas: 5 }), (live) => spec(live, { minReplicas: 9 })],
  },
  {
    name: 'an autoscaler with behaviour',
    object: scaler({
      metrics: [memory],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 60 },
        scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 5 }] },
      },
    }),
  },
  { name: 'an empty autoscaler', object: made('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {}) },
  {
    name: 'bad numbers',
    object: scaler({ minReplicas: -1, maxReplicas: -2, scaleTargetRef: { kind: 'a/b', name: '' } }),
  },
  {
    name: 'bad metrics',
    object: scaler({
      metrics: [
        {},
        { type: 'X' },
        { type: 'Resource' },
        { type: 'Resource', resource: { name: '', target: { type: 'X', averageUtilization: 0, averageValue: '-1' } } },
        { type: 'Pods', pods: { metric: { name: '' }, target: { type: '' } } },
        {
          type: 'Object',
          object: { describedObject: {}, metric: { name: 'a/b' }, target: { type: 'Value' } },
          pods: { metric: { name: 'x' }, target: { type: 'Value' } },
        },
        {
          type: 'External',
          external: { metric: { name: 'x' }, target: { type: 'Value', value: '1', averageValue: '1' } },
        },
      ],
    }),
  },
  {
    name: 'bad behaviour',
    object: scaler({
      behavior: {
        scaleUp: {
          selectPolicy: 'X',
          stabilizationWindowSeconds: 9999,
          policies: [{ type: 'X', value: 0, periodSeconds: 9999 }],
        },
        scaleDown: { stabilizationWindowSeconds: -1 },
      },
    }),
  },
  { name: 'an autoscaler of v1', object: scaler({ targetCPUUtilizationPercentage: 50 }, 'v1') },
  { name: 'an autoscaler of v1 without a target', object: scaler({}, 'v1') },
]
