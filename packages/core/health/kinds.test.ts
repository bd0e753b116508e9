// Health of the other kinds: network, volumes, jobs, autoscaling, APIs; each in every status it can have.
import { describe, expect, it } from 'vitest'
import type { Parts } from './testing/objects.ts'
import { cond, live, shown } from './testing/objects.ts'

type Row = readonly [name: string, parts: Parts, expected: string]

function table(apiVersion: string, kind: string, rows: readonly Row[]): void {
  describe(`${kind} (${apiVersion})`, () => {
    it.each(rows)('%s', (_name, parts, expected) => {
      expect(shown(live(apiVersion, kind, parts))).toBe(expected)
    })
  })
}

const address = { loadBalancer: { ingress: [{ ip: '203.0.113.20' }] } }
const conditions = (...list: readonly ReturnType<typeof cond>[]): Parts => ({ status: { conditions: list } })

table('v1', 'Service', [
  ['is healthy inside the cluster', { spec: { type: 'ClusterIP' } }, 'Healthy'],
  ['is healthy where it names no type', { spec: {} }, 'Healthy'],
  ['is healthy when its load balancer has an address', { spec: { type: 'LoadBalancer' }, status: address }, 'Healthy'],
  [
    'waits for its load balancer',
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } },
    'Progressing: no load balancer has given it an address yet',
  ],
])

for (const apiVersion of ['networking.k8s.io/v1', 'extensions/v1beta1']) {
  table(apiVersion, 'Ingress', [
    ['is healthy when it has an address', { status: address }, 'Healthy'],
    [
      'waits for an address, and names the class it waits for',
      { spec: { ingressClassName: 'nginx' }, status: { loadBalancer: { ingress: [] } } },
      'Progressing: no controller of class nginx has given it an address yet',
    ],
    ['waits for an address', {}, 'Progressing: no controller has given it an address yet'],
  ])
}

const provisioner = (name: string): Parts => ({ metadata: { annotations: { [name]: 'csi.example.com' } } })

table('v1', 'PersistentVolumeClaim', [
  ['is healthy when bound', { status: { phase: 'Bound' } }, 'Healthy'],
  [
    'is degraded when its volume is gone',
    { spec: { volumeName: 'pv-1' }, status: { phase: 'Lost' } },
    'Degraded: its volume pv-1 is gone',
  ],
  [
    'waits for a volume that is being made',
    { ...provisioner('volume.kubernetes.io/storage-provisioner'), status: { phase: 'Pending' } },
    'Progressing: csi.example.com is making its volume',
  ],
  [
    'waits for a volume that is being made (older annotation)',
    { ...provisioner('volume.beta.kubernetes.io/storage-provisioner'), status: { phase: 'Pending' } },
    'Progressing: csi.example.com is making its volume',
  ],
  [
    'waits for the volume that it names',
    { spec: { volumeName: 'pv-1' }, status: { phase: 'Pending' } },
    'Progressing: waits for volume pv-1',
  ],
  [
    'holds nobody up while it waits for its first pod',
    { status: { phase: 'Pending' } },
    'Healthy: not bound yet: waits for its first pod, or for a volume that fits',
  ],
  ['is unknown without a phase', {}, 'Unknown: it has no phase'],
  ['is unknown in another phase', { status: { phase: 'Odd' } }, 'Unknown: its phase is Odd'],
])

table('batch/v1', 'Job', [
  [
    'is healthy when complete',
    conditions(cond('Complete', 'True', '', 'Reached expected number')),
    'Healthy: Reached expected number',
  ],
  [
    'is degraded when failed, with the reason',
    conditions(cond('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')),
    'Degraded: BackoffLimitExceeded: Job has reached the specified backoff limit',
  ],
  [
    'is in progress, and counts',
    { spec: { completions: 5 }, status: { succeeded: 2, active: 1, failed: 3 } },
    'Progressing: 2 of 5 done, 1 active, 3 failed',
  ],
  ['is in progress before it began', {}, 'Progressing: 0 of 1 done, 0 active'],
  [
    'is suspended',
    { spec: { suspend: true }, status: { conditions: [cond('Suspended', 'True')] } },
    'Suspended: it is suspended',
  ],
  [
    'is at work again after it was resumed',
    { spec: { suspend: false }, status: { active: 1, conditions: [cond('Suspended', 'False')] } },
    'Progressing: 0 of 1 done, 1 active',
  ],
  [
    'is still at work while it only begins to fail',
    { status: { active: 1, conditions: [cond('FailureTarget', 'True')] } },
    'Progressing: 0 of 1 done, 1 active',
  ],
])

const at = (hour: number): string => `2026-03-01T0${hour}:00:00Z`

table('batch/v1', 'CronJob', [
  ['is suspended', { spec: { suspend: true }, status: {} }, 'Suspended: it is suspended'],
  ['is in progress until it is seen', {}, 'Progressing: its controller has not seen it yet'],
  ['is healthy before its first run', { status: {} }, 'Healthy: no run was due yet'],
  [
    'is healthy while a run is under way',
    { status: { lastScheduleTime: at(2), active: [{}] } },
    'Healthy: a run is under way',
  ],
  [
    'is not blamed before the first success',
    { status: { lastScheduleTime: at(2) } },
    `Healthy: no run has succeeded yet, the last began at ${at(2)}`,
  ],
  [
    'is degraded when the last run did not succeed',
    { status: { lastScheduleTime: at(2), lastSuccessfulTime: at(1) } },
    `Degraded: the run of ${at(2)} failed; the last success was at ${at(1)}`,
  ],
  ['is healthy after a success', { status: { lastScheduleTime: at(2), lastSuccessfulTime: at(3) } }, 'Healthy'],
])

const noMetrics = cond('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics returned')
const able = cond('AbleToScale', 'True', 'ReadyForNewScale')

table('autoscaling/v2', 'HorizontalPodAutoscaler', [
  ['is healthy when it can scale', conditions(able), 'Healthy'],
  ['is healthy at a limit', conditions(cond('ScalingLimited', 'True', 'TooFewReplicas')), 'Healthy'],
  [
    'is degraded without metrics, though it could scale',
    conditions(able, noMetrics),
    'Degraded: FailedGetResourceMetric: no metrics returned',
  ],
  [
    'is degraded without its target',
    conditions(cond('AbleToScale', 'False', 'FailedGetScale', 'deployments "x" not found')),
    'Degraded: FailedGetScale: deployments "x" not found',
  ],
  [
    'is degraded by its selector',
    conditions(able, cond('ScalingActive', 'False', 'InvalidSelector')),
    'Degraded: InvalidSelector',
  ],
  [
    'is healthy when its target is at zero',
    conditions(able, cond('ScalingActive', 'False', 'ScalingDisabled')),
    'Healthy',
  ],
  ['is in progress before its first decision', {}, 'Progressing: has not decided on a scale yet'],
])

const v1 = (text: string): Parts => ({
  metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': text } },
})

table('autoscaling/v1', 'HorizontalPodAutoscaler', [
  ['is healthy by its annotation', v1(JSON.stringify([able])), 'Healthy'],
  [
    'is degraded by its annotation',
    v1(JSON.stringify([able, noMetrics])),
    'Degraded: FailedGetResourceMetric: no metrics returned',
  ],
  ['is in progress without conditions', {}, 'Progressing: has not decided on a scale yet'],
  ['is in progress with an empty annotation', v1('[]'), 'Progressing: has not decided on a scale yet'],
  [
    'is unknown when the annotation is damaged',
    v1('[{'),
    'Unknown: its annotation autoscaling.alpha.kubernetes.io/conditions is not JSON',
  ],
])

table('policy/v1', 'PodDisruptionBudget', [
  ['is in progress until it is seen', {}, 'Progressing: its controller has not seen it yet'],
  ['is healthy when it allows disruptions', conditions(cond('DisruptionAllowed', 'True', 'SufficientPods')), 'Healthy'],
  ['is healthy when it forbids them', conditions(cond('DisruptionAllowed', 'False', 'InsufficientPods')), 'Healthy'],
  [
    'is degraded when it cannot be computed',
    conditions(cond('DisruptionAllowed', 'False', 'SyncFailed', 'found no controllers for pod')),
    'Degraded: SyncFailed: found no controllers for pod',
  ],
])

table('apiregistration.k8s.io/v1', 'APIService', [
  [
    'is healthy when it answers',
    conditions(cond('Available', 'True', 'Passed', 'all checks passed')),
    'Healthy: Passed: all checks passed',
  ],
  [
    'is in progress while it does not answer',
    conditions(cond('Available', 'False', 'MissingEndpoints', 'no addresses')),
    'Progressing: MissingEndpoints: no addresses',
  ],
  ['is in progress before it was tried', {}, 'Progressing: the API server has not tried it yet'],
])

const accepted = cond('NamesAccepted', 'True', 'NoConflicts')
const established = cond('Established', 'True', 'InitialNamesAccepted')

table('apiextensions.k8s.io/v1', 'CustomResourceDefinition', [
  ['is healthy when its kind is served', conditions(accepted, established), 'Healthy'],
  ['is in progress without conditions', {}, 'Progressing: its kind is not served yet'],
  [
    'is in progress while it is installed',
    conditions(accepted, cond('Established', 'False', 'Installing', 'the initial names have been accepted')),
    'Progressing: its kind is not served yet',
  ],
  [
    'is degraded when another definition has its names',
    conditions(cond('NamesAccepted', 'False', 'PluralConflict', '"crons" is already in use')),
    'Degraded: its names are not accepted: "crons" is already in use',
  ],
  [
    'is degraded by its schema',
    conditions(accepted, established, cond('NonStructuralSchema', 'True', 'Violations', 'spec.x: Required value')),
    'Degraded: its schema is not structural: spec.x: Required value',
  ],
  [
    'is in progress while its objects are deleted',
    conditions(accepted, established, cond('Terminating', 'True', 'InstanceDeletionInProgress', '3 left')),
    'Progressing: deleting: 3 left',
  ],
])

table('argoproj.io/v1alpha1', 'Workflow', [
  ['is in progress before it began', {}, 'Progressing'],
  ['is in progress while pending', { status: { phase: 'Pending' } }, 'Progressing'],
  ['is in progress while it runs', { status: { phase: 'Running', message: 'step 2' } }, 'Progressing: step 2'],
  ['is healthy when it succeeded', { status: { phase: 'Succeeded' } }, 'Healthy'],
  ['is degraded when it failed', { status: { phase: 'Failed', message: 'child failed' } }, 'Degraded: child failed'],
  ['is degraded by an error', { status: { phase: 'Error', message: 'no quota' } }, 'Degraded: no quota'],
  ['is unknown in another phase', { status: { phase: 'Odd' } }, 'Unknown: its phase is Odd'],
])
