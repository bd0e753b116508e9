// Jobs, CronJobs and scalers that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { podSpec } from '../objects.ts'
import { topic } from '../suite.ts'
import { checkRefusals, type RefusalRow } from '../tables.ts'

const metadata = { name: 'a' }
const labels = { app: 'a' }
const template = { metadata: { labels }, spec: podSpec() }
const selector = { matchLabels: labels }
const jobs = '/apis/batch/v1/~/jobs'
const batchTemplate = { spec: podSpec({ restartPolicy: 'Never' }) }
const job = (spec: JsonObject): JsonObject => ({ metadata, spec: { template: batchTemplate, ...spec } })
const cronJobs = '/apis/batch/v1/~/cronjobs'
const cronJob = (spec: JsonObject): JsonObject => ({
  metadata,
  spec: { schedule: '* * * * *', jobTemplate: { spec: { template: batchTemplate } }, ...spec },
})
const scalers = '/apis/autoscaling/v2/~/horizontalpodautoscalers'
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }
const scaler = (spec: JsonObject): JsonObject => ({
  metadata,
  spec: { scaleTargetRef: target, maxReplicas: 3, ...spec },
})

const rows: readonly RefusalRow[] = [
  [
    'refuses a Job that restarts always',
    jobs,
    job({ template: { spec: podSpec() } }),
    ['spec.template.spec.restartPolicy: FieldValueRequired: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    'refuses negative numbers of a Job',
    jobs,
    job({ parallelism: -1, completions: -1, backoffLimit: -1, activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1 }),
    [
      'spec.parallelism: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.completions: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.activeDeadlineSeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.backoffLimit: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.ttlSecondsAfterFinished: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'refuses a Job with a selector of its own',
    jobs,
    job({ selector }),
    [
      'spec.selector: FieldValueInvalid: Invalid value: {"matchLabels":{"app":"a","batch.kubernetes.io/controller-uid":"UID"}}: `selector` not auto-generated',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"batch.kubernetes.io/controller-uid":"UID","batch.kubernetes.io/job-name":"a","controller-uid":"UID","job-name":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a Job with a selector of its own that does not match',
    jobs,
    job({ manualSelector: true, selector }),
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: null: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses an unknown mode of completion',
    jobs,
    job({ completionMode: 'Guess' }),
    [
      'spec.completionMode: FieldValueNotSupported: Unsupported value: "Guess": supported values: "NonIndexed", "Indexed"',
    ],
  ],
  [
    'refuses a limit for each index without indices',
    jobs,
    job({ backoffLimitPerIndex: 1 }),
    ['spec.backoffLimitPerIndex: FieldValueInvalid: Invalid value: 1: requires indexed completion mode'],
  ],
  [
    'refuses a policy of failure for a Job that restarts',
    jobs,
    job({
      template: { spec: podSpec({ restartPolicy: 'OnFailure' }) },
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] },
    }),
    [
      'spec.template.spec.restartPolicy: FieldValueInvalid: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
  ],
  [
    'refuses a rule of failure without a condition',
    jobs,
    job({ podFailurePolicy: { rules: [{ action: 'Panic' }] } }),
    [
      'spec.podFailurePolicy.rules[0].action: FieldValueNotSupported: Unsupported value: "Panic": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
      'spec.podFailurePolicy.rules[0]: FieldValueInvalid: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    ],
  ],
  [
    'refuses a policy of success without indices',
    jobs,
    job({ successPolicy: { rules: [{ succeededCount: 1 }] } }),
    [
      'spec.successPolicy: FieldValueInvalid: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
    ],
  ],
  [
    'refuses a replacement that is unknown',
    jobs,
    job({ podReplacementPolicy: 'Never' }),
    [
      'spec.podReplacementPolicy: FieldValueNotSupported: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    ],
  ],
  [
    'refuses a manager that is none',
    jobs,
    job({ managedBy: 'a b' }),
    ['spec.managedBy: FieldValueInvalid: Invalid value: "a b": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    'refuses a Job without a template',
    jobs,
    { metadata, spec: {} },
    [
      'spec.template.spec.containers: FieldValueRequired: Required value',
      'spec.template.spec.restartPolicy: FieldValueRequired: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
  [
    'refuses a CronJob without a schedule',
    cronJobs,
    cronJob({ schedule: '' }),
    ['spec.schedule: FieldValueRequired: Required value'],
  ],
  [
    'refuses a schedule that is none',
    cronJobs,
    cronJob({ schedule: '61 * * * *' }),
    ['spec.schedule: FieldValueInvalid: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
  ],
  [
    'refuses a schedule of four parts',
    cronJobs,
    cronJob({ schedule: '* * * *' }),
    ['spec.schedule: FieldValueInvalid: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
  ],
  [
    'refuses a schedule with a time zone in it',
    cronJobs,
    cronJob({ schedule: 'CRON_TZ=UTC * * * * *' }),
    [
      'spec.schedule: FieldValueInvalid: Invalid value: "CRON_TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ],
  [
    'refuses a schedule by a name that is none',
    cronJobs,
    cronJob({ schedule: '@nonsense' }),
    ['spec.schedule: FieldValueInvalid: Invalid value: "@nonsense": unrecognized descriptor: @nonsense'],
  ],
  [
    'refuses a time zone that is not there',
    cronJobs,
    cronJob({ timeZone: 'Mars/Base' }),
    ['spec.timeZone: FieldValueInvalid: Invalid value: "Mars/Base": unknown time zone Mars/Base'],
  ],
  [
    'refuses the local time zone',
    cronJobs,
    cronJob({ timeZone: 'Local' }),
    [
      'spec.timeZone: FieldValueInvalid: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ],
  ],
  [
    'refuses an unknown concurrency',
    cronJobs,
    cronJob({ concurrencyPolicy: 'Maybe' }),
    [
      'spec.concurrencyPolicy: FieldValueNotSupported: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
    ],
  ],
  [
    'refuses negative numbers of a CronJob',
    cronJobs,
    cronJob({ startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1 }),
    [
      'spec.startingDeadlineSeconds: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.successfulJobsHistoryLimit: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
      'spec.failedJobsHistoryLimit: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'refuses a CronJob whose Jobs restart always',
    cronJobs,
    cronJob({ jobTemplate: { spec: { template: { spec: podSpec() } } } }),
    [
      'spec.jobTemplate.spec.template.spec.restartPolicy: FieldValueRequired: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
  [
    'refuses a scaler without a maximum',
    scalers,
    scaler({ maxReplicas: 0 }),
    [
      'spec.maxReplicas: FieldValueRequired: Required value: must be set and greater than 0',
      'spec.maxReplicas: FieldValueInvalid: Invalid value: 0: must be greater than or equal to `minReplicas`',
    ],
  ],
  [
    'refuses a scaler whose minimum is above its maximum',
    scalers,
    scaler({ minReplicas: 5 }),
    ['spec.maxReplicas: FieldValueInvalid: Invalid value: 3: must be greater than or equal to `minReplicas`'],
  ],
  [
    'refuses a scaler to zero',
    scalers,
    scaler({ minReplicas: 0 }),
    [
      'spec.minReplicas: FieldValueInvalid: Invalid value: 0: must be greater than or equal to 1',
      'spec.metrics: FieldValueForbidden: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  ],
  [
    'refuses a scaler without a target',
    scalers,
    scaler({ scaleTargetRef: {} }),
    [
      'spec.scaleTargetRef.kind: FieldValueRequired: Required value',
      'spec.scaleTargetRef.name: FieldValueRequired: Required value',
      'spec.scaleTargetRef.apiVersion: FieldValueInvalid: Invalid value: "": apiVersion must specify API group',
    ],
  ],
  [
    'refuses a metric without a target',
    scalers,
    scaler({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] }),
    [
      'spec.metrics[0].resource.target.averageUtilization: FieldValueRequired: Required value: must set either a target raw value or a target utilization',
    ],
  ],
  [
    'refuses a metric of an unknown type',
    scalers,
    scaler({ metrics: [{ type: 'Mood' }] }),
    [
      'spec.metrics[0].type: FieldValueNotSupported: Unsupported value: "Mood": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      'spec.metrics[0].type: FieldValueNotSupported: Unsupported value: "Mood": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ],
  ],
  [
    'refuses a metric without its part',
    scalers,
    scaler({ metrics: [{ type: 'Pods' }] }),
    ['spec.metrics[0].pods: FieldValueRequired: Required value: must populate information for the given metric source'],
  ],
  [
    'refuses behaviour that is out of bounds',
    scalers,
    scaler({
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 4000,
          selectPolicy: 'Best',
          policies: [{ type: 'Pods', value: 0, periodSeconds: 2000 }],
        },
      },
    }),
    [
      'spec.behavior.scaleDown.stabilizationWindowSeconds: FieldValueInvalid: Invalid value: 4000: must be less than or equal to 3600',
      'spec.behavior.scaleDown.selectPolicy: FieldValueNotSupported: Unsupported value: "Best": supported values: "Disabled", "Max", "Min"',
      'spec.behavior.scaleDown.policies[0].value: FieldValueInvalid: Invalid value: 0: must be greater than zero',
      'spec.behavior.scaleDown.policies[0].periodSeconds: FieldValueInvalid: Invalid value: 2000: must be less than or equal to 1800',
    ],
  ],
  [
    'refuses a ReplicationController without a template',
    '/api/v1/~/replicationcontrollers',
    { metadata, spec: {} },
    ['spec.selector: FieldValueRequired: Required value', 'spec.template: FieldValueRequired: Required value'],
  ],
  [
    'refuses a ReplicationController whose selector does not match',
    '/api/v1/~/replicationcontrollers',
    { metadata, spec: { selector: { b: 'c' }, template } },
    [
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'refuses a PodTemplate without containers',
    '/api/v1/~/podtemplates',
    { metadata, template: { spec: {} } },
    ['template.spec.containers: FieldValueRequired: Required value'],
  ],
  [
    'refuses a budget with two limits',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata, spec: { minAvailable: 1, maxUnavailable: 1 } },
    [
      'spec: FieldValueInvalid: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ],
  ],
  [
    'refuses a budget with a selector that is none',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata, spec: { minAvailable: 1, selector: { matchLabels: { 'a b': 'c' } } } },
    [
      "spec.selector.matchLabels: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'refuses a budget with an unknown policy',
    '/apis/policy/v1/~/poddisruptionbudgets',
    { metadata, spec: { minAvailable: 1, unhealthyPodEvictionPolicy: 'Cry' } },
    [
      'spec.unhealthyPodEvictionPolicy: FieldValueNotSupported: Unsupported value: "Cry": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ],
]

topic('validation of Jobs', (it) => checkRefusals(it, rows))
