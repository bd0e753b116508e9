// What is filled in: more kinds.

import { topic } from '../suite.ts'
import { checkDefaults, type DefaultsRow } from '../tables.ts'

const metadata = { name: 'a' }

const rows: readonly DefaultsRow[] = [
  [
    'a RoleBinding',
    '/apis/rbac.authorization.k8s.io/v1/~/rolebindings',
    {
      metadata,
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    '',
    {
      kind: 'RoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      subjects: [
        { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    },
  ],
  [
    'a ServiceAccount',
    '/api/v1/~/serviceaccounts',
    { metadata },
    '',
    {
      kind: 'ServiceAccount',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
    },
  ],
  [
    'a Secret',
    '/api/v1/~/secrets',
    { metadata },
    '',
    {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      type: 'Opaque',
    },
  ],
  [
    'a ConfigMap',
    '/api/v1/~/configmaps',
    { metadata },
    '',
    {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
    },
  ],
  [
    'a ResourceQuota',
    '/api/v1/~/resourcequotas',
    { metadata },
    '',
    {
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      spec: {},
      status: {},
    },
  ],
  [
    'a LimitRange',
    '/api/v1/~/limitranges',
    { metadata, spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '1' } }] } },
    'spec',
    {
      limits: [
        {
          type: 'Container',
          max: { cpu: '2' },
          min: { cpu: '1' },
          default: { cpu: '2' },
          defaultRequest: { cpu: '2' },
        },
      ],
    },
  ],
  [
    'a Lease',
    '/apis/coordination.k8s.io/v1/~/leases',
    { metadata },
    '',
    {
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      spec: {},
    },
  ],
  [
    'an EndpointSlice',
    '/apis/discovery.k8s.io/v1/~/endpointslices',
    {
      metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.0.2.1'] }],
      ports: [{ port: 80 }, { name: 'x', port: 81 }],
    },
    '',
    {
      kind: 'EndpointSlice',
      apiVersion: 'discovery.k8s.io/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', generation: 1, creationTimestamp: 'TIME' },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.0.2.1'], conditions: {} }],
      ports: [
        { name: '', protocol: 'TCP', port: 80 },
        { name: 'x', protocol: 'TCP', port: 81 },
      ],
    },
  ],
  [
    'Endpoints',
    '/api/v1/~/endpoints',
    { metadata, subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }] },
    'subsets',
    [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80, protocol: 'TCP' }] }],
  ],
  [
    'a PriorityClass',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { metadata, value: 5 },
    '',
    {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name: 'a', uid: 'UID', generation: 1, creationTimestamp: 'TIME' },
      value: 5,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  ],
  [
    'a RuntimeClass',
    '/apis/node.k8s.io/v1/runtimeclasses',
    { metadata, handler: 'h' },
    '',
    {
      kind: 'RuntimeClass',
      apiVersion: 'node.k8s.io/v1',
      metadata: { name: 'a', uid: 'UID', creationTimestamp: 'TIME' },
      handler: 'h',
    },
  ],
  [
    'a ValidatingWebhookConfiguration',
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    {
      metadata,
      webhooks: [
        {
          name: 'a.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { service: { name: 's', namespace: 'n' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
        },
      ],
    },
    'webhooks',
    [
      {
        name: 'a.example.com',
        clientConfig: { service: { namespace: 'n', name: 's', port: 443 } },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' }],
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        sideEffects: 'None',
        timeoutSeconds: 10,
        admissionReviewVersions: ['v1'],
      },
    ],
  ],
  [
    'a MutatingWebhookConfiguration',
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    {
      metadata,
      webhooks: [
        {
          name: 'a.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { url: 'https://example.com' },
        },
      ],
    },
    'webhooks',
    [
      {
        name: 'a.example.com',
        clientConfig: { url: 'https://example.com' },
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        sideEffects: 'None',
        timeoutSeconds: 10,
        admissionReviewVersions: ['v1'],
        reinvocationPolicy: 'Never',
      },
    ],
  ],
  [
    'an APIService',
    '/apis/apiregistration.k8s.io/v1/apiservices',
    {
      metadata: { name: 'v1.none.example.com' },
      spec: {
        group: 'none.example.com',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
        service: { name: 's', namespace: 'n' },
      },
    },
    'spec',
    {
      service: { namespace: 'n', name: 's', port: 443 },
      group: 'none.example.com',
      version: 'v1',
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 10,
    },
  ],
  [
    'a Node',
    '/api/v1/nodes',
    { metadata },
    '',
    {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: { name: 'a', uid: 'UID', creationTimestamp: 'TIME' },
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
      status: {
        daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
        nodeInfo: {
          machineID: '',
          systemUUID: '',
          bootID: '',
          kernelVersion: '',
          osImage: '',
          containerRuntimeVersion: '',
          kubeletVersion: '',
          kubeProxyVersion: '',
          operatingSystem: '',
          architecture: '',
        },
      },
    },
  ],
  [
    'an Event',
    '/api/v1/~/events',
    { metadata, involvedObject: { kind: 'Pod', name: 'p', namespace: 'NS' } },
    '',
    {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      involvedObject: { kind: 'Pod', namespace: 'NS', name: 'p' },
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    },
  ],
]

topic('defaults of more kinds', (it) => checkDefaults(it, rows))
