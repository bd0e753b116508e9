// What is filled in: the smallest workload of each kind, as the server writes it back.

import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkDefaults, type DefaultsRow } from '../tables.ts'

const labels = { app: 'a' }
const template = { metadata: { labels }, spec: podSpec() }
const selector = { matchLabels: labels }
const batchTemplate = { spec: podSpec({ restartPolicy: 'Never' }) }
const metadata = { name: 'a' }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

const rows: readonly DefaultsRow[] = [
  [
    'a Pod',
    '/api/v1/~/pods',
    { metadata, spec: podSpec() },
    'spec',
    {
      volumes: [
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
      containers: [
        {
          name: 'main',
          image: 'example.com/app:1',
          resources: {},
          volumeMounts: [
            {
              name: 'kube-api-access-SIGNS',
              readOnly: true,
              mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
            },
          ],
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  ],
  [
    'a Deployment',
    '/apis/apps/v1/~/deployments',
    { metadata, spec: { selector, template } },
    'spec',
    {
      replicas: 1,
      selector: { matchLabels: { app: 'a' } },
      template: {
        metadata: { labels: { app: 'a' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.com/app:1',
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
  ],
  [
    'a Deployment that recreates',
    '/apis/apps/v1/~/deployments',
    { metadata, spec: { selector, template, strategy: { type: 'Recreate' } } },
    'spec.strategy',
    { type: 'Recreate' },
  ],
  [
    'half a rolling update',
    '/apis/apps/v1/~/deployments',
    { metadata, spec: { selector, template, strategy: { rollingUpdate: { maxSurge: 1 } } } },
    'spec.strategy',
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 1 } },
  ],
  ['a ReplicaSet', '/apis/apps/v1/~/replicasets', { metadata, spec: { selector, template } }, 'spec.replicas', 1],
  [
    'labels of a ReplicaSet',
    '/apis/apps/v1/~/replicasets',
    { metadata, spec: { selector, template } },
    'metadata.labels',
    null,
  ],
  [
    'a StatefulSet',
    '/apis/apps/v1/~/statefulsets',
    { metadata, spec: { selector, template, volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: claim }] } },
    'spec',
    {
      replicas: 1,
      selector: { matchLabels: { app: 'a' } },
      template: {
        metadata: { labels: { app: 'a' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.com/app:1',
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
      volumeClaimTemplates: [
        {
          kind: 'PersistentVolumeClaim',
          apiVersion: 'v1',
          metadata: { name: 'v' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
            volumeMode: 'Filesystem',
          },
          status: { phase: 'Pending' },
        },
      ],
      serviceName: '',
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
  ],
  [
    'a DaemonSet',
    '/apis/apps/v1/~/daemonsets',
    { metadata, spec: { selector, template } },
    'spec.updateStrategy',
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  ],
  [
    'a ReplicationController',
    '/api/v1/~/replicationcontrollers',
    { metadata, spec: { template } },
    'spec',
    {
      replicas: 1,
      selector: { app: 'a' },
      template: {
        metadata: { labels: { app: 'a' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.com/app:1',
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
    },
  ],
  [
    'labels of a ReplicationController',
    '/api/v1/~/replicationcontrollers',
    { metadata, spec: { template } },
    'metadata.labels',
    { app: 'a' },
  ],
  [
    'a Job',
    '/apis/batch/v1/~/jobs',
    { metadata, spec: { template: batchTemplate } },
    'spec',
    {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'UID' } },
      manualSelector: false,
      template: {
        metadata: {
          labels: {
            'batch.kubernetes.io/controller-uid': 'UID',
            'batch.kubernetes.io/job-name': 'a',
            'controller-uid': 'UID',
            'job-name': 'a',
          },
        },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.com/app:1',
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    },
  ],
  [
    'a Job with parallelism',
    '/apis/batch/v1/~/jobs',
    { metadata, spec: { parallelism: 2, template: batchTemplate } },
    'spec.completions',
    null,
  ],
  [
    'an indexed Job',
    '/apis/batch/v1/~/jobs',
    { metadata, spec: { completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1, template: batchTemplate } },
    'spec.backoffLimit',
    2147483647,
  ],
  [
    'a CronJob',
    '/apis/batch/v1/~/cronjobs',
    { metadata, spec: { schedule: '* * * * *', jobTemplate: { spec: { template: batchTemplate } } } },
    'spec',
    {
      schedule: '* * * * *',
      concurrencyPolicy: 'Allow',
      suspend: false,
      jobTemplate: {
        metadata: {},
        spec: {
          template: {
            metadata: {},
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'example.com/app:1',
                  resources: {},
                  terminationMessagePath: '/dev/termination-log',
                  terminationMessagePolicy: 'File',
                  imagePullPolicy: 'IfNotPresent',
                },
              ],
              restartPolicy: 'Never',
              terminationGracePeriodSeconds: 30,
              dnsPolicy: 'ClusterFirst',
              securityContext: {},
              schedulerName: 'default-scheduler',
            },
          },
        },
      },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
  ],
  [
    'a PodTemplate',
    '/api/v1/~/podtemplates',
    { metadata, template: { spec: podSpec() } },
    'template',
    {
      metadata: {},
      spec: {
        containers: [
          {
            name: 'main',
            image: 'example.com/app:1',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
            imagePullPolicy: 'IfNotPresent',
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
      },
    },
  ],
  [
    'a ControllerRevision',
    '/apis/apps/v1/~/controllerrevisions',
    { metadata, revision: 1, data: { x: 1 } },
    '',
    {
      kind: 'ControllerRevision',
      apiVersion: 'apps/v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      data: { x: 1 },
      revision: 1,
    },
  ],
]

topic('defaults of workloads', (it) => checkDefaults(it, rows))
