// Health of Deployment, StatefulSet, DaemonSet and ReplicaSet, each in every status it can have.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { cond, live, shown } from './testing/objects.ts'

const metadata = { generation: 2 }
const seen = { observedGeneration: 2 }

type Row = readonly [name: string, spec: JsonObject, status: JsonObject, expected: string]

function table(kind: string, rows: readonly Row[]): void {
  describe(kind, () => {
    it.each(rows)('%s', (_name, spec, status, expected) => {
      expect(shown(live('apps/v1', kind, { metadata, spec, status }))).toBe(expected)
    })

    it('is in progress until its controller has seen it', () => {
      expect(shown(live('apps/v1', kind, { metadata, spec: {} }))).toBe(
        'Progressing: its controller has not seen it yet',
      )
      const late = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
      expect(shown(live('apps/v1', kind, { metadata, spec: {}, status: late }))).toBe(
        'Progressing: its controller has not seen the last change yet',
      )
    })
  })
}

const deadline = cond('Progressing', 'False', 'ProgressDeadlineExceeded', 'ReplicaSet "x-1" has timed out')
const quota = cond('ReplicaFailure', 'True', 'FailedCreate', 'pods "x" is forbidden: exceeded quota')

table('Deployment', [
  [
    'is healthy when all replicas are new and available',
    { replicas: 2 },
    { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
    'Healthy',
  ],
  ['is healthy when scaled to nothing', { replicas: 0 }, seen, 'Healthy'],
  ['counts one replica where none is named', {}, seen, 'Progressing: 0 of 1 new pods are made'],
  [
    'waits for new pods to be made',
    { replicas: 3 },
    { ...seen, replicas: 3, updatedReplicas: 1, availableReplicas: 3 },
    'Progressing: 1 of 3 new pods are made',
  ],
  [
    'waits for old pods to end',
    { replicas: 2 },
    { ...seen, replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
    'Progressing: 1 old pods are still to end',
  ],
  [
    'waits for new pods to be available',
    { replicas: 2 },
    { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
    'Progressing: 1 of 2 new pods are available',
  ],
  [
    'says what the server refuses while it waits',
    { replicas: 2 },
    { ...seen, conditions: [quota] },
    'Progressing: 0 of 2 new pods are made; pods "x" is forbidden: exceeded quota',
  ],
  [
    'is degraded past its progress deadline',
    { replicas: 1 },
    { ...seen, replicas: 1, updatedReplicas: 1, conditions: [deadline] },
    'Degraded: not rolled out before its progress deadline; ProgressDeadlineExceeded: ReplicaSet "x-1" has timed out',
  ],
  [
    'names the refusal rather than the deadline it led to',
    { replicas: 1 },
    { ...seen, conditions: [deadline, quota] },
    'Degraded: not rolled out before its progress deadline; pods "x" is forbidden: exceeded quota',
  ],
  ['is suspended while it is paused', { paused: true }, seen, 'Suspended: its roll-out is paused'],
  [
    'is suspended while it is paused, seen or not',
    { paused: true },
    { observedGeneration: 1 },
    'Suspended: its roll-out is paused',
  ],
])

const one = { currentRevision: 'x-1', updateRevision: 'x-1' }
const two = { currentRevision: 'x-1', updateRevision: 'x-2' }
const rolling = (partition: number): JsonObject => ({
  replicas: 3,
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
})

table('StatefulSet', [
  [
    'is healthy when all pods are ready and of the newest revision',
    rolling(0),
    { ...seen, ...one, readyReplicas: 3, updatedReplicas: 3 },
    'Healthy',
  ],
  ['is healthy when scaled to nothing', { replicas: 0 }, { ...seen, ...one }, 'Healthy'],
  [
    'waits for pods to be ready',
    rolling(0),
    { ...seen, ...one, readyReplicas: 2 },
    'Progressing: 2 of 3 pods are ready',
  ],
  [
    'waits for pods to be updated',
    rolling(0),
    { ...seen, ...two, readyReplicas: 3, updatedReplicas: 1 },
    'Progressing: 1 of 3 pods are updated',
  ],
  [
    'waits only for the pods above the partition',
    rolling(2),
    { ...seen, ...two, readyReplicas: 3, updatedReplicas: 0 },
    'Progressing: 0 of 1 pods are updated',
  ],
  [
    'is healthy when the pods above the partition are updated',
    rolling(2),
    { ...seen, ...two, readyReplicas: 3, updatedReplicas: 1 },
    'Healthy',
  ],
  [
    'is healthy when the partition is beyond the last pod',
    rolling(5),
    { ...seen, ...two, readyReplicas: 3, updatedReplicas: 0 },
    'Healthy',
  ],
  [
    'does not wait for what only a deletion would update',
    { replicas: 3, updateStrategy: { type: 'OnDelete' } },
    { ...seen, ...two, readyReplicas: 3, updatedReplicas: 0 },
    'Healthy: pods are updated when they are deleted',
  ],
])

table('DaemonSet', [
  [
    'is healthy when every node has its new, available pod',
    {},
    { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
    'Healthy',
  ],
  ['is healthy where no node should have one', {}, { ...seen, desiredNumberScheduled: 0 }, 'Healthy'],
  [
    'waits for nodes to get the new pod',
    {},
    { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 },
    'Progressing: 1 of 3 nodes have the new pod',
  ],
  [
    'waits for pods to be available',
    {},
    { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
    'Progressing: 2 of 3 pods are available',
  ],
  [
    'does not wait for what only a deletion would update',
    { updateStrategy: { type: 'OnDelete' } },
    { ...seen, desiredNumberScheduled: 3 },
    'Healthy: pods are updated when they are deleted',
  ],
])

table('ReplicaSet', [
  ['is healthy when its pods are available', { replicas: 2 }, { ...seen, availableReplicas: 2 }, 'Healthy'],
  ['waits for its pods', { replicas: 2 }, { ...seen, availableReplicas: 1 }, 'Progressing: 1 of 2 pods are available'],
  [
    'is degraded when pods are refused',
    { replicas: 2 },
    { ...seen, conditions: [quota] },
    'Degraded: pods cannot be made: pods "x" is forbidden: exceeded quota',
  ],
])
