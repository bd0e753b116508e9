// Rules, limits, slices and cluster-wide objects that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const metadata = { name: 'a' }
const roles = '/apis/rbac.authorization.k8s.io/v1/~/roles'
const bindings = '/apis/rbac.authorization.k8s.io/v1/~/rolebindings'
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' }
const slices = '/apis/discovery.k8s.io/v1/~/endpointslices'
const slice = (rest: JsonObject): JsonObject => ({
  metadata,
  addressType: 'IPv4',
  endpoints: [{ addresses: ['192.0.2.1'] }],
  ...rest,
})

const rows: readonly RefusalRow[] = [
  [
    'refuses a rule of a Role without verbs',
    roles,
    { metadata, rules: [{ apiGroups: [''], resources: ['pods'] }] },
    ['rules[0].verbs: FieldValueRequired: Required value: verbs must contain at least one value'],
  ],
  [
    'refuses a rule of a Role without groups and resources',
    roles,
    { metadata, rules: [{ verbs: ['get'] }] },
    [
      'rules[0].apiGroups: FieldValueRequired: Required value: resource rules must supply at least one api group',
      'rules[0].resources: FieldValueRequired: Required value: resource rules must supply at least one resource',
    ],
  ],
  [
    'refuses a rule of a Role for paths',
    roles,
    { metadata, rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
    [
      'rules[0].nonResourceURLs: FieldValueInvalid: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
    ],
  ],
  [
    'refuses a rule for paths and resources',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    { metadata, rules: [{ verbs: ['get'], nonResourceURLs: ['/x'], apiGroups: [''], resources: ['pods'] }] },
    [
      'rules[0].nonResourceURLs: FieldValueInvalid: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
  ],
  [
    'refuses a binding without a role',
    bindings,
    { metadata, roleRef: {} },
    [
      'roleRef.kind: FieldValueNotSupported: Unsupported value: "": supported values: "Role", "ClusterRole"',
      'roleRef.name: FieldValueRequired: Required value',
    ],
  ],
  [
    'refuses a binding to an unknown kind',
    bindings,
    { metadata, roleRef: { ...roleRef, kind: 'Rule' } },
    ['roleRef.kind: FieldValueNotSupported: Unsupported value: "Rule": supported values: "Role", "ClusterRole"'],
  ],
  [
    'refuses a subject of an unknown kind',
    bindings,
    { metadata, roleRef, subjects: [{ kind: 'Robot', name: 'r' }] },
    [
      'subjects[0].kind: FieldValueNotSupported: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
  ],
  [
    'refuses a subject without a name',
    bindings,
    { metadata, roleRef, subjects: [{ kind: 'User', name: '' }] },
    ['subjects[0].name: FieldValueRequired: Required value'],
  ],
  [
    'refuses an account without a namespace',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    { metadata, roleRef: { ...roleRef, kind: 'ClusterRole' }, subjects: [{ kind: 'ServiceAccount', name: 's' }] },
    ['subjects[0].namespace: FieldValueRequired: Required value'],
  ],
  [
    'refuses a ClusterRoleBinding to a Role',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    { metadata, roleRef },
    ['roleRef.kind: FieldValueNotSupported: Unsupported value: "Role": supported values: "ClusterRole"'],
  ],
  [
    'refuses a quota of an unknown resource',
    '/api/v1/~/resourcequotas',
    { metadata, spec: { hard: { things: '1' } } },
    [
      'spec.hard[things]: FieldValueInvalid: Invalid value: "things": must be a standard resource type or fully qualified',
      'spec.hard[things]: FieldValueInvalid: Invalid value: "things": must be a standard resource for quota',
    ],
  ],
  [
    'refuses a quota of a negative number',
    '/api/v1/~/resourcequotas',
    { metadata, spec: { hard: { pods: '-1' } } },
    ['spec.hard[pods]: FieldValueInvalid: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    'refuses a quota of an unknown scope',
    '/api/v1/~/resourcequotas',
    { metadata, spec: { hard: { pods: '1' }, scopes: ['Some'] } },
    ['spec.scopes: FieldValueInvalid: Invalid value: ["Some"]: unsupported scope'],
  ],
  [
    'refuses a limit whose minimum is above its maximum',
    '/api/v1/~/limitranges',
    { metadata, spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] } },
    [
      'spec.limits[0].min[cpu]: FieldValueInvalid: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: FieldValueInvalid: Invalid value: "1": min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: FieldValueInvalid: Invalid value: "2": min value 2 is greater than default value 1',
    ],
  ],
  [
    'refuses two limits of one type',
    '/api/v1/~/limitranges',
    {
      metadata,
      spec: {
        limits: [
          { type: 'Container', max: { cpu: '1' } },
          { type: 'Container', max: { cpu: '1' } },
        ],
      },
    },
    ['spec.limits[1].type: FieldValueDuplicate: Duplicate value: "Container"'],
  ],
  [
    'refuses a default of a limit for Pods',
    '/api/v1/~/limitranges',
    { metadata, spec: { limits: [{ type: 'Pod', default: { cpu: '1' } }] } },
    ["spec.limits[0].default: FieldValueForbidden: Forbidden: may not be specified when `type` is 'Pod'"],
  ],
  [
    'refuses a slice of an unknown type',
    slices,
    slice({ addressType: 'Pigeon' }),
    ['addressType: FieldValueNotSupported: Unsupported value: "Pigeon": supported values: "FQDN", "IPv4", "IPv6"'],
  ],
  [
    'refuses a slice with an address of another type',
    slices,
    slice({ endpoints: [{ addresses: ['::1'] }] }),
    [
      'endpoints[0].addresses: FieldValueInvalid: Invalid value: "::1": must be an IPv4 address',
      'endpoints[0].addresses[0]: FieldValueInvalid: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ],
  [
    'refuses an endpoint without addresses',
    slices,
    slice({ endpoints: [{ addresses: [] }] }),
    ['endpoints[0].addresses: FieldValueRequired: Required value: must contain at least 1 address'],
  ],
  [
    'refuses two ports of one name in a slice',
    slices,
    slice({
      ports: [
        { name: 'x', port: 80 },
        { name: 'x', port: 81 },
      ],
    }),
    ['ports[1].name: FieldValueDuplicate: Duplicate value: "x"'],
  ],
  [
    'refuses Endpoints with an address that is none',
    '/api/v1/~/endpoints',
    { metadata, subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 0 }] }] },
    [
      'subsets[0].addresses[0].ip: FieldValueInvalid: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[0].addresses[0].ip: FieldValueInvalid: Invalid value: "x": must be a valid IP address',
      'subsets[0].ports[0].port: FieldValueInvalid: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'refuses a Lease with a negative duration',
    '/apis/coordination.k8s.io/v1/~/leases',
    { metadata, spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    [
      'spec.leaseDurationSeconds: FieldValueInvalid: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'refuses a PriorityClass of the system',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { metadata, value: 2000000000 },
    ['value: FieldValueForbidden: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
  ],
  [
    'refuses a PriorityClass with a name of the system',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { metadata: { name: 'system-x' }, value: 1 },
    [
      "metadata.name: FieldValueForbidden: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    ],
  ],
  [
    'refuses an unknown policy of preemption',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { metadata, value: 1, preemptionPolicy: 'Maybe' },
    [
      'preemptionPolicy: FieldValueNotSupported: Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"',
    ],
  ],
  [
    'refuses a StorageClass without a provisioner',
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata },
    ['provisioner: FieldValueRequired: Required value'],
  ],
  [
    'refuses a StorageClass of an unknown mode of binding',
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata, provisioner: 'x', volumeBindingMode: 'Late', reclaimPolicy: 'Recycle' },
    [
      'reclaimPolicy: FieldValueNotSupported: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      'volumeBindingMode: FieldValueNotSupported: Unsupported value: "Late": supported values: "Immediate", "WaitForFirstConsumer"',
    ],
  ],
  [
    'refuses a RuntimeClass with a handler that is none',
    '/apis/node.k8s.io/v1/runtimeclasses',
    { metadata, handler: 'A_' },
    [
      "handler: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'refuses a webhook without a name and an address',
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    { metadata, webhooks: [{ name: 'x', clientConfig: {} }] },
    [
      'webhooks[0].name: FieldValueInvalid: Invalid value: "x": should be a domain with at least three segments separated by dots',
      'webhooks[0].sideEffects: FieldValueRequired: Required value: must specify one of None, NoneOnDryRun',
      'webhooks[0].clientConfig: FieldValueRequired: Required value: exactly one of url or service is required',
      'webhooks[0].admissionReviewVersions: FieldValueRequired: Required value: must specify one of v1, v1beta1',
    ],
  ],
  [
    'refuses a webhook over HTTP',
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    {
      metadata,
      webhooks: [
        {
          name: 'a.example.com',
          sideEffects: 'Some',
          admissionReviewVersions: ['v9'],
          timeoutSeconds: 60,
          clientConfig: { url: 'http://example.com' },
        },
      ],
    },
    [
      'webhooks[0].sideEffects: FieldValueNotSupported: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
      'webhooks[0].timeoutSeconds: FieldValueInvalid: Invalid value: 60: the timeout value must be between 1 and 30 seconds',
      'webhooks[0].clientConfig.url: FieldValueInvalid: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'webhooks[0].admissionReviewVersions: FieldValueInvalid: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
    ],
  ],
  [
    'refuses an APIService with another name',
    '/apis/apiregistration.k8s.io/v1/apiservices',
    {
      metadata: { name: 'x' },
      spec: { group: 'none.example.com', version: 'v1', groupPriorityMinimum: 0, versionPriority: 0 },
    },
    [
      'metadata.name: FieldValueInvalid: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.none.example.com"',
      'spec.groupPriorityMinimum: FieldValueInvalid: Invalid value: 0: must be positive and less than 20000',
      'spec.versionPriority: FieldValueInvalid: Invalid value: 0: must be positive and less than 1000',
    ],
  ],
  [
    'refuses a ControllerRevision of a negative number',
    '/apis/apps/v1/~/controllerrevisions',
    { metadata, revision: -1, data: {} },
    ['revision: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'refuses an Event in another namespace',
    '/api/v1/~/events',
    { metadata, involvedObject: { kind: 'Pod', name: 'p', namespace: 'elsewhere' } },
    ['involvedObject.namespace: FieldValueInvalid: Invalid value: "elsewhere": does not match event.namespace'],
  ],
  [
    'refuses an Event of the newer form without its parts',
    '/apis/events.k8s.io/v1/~/events',
    { metadata, regarding: { kind: 'Pod', name: 'p', namespace: 'NS' } },
    [
      'eventTime: FieldValueRequired: Required value',
      'type: FieldValueInvalid: Invalid value: "": has invalid value: ',
    ],
  ],
  [
    'refuses a Node with a range of Pods that is none',
    '/api/v1/nodes',
    { metadata, spec: { podCIDR: 'x', taints: [{ key: 'a', effect: 'Cry' }] } },
    [
      'metadata.taints[0].effect: FieldValueNotSupported: Unsupported value: "Cry": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      'spec.podCIDRs[0]: FieldValueInvalid: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
]

topic('validation of more kinds', (it) => checkRefusals(it, rows))
