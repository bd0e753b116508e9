// Stories of workloads, told to a real cluster and to a sandbox: after each step both are to come to the same state.
import type { JsonObject } from '@mainstay/core/object/json.ts'

/** One request, and how much time the sandbox gets then. In paths `NS` stands for the namespace. */
export interface Deed {
  readonly what: string
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body: JsonObject
  readonly seconds?: number
}

/** A story. */
export interface Story {
  readonly name: string
  readonly deeds: readonly Deed[]
}

const APPS = '/apis/apps/v1/namespaces/NS'
const BATCH = '/apis/batch/v1/namespaces/NS'
const CORE = '/api/v1/namespaces/NS'

/** What a Pod does, for the stand-in of the real cluster and for the sandbox. */
const STAYS: Readonly<Record<string, JsonObject>> = {
  runs: { 'mainstay.dev/stage': 'runs', 'sandbox.mainstay.dev/behaviour': 'runs ready-after=0s' },
  waits: { 'mainstay.dev/stage': 'never-starts', 'sandbox.mainstay.dev/behaviour': 'not-found' },
  succeeds: { 'mainstay.dev/stage': 'succeeds-after=0s', 'sandbox.mainstay.dev/behaviour': 'completes after=0s' },
  fails: { 'mainstay.dev/stage': 'fails-after=0s', 'sandbox.mainstay.dev/behaviour': 'completes after=0s exit-code=1' },
}

function template(does: string, image: string, spec: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: { app: 'a' }, annotations: STAYS[does] ?? {} },
    spec: { containers: [{ name: 'main', image }], ...spec },
  }
}

function make(path: string, apiVersion: string, kind: string, spec: JsonObject, metadata: JsonObject = {}): Deed {
  const body = { apiVersion, kind, metadata: { name: 'a', ...metadata }, spec }
  return { what: `make a ${kind}`, method: 'POST', path, body }
}

function change(path: string, what: string, body: JsonObject, seconds?: number): Deed {
  return { what, method: 'PATCH', path, body, ...(seconds === undefined ? {} : { seconds }) }
}

const selector = { matchLabels: { app: 'a' } }

function remove(path: string, what: string, propagationPolicy: string): Deed {
  return { what, method: 'DELETE', path, body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy } }
}

function deployment(spec: JsonObject, does = 'runs', pod: JsonObject = {}): Deed {
  const whole = { selector, template: template(does, 'image:1', pod), ...spec }
  return make(`${APPS}/deployments`, 'apps/v1', 'Deployment', whole, { annotations: { 'example.com/own': 'yes' } })
}

const A_DEPLOYMENT = `${APPS}/deployments/a`
const A_SET = `${APPS}/statefulsets/a`
const A_DAEMON = `${APPS}/daemonsets/a`
const A_JOB = `${BATCH}/jobs/a`

function image(path: string, name: string): Deed {
  const spec = { template: { spec: { containers: [{ name: 'main', image: name }] } } }
  return change(path, `change the image to ${name}`, { spec })
}

function scaled(path: string, replicas: number): Deed {
  return change(path, `scale to ${replicas}`, { spec: { replicas } })
}

function statefulSet(spec: JsonObject, does = 'runs'): Deed {
  const whole = { selector, serviceName: 'a', template: template(does, 'image:1'), ...spec }
  return make(`${APPS}/statefulsets`, 'apps/v1', 'StatefulSet', whole, { annotations: { 'example.com/own': 'yes' } })
}

function job(spec: JsonObject, does = 'succeeds', restartPolicy = 'Never'): Deed {
  return make(`${BATCH}/jobs`, 'batch/v1', 'Job', { template: template(does, 'image:1', { restartPolicy }), ...spec })
}

/** All of them. */
export const STORIES: readonly Story[] = [
  {
    name: 'a Deployment rolls forth and back, and is scaled',
    deeds: [
      deployment({ replicas: 2 }),
      image(A_DEPLOYMENT, 'image:2'),
      image(A_DEPLOYMENT, 'image:1'),
      scaled(A_DEPLOYMENT, 4),
      scaled(A_DEPLOYMENT, 0),
    ],
  },
  {
    name: 'a Deployment is paused, changed, scaled and goes on',
    deeds: [
      deployment({ replicas: 1 }),
      change(A_DEPLOYMENT, 'pause', { spec: { paused: true } }),
      image(A_DEPLOYMENT, 'image:2'),
      scaled(A_DEPLOYMENT, 3),
      change(A_DEPLOYMENT, 'go on', { spec: { paused: false } }),
    ],
  },
  {
    name: 'a Deployment that exchanges all its Pods at once, and keeps no history',
    deeds: [
      deployment({ replicas: 2, strategy: { type: 'Recreate' }, revisionHistoryLimit: 0 }),
      image(A_DEPLOYMENT, 'image:2'),
      change(A_DEPLOYMENT, 'annotate', { metadata: { annotations: { 'example.com/own': 'no' } } }),
    ],
  },
  {
    name: 'a Deployment that does not get on in time',
    deeds: [
      deployment({ replicas: 3, progressDeadlineSeconds: 1, minReadySeconds: 0 }, 'waits'),
      image(A_DEPLOYMENT, 'image:2'),
    ],
  },
  {
    name: 'a Deployment that gets stuck on the way, and is scaled then',
    deeds: [
      // Sizes that differ: equal ones are told apart by the second in which they were made.
      deployment({ replicas: 5, strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } }),
      change(A_DEPLOYMENT, 'change the template', { spec: { template: template('waits', 'image:2') } }),
      scaled(A_DEPLOYMENT, 11),
      scaled(A_DEPLOYMENT, 4),
    ],
  },
  {
    name: 'a Deployment whose Pods are refused',
    deeds: [deployment({ replicas: 1 }, 'runs', { serviceAccountName: 'absent' })],
  },
  {
    name: 'a Deployment whose Pods have to be ready for a while',
    deeds: [deployment({ replicas: 1, minReadySeconds: 1 })],
  },
  {
    name: 'ReplicaSets and ReplicationControllers take orphans in',
    deeds: [
      make(
        `${CORE}/pods`,
        'v1',
        'Pod',
        { containers: [{ name: 'main', image: 'image:1' }] },
        { labels: { app: 'a' }, annotations: STAYS.runs ?? {} },
      ),
      make(`${APPS}/replicasets`, 'apps/v1', 'ReplicaSet', {
        replicas: 2,
        selector,
        template: template('runs', 'image:1'),
      }),
      make(`${CORE}/replicationcontrollers`, 'v1', 'ReplicationController', {
        replicas: 2,
        selector: { app: 'b' },
        template: { metadata: { labels: { app: 'b' } }, spec: { containers: [{ name: 'main', image: 'image:1' }] } },
      }),
      change(`${CORE}/pods/a`, 'give the Pod another label', { metadata: { labels: { app: 'c' } } }),
    ],
  },
  {
    name: 'a StatefulSet changes, shrinks and grows',
    deeds: [
      statefulSet({ replicas: 2 }),
      image(A_SET, 'image:2'),
      scaled(A_SET, 1),
      image(A_SET, 'image:1'),
      scaled(A_SET, 3),
    ],
  },
  {
    name: 'a StatefulSet with a partition, all at once, with claims',
    deeds: [
      statefulSet({
        replicas: 3,
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        ordinals: { start: 2 },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      }),
      image(A_SET, 'image:2'),
    ],
  },
  {
    name: 'a StatefulSet that waits for deletions, with claims that nobody serves',
    deeds: [
      statefulSet(
        {
          replicas: 1,
          updateStrategy: { type: 'OnDelete' },
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: {
                storageClassName: '',
                accessModes: ['ReadWriteOnce'],
                resources: { requests: { storage: '1Gi' } },
              },
            },
          ],
        },
        'waits',
      ),
      image(A_SET, 'image:2'),
    ],
  },
  {
    name: 'a DaemonSet changes',
    deeds: [
      make(`${APPS}/daemonsets`, 'apps/v1', 'DaemonSet', { selector, template: template('runs', 'image:1') }),
      image(A_DAEMON, 'image:2'),
      change(A_DAEMON, 'go elsewhere', { spec: { template: { spec: { nodeSelector: { nowhere: 'yes' } } } } }),
    ],
  },
  { name: 'a Job succeeds', deeds: [job({})] },
  { name: 'a Job of several parts succeeds', deeds: [job({ completions: 3, parallelism: 2 })] },
  {
    name: 'a Job of numbered parts succeeds',
    deeds: [job({ completions: 3, parallelism: 3, completionMode: 'Indexed' })],
  },
  { name: 'a Job of as many as it takes succeeds', deeds: [job({ parallelism: 2 })] },
  { name: 'a Job fails', deeds: [job({ backoffLimit: 0 }, 'fails')] },
  {
    name: 'a Job fails by a rule',
    deeds: [
      job(
        { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] } },
        'fails',
      ),
    ],
  },
  { name: 'a Job runs out of time', deeds: [job({ activeDeadlineSeconds: 1 }, 'runs')] },
  {
    name: 'a Job is suspended, goes on, and gets more to do',
    deeds: [
      job({ suspend: true, completions: 4, parallelism: 1 }, 'runs'),
      change(A_JOB, 'go on', { spec: { suspend: false } }),
      change(A_JOB, 'do more at once', { spec: { parallelism: 3 } }),
      change(A_JOB, 'do less at once', { spec: { parallelism: 1 } }),
      change(A_JOB, 'suspend', { spec: { suspend: true } }),
    ],
  },
  {
    name: 'a Deployment takes in ReplicaSets that nobody owns',
    deeds: [
      make(
        `${APPS}/replicasets`,
        'apps/v1',
        'ReplicaSet',
        { replicas: 2, selector, template: template('runs', 'image:1') },
        { labels: { app: 'a' } },
      ),
      deployment({ replicas: 3 }),
      image(A_DEPLOYMENT, 'image:2'),
    ],
  },
  {
    name: 'a Deployment goes and takes all with it',
    deeds: [deployment({ replicas: 2 }), remove(A_DEPLOYMENT, 'delete it', 'Foreground')],
  },
  {
    name: 'a Deployment goes, leaves its own behind, and comes again',
    deeds: [
      deployment({ replicas: 2 }),
      remove(A_DEPLOYMENT, 'delete it alone', 'Orphan'),
      deployment({ replicas: 1 }),
      remove(A_DEPLOYMENT, 'delete it', 'Background'),
    ],
  },
  {
    name: 'a StatefulSet goes, leaves its own behind, and comes again',
    deeds: [
      statefulSet({ replicas: 2 }),
      remove(A_SET, 'delete it alone', 'Orphan'),
      statefulSet({ replicas: 3 }),
      remove(`${CORE}/pods/a-1`, 'delete a Pod', 'Background'),
      remove(A_SET, 'delete it', 'Foreground'),
    ],
  },
  {
    name: 'a DaemonSet may have two Pods on a node, and goes',
    deeds: [
      make(`${APPS}/daemonsets`, 'apps/v1', 'DaemonSet', {
        selector,
        template: template('runs', 'image:1'),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
      image(A_DAEMON, 'image:2'),
      image(A_DAEMON, 'image:1'),
      remove(A_DAEMON, 'delete it', 'Background'),
    ],
  },
  {
    name: 'a DaemonSet waits for deletions',
    deeds: [
      make(`${APPS}/daemonsets`, 'apps/v1', 'DaemonSet', {
        selector,
        template: template('runs', 'image:1'),
        updateStrategy: { type: 'OnDelete' },
      }),
      image(A_DAEMON, 'image:2'),
    ],
  },
  { name: 'a Job runs and is deleted', deeds: [job({}, 'runs'), remove(A_JOB, 'delete it', 'Background')] },
  { name: 'a Job goes when it is over', deeds: [job({ ttlSecondsAfterFinished: 0 })] },
  {
    name: 'a Job whose containers are started again gives up',
    deeds: [job({ backoffLimit: 1 }, 'fails', 'OnFailure')],
  },
  {
    name: 'a Job waits for the end of Pods before it replaces them, and is resized',
    deeds: [
      job({ podReplacementPolicy: 'Failed', completions: 2, parallelism: 2, completionMode: 'Indexed' }, 'runs'),
      change(A_JOB, 'make it smaller', { spec: { completions: 1, parallelism: 1 } }),
    ],
  },
  {
    name: 'a Job of numbered parts, some of which fail',
    deeds: [job({ completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 0 }, 'fails')],
  },
  {
    name: 'a Job of numbered parts that needs only one of them',
    deeds: [
      job({
        completions: 3,
        parallelism: 1,
        completionMode: 'Indexed',
        successPolicy: { rules: [{ succeededIndexes: '0' }] },
      }),
    ],
  },
  {
    name: 'a CronJob that waits',
    deeds: [
      make(`${BATCH}/cronjobs`, 'batch/v1', 'CronJob', {
        schedule: '* * * * *',
        suspend: true,
        jobTemplate: { spec: { template: template('succeeds', 'image:1', { restartPolicy: 'Never' }) } },
      }),
    ],
  },
]
