// What is filled in in the parts of a Pod.

import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkDefaults, type DefaultsRow } from '../tables.ts'

const metadata = { name: 'a' }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

const rows: readonly DefaultsRow[] = [
  [
    'an image without a tag',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { image: 'example.com/x' }) },
    'spec.containers.0.imagePullPolicy',
    'Always',
  ],
  [
    'an image with latest',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { image: 'example.com/x:latest' }) },
    'spec.containers.0.imagePullPolicy',
    'Always',
  ],
  [
    'an image with a tag',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { image: 'example.com/x:1' }) },
    'spec.containers.0.imagePullPolicy',
    'IfNotPresent',
  ],
  [
    'an image with a digest',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { image: `example.com/x@sha256:${'a'.repeat(64)}` }) },
    'spec.containers.0.imagePullPolicy',
    'IfNotPresent',
  ],
  [
    'ports',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ hostNetwork: true }, { ports: [{ containerPort: 80 }] }) },
    'spec.containers.0.ports',
    [{ hostPort: 80, containerPort: 80, protocol: 'TCP' }],
  ],
  [
    'a probe by HTTP',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { livenessProbe: { httpGet: { port: 80 } } }) },
    'spec.containers.0.livenessProbe',
    {
      httpGet: { path: '/', port: 80, scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
  ],
  [
    'a probe by gRPC',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { readinessProbe: { grpc: { port: 80 } } }) },
    'spec.containers.0.readinessProbe',
    { grpc: { port: 80, service: '' }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  ],
  [
    'a hook by HTTP',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { lifecycle: { preStop: { httpGet: { port: 80 } } } }) },
    'spec.containers.0.lifecycle',
    { preStop: { httpGet: { path: '/', port: 80, scheme: 'HTTP' } } },
  ],
  [
    'limits',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { resources: { limits: { cpu: '1', memory: '1Gi' } } }) },
    'spec.containers.0.resources',
    { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } },
  ],
  [
    'the quality of service of limits',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { resources: { limits: { cpu: '1', memory: '1Gi' } } }) },
    'status.qosClass',
    'Guaranteed',
  ],
  [
    'the quality of service of requests',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({}, { resources: { requests: { cpu: '1' } } }) },
    'status.qosClass',
    'Burstable',
  ],
  [
    'variables from fields',
    '/api/v1/~/pods',
    {
      metadata,
      spec: podSpec(
        {},
        {
          env: [
            { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          ],
        },
      ),
    },
    'spec.containers.0.env',
    [
      { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
    ],
  ],
  [
    'volumes',
    '/api/v1/~/pods',
    {
      metadata,
      spec: podSpec({
        volumes: [
          { name: 'a', secret: { secretName: 's' } },
          { name: 'b', configMap: { name: 'c' } },
          { name: 'c', hostPath: { path: '/p' } },
          { name: 'd' },
          { name: 'e', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
          { name: 'f', downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.name' } }] } },
          { name: 'g', ephemeral: { volumeClaimTemplate: { spec: claim } } },
          { name: 'h', iscsi: { targetPortal: 't', iqn: 'iqn.2001-04.com.example:x', lun: 0 } },
        ],
      }),
    },
    'spec.volumes',
    [
      { name: 'a', secret: { secretName: 's', defaultMode: 420 } },
      { name: 'b', configMap: { name: 'c', defaultMode: 420 } },
      { name: 'c', hostPath: { path: '/p', type: '' } },
      { name: 'd', emptyDir: {} },
      {
        name: 'e',
        projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3600, path: 't' } }], defaultMode: 420 },
      },
      {
        name: 'f',
        downwardAPI: {
          items: [{ path: 'p', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
          defaultMode: 420,
        },
      },
      {
        name: 'g',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: {},
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
              volumeMode: 'Filesystem',
            },
          },
        },
      },
      { name: 'h', iscsi: { targetPortal: 't', iqn: 'iqn.2001-04.com.example:x', lun: 0, iscsiInterface: 'default' } },
      {
        name: 'kube-api-access-SIGNS',
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
          defaultMode: 420,
        },
      },
    ],
  ],
  [
    'an init container',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ initContainers: [{ name: 'i', image: 'i:1' }] }) },
    'spec.initContainers',
    [
      {
        name: 'i',
        image: 'i:1',
        resources: {},
        volumeMounts: [
          { name: 'kube-api-access-SIGNS', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
  ],
  [
    'a sidecar',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ initContainers: [{ name: 'i', image: 'i:1', restartPolicy: 'Always' }] }) },
    'spec.initContainers',
    [
      {
        name: 'i',
        image: 'i:1',
        resources: {},
        restartPolicy: 'Always',
        volumeMounts: [
          { name: 'kube-api-access-SIGNS', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
  ],
  [
    'tolerations',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }] }) },
    'spec.tolerations',
    [
      { key: 'a', operator: 'Exists', effect: 'NoExecute' },
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
  ],
  [
    'a priority class of the system',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ priorityClassName: 'system-cluster-critical' }) },
    'spec.priority',
    2000000000,
  ],
  ['a host network', '/api/v1/~/pods', { metadata, spec: podSpec({ hostNetwork: true }) }, 'spec.hostNetwork', true],
  [
    'a spread',
    '/api/v1/~/pods',
    {
      metadata,
      spec: podSpec({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'k', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
      }),
    },
    'spec.topologySpreadConstraints',
    [{ maxSkew: 1, topologyKey: 'k', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} }],
  ],
  [
    'no token of a service account',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ automountServiceAccountToken: false }) },
    'spec.volumes',
    null,
  ],
  [
    'a security context',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ securityContext: { runAsUser: 5 } }, { securityContext: {} }) },
    'spec.securityContext',
    { runAsUser: 5 },
  ],
  [
    'an overhead of nothing',
    '/api/v1/~/pods',
    { metadata, spec: podSpec({ enableServiceLinks: false }) },
    'spec.enableServiceLinks',
    false,
  ],
]

topic('defaults of Pods', (it) => checkDefaults(it, rows))
