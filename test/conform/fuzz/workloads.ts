// Kinds that run Pods.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { type FuzzKind, specKind } from './kind.ts'
import type { Lot } from './lot.ts'
import { podSpec, template } from './pods.ts'
import { conditions, items, oneOf, record, someTime } from './values.ts'

const selector = (): JsonObject => ({ matchLabels: { app: 'web' } })
const replicas = oneOf(0, 1, 2)
const fraction = oneOf(1, '25%', '50%', 2)

const deployment = specKind({
  kind: 'Deployment',
  plural: 'deployments',
  versions: ['apps/v1'],
  scale: true,
  spec: (lot) =>
    record(
      lot,
      { selector, template: (own) => template(own) },
      {
        replicas,
        paused: oneOf(true, false),
        strategy: (own) =>
          own.chance(0.4)
            ? { type: 'Recreate' }
            : record(
                own,
                {},
                {
                  type: oneOf('RollingUpdate'),
                  rollingUpdate: (one) => record(one, {}, { maxSurge: fraction, maxUnavailable: fraction }, 0.6),
                },
                0.6,
              ),
        minReadySeconds: oneOf(0, 5),
        revisionHistoryLimit: oneOf(0, 3),
        progressDeadlineSeconds: oneOf(60, 600),
      },
    ),
  status: (lot) =>
    record(
      lot,
      {},
      {
        replicas,
        readyReplicas: replicas,
        updatedReplicas: replicas,
        availableReplicas: replicas,
        unavailableReplicas: replicas,
        observedGeneration: oneOf(1, 2),
        collisionCount: oneOf(1),
        conditions: conditions('Available', 'Progressing'),
      },
    ),
})

const replicaSet = specKind({
  kind: 'ReplicaSet',
  plural: 'replicasets',
  versions: ['apps/v1'],
  scale: true,
  selectable: ['status.replicas'],
  spec: (lot) =>
    record(lot, { selector, template: (own) => template(own) }, { replicas, minReadySeconds: oneOf(0, 5) }),
  status: (lot) =>
    record(
      lot,
      { replicas },
      { fullyLabeledReplicas: replicas, readyReplicas: replicas, observedGeneration: oneOf(1) },
    ),
})

const claimTemplate = (lot: Lot): JsonObject => ({
  metadata: { name: lot.one('v', 'w') },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: lot.one('1Gi', '1024Mi') } } },
})

const statefulSet = specKind({
  kind: 'StatefulSet',
  plural: 'statefulsets',
  versions: ['apps/v1'],
  scale: true,
  spec: (lot) =>
    record(
      lot,
      { selector, template: (own) => template(own) },
      {
        replicas,
        serviceName: oneOf('a', 'b'),
        podManagementPolicy: oneOf('OrderedReady', 'Parallel'),
        updateStrategy: (own) =>
          own.one<JsonObject>({ type: 'OnDelete' }, { type: 'RollingUpdate' }, { rollingUpdate: { partition: 1 } }),
        volumeClaimTemplates: (own) => (own.chance(0.5) ? [claimTemplate(own)] : []),
        persistentVolumeClaimRetentionPolicy: (own) =>
          record(own, {}, { whenDeleted: oneOf('Retain', 'Delete'), whenScaled: oneOf('Retain') }, 0.6),
        ordinals: oneOf({ start: 1 }, {}),
        minReadySeconds: oneOf(0, 5),
      },
      0.25,
    ),
  status: (lot) =>
    record(lot, { replicas }, { readyReplicas: replicas, currentRevision: oneOf('r'), conditions: conditions('X') }),
})

const daemonSet = specKind({
  kind: 'DaemonSet',
  plural: 'daemonsets',
  versions: ['apps/v1'],
  spec: (lot) =>
    record(
      lot,
      { selector, template: (own) => template(own) },
      {
        updateStrategy: (own) =>
          own.one<JsonObject>(
            { type: 'OnDelete' },
            { rollingUpdate: { maxUnavailable: '10%' } },
            { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          ),
        minReadySeconds: oneOf(0, 5),
      },
    ),
  status: (lot) =>
    record(
      lot,
      {
        currentNumberScheduled: replicas,
        desiredNumberScheduled: replicas,
        numberMisscheduled: replicas,
        numberReady: replicas,
      },
      { conditions: conditions('X') },
    ),
})

const jobSpec = (lot: Lot): JsonObject =>
  record(
    lot,
    { template: (own) => template(own, own.one('Never', 'OnFailure')) },
    {
      parallelism: oneOf(0, 1, 2),
      completions: oneOf(1, 2),
      backoffLimit: oneOf(0, 3),
      suspend: oneOf(true, false),
      ttlSecondsAfterFinished: oneOf(0, 60),
      activeDeadlineSeconds: oneOf(10, 100),
      completionMode: oneOf('NonIndexed', 'Indexed'),
      podReplacementPolicy: oneOf('TerminatingOrFailed', 'Failed'),
      manualSelector: oneOf(false),
    },
    0.25,
  )

const job = specKind({
  kind: 'Job',
  plural: 'jobs',
  versions: ['batch/v1'],
  selectable: ['status.successful'],
  spec: jobSpec,
  status: (lot) =>
    record(
      lot,
      {},
      { active: oneOf(0, 1), failed: oneOf(0, 1), succeeded: oneOf(0, 1), startTime: oneOf(someTime), ready: oneOf(0) },
    ),
})

const cronJob = specKind({
  kind: 'CronJob',
  plural: 'cronjobs',
  versions: ['batch/v1'],
  spec: (lot) =>
    record(
      lot,
      {
        schedule: oneOf('* * * * *', '@daily', '*/5 1 * * 1'),
        jobTemplate: (own) => record(own, { spec: jobSpec }, { metadata: () => ({ labels: { a: '1' } }) }),
      },
      {
        concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace'),
        suspend: oneOf(true, false),
        timeZone: oneOf('Etc/UTC', 'UTC'),
        startingDeadlineSeconds: oneOf(10),
        successfulJobsHistoryLimit: oneOf(0, 3),
        failedJobsHistoryLimit: oneOf(0, 1),
      },
    ),
  status: (lot) =>
    record(lot, {}, { lastScheduleTime: oneOf(someTime), active: () => [{ kind: 'Job', name: 'a', namespace: 'x' }] }),
})

const pod = specKind({
  kind: 'Pod',
  plural: 'pods',
  versions: ['v1'],
  selectable: ['spec.nodeName', 'status.phase', 'spec.restartPolicy'],
  spec: (lot) => {
    const spec = { ...podSpec(lot), ...(lot.chance(0.1) ? { nodeName: 'n' } : {}) }
    return lot.chance(0.1) ? { ...spec, schedulingGates: [{ name: 'example.com/a' }] } : spec
  },
  status: (lot) =>
    record(
      lot,
      {},
      {
        phase: oneOf('Pending', 'Running', 'Succeeded', 'Failed'),
        podIP: oneOf('10.0.0.1', '10.0.0.2'),
        podIPs: (own) => [{ ip: own.one('10.0.0.1', '10.0.0.2') }],
        hostIP: oneOf('1.2.3.4'),
        message: oneOf('said', ''),
        startTime: oneOf(someTime),
        conditions: conditions('Ready', 'PodScheduled', 'x.example.com/y'),
        containerStatuses: (own) =>
          items(
            own,
            (one) => ({
              name: one.one('one', 'two'),
              ready: one.one(true, false),
              restartCount: one.one(0, 1),
              image: 'i',
              imageID: '',
            }),
            'name',
            2,
          ),
      },
    ),
})

const podTemplate: FuzzKind = {
  ...specKind({ kind: 'PodTemplate', plural: 'podtemplates', versions: ['v1'], spec: () => ({}) }),
  wish: (lot) => ({ template: template(lot) }),
}

/** All of them. */
export const workloadKinds: readonly FuzzKind[] = [
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  pod,
  podTemplate,
]
