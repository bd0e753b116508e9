// What the statuses of workloads must be: counts that are not negative, and no more of a part than of the whole.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid } from '../causes.ts'
import { objectAt, wholeAt } from '../look.ts'
import { countsCauses } from '../pod/numbers.ts'

/** The status of one kind of workload. */
interface Counts {
  /** In the order in which the server looks at them. */
  readonly counts: readonly string[]
  /** Parts of `status.replicas`. */
  readonly parts: readonly string[]
  /** What those that are ready are called where more are available. */
  readonly ready: string
  /** Collisions are counted, and never fewer. */
  readonly collisions: boolean
}

/** A check of statuses. */
export function statusCauses(kind: Counts): (object: KubeObject, old: KubeObject) => readonly Cause[] {
  return (object, old) => {
    const status = objectAt(object, 'status')
    return [
      ...countsCauses(status, kind.counts, 'status'),
      ...partCauses(status, kind),
      ...(kind.collisions ? collisionCauses(status, objectAt(old, 'status')) : []),
    ]
  }
}

function partCauses(status: JsonObject, { parts, ready }: Counts): readonly Cause[] {
  const count = (key: string): number => wholeAt(status, key) ?? 0
  const tooMany = parts.filter((key) => count(key) > count('replicas'))
  const more = ready !== '' && count('availableReplicas') > count('readyReplicas')
  return [
    ...tooMany.map((key) => invalid(`status.${key}`, count(key), 'cannot be greater than status.replicas')),
    ...(more
      ? [invalid('status.availableReplicas', count('availableReplicas'), `cannot be greater than ${ready}`)]
      : []),
  ]
}

function collisionCauses(status: JsonObject, old: JsonObject): readonly Cause[] {
  const [now, before] = [wholeAt(status, 'collisionCount'), wholeAt(old, 'collisionCount')]
  if (before === null || (now !== null && now >= before)) return []
  return [invalid('status.collisionCount', now ?? 0, 'cannot be decremented')]
}

/** Of Deployments. */
export const deploymentStatus = statusCauses({
  counts: [
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'terminatingReplicas',
    'collisionCount',
  ],
  parts: ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
  ready: 'readyReplicas',
  collisions: true,
})

/** Of ReplicaSets and ReplicationControllers. */
export const replicaSetStatus = statusCauses({
  counts: [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'terminatingReplicas',
    'observedGeneration',
  ],
  parts: ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  ready: 'readyReplicas',
  collisions: false,
})

/** Of StatefulSets. */
export const statefulSetStatus = statusCauses({
  counts: [
    'replicas',
    'readyReplicas',
    'currentReplicas',
    'updatedReplicas',
    'availableReplicas',
    'observedGeneration',
    'collisionCount',
  ],
  parts: ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
  ready: 'status.readyReplicas',
  collisions: false,
})

/** Of DaemonSets. */
export const daemonSetStatus = statusCauses({
  counts: [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ],
  parts: [],
  ready: '',
  collisions: true,
})
