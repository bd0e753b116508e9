// What is filled in: the smallest object of each other kind, as the server writes it back.

import { topic } from '../suite.ts'
import { checkDefaults, type DefaultsRow } from '../tables.ts'

const labels = { app: 'a' }
const selector = { matchLabels: labels }
const metadata = { name: 'a' }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

const rows: readonly DefaultsRow[] = [
  [
    'a PersistentVolumeClaim',
    '/api/v1/~/persistentvolumeclaims',
    { metadata, spec: claim },
    'spec',
    { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
  ],
  [
    'the status of a PersistentVolumeClaim',
    '/api/v1/~/persistentvolumeclaims',
    { metadata, spec: claim },
    'status',
    { phase: 'Pending' },
  ],
  [
    'finalizers of a PersistentVolumeClaim',
    '/api/v1/~/persistentvolumeclaims',
    { metadata, spec: claim },
    'metadata.finalizers',
    ['kubernetes.io/pvc-protection'],
  ],
  [
    'a PersistentVolume',
    '/api/v1/persistentvolumes',
    { metadata, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } },
    'spec',
    {
      capacity: { storage: '1Gi' },
      hostPath: { path: '/data', type: '' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    },
  ],
  [
    'the status of a PersistentVolume',
    '/api/v1/persistentvolumes',
    { metadata, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } },
    'status',
    { phase: 'Pending', lastPhaseTransitionTime: 'TIME' },
  ],
  [
    'a StorageClass',
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata, provisioner: 'example.com/x' },
    '',
    {
      kind: 'StorageClass',
      apiVersion: 'storage.k8s.io/v1',
      metadata: { name: 'a', uid: 'UID', creationTimestamp: 'TIME' },
      provisioner: 'example.com/x',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
  ],
  [
    'an Ingress',
    '/apis/networking.k8s.io/v1/~/ingresses',
    { metadata, spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } },
    '',
    {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', generation: 1, creationTimestamp: 'TIME' },
      spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
      status: { loadBalancer: {} },
    },
  ],
  [
    'a NetworkPolicy',
    '/apis/networking.k8s.io/v1/~/networkpolicies',
    { metadata, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
    'spec',
    { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }], policyTypes: ['Ingress'] },
  ],
  [
    'a NetworkPolicy with rules out',
    '/apis/networking.k8s.io/v1/~/networkpolicies',
    { metadata, spec: { podSelector: {}, egress: [{}] } },
    'spec.policyTypes',
    ['Ingress', 'Egress'],
  ],
  [
    'an IngressClass',
    '/apis/networking.k8s.io/v1/ingressclasses',
    { metadata, spec: { controller: 'example.com/x', parameters: { kind: 'K', name: 'n' } } },
    'spec',
    { controller: 'example.com/x', parameters: { kind: 'K', name: 'n', scope: 'Cluster' } },
  ],
  [
    'a PodDisruptionBudget',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata, spec: { selector } },
    '',
    {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', generation: 1, creationTimestamp: 'TIME' },
      spec: { selector: { matchLabels: { app: 'a' } } },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    },
  ],
  [
    'a HorizontalPodAutoscaler',
    '/apis/autoscaling/v2/~/horizontalpodautoscalers',
    { metadata, spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } },
    '',
    {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
      status: { desiredReplicas: 0, currentMetrics: null },
    },
  ],
  [
    'the behaviour of a HorizontalPodAutoscaler',
    '/apis/autoscaling/v2/~/horizontalpodautoscalers',
    {
      metadata,
      spec: {
        maxReplicas: 3,
        behavior: { scaleDown: {} },
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
      },
    },
    'spec.behavior',
    {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    },
  ],
  [
    'a HorizontalPodAutoscaler of v1',
    '/apis/autoscaling/v1/~/horizontalpodautoscalers',
    { metadata, spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } },
    'spec',
    {
      scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
      minReplicas: 1,
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 80,
    },
  ],
  [
    'a Role',
    '/apis/rbac.authorization.k8s.io/v1/~/roles',
    { metadata },
    '',
    {
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      rules: null,
    },
  ],
]

topic('defaults of kinds', (it) => checkDefaults(it, rows))
