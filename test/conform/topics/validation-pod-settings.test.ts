// Probes, resources and settings of Pods that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const pods = '/api/v1/~/pods'
const metadata = { name: 'a' }
const of = (spec: JsonObject): JsonObject => ({ metadata, spec })
const withContainer = (container: JsonObject, rest: JsonObject = {}): JsonObject => of(podSpec(rest, container))

const rows: readonly RefusalRow[] = [
  [
    'refuses a probe with two ways',
    pods,
    withContainer({ livenessProbe: { httpGet: { port: 80 }, exec: { command: ['x'] } } }),
    [
      'spec.containers[0].livenessProbe.httpGet: FieldValueForbidden: Forbidden: may not specify more than 1 handler type',
    ],
  ],
  [
    'refuses a probe without a way',
    pods,
    withContainer({ livenessProbe: {} }),
    ['spec.containers[0].livenessProbe: FieldValueRequired: Required value: must specify a handler type'],
  ],
  [
    'refuses a probe on a port that has no name',
    pods,
    withContainer({ livenessProbe: { tcpSocket: { port: 'a_b' } } }),
    [
      'spec.containers[0].livenessProbe.tcpSocket.port: FieldValueInvalid: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    'refuses a probe that succeeds twice',
    pods,
    withContainer({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
    ['spec.containers[0].livenessProbe.successThreshold: FieldValueInvalid: Invalid value: 2: must be 1'],
  ],
  [
    'refuses a probe with negative times',
    pods,
    withContainer({
      readinessProbe: {
        tcpSocket: { port: 80 },
        periodSeconds: -1,
        timeoutSeconds: -1,
        failureThreshold: -1,
        initialDelaySeconds: -1,
      },
    }),
    [
      'spec.containers[0].readinessProbe.initialDelaySeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].readinessProbe.timeoutSeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].readinessProbe.periodSeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].readinessProbe.failureThreshold: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'refuses a hook without a way',
    pods,
    withContainer({ lifecycle: { preStop: {} } }),
    ['spec.containers[0].lifecycle.preStop: FieldValueRequired: Required value: must specify a handler type'],
  ],
  [
    'refuses an unknown resource',
    pods,
    withContainer({ resources: { limits: { gpu: '1' } } }),
    [
      'spec.containers[0].resources.limits[gpu]: FieldValueInvalid: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.limits[gpu]: FieldValueInvalid: Invalid value: "gpu": must be a standard resource for containers',
      'spec.containers[0].resources.requests[gpu]: FieldValueInvalid: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: FieldValueInvalid: Invalid value: "gpu": must be a standard resource for containers',
    ],
  ],
  [
    'refuses half a GPU',
    pods,
    withContainer({ resources: { limits: { 'example.com/gpu': '500m' } } }),
    [
      'spec.containers[0].resources.limits[example.com/gpu]: FieldValueInvalid: Invalid value: "500m": must be an integer',
      'spec.containers[0].resources.requests[example.com/gpu]: FieldValueInvalid: Invalid value: "500m": must be an integer',
    ],
  ],
  [
    'refuses a GPU in requests alone',
    pods,
    withContainer({ resources: { requests: { 'example.com/gpu': '1' } } }),
    [
      'spec.containers[0].resources.limits: FieldValueRequired: Required value: Limit must be set for non overcommitable resources',
    ],
  ],
  [
    'refuses an unknown kind of toleration',
    pods,
    of(podSpec({ tolerations: [{ key: 'a', operator: 'Likes' }] })),
    [
      'spec.tolerations[0].operator: FieldValueNotSupported: Unsupported value: "Likes": supported values: "Equal", "Exists"',
    ],
  ],
  [
    'refuses a toleration with a value for Exists',
    pods,
    of(podSpec({ tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] })),
    [
      'spec.tolerations[0].operator: FieldValueInvalid: Invalid value: "x": value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'refuses a toleration for seconds without NoExecute',
    pods,
    of(podSpec({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] })),
    [
      'spec.tolerations[0].effect: FieldValueInvalid: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    ],
  ],
  [
    'refuses a node selector that is none',
    pods,
    of(podSpec({ nodeSelector: { 'a b': 'c' } })),
    [
      "spec.nodeSelector: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'refuses affinity without terms',
    pods,
    of(
      podSpec({
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
      }),
    ),
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: FieldValueRequired: Required value: must have at least one node selector term',
    ],
  ],
  [
    'refuses affinity of an unknown operator',
    pods,
    of(
      podSpec({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Likes', values: ['x'] }] }],
            },
          },
        },
      }),
    ),
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: FieldValueInvalid: Invalid value: "Likes": not a valid selector operator',
    ],
  ],
  [
    'refuses affinity of Pods without a topology',
    pods,
    of(
      podSpec({
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
      }),
    ),
    [
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: FieldValueRequired: Required value: can not be empty',
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: FieldValueInvalid: Invalid value: "": name part must be non-empty',
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: FieldValueInvalid: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'refuses a spread of no skew',
    pods,
    of(
      podSpec({
        topologySpreadConstraints: [
          { maxSkew: 0, topologyKey: 'k', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
      }),
    ),
    ['spec.topologySpreadConstraints[0].maxSkew: FieldValueInvalid: Invalid value: 0: must be greater than zero'],
  ],
  [
    'refuses a spread that is unknown',
    pods,
    of(
      podSpec({
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: '', whenUnsatisfiable: 'Cry', labelSelector: {} }],
      }),
    ),
    [
      'spec.topologySpreadConstraints[0].topologyKey: FieldValueRequired: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: FieldValueNotSupported: Unsupported value: "Cry": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'refuses a host name that is none',
    pods,
    of(podSpec({ hostname: 'A_', subdomain: 'B_' })),
    [
      "spec.hostname: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      "spec.subdomain: FieldValueInvalid: Invalid value: \"B_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'refuses host aliases that are none',
    pods,
    of(podSpec({ hostAliases: [{ ip: 'x', hostnames: ['A_'] }] })),
    [
      'spec.hostAliases[0].ip: FieldValueInvalid: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      "spec.hostAliases[0].hostnames[0]: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a privileged container that may not escalate',
    pods,
    withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    [
      'spec.containers[0].securityContext: FieldValueInvalid: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
  ],
  [
    'refuses a negative user',
    pods,
    of(podSpec({ securityContext: { runAsUser: -1, fsGroup: -1, supplementalGroups: [-1] } })),
    [
      'spec.securityContext.fsGroup: FieldValueInvalid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.securityContext.runAsUser: FieldValueInvalid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.securityContext.supplementalGroups[0]: FieldValueInvalid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    'refuses an unknown seccomp profile',
    pods,
    of(podSpec({ securityContext: { seccompProfile: { type: 'Mine' } } })),
    [
      'spec.securityContext.seccompProfile.type: FieldValueNotSupported: Unsupported value: "Mine": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  ],
  [
    'refuses a profile on the node without a name',
    pods,
    of(podSpec({ securityContext: { seccompProfile: { type: 'Localhost' } } })),
    [
      'spec.securityContext.seccompProfile.localhostProfile: FieldValueRequired: Required value: must be set when seccomp type is Localhost',
    ],
  ],
  [
    'refuses a system setting that is none',
    pods,
    of(podSpec({ securityContext: { sysctls: [{ name: 'A', value: '1' }] } })),
    [
      'spec.securityContext.sysctls[0].name: FieldValueInvalid: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ],
  ],
  [
    'refuses a priority that a client sets',
    pods,
    of(podSpec({ priority: 5 })),
    '403 Forbidden: pods "a" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name (name a, kind pods)',
  ],
  [
    'refuses a priority class that is not there',
    pods,
    of(podSpec({ priorityClassName: 'none' })),
    '403 Forbidden: pods "a" is forbidden: no PriorityClass with name none was found (name a, kind pods)',
  ],
  [
    'refuses a runtime class that is not there',
    pods,
    of(podSpec({ runtimeClassName: 'none' })),
    '403 Forbidden: pods "a" is forbidden: pod rejected: RuntimeClass "none" not found (name a, kind pods)',
  ],
  [
    'refuses a service account name that is none',
    pods,
    of(podSpec({ serviceAccountName: 'A_', automountServiceAccountToken: false })),
    '403 Forbidden: pods "a" is forbidden: error looking up service account NS/A_: serviceaccount "A_" not found (name a, kind pods)',
  ],
  [
    'refuses a gate that is none',
    pods,
    of(podSpec({ schedulingGates: [{ name: 'A_' }] })),
    [
      "spec.schedulingGates[0]: FieldValueInvalid: Invalid value: \"A_\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'refuses a node together with a gate',
    pods,
    of(podSpec({ nodeName: 'n', schedulingGates: [{ name: 'example.com/g' }] })),
    ['spec.nodeName: FieldValueForbidden: Forbidden: cannot be set until all schedulingGates have been cleared'],
  ],
  [
    'refuses ephemeral containers on create',
    pods,
    of(podSpec({ ephemeralContainers: [{ name: 'e', image: 'i' }] })),
    ['spec.ephemeralContainers: FieldValueForbidden: Forbidden: cannot be set on create'],
  ],
  [
    'refuses a sidecar policy that is unknown',
    pods,
    of(podSpec({ initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Sometimes' }] })),
    [
      'spec.initContainers[0].restartPolicy: FieldValueNotSupported: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
    ],
  ],
  [
    'refuses a probe of an init container that is no sidecar',
    pods,
    of(podSpec({ initContainers: [{ name: 'i', image: 'i', readinessProbe: { tcpSocket: { port: 80 } } }] })),
    [
      'spec.initContainers[0].readinessProbe: FieldValueForbidden: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'refuses an operating system that is unknown',
    pods,
    of(podSpec({ os: { name: 'plan9' } })),
    ['spec.os: FieldValueNotSupported: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
  [
    'refuses a Linux setting for Windows',
    pods,
    of(podSpec({ os: { name: 'windows' }, securityContext: { runAsUser: 1 } })),
    ['spec.securityContext.runAsUser: FieldValueForbidden: Forbidden: cannot be set for a windows pod'],
  ],
]

topic('validation of settings of Pods', (it) => checkRefusals(it, rows))
