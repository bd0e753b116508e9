// What cannot be changed in claims, data and cluster-wide objects.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { topic } from '../suite.ts'
import { type ChangeRow, checkChanges } from '../tables.ts'

const metadata = { name: 'a' }
const labels = { app: 'a' }
const selector = { matchLabels: labels }
const claims = '/api/v1/~/persistentvolumeclaims'
const claim = {
  metadata,
  spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' }
const configMaps = '/api/v1/~/configmaps'
const named = (name: string, rest: JsonObject): JsonObject => ({ metadata: { name }, ...rest })

const rows: readonly ChangeRow[] = [
  [
    'refuses another class of a claim',
    claims,
    claim,
    { spec: { storageClassName: 'other' } },
    [
      'spec: FieldValueForbidden: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -10,7 +10,7 @@\n   }\n  },\n  "VolumeName": "",\n- "StorageClassName": "none",\n+ "StorageClassName": "other",\n  "VolumeMode": "Filesystem",\n  "DataSource": null,\n  "DataSourceRef": null,\n',
    ],
  ],
  [
    'refuses other modes of a claim',
    claims,
    claim,
    { spec: { accessModes: ['ReadWriteMany'] } },
    [
      'spec: FieldValueForbidden: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  "ReadWriteMany"\n  ],\n  "Selector": null,\n  "Resources": {\n',
    ],
  ],
  [
    'refuses a smaller claim',
    claims,
    claim,
    { spec: { resources: { requests: { storage: '1Mi' } } } },
    [
      'spec: FieldValueForbidden: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "1Mi"\n   }\n  },\n  "VolumeName": "",\n',
    ],
  ],
  [
    'refuses a larger claim that is not bound',
    claims,
    claim,
    { spec: { resources: { requests: { storage: '2Gi' } } } },
    [
      'spec: FieldValueForbidden: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "2Gi"\n   }\n  },\n  "VolumeName": "",\n',
    ],
  ],
  ['takes a volume for a claim that had none', claims, claim, { spec: { volumeName: 'v' } }, 'taken'],
  ['takes labels of a claim', claims, claim, { metadata: { labels: { a: 'b' } } }, 'taken'],
  [
    'refuses another role of a RoleBinding',
    '/apis/rbac.authorization.k8s.io/v1/~/rolebindings',
    { metadata, roleRef },
    { roleRef: { name: 's' } },
    [
      'roleRef: FieldValueInvalid: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"s"}: cannot change roleRef',
    ],
  ],
  [
    'takes other subjects of a RoleBinding',
    '/apis/rbac.authorization.k8s.io/v1/~/rolebindings',
    { metadata, roleRef },
    { subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' }] },
    'taken',
  ],
  [
    'refuses other data of a ConfigMap that is immutable',
    configMaps,
    { metadata, immutable: true, data: { x: '1' } },
    { data: { x: '2' } },
    ['data: FieldValueForbidden: Forbidden: field is immutable when `immutable` is set'],
  ],
  [
    'refuses other binary data of a ConfigMap that is immutable',
    configMaps,
    { metadata, immutable: true },
    { binaryData: { x: 'MQ==' } },
    ['binaryData: FieldValueForbidden: Forbidden: field is immutable when `immutable` is set'],
  ],
  [
    'refuses to make a ConfigMap mutable again',
    configMaps,
    { metadata, immutable: true },
    { immutable: false },
    ['immutable: FieldValueForbidden: Forbidden: field is immutable when `immutable` is set'],
  ],
  [
    'takes labels of a ConfigMap that is immutable',
    configMaps,
    { metadata, immutable: true },
    { metadata: { labels: { a: 'b' } } },
    'taken',
  ],
  [
    'refuses other data of a Secret that is immutable',
    '/api/v1/~/secrets',
    { metadata, immutable: true },
    { data: { x: 'MQ==' } },
    ['data: FieldValueForbidden: Forbidden: field is immutable when `immutable` is set'],
  ],
  [
    'refuses another type of a Secret',
    '/api/v1/~/secrets',
    { metadata },
    { type: 'example.com/x' },
    ['type: FieldValueInvalid: Invalid value: "example.com/x": field is immutable'],
  ],
  [
    'refuses another type of addresses of an EndpointSlice',
    '/apis/discovery.k8s.io/v1/~/endpointslices',
    { metadata, addressType: 'IPv4', endpoints: [] },
    { addressType: 'IPv6' },
    ['addressType: FieldValueInvalid: Invalid value: "IPv6": field is immutable'],
  ],
  [
    'takes another revision of a ControllerRevision',
    '/apis/apps/v1/~/controllerrevisions',
    { metadata, revision: 1, data: { x: 1 } },
    { revision: 2 },
    'taken',
  ],
  [
    'refuses other data of a ControllerRevision',
    '/apis/apps/v1/~/controllerrevisions',
    { metadata, revision: 1, data: { x: 1 } },
    { data: { x: 2 } },
    ['data: FieldValueInvalid: Invalid value: {"x":2}: field is immutable'],
  ],
  [
    'takes another selector of a budget',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata, spec: { minAvailable: 1, selector } },
    { spec: { selector: { matchLabels: { app: 'b' } } } },
    'taken',
  ],
  [
    'refuses other scopes of a ResourceQuota',
    '/api/v1/~/resourcequotas',
    { metadata, spec: { hard: { pods: '5' }, scopes: ['BestEffort'] } },
    { spec: { scopes: ['NotBestEffort'] } },
    ['spec.scopes: FieldValueInvalid: Invalid value: ["NotBestEffort"]: field is immutable'],
  ],
  [
    'refuses another provisioner of a StorageClass',
    '/apis/storage.k8s.io/v1/storageclasses',
    named('NS', { provisioner: 'example.com/x' }),
    { provisioner: 'example.com/y' },
    ['provisioner: FieldValueInvalid: Invalid value: "example.com/y": field is immutable'],
  ],
  [
    'refuses other parameters of a StorageClass',
    '/apis/storage.k8s.io/v1/storageclasses',
    named('NS', { provisioner: 'example.com/x' }),
    { parameters: { a: 'b' } },
    ['parameters: FieldValueInvalid: Invalid value: {"a":"b"}: field is immutable'],
  ],
  [
    'refuses another value of a PriorityClass',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    named('NS', { value: 1 }),
    { value: 2 },
    ['value: FieldValueForbidden: Forbidden: may not be changed in an update.'],
  ],
  [
    'refuses another handler of a RuntimeClass',
    '/apis/node.k8s.io/v1/runtimeclasses',
    named('NS', { handler: 'h' }),
    { handler: 'i' },
    ['handler: FieldValueInvalid: Invalid value: "i": field is immutable'],
  ],
  [
    'refuses another controller of an IngressClass',
    '/apis/networking.k8s.io/v1/ingressclasses',
    named('NS', { spec: { controller: 'example.com/x' } }),
    { spec: { controller: 'example.com/y' } },
    ['spec.controller: FieldValueInvalid: Invalid value: "example.com/y": field is immutable'],
  ],
  [
    'refuses another source of a volume',
    '/api/v1/persistentvolumes',
    named('NS', {
      spec: {
        storageClassName: 'none',
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
      },
    }),
    { spec: { hostPath: { path: '/y' } } },
    [
      'spec.persistentvolumesource: FieldValueForbidden: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@\n  "GCEPersistentDisk": null,\n  "AWSElasticBlockStore": null,\n  "HostPath": {\n-  "Path": "/x",\n+  "Path": "/y",\n   "Type": ""\n  },\n  "Glusterfs": null,\n',
    ],
  ],
  [
    'takes another policy of reclaiming of a volume',
    '/api/v1/persistentvolumes',
    named('NS', {
      spec: {
        storageClassName: 'none',
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
      },
    }),
    { spec: { persistentVolumeReclaimPolicy: 'Delete' } },
    'taken',
  ],
  [
    'refuses another range of Pods of a Node that has one',
    '/api/v1/nodes',
    named('NS', { spec: { podCIDR: '10.1.0.0/24', unschedulable: true } }),
    { spec: { podCIDR: '10.2.0.0/24' } },
    ['spec.podCIDRs: FieldValueForbidden: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
]

topic('immutability of kinds', (it) => checkChanges(it, rows))
