// Objects of other kinds that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const metadata = { name: 'a' }
const configMaps = '/api/v1/~/configmaps'
const secrets = '/api/v1/~/secrets'
const claims = '/api/v1/~/persistentvolumeclaims'
const claim = (spec: JsonObject): JsonObject => ({
  metadata,
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
})
const volumes = '/api/v1/persistentvolumes'
const volume = (spec: JsonObject): JsonObject => ({
  metadata,
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' }, ...spec },
})
const ingresses = '/apis/networking.k8s.io/v1/~/ingresses'
const ingress = (spec: JsonObject): JsonObject => ({ metadata, spec })
const path = (rest: JsonObject): JsonObject => ({
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name: 's', port: { number: 80 } } },
  ...rest,
})
const ruled = (rest: JsonObject): JsonObject =>
  ingress({ rules: [{ host: 'a.example.com', http: { paths: [path(rest)] } }] })
const policies = '/apis/networking.k8s.io/v1/~/networkpolicies'

const rows: readonly RefusalRow[] = [
  [
    'refuses a key of a ConfigMap with a space',
    configMaps,
    { metadata, data: { 'a b': '1' } },
    [
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'refuses a key of a ConfigMap with two dots',
    configMaps,
    { metadata, data: { '..': '1' } },
    ['data[..]: FieldValueInvalid: Invalid value: "..": must not be \'..\''],
  ],
  [
    'refuses a key in data and in binaryData',
    configMaps,
    { metadata, data: { x: '1' }, binaryData: { x: 'MQ==' } },
    ['data[x]: FieldValueInvalid: Invalid value: "x": duplicate of key present in binaryData'],
  ],
  [
    'refuses a ConfigMap above one MiB',
    configMaps,
    { metadata, data: { x: 'x'.repeat(1048577) } },
    ['[]: FieldValueTooLong: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'refuses a key of a Secret with a space',
    secrets,
    { metadata, data: { 'a b': 'MQ==' } },
    [
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'refuses a Secret above one MiB',
    secrets,
    { metadata, stringData: { x: 'x'.repeat(1048577) } },
    ['data: FieldValueTooLong: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'refuses a token Secret without an account',
    secrets,
    { metadata, type: 'kubernetes.io/service-account-token' },
    ['metadata.annotations[kubernetes.io/service-account.name]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a docker Secret without its key',
    secrets,
    { metadata, type: 'kubernetes.io/dockerconfigjson' },
    ['data[.dockerconfigjson]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a docker Secret that is no JSON',
    secrets,
    { metadata, type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'x' } },
    [
      'data[.dockerconfigjson]: FieldValueInvalid: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of value',
    ],
  ],
  [
    'refuses a basic Secret without a user and a password',
    secrets,
    { metadata, type: 'kubernetes.io/basic-auth' },
    ['data[username]: FieldValueRequired: Required value', 'data[password]: FieldValueRequired: Required value'],
  ],
  [
    'refuses an SSH Secret without a key',
    secrets,
    { metadata, type: 'kubernetes.io/ssh-auth' },
    ['data[ssh-privatekey]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a TLS Secret without its parts',
    secrets,
    { metadata, type: 'kubernetes.io/tls' },
    ['data[tls.crt]: FieldValueRequired: Required value', 'data[tls.key]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a claim without modes',
    claims,
    claim({ accessModes: [] }),
    ['spec.accessModes: FieldValueRequired: Required value: at least 1 access mode is required'],
  ],
  [
    'refuses a claim of an unknown mode',
    claims,
    claim({ accessModes: ['Some'] }),
    [
      'spec.accessModes: FieldValueNotSupported: Unsupported value: "Some": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
  ],
  [
    'refuses a claim without a size',
    claims,
    claim({ resources: {} }),
    ['spec.resources[storage]: FieldValueRequired: Required value'],
  ],
  [
    'refuses a claim of size zero',
    claims,
    claim({ resources: { requests: { storage: '0' } } }),
    ['spec.resources[storage]: FieldValueInvalid: Invalid value: "0": must be greater than zero'],
  ],
  [
    'refuses a claim of a negative size',
    claims,
    claim({ resources: { requests: { storage: '-1' } } }),
    ['spec.resources[storage]: FieldValueInvalid: Invalid value: "-1": must be greater than zero'],
  ],
  [
    'refuses a claim of an unknown volume mode',
    claims,
    claim({ volumeMode: 'Tape' }),
    ['spec.volumeMode: FieldValueNotSupported: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
  ],
  [
    'refuses a class name that is none',
    claims,
    claim({ storageClassName: 'A_' }),
    [
      "spec.storageClassName: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a claim with a once-only mode beside others',
    claims,
    claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] }),
    ['spec.accessModes: FieldValueForbidden: Forbidden: may not use ReadWriteOncePod with other access modes'],
  ],
  [
    'refuses a claim without a spec',
    claims,
    { metadata },
    [
      'spec.accessModes: FieldValueRequired: Required value: at least 1 access mode is required',
      'spec.resources[storage]: FieldValueRequired: Required value',
    ],
  ],
  [
    'refuses a volume without a size',
    volumes,
    volume({ capacity: {} }),
    [
      'spec.capacity: FieldValueRequired: Required value',
      'spec.capacity: FieldValueNotSupported: Unsupported value: {}: supported values: "storage"',
    ],
  ],
  [
    'refuses a volume without modes',
    volumes,
    volume({ accessModes: [] }),
    ['spec.accessModes: FieldValueRequired: Required value'],
  ],
  [
    'refuses a volume without a source',
    volumes,
    volume({ hostPath: null }),
    ['spec: FieldValueRequired: Required value: must specify a volume type'],
  ],
  [
    'refuses a volume with two sources',
    volumes,
    volume({ nfs: { server: 's', path: '/p' } }),
    ['spec.nfs: FieldValueForbidden: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'refuses an unknown policy of reclaiming',
    volumes,
    volume({ persistentVolumeReclaimPolicy: 'Burn' }),
    [
      'spec.persistentVolumeReclaimPolicy: FieldValueNotSupported: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
    ],
  ],
  [
    'refuses to recycle the root of a host',
    volumes,
    volume({ hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' }),
    [
      "spec.persistentVolumeReclaimPolicy: FieldValueForbidden: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
    ],
  ],
  [
    'refuses a local volume without a node',
    volumes,
    volume({ hostPath: null, local: { path: '/x' } }),
    ['spec.nodeAffinity: FieldValueRequired: Required value: Local volume requires node affinity'],
  ],
  [
    'refuses an Ingress without rules and backend',
    ingresses,
    ingress({}),
    ['spec: FieldValueInvalid: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
  ],
  [
    'refuses a host that is an address',
    ingresses,
    ingress({ rules: [{ host: '192.0.2.1' }] }),
    ['spec.rules[0].host: FieldValueInvalid: Invalid value: "192.0.2.1": must be a DNS name, not an IP address'],
  ],
  [
    'refuses a host with capital letters',
    ingresses,
    ingress({ rules: [{ host: 'A.example.com' }] }),
    [
      "spec.rules[0].host: FieldValueInvalid: Invalid value: \"A.example.com\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a wildcard in the middle of a host',
    ingresses,
    ingress({ rules: [{ host: 'a.*.com' }] }),
    [
      "spec.rules[0].host: FieldValueInvalid: Invalid value: \"a.*.com\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a rule without paths',
    ingresses,
    ingress({ rules: [{ http: { paths: [] } }] }),
    ['spec.rules[0].http.paths: FieldValueRequired: Required value'],
  ],
  [
    'refuses a path without a type',
    ingresses,
    ruled({ pathType: null }),
    ['spec.rules[0].http.paths[0].pathType: FieldValueRequired: Required value: pathType must be specified'],
  ],
  [
    'refuses a path of an unknown type',
    ingresses,
    ruled({ pathType: 'Guess' }),
    [
      'spec.rules[0].http.paths[0].pathType: FieldValueNotSupported: Unsupported value: "Guess": supported values: "Exact", "ImplementationSpecific", "Prefix"',
    ],
  ],
  [
    'refuses a path without a slash',
    ingresses,
    ruled({ path: 'x' }),
    ['spec.rules[0].http.paths[0].path: FieldValueInvalid: Invalid value: "x": must be an absolute path'],
  ],
  [
    'refuses a path with two slashes',
    ingresses,
    ruled({ path: '/a//b' }),
    ['spec.rules[0].http.paths[0].path: FieldValueInvalid: Invalid value: "/a//b": must not contain \'//\''],
  ],
  [
    'refuses a backend with a service and a resource',
    ingresses,
    ruled({ backend: { service: { name: 's', port: { number: 80 } }, resource: { kind: 'K', name: 'n' } } }),
    [
      'spec.rules[0].http.paths[0].backend: FieldValueInvalid: Invalid value: "": cannot set both resource and service backends',
    ],
  ],
  [
    'refuses a backend without a port',
    ingresses,
    ruled({ backend: { service: { name: 's' } } }),
    ['spec.rules[0].http.paths[0].backend: FieldValueRequired: Required value: port name or number is required'],
  ],
  [
    'refuses a backend with two ports',
    ingresses,
    ruled({ backend: { service: { name: 's', port: { number: 80, name: 'x' } } } }),
    [
      'spec.rules[0].http.paths[0].backend: FieldValueInvalid: Invalid value: "": cannot set both port name & port number',
    ],
  ],
  [
    'refuses a class name that is none in an Ingress',
    ingresses,
    ingress({ ingressClassName: 'A_', rules: [{ host: 'a.example.com' }] }),
    [
      "spec.ingressClassName: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a TLS host that is none',
    ingresses,
    ingress({ tls: [{ hosts: ['A_'] }], rules: [{ host: 'a.example.com' }] }),
    [
      "spec.tls[0].hosts[0]: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'refuses a class in an annotation and in the spec',
    ingresses,
    {
      metadata: { name: 'a', annotations: { 'kubernetes.io/ingress.class': 'x' } },
      spec: { ingressClassName: 'y', rules: [{ host: 'a.example.com' }] },
    },
    [
      'annotations.kubernetes.io/ingress.class: FieldValueInvalid: Invalid value: "x": must match `ingressClassName` when both are specified',
    ],
  ],
  [
    'refuses an IngressClass without a controller',
    '/apis/networking.k8s.io/v1/ingressclasses',
    { metadata, spec: { controller: 'x' } },
    ['spec.controller: FieldValueInvalid: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    'refuses an unknown type of policy',
    policies,
    { metadata, spec: { podSelector: {}, policyTypes: ['Sideways'] } },
    [
      'spec.policyTypes[0]: FieldValueNotSupported: Unsupported value: "Sideways": supported values: "Ingress", "Egress"',
    ],
  ],
  [
    'refuses a range of addresses that is none',
    policies,
    { metadata, spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 'x' } }] }] } },
    [
      'spec.ingress[0].from[0].ipBlock.cidr: FieldValueInvalid: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
  [
    'refuses an exception outside of its range',
    policies,
    {
      metadata,
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['192.0.2.0/24'] } }] }] },
    },
    [
      'spec.ingress[0].from[0].ipBlock.except[0]: FieldValueInvalid: Invalid value: "192.0.2.0/24": must be a strict subset of `cidr`',
    ],
  ],
  [
    'refuses a peer with nothing',
    policies,
    { metadata, spec: { podSelector: {}, ingress: [{ from: [{}] }] } },
    ['spec.ingress[0].from[0]: FieldValueRequired: Required value: must specify a peer'],
  ],
  [
    'refuses a peer with a range and a selector',
    policies,
    {
      metadata,
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] },
    },
    ['spec.ingress[0].from[0]: FieldValueForbidden: Forbidden: may not specify both ipBlock and another peer'],
  ],
  [
    'refuses an end of ports before the port',
    policies,
    { metadata, spec: { podSelector: {}, ingress: [{ ports: [{ port: 90, endPort: 80 }] }] } },
    ['spec.ingress[0].ports[0].endPort: FieldValueInvalid: Invalid value: 90: must be greater than or equal to `port`'],
  ],
  [
    'refuses an end of ports without a port',
    policies,
    { metadata, spec: { podSelector: {}, ingress: [{ ports: [{ endPort: 80 }] }] } },
    [
      'spec.ingress[0].ports[0].endPort: FieldValueInvalid: Invalid value: 80: may not be specified when `port` is not specified',
    ],
  ],
]

topic('validation of kinds', (it) => checkRefusals(it, rows))
