// Kinds of configuration, addresses, accounts and rights.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { type FuzzKind, fuzzKind, specKind } from './kind.ts'
import type { Lot } from './lot.ts'
import { items, metadata, oneOf, record, selector, someTime, texts, word, words } from './values.ts'

const configMap = fuzzKind({
  kind: 'ConfigMap',
  plural: 'configmaps',
  versions: ['v1'],
  wish: (lot) =>
    record(
      lot,
      { metadata },
      { data: words, binaryData: () => ({ e: 'AAEC' }), immutable: (own) => own.chance(0.2) },
      0.5,
    ),
})

const secret = fuzzKind({
  kind: 'Secret',
  plural: 'secrets',
  versions: ['v1'],
  selectable: ['type'],
  wish: (lot) =>
    record(
      lot,
      { metadata },
      {
        data: (own) => Object.fromEntries(own.some(['a', 'b', 'c']).map((key) => [key, own.one('MQ==', 'Mg==', '')])),
        stringData: words,
        type: oneOf('Opaque', 'example.com/x', 'kubernetes.io/basic-auth'),
        immutable: (own) => own.chance(0.2),
      },
      0.5,
    ),
})

const servicePort = (lot: Lot): JsonObject =>
  record(
    lot,
    { name: oneOf('p', 'q', 'r'), port: oneOf(80, 81, 82) },
    { protocol: oneOf('TCP', 'UDP'), targetPort: oneOf(8080, 'web', 80), appProtocol: oneOf('http', 'example.com/x') },
    0.4,
  )

const service = specKind({
  kind: 'Service',
  plural: 'services',
  versions: ['v1'],
  selectable: ['spec.clusterIP', 'spec.type'],
  spec: (lot) =>
    record(
      lot,
      { ports: (own) => items(own, servicePort, 'name', 3, 1) },
      {
        selector: words,
        type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
        externalName: oneOf('a.example.com'),
        clusterIP: oneOf('None', ''),
        sessionAffinity: oneOf('None', 'ClientIP'),
        externalTrafficPolicy: oneOf('Local', 'Cluster'),
        internalTrafficPolicy: oneOf('Local', 'Cluster'),
        publishNotReadyAddresses: oneOf(true, false),
        externalIPs: texts('8.8.8.8', '8.8.4.4'),
        ipFamilyPolicy: oneOf('SingleStack', 'PreferDualStack'),
        loadBalancerClass: oneOf('example.com/x'),
        allocateLoadBalancerNodePorts: oneOf(true, false),
      },
      0.2,
    ),
  status: (lot) =>
    record(
      lot,
      {},
      { loadBalancer: (own) => (own.chance(0.6) ? { ingress: [{ ip: own.one('1.2.3.4', '1.2.3.5') }] } : {}) },
      0.8,
    ),
})

const account = fuzzKind({
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  versions: ['v1'],
  wish: (lot) => {
    const named = (own: Lot): readonly JsonObject[] => items(own, (one) => ({ name: one.one('a', 'b', 'c') }), 'name')
    return record(
      lot,
      { metadata },
      { secrets: named, imagePullSecrets: named, automountServiceAccountToken: oneOf(true, false) },
    )
  },
})

const rule = (lot: Lot): JsonObject =>
  lot.chance(0.8)
    ? record(
        lot,
        {
          apiGroups: texts('', 'apps'),
          resources: texts('pods', 'secrets', 'deployments'),
          verbs: texts('get', 'list', '*'),
        },
        { resourceNames: texts('a', 'b') },
      )
    : { nonResourceURLs: ['/x'], verbs: ['get'] }

const role = (kind: string, plural: string, namespaced: boolean): FuzzKind =>
  fuzzKind({
    kind,
    plural,
    namespaced,
    versions: ['rbac.authorization.k8s.io/v1'],
    wish: (lot) =>
      record(
        lot,
        { metadata, rules: (own) => Array.from({ length: own.below(3) }, () => rule(own)) },
        namespaced
          ? {}
          : { aggregationRule: (own) => (own.chance(0.5) ? { clusterRoleSelectors: [selector(own)] } : undefined) },
      ),
  })

const subject = (lot: Lot): JsonObject =>
  lot.one<JsonObject>(
    { kind: 'User', name: 'ana', apiGroup: 'rbac.authorization.k8s.io' },
    { kind: 'Group', name: 'g' },
    { kind: 'ServiceAccount', name: 'a', namespace: 'x' },
  )

const binding = (kind: string, plural: string, namespaced: boolean): FuzzKind =>
  fuzzKind({
    kind,
    plural,
    namespaced,
    versions: ['rbac.authorization.k8s.io/v1'],
    wish: (lot) =>
      record(lot, {
        metadata,
        roleRef: (own) =>
          record(
            own,
            { kind: oneOf('ClusterRole', ...(namespaced ? ['Role'] : [])), name: oneOf('view', 'edit') },
            { apiGroup: oneOf('rbac.authorization.k8s.io') },
            0.9,
          ),
        subjects: (own) => Array.from({ length: own.below(3) }, () => subject(own)),
      }),
  })

const backend = (lot: Lot): JsonObject =>
  lot.chance(0.85)
    ? { service: { name: lot.one('a', 'b'), port: lot.one<JsonObject>({ number: 80 }, { name: 'web' }) } }
    : { resource: { apiGroup: 'x.example.com', kind: 'X', name: 'a' } }

const path = (lot: Lot): JsonObject =>
  record(lot, { backend, path: oneOf('/', '/x', '/x/y'), pathType: oneOf('Prefix', 'Exact', 'ImplementationSpecific') })

const ingress = specKind({
  kind: 'Ingress',
  plural: 'ingresses',
  versions: ['networking.k8s.io/v1'],
  spec: (lot) =>
    record(
      lot,
      {
        rules: (own) =>
          Array.from({ length: 1 + own.below(2) }, () =>
            record(
              own,
              { http: (one) => ({ paths: Array.from({ length: 1 + one.below(2) }, () => path(one)) }) },
              { host: oneOf('a.example.com', '*.example.com') },
              0.8,
            ),
          ),
      },
      {
        ingressClassName: oneOf('nginx', 'other'),
        defaultBackend: backend,
        tls: () => [{ hosts: ['a.example.com'], secretName: 's' }],
      },
    ),
  status: (lot) => ({
    loadBalancer: lot.chance(0.7)
      ? { ingress: [record(lot, {}, { ip: oneOf('1.2.3.4'), hostname: oneOf('h.example.com') }, 0.7)] }
      : {},
  }),
})

const peer = (lot: Lot): JsonObject =>
  lot.one<() => JsonObject>(
    () => ({ podSelector: selector(lot) }),
    () => ({ namespaceSelector: {}, podSelector: {} }),
    () => ({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }),
  )()

const policyPorts = (lot: Lot): readonly JsonObject[] =>
  Array.from({ length: lot.below(3) }, () =>
    record(lot, {}, { port: oneOf(80, 'web'), protocol: oneOf('TCP', 'UDP') }, 0.8),
  )

const networkPolicy = specKind({
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  versions: ['networking.k8s.io/v1'],
  spec: (lot) =>
    record(
      lot,
      { podSelector: (own) => (own.chance(0.5) ? {} : selector(own)) },
      {
        ingress: (own) => [record(own, {}, { from: (one) => [peer(one)], ports: policyPorts }, 0.6)],
        egress: (own) => [record(own, {}, { to: (one) => [peer(one)], ports: policyPorts }, 0.6)],
        policyTypes: texts('Ingress', 'Egress'),
      },
      0.5,
    ),
})

const lease = specKind({
  kind: 'Lease',
  plural: 'leases',
  versions: ['coordination.k8s.io/v1'],
  spec: (lot) =>
    record(
      lot,
      {},
      {
        holderIdentity: word,
        leaseDurationSeconds: oneOf(5, 10),
        leaseTransitions: oneOf(0, 1),
        acquireTime: oneOf('2026-01-02T03:04:05.000006Z', '2026-01-02T03:04:05Z'),
        renewTime: oneOf('2026-01-02T03:04:05.100000Z'),
      },
    ),
})

const endpointSlice = fuzzKind({
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  versions: ['discovery.k8s.io/v1'],
  wish: (lot) =>
    record(
      lot,
      {
        metadata,
        addressType: oneOf('IPv4', 'IPv4', 'IPv4', 'FQDN'),
        endpoints: (own) =>
          Array.from({ length: own.below(3) }, () =>
            record(
              own,
              { addresses: () => [own.one('10.0.0.1', '10.0.0.2')] },
              {
                conditions: (one) => record(one, {}, { ready: oneOf(true, false) }),
                nodeName: word,
                hostname: word,
                zone: word,
              },
            ),
          ),
      },
      {
        ports: (own) =>
          items(
            own,
            (one) => record(one, {}, { name: oneOf('p', 'q', ''), port: oneOf(80, 81), protocol: oneOf('TCP') }, 0.7),
            'name',
            2,
          ),
      },
    ),
})

const namespace = fuzzKind({
  kind: 'Namespace',
  plural: 'namespaces',
  versions: ['v1'],
  namespaced: false,
  selectable: ['status.phase'],
  wish: (lot) =>
    record(lot, { metadata }, { spec: (own) => (own.chance(0.1) ? { finalizers: ['example.com/x'] } : {}) }, 0.2),
  status: (lot) =>
    record(
      lot,
      {},
      {
        phase: oneOf('Active', 'Terminating'),
        conditions: (own) => (own.chance(0.4) ? [{ type: 'X', status: 'True' }] : []),
      },
      0.6,
    ),
})

const disruptionBudget = specKind({
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  versions: ['policy/v1'],
  spec: (lot) => ({
    ...lot.one<JsonObject>({ minAvailable: 1 }, { maxUnavailable: '50%' }, { minAvailable: '10%' }, {}),
    ...record(lot, {}, { selector, unhealthyPodEvictionPolicy: oneOf('AlwaysAllow', 'IfHealthyBudget') }, 0.6),
  }),
  status: (lot) =>
    record(
      lot,
      {
        currentHealthy: oneOf(0, 1),
        desiredHealthy: oneOf(1),
        disruptionsAllowed: oneOf(0, 1),
        expectedPods: oneOf(1),
      },
      {
        observedGeneration: oneOf(1),
        disruptedPods: oneOf({ a: someTime }, {}),
        conditions: (own) =>
          own.chance(0.3)
            ? [{ type: 'DisruptionAllowed', status: 'True', reason: 'R', message: '', lastTransitionTime: someTime }]
            : [],
      },
    ),
})

const metric = (lot: Lot): JsonObject => ({
  type: 'Resource',
  resource: { name: lot.one('cpu', 'memory'), target: { type: 'Utilization', averageUtilization: lot.one(50, 80) } },
})

const autoscaler = specKind({
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  versions: ['autoscaling/v2', 'autoscaling/v1'],
  spec: (lot, version) =>
    record(
      lot,
      { scaleTargetRef: () => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }), maxReplicas: oneOf(3, 4) },
      {
        minReplicas: oneOf(1, 2),
        ...(version === 'autoscaling/v1'
          ? { targetCPUUtilizationPercentage: oneOf(50, 80) }
          : {
              metrics: (own) => items(own, metric, 'type', 2),
              behavior: (own) => ({
                scaleDown: record(
                  own,
                  {},
                  {
                    stabilizationWindowSeconds: oneOf(0, 60),
                    selectPolicy: oneOf('Max', 'Disabled'),
                    policies: () => [{ type: 'Pods', value: 1, periodSeconds: 60 }],
                  },
                  0.6,
                ),
              }),
            }),
      },
    ),
  status: (lot) =>
    record(
      lot,
      { currentReplicas: oneOf(1), desiredReplicas: oneOf(1, 2) },
      { observedGeneration: oneOf(1), lastScaleTime: oneOf(someTime) },
    ),
})

/** All of them. */
export const plainKinds: readonly FuzzKind[] = [
  configMap,
  secret,
  service,
  account,
  role('Role', 'roles', true),
  role('ClusterRole', 'clusterroles', false),
  binding('RoleBinding', 'rolebindings', true),
  binding('ClusterRoleBinding', 'clusterrolebindings', false),
  ingress,
  networkPolicy,
  lease,
  endpointSlice,
  namespace,
  disruptionBudget,
  autoscaler,
]
