// Workloads that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const metadata = { name: 'a' }
const labels = { app: 'a' }
const template = { metadata: { labels }, spec: podSpec() }
const selector = { matchLabels: labels }
const deployments = '/apis/apps/v1/~/deployments'
const deployment = (spec: JsonObject): JsonObject => ({ metadata, spec: { selector, template, ...spec } })
const sets = '/apis/apps/v1/~/statefulsets'
const daemons = '/apis/apps/v1/~/daemonsets'

const rows: readonly RefusalRow[] = [
  [
    'refuses a Deployment without a spec',
    deployments,
    { metadata },
    [
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: FieldValueRequired: Required value',
    ],
  ],
  [
    'refuses a Deployment without a selector',
    deployments,
    deployment({ selector: null }),
    [
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a Deployment with an empty selector',
    deployments,
    deployment({ selector: {} }),
    ['spec.selector: FieldValueInvalid: Invalid value: {}: empty selector is invalid for deployment'],
  ],
  [
    'refuses a selector that does not match the template',
    deployments,
    deployment({ selector: { matchLabels: { app: 'b' } } }),
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a selector of an unknown operator',
    deployments,
    deployment({ selector: { matchExpressions: [{ key: 'app', operator: 'Likes', values: ['a'] }] } }),
    [
      'spec.selector.matchExpressions[0].operator: FieldValueInvalid: Invalid value: "Likes": not a valid selector operator',
      'spec.selector: FieldValueInvalid: Invalid value: {"matchExpressions":[{"key":"app","operator":"Likes","values":["a"]}]}: invalid label selector',
    ],
  ],
  [
    'refuses a selector In without values',
    deployments,
    deployment({ selector: { matchExpressions: [{ key: 'app', operator: 'In' }] } }),
    [
      "spec.selector.matchExpressions[0].values: FieldValueRequired: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.selector: FieldValueInvalid: Invalid value: {"matchExpressions":[{"key":"app","operator":"In"}]}: invalid label selector',
    ],
  ],
  [
    'refuses a selector Exists with values',
    deployments,
    deployment({ selector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] } }),
    [
      "spec.selector.matchExpressions[0].values: FieldValueForbidden: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      'spec.selector: FieldValueInvalid: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists","values":["a"]}]}: invalid label selector',
    ],
  ],
  [
    'refuses negative replicas',
    deployments,
    deployment({ replicas: -1 }),
    ['spec.replicas: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'refuses a negative history',
    deployments,
    deployment({ revisionHistoryLimit: -1 }),
    ['spec.revisionHistoryLimit: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'refuses negative seconds until ready',
    deployments,
    deployment({ minReadySeconds: -1 }),
    ['spec.minReadySeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'refuses a deadline that is shorter than the time until ready',
    deployments,
    deployment({ minReadySeconds: 10, progressDeadlineSeconds: 5 }),
    ['spec.progressDeadlineSeconds: FieldValueInvalid: Invalid value: 5: must be greater than minReadySeconds'],
  ],
  [
    'refuses an unknown strategy',
    deployments,
    deployment({ strategy: { type: 'Leap' } }),
    [
      'spec.strategy: FieldValueNotSupported: Unsupported value: {"Type":"Leap","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    'refuses details of a rolling update beside Recreate',
    deployments,
    deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    [
      "spec.strategy.rollingUpdate: FieldValueForbidden: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
  ],
  [
    'refuses a rolling update that cannot roll',
    deployments,
    deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    [
      'spec.strategy.rollingUpdate.maxUnavailable: FieldValueInvalid: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ],
  ],
  [
    'refuses a percentage that is none',
    deployments,
    deployment({ strategy: { rollingUpdate: { maxSurge: 'x%', maxUnavailable: '101%' } } }),
    [
      "spec.strategy.rollingUpdate.maxSurge: FieldValueInvalid: Invalid value: \"x%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      'spec.strategy.rollingUpdate.maxUnavailable: FieldValueInvalid: Invalid value: "101%": must not be greater than 100%',
    ],
  ],
  [
    'refuses a template that may end',
    deployments,
    deployment({ template: { ...template, spec: podSpec({ restartPolicy: 'Never' }) } }),
    [
      'spec.template.spec.restartPolicy: FieldValueNotSupported: Unsupported value: "Never": supported values: "Always"',
    ],
  ],
  [
    'refuses a template with a deadline',
    deployments,
    deployment({ template: { ...template, spec: podSpec({ activeDeadlineSeconds: 5 }) } }),
    [
      'spec.template.spec.activeDeadlineSeconds: FieldValueForbidden: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    ],
  ],
  [
    'refuses a template without containers',
    deployments,
    deployment({ template: { metadata: { labels }, spec: {} } }),
    ['spec.template.spec.containers: FieldValueRequired: Required value'],
  ],
  [
    'refuses labels of a template that are none',
    deployments,
    deployment({ template: { metadata: { labels: { app: 'a', 'x y': 'z' } }, spec: podSpec() } }),
    [
      "spec.template.labels: FieldValueInvalid: Invalid value: \"x y\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'names many faults at once',
    deployments,
    { metadata: { name: 'A_' }, spec: { replicas: -1, template: {} } },
    [
      "metadata.name: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      'spec.replicas: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: FieldValueRequired: Required value',
    ],
  ],
  [
    'refuses a ReplicaSet without a selector',
    '/apis/apps/v1/~/replicasets',
    { metadata, spec: { template } },
    [
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a ReplicaSet whose selector does not match',
    '/apis/apps/v1/~/replicasets',
    { metadata, spec: { selector: { matchLabels: { b: 'c' } }, template } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a StatefulSet without a selector',
    sets,
    { metadata, spec: { template } },
    [
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a StatefulSet of an unknown pod management',
    sets,
    { metadata, spec: { selector, template, podManagementPolicy: 'Wild' } },
    ["spec.podManagementPolicy: FieldValueInvalid: Invalid value: \"Wild\": must be 'OrderedReady' or 'Parallel'"],
  ],
  [
    'refuses a StatefulSet of an unknown strategy',
    sets,
    { metadata, spec: { selector, template, updateStrategy: { type: 'Leap' } } },
    [
      'spec.updateStrategy: FieldValueInvalid: Invalid value: {"Type":"Leap","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
    ],
  ],
  [
    'refuses a negative partition',
    sets,
    { metadata, spec: { selector, template, updateStrategy: { rollingUpdate: { partition: -1 } } } },
    [
      'spec.updateStrategy.rollingUpdate.partition: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'refuses an unknown retention of claims',
    sets,
    { metadata, spec: { selector, template, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Burn' } } },
    [
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: FieldValueNotSupported: Unsupported value: "Burn": supported values: "Retain", "Delete"',
    ],
  ],
  [
    'refuses a claim template without a size',
    sets,
    {
      metadata,
      spec: {
        selector,
        template,
        volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      },
    },
    ['spec.volumeClaimTemplates[0].spec.resources[storage]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a service name that is none',
    sets,
    { metadata, spec: { selector, template, serviceName: 'A_' } },
    [
      "spec.serviceName: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'refuses a negative first ordinal',
    sets,
    { metadata, spec: { selector, template, ordinals: { start: -1 } } },
    ['spec.ordinals.start: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'refuses a DaemonSet without a selector',
    daemons,
    { metadata, spec: { template } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a DaemonSet of an unknown strategy',
    daemons,
    { metadata, spec: { selector, template, updateStrategy: { type: 'Leap' } } },
    [
      'spec.updateStrategy: FieldValueNotSupported: Unsupported value: {"Type":"Leap","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
  ],
  [
    'refuses a DaemonSet that cannot roll',
    daemons,
    { metadata, spec: { selector, template, updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } } },
    [
      'spec.updateStrategy.rollingUpdate.maxUnavailable: FieldValueRequired: Required value: cannot be 0 when maxSurge is 0',
    ],
  ],
]

topic('validation of workloads', (it) => checkRefusals(it, rows))
