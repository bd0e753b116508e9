// Pods that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const pods = '/api/v1/~/pods'
const metadata = { name: 'a' }
const of = (spec: JsonObject): JsonObject => ({ metadata, spec })
const withContainer = (container: JsonObject, rest: JsonObject = {}): JsonObject => of(podSpec(rest, container))
const withVolume = (volume: JsonObject): JsonObject => of(podSpec({ volumes: [{ name: 'v', ...volume }] }))
const withEnv = (env: JsonObject): JsonObject => withContainer({ env: [env] })

const rows: readonly RefusalRow[] = [
  ['refuses a Pod without a spec', pods, { metadata }, ['spec.containers: FieldValueRequired: Required value']],
  [
    'refuses a Pod without containers',
    pods,
    of({ containers: [] }),
    ['spec.containers: FieldValueRequired: Required value'],
  ],
  [
    'refuses a container without a name',
    pods,
    of({ containers: [{ image: 'i' }] }),
    ['spec.containers[0].name: FieldValueRequired: Required value'],
  ],
  [
    'refuses a container without an image',
    pods,
    of({ containers: [{ name: 'a' }] }),
    ['spec.containers[0].image: FieldValueRequired: Required value'],
  ],
  [
    'refuses an image with spaces around',
    pods,
    withContainer({ image: ' i ' }),
    ['spec.containers[0].image: FieldValueInvalid: Invalid value: " i ": must not have leading or trailing whitespace'],
  ],
  [
    'refuses a container name with a dot',
    pods,
    of({ containers: [{ name: 'a.b', image: 'i' }] }),
    ['spec.containers[0].name: FieldValueInvalid: Invalid value: "a.b": must not contain dots'],
  ],
  [
    'refuses two containers of one name',
    pods,
    of({
      containers: [
        { name: 'a', image: 'i' },
        { name: 'a', image: 'i' },
      ],
    }),
    ['spec.containers[1].name: FieldValueDuplicate: Duplicate value: "a"'],
  ],
  [
    'refuses an init container with the name of a container',
    pods,
    of(podSpec({ initContainers: [{ name: 'main', image: 'i' }] })),
    ['spec.initContainers[0].name: FieldValueDuplicate: Duplicate value: "main"'],
  ],
  [
    'refuses an unknown pull policy',
    pods,
    withContainer({ imagePullPolicy: 'Sometimes' }),
    [
      'spec.containers[0].imagePullPolicy: FieldValueNotSupported: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [
    'refuses an unknown restart policy',
    pods,
    of(podSpec({ restartPolicy: 'Sometimes' })),
    [
      'spec.restartPolicy: FieldValueNotSupported: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
  ],
  [
    'refuses an unknown DNS policy',
    pods,
    of(podSpec({ dnsPolicy: 'Guess' })),
    [
      'spec.dnsPolicy: FieldValueNotSupported: Unsupported value: "Guess": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    'refuses DNS policy None without servers',
    pods,
    of(podSpec({ dnsPolicy: 'None' })),
    ['spec.dnsConfig: FieldValueRequired: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'refuses a deadline of zero',
    pods,
    of(podSpec({ activeDeadlineSeconds: 0 })),
    ['spec.activeDeadlineSeconds: FieldValueInvalid: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [
    'refuses port 0',
    pods,
    withContainer({ ports: [{ containerPort: 0 }] }),
    ['spec.containers[0].ports[0].containerPort: FieldValueRequired: Required value'],
  ],
  [
    'refuses port 65536',
    pods,
    withContainer({ ports: [{ containerPort: 65536 }] }),
    [
      'spec.containers[0].ports[0].containerPort: FieldValueInvalid: Invalid value: 65536: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'refuses a host port that comes twice',
    pods,
    withContainer({
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
    ['spec.containers[0].ports[1].hostPort: FieldValueDuplicate: Duplicate value: "TCP//80"'],
  ],
  [
    'refuses a host network with another host port',
    pods,
    withContainer({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true }),
    [
      'spec.containers[0].ports[0].hostPort: FieldValueInvalid: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    ],
  ],
  [
    'refuses a port name of sixteen signs',
    pods,
    withContainer({ ports: [{ containerPort: 80, name: 'a234567890123456' }] }),
    [
      'spec.containers[0].ports[0].name: FieldValueInvalid: Invalid value: "a234567890123456": must be no more than 15 characters',
    ],
  ],
  [
    'refuses two ports of one name',
    pods,
    withContainer({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    }),
    ['spec.containers[0].ports[1].name: FieldValueDuplicate: Duplicate value: "a"'],
  ],
  [
    'refuses an unknown protocol',
    pods,
    withContainer({ ports: [{ containerPort: 80, protocol: 'HTTP' }] }),
    [
      'spec.containers[0].ports[0].protocol: FieldValueNotSupported: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'refuses a variable without a name',
    pods,
    withEnv({ value: '1' }),
    ['spec.containers[0].env[0].name: FieldValueRequired: Required value'],
  ],
  [
    'refuses a variable with an equals sign',
    pods,
    withEnv({ name: 'a=b', value: '1' }),
    [
      'spec.containers[0].env[0].name: FieldValueInvalid: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
    ],
  ],
  [
    'refuses a variable with a value and a source',
    pods,
    withEnv({ name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
    [
      'spec.containers[0].env[0].valueFrom: FieldValueInvalid: Invalid value: "": may not be specified when `value` is not empty',
    ],
  ],
  [
    'refuses a variable from nothing',
    pods,
    withEnv({ name: 'A', valueFrom: {} }),
    [
      'spec.containers[0].env[0].valueFrom: FieldValueInvalid: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
  ],
  [
    'refuses a variable from a field that is not offered',
    pods,
    withEnv({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }),
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: FieldValueInvalid: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x',
    ],
  ],
  [
    'refuses a variable from a resource that is not offered',
    pods,
    withEnv({ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.x' } } }),
    [
      'spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: FieldValueNotSupported: Unsupported value: "limits.x": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
    ],
  ],
  [
    'refuses a variable from a ConfigMap without a key',
    pods,
    withEnv({ name: 'A', valueFrom: { configMapKeyRef: { name: 'c' } } }),
    ['spec.containers[0].env[0].valueFrom.configMapKeyRef.key: FieldValueRequired: Required value'],
  ],
  [
    'refuses variables from two sources',
    pods,
    withContainer({ envFrom: [{ configMapRef: { name: 'a' }, secretRef: { name: 'b' } }] }),
    [
      'spec.containers[0].envFrom: FieldValueInvalid: Invalid value: "": may not have more than one field specified at a time',
    ],
  ],
  [
    'refuses a mount of a volume that is not there',
    pods,
    withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ['spec.containers[0].volumeMounts[0].name: FieldValueNotFound: Not found: "v"'],
  ],
  [
    'refuses a mount without a path',
    pods,
    withContainer({ volumeMounts: [{ name: 'v' }] }, { volumes: [{ name: 'v' }] }),
    ['spec.containers[0].volumeMounts[0].mountPath: FieldValueRequired: Required value'],
  ],
  [
    'refuses two mounts at one path',
    pods,
    withContainer(
      {
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/v' },
        ],
      },
      { volumes: [{ name: 'v' }] },
    ),
    ['spec.containers[0].volumeMounts[1].mountPath: FieldValueInvalid: Invalid value: "/v": must be unique'],
  ],
  [
    'refuses a path within a volume that goes up',
    pods,
    withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v', subPath: '../x' }] }, { volumes: [{ name: 'v' }] }),
    ['spec.containers[0].volumeMounts.subPath: FieldValueInvalid: Invalid value: "../x": must not contain \'..\''],
  ],
  [
    'refuses a volume without a name',
    pods,
    of(podSpec({ volumes: [{ emptyDir: {} }] })),
    ['spec.volumes[0].name: FieldValueRequired: Required value'],
  ],
  [
    'refuses two volumes of one name',
    pods,
    of(podSpec({ volumes: [{ name: 'v' }, { name: 'v' }] })),
    ['spec.volumes[1].name: FieldValueDuplicate: Duplicate value: "v"'],
  ],
  [
    'refuses a volume with two sources',
    pods,
    withVolume({ emptyDir: {}, hostPath: { path: '/x' } }),
    ['spec.volumes[0].hostPath: FieldValueForbidden: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'refuses a Secret as volume without a name',
    pods,
    withVolume({ secret: {} }),
    ['spec.volumes[0].secret.secretName: FieldValueRequired: Required value'],
  ],
  [
    'refuses a ConfigMap as volume without a name',
    pods,
    withVolume({ configMap: {} }),
    ['spec.volumes[0].configMap.name: FieldValueRequired: Required value'],
  ],
  [
    'refuses a claim as volume without a name',
    pods,
    withVolume({ persistentVolumeClaim: {} }),
    ['spec.volumes[0].persistentVolumeClaim.claimName: FieldValueRequired: Required value'],
  ],
  [
    'refuses a mode of files that is too large',
    pods,
    withVolume({ secret: { secretName: 's', defaultMode: 512 } }),
    [
      'spec.volumes[0].secret.defaultMode: FieldValueInvalid: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
    ],
  ],
  [
    'refuses a key without a path',
    pods,
    withVolume({ configMap: { name: 'c', items: [{ key: 'k' }] } }),
    ['spec.volumes[0].configMap.items[0].path: FieldValueRequired: Required value'],
  ],
  [
    'refuses an absolute path of a key',
    pods,
    withVolume({ configMap: { name: 'c', items: [{ key: 'k', path: '/p' }] } }),
    ['spec.volumes[0].configMap.items[0].path: FieldValueInvalid: Invalid value: "/p": must be a relative path'],
  ],
  [
    'refuses a host path of an unknown type',
    pods,
    withVolume({ hostPath: { path: '/x', type: 'Some' } }),
    [
      'spec.volumes[0].hostPath.type: FieldValueNotSupported: Unsupported value: "Some": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    'refuses an NFS volume without a server',
    pods,
    withVolume({ nfs: { path: 'x' } }),
    [
      'spec.volumes[0].nfs.server: FieldValueRequired: Required value',
      'spec.volumes[0].nfs.path: FieldValueInvalid: Invalid value: "x": must be an absolute path',
    ],
  ],
  [
    'refuses a projected volume with a path twice',
    pods,
    withVolume({
      projected: {
        sources: [
          { configMap: { name: 'a', items: [{ key: 'k', path: 'p' }] } },
          { secret: { name: 'b', items: [{ key: 'k', path: 'p' }] } },
        ],
      },
    }),
    ['spec.volumes[0].projected: FieldValueInvalid: Invalid value: "b": conflicting duplicate paths'],
  ],
  [
    'refuses a token that lives too short',
    pods,
    withVolume({ projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] } }),
    [
      'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: FieldValueInvalid: Invalid value: 60: may not specify a duration less than 10 minutes',
    ],
  ],
]

topic('validation of Pods', (it) => checkRefusals(it, rows))
