// Stories of workloads.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Story } from '../story.ts'
import { made, selector, spec, template } from './builders.ts'

const deployment = (name: string, rest: JsonObject = {}): JsonObject =>
  made('apps/v1', 'Deployment', name, { replicas: 0, selector, template: template(), ...rest })

/** Deployments. */
export const deploymentStories: readonly Story[] = [
  {
    name: 'a Deployment',
    object: deployment('web'),
    updates: [
      (live) => spec(live, { replicas: null }),
      (live) => spec(live, { replicas: 0 }),
      (live) => live,
      (live) => ({ ...live, metadata: { ...live.metadata, annotations: { a: 'b' } } }),
      (live) => ({ ...live, metadata: { ...live.metadata, labels: { a: 'b' }, generation: 1 } }),
      (live) => spec(live, { selector: { matchLabels: { other: 'x' } } }),
      (live) => spec(live, { selector: null }),
      (live) => spec(live, { strategy: { type: 'Recreate' } }),
      (live) => spec(live, { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      (live) => spec(live, { strategy: { type: 'RollingUpdate' } }),
      (live) => spec(live, { template: template({ image: 'nginx:1.28' }) }),
      (live) => ({ ...live, status: { replicas: 9 } }),
      (live) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: live.metadata.name },
        spec: { selector, template: template() },
      }),
    ],
  },
  {
    name: 'a Deployment without a spec',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } },
  },
  { name: 'a selector that does not fit', object: deployment('web', { selector: { matchLabels: { a: 'b' } } }) },
  { name: 'an empty selector', object: deployment('web', { selector: {} }) },
  {
    name: 'a bad selector',
    object: deployment('web', {
      selector: {
        matchLabels: { 'a b': 'c d' },
        matchExpressions: [
          { key: 'x', operator: 'Exists', values: ['y'] },
          { key: 'y', operator: 'Some' },
        ],
      },
    }),
  },
  {
    name: 'no labels in the template',
    object: deployment('web', { template: { spec: { containers: [{ name: 'a', image: 'x:1' }] } } }),
  },
  {
    name: 'numbers below zero',
    object: deployment('web', {
      replicas: -1,
      minReadySeconds: -1,
      revisionHistoryLimit: -1,
      progressDeadlineSeconds: -1,
    }),
  },
  { name: 'no time to progress', object: deployment('web', { minReadySeconds: 10, progressDeadlineSeconds: 10 }) },
  { name: 'strategies that are none', object: deployment('web', { strategy: { type: 'BlueGreen' } }) },
  {
    name: 'a roll that stands still',
    object: deployment('web', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } }),
  },
  {
    name: 'a roll that is odd',
    object: deployment('web', { strategy: { rollingUpdate: { maxSurge: 'x', maxUnavailable: '101%' } } }),
  },
  {
    name: 'a roll below zero',
    object: deployment('web', { strategy: { rollingUpdate: { maxSurge: -1, maxUnavailable: 1 } } }),
  },
  { name: 'a name with dots', object: deployment('web.example.com') },
]

const daemon = (rest: JsonObject = {}): JsonObject =>
  made('apps/v1', 'DaemonSet', 'agent', {
    selector,
    template: template({}, { nodeSelector: { no: 'where' } }),
    ...rest,
  })

/** DaemonSets. */
export const daemonStories: readonly Story[] = [
  {
    name: 'a DaemonSet',
    object: daemon(),
    updates: [
      (live) => spec(live, { template: template({ image: 'nginx:1.28' }, { nodeSelector: { no: 'where' } }) }),
      (live) => spec(live, { minReadySeconds: 5 }),
      (live) => spec(live, { updateStrategy: { type: 'OnDelete' } }),
      (live) => spec(live, { selector: { matchLabels: { a: 'b' } } }),
      (live) => ({ ...live, metadata: { ...live.metadata, annotations: { a: 'b' } } }),
    ],
  },
  { name: 'no selector', object: daemon({ selector: null }) },
  { name: 'an empty selector', object: daemon({ selector: {} }) },
  { name: 'another strategy', object: daemon({ updateStrategy: { type: 'Recreate' } }) },
  {
    name: 'a roll both ways',
    object: daemon({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }),
  },
  { name: 'a roll no way', object: daemon({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }) },
  {
    name: 'restarted on failure',
    object: daemon({
      template: template({}, { restartPolicy: 'Never', activeDeadlineSeconds: 5 }),
      minReadySeconds: -1,
      revisionHistoryLimit: -1,
    }),
  },
]

const stateful = (rest: JsonObject = {}): JsonObject =>
  made('apps/v1', 'StatefulSet', 'db', { replicas: 0, serviceName: 'db', selector, template: template(), ...rest })
const claim = (name: string, rest: JsonObject = {}): JsonObject => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } }, ...rest },
})

/** StatefulSets. */
export const statefulStories: readonly Story[] = [
  {
    name: 'a StatefulSet',
    object: stateful({
      volumeClaimTemplates: [claim('data')],
      template: template({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
    }),
    updates: [
      (live) => spec(live, { replicas: 0, minReadySeconds: 3 }),
      (live) => spec(live, { serviceName: 'other' }),
      (live) => spec(live, { podManagementPolicy: 'Parallel' }),
      (live) => spec(live, { volumeClaimTemplates: [claim('data', { resources: { requests: { storage: '2Gi' } } })] }),
      (live) => spec(live, { volumeClaimTemplates: [claim('data')] }),
      (live) => spec(live, { selector: { matchLabels: { a: 'b' } } }),
      (live) => spec(live, { updateStrategy: { type: 'OnDelete' } }),
      (live) => spec(live, { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
      (live) => spec(live, { ordinals: { start: 1 } }),
    ],
  },
  {
    name: 'a StatefulSet without a service',
    object: stateful({ serviceName: null, updateStrategy: { type: 'RollingUpdate' } }),
  },
  {
    name: 'bad choices',
    object: stateful({
      podManagementPolicy: 'Some',
      updateStrategy: { type: 'Some' },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'X' },
      serviceName: 'A',
      ordinals: { start: -1 },
    }),
  },
  { name: 'a bad claim', object: stateful({ volumeClaimTemplates: [{ metadata: { name: 'x' }, spec: {} }] }) },
  { name: 'a bad roll', object: stateful({ updateStrategy: { rollingUpdate: { partition: -1, maxUnavailable: 0 } } }) },
  { name: 'no selector', object: stateful({ selector: null }) },
  { name: 'an empty selector', object: stateful({ selector: {} }) },
]

const job = (rest: JsonObject = {}, pod: JsonObject = {}): JsonObject =>
  made('batch/v1', 'Job', 'task', {
    suspend: true,
    template: template({}, { restartPolicy: 'Never', ...pod }),
    ...rest,
  })

/** Jobs. */
export const jobStories: readonly Story[] = [
  {
    name: 'a Job',
    object: job(),
    updates: [
      (live) => spec(live, { parallelism: 2 }),
      (live) => spec(live, { completions: 2 }),
      (live) => spec(live, { template: template({ image: 'other:1' }, { restartPolicy: 'Never' }) }),
      (live) => spec(live, { completionMode: 'Indexed' }),
      (live) => spec(live, { selector: { matchLabels: { a: 'b' } } }),
      (live) => ({ ...live, metadata: { ...live.metadata, labels: {} } }),
    ],
  },
  { name: 'a Job that is restarted for ever', object: job({}, { restartPolicy: 'Always' }) },
  { name: 'an odd restart', object: job({}, { restartPolicy: 'X' }) },
  {
    name: 'numbers below zero',
    object: job({
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      ttlSecondsAfterFinished: -1,
      activeDeadlineSeconds: -1,
    }),
  },
  {
    name: 'an indexed Job',
    object: job({ completionMode: 'Indexed', completions: 3, backoffLimitPerIndex: 1, maxFailedIndexes: 4 }),
  },
  { name: 'an indexed Job without an end', object: job({ completionMode: 'Indexed', parallelism: 1 }) },
  { name: 'indexes without a mode', object: job({ backoffLimitPerIndex: 1, maxFailedIndexes: 4 }) },
  { name: 'modes that are none', object: job({ completionMode: 'X', podReplacementPolicy: 'Y' }) },
  { name: 'a selector of its own', object: job({ manualSelector: true, selector }) },
  { name: 'a manual selector without one', object: job({ manualSelector: true }) },
  { name: 'a selector that is not its own', object: job({ selector: { matchLabels: { a: 'b' } } }) },
  {
    name: 'a policy for failures',
    object: job({
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [1, 2] } },
        ],
      },
    }),
  },
  {
    name: 'a bad policy for failures',
    object: job(
      {
        podReplacementPolicy: 'TerminatingOrFailed',
        podFailurePolicy: {
          rules: [
            { action: '' },
            { action: 'FailIndex', onExitCodes: { operator: 'X', values: [0], containerName: 'no' } },
            {
              action: 'Y',
              onExitCodes: { operator: 'In', values: [2, 0, 2] },
              onPodConditions: [{ type: 'a b', status: 'X' }],
            },
          ],
        },
      },
      { restartPolicy: 'OnFailure' },
    ),
  },
  { name: 'a name with dots', object: { ...job(), metadata: { name: 'task.x' } } },
]

const cron = (rest: JsonObject = {}): JsonObject =>
  made('batch/v1', 'CronJob', 'nightly', {
    suspend: true,
    schedule: '0 3 * * *',
    jobTemplate: { spec: { template: template({}, { restartPolicy: 'OnFailure' }) } },
    ...rest,
  })

/** CronJobs. */
export const cronStories: readonly Story[] = [
  {
    name: 'a CronJob',
    object: cron(),
    updates: [
      (live) => spec(live, { schedule: '@daily' }),
      (live) => spec(live, { schedule: '' }),
      (live) => spec(live, { timeZone: 'Europe/Berlin' }),
    ],
  },
  ...[
    'x',
    '* * * *',
    '60 * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '1-2-3 * * * *',
    '@never',
    '@every 5x',
    '@every 5m',
    'TZ=UTC * * * * *',
    '1/2/3 * * * *',
    '* * * jan mon',
    '* * 0 * *',
    '-1 * * * *',
    '* * * * 7',
  ].map((schedule) => ({
    name: `the schedule ${schedule}`,
    object: cron({ schedule }),
  })),
  ...['', 'Local', 'Mars/Phobos..', 'a b'].map((timeZone) => ({
    name: `the zone ${timeZone}`,
    object: cron({ timeZone }),
  })),
  {
    name: 'bad choices',
    object: cron({
      concurrencyPolicy: 'X',
      startingDeadlineSeconds: -1,
      successfulJobsHistoryLimit: -1,
      failedJobsHistoryLimit: -1,
    }),
  },
  {
    name: 'a selector',
    object: cron({ jobTemplate: { spec: { manualSelector: true, selector, template: template() } } }),
  },
  { name: 'a long name', object: { ...cron(), metadata: { name: 'x'.repeat(53) } } },
]
