// ReplicaSets and ReplicationControllers: as many Pods of a template as wanted, no more and no less.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { objectAt, textAt, wholeAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import { StatusError } from '../../registry/status.ts'
import { timeText } from '../../schema/time.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { claim } from './claim.ts'
import { conditionOf, conditionsOf, withCondition, withoutCondition } from './conditions.ts'
import { controllerOf, openLookup, ownedPods, ownedReplicaSets, ownerSubjects } from './owned.ts'
import {
  createPod,
  deletePod,
  isActive,
  isAvailable,
  isGoing,
  isNamespaceGoing,
  isReady,
  nextAvailable,
  podFrom,
} from './pod.ts'
import { podsToDelete } from './rank.ts'
import { withoutZeros, writeStatus } from './writer.ts'

/** A kind that keeps a number of Pods. */
interface Kind {
  readonly apiVersion: string
  readonly kind: string
  readonly resource: string
  /** As events and its own look name it. */
  readonly from: string
  /** The owner with its selector in the form of ReplicaSets. */
  readonly withSelector: (object: KubeObject) => KubeObject
  /** Whether the status counts the Pods that are going. */
  readonly countsGoing: boolean
}

const REPLICA_SET: Kind = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  resource: 'apps/replicasets',
  from: 'replicaset-controller',
  withSelector: (object) => object,
  countsGoing: true,
}

const REPLICATION_CONTROLLER: Kind = {
  apiVersion: 'v1',
  kind: 'ReplicationController',
  resource: '/replicationcontrollers',
  from: 'replication-controller',
  withSelector: (object) => ({
    ...object,
    spec: { ...objectAt(object, 'spec'), selector: { matchLabels: objectAt(object, 'spec', 'selector') } },
  }),
  countsGoing: false,
}

/** At most so many Pods are made or deleted in one look. */
const BURST = 500

/** Keeps the Pods of ReplicaSets. */
export const replicaSetController = controllerFor(REPLICA_SET)
/** Keeps the Pods of ReplicationControllers. */
export const replicationController = controllerFor(REPLICATION_CONTROLLER)

function controllerFor(kind: Kind): Controller {
  const inNamespace = openLookup(kind.resource, (object) => [textAt(object, 'metadata', 'namespace')])
  return {
    name: kind.from,
    follows: [
      { resource: kind.resource, subjects: (object) => [subjectOf(object)] },
      {
        resource: '/pods',
        subjects: (pod, { world }) => {
          if (controllerOf(pod) !== null) return ownerSubjects(pod, kind.apiVersion, kind.kind)
          // An orphan: whoever would choose it looks.
          const labels = objectAt(pod, 'metadata', 'labels')
          return inNamespace(world, textAt(pod, 'metadata', 'namespace'))
            .filter((each) => selects(objectAt(kind.withSelector(each), 'spec', 'selector'), labels))
            .map(subjectOf)
        },
      },
    ],
    reconcile: (subject, desk) => {
      const owner = desk.world.get({ apiVersion: kind.apiVersion, kind: kind.kind, ...placeOf(subject) })
      return owner === null ? null : reconcile(kind, owner, desk)
    },
  }
}

function reconcile(kind: Kind, owner: KubeObject, desk: Desk): number | null {
  const all = claim(desk, kind.withSelector(owner), ownedPods, { adopts: isActive })
  const active = all.filter(isActive)
  const failure = isTerminating(owner) ? null : manage(kind, owner, active, desk)
  const status = statusOf(kind, owner, active, all.filter(isGoing).length, failure, desk.now)
  writeStatus(desk.world, owner, { ...owner, status })
  if (failure !== null && !isNamespaceGoing(failure)) throw failure
  const wait = wholeAt(owner, 'spec', 'minReadySeconds') ?? 0
  return wait === 0 ? null : nextAvailable(active, wait, desk.now)
}

/** Makes what is missing and deletes what is too much; the refusal that ended it, or null. */
function manage(kind: Kind, owner: KubeObject, active: readonly KubeObject[], desk: Desk): StatusError | null {
  const wanted = wholeAt(owner, 'spec', 'replicas') ?? 0
  try {
    for (let missing = Math.min(wanted - active.length, BURST); missing > 0; missing--) {
      createPod(desk, owner, podFrom(owner, objectAt(owner, 'spec', 'template')), kind.from)
    }
    const surplus = Math.min(active.length - wanted, BURST)
    if (surplus > 0) {
      for (const pod of podsToDelete(active, siblings(desk, owner), surplus, desk.now)) {
        deletePod(desk, owner, pod, kind.from)
      }
    }
    return null
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
}

/** The Pods of all that belong to the same Deployment, which share its nodes. */
function siblings({ world }: Desk, owner: KubeObject): readonly KubeObject[] {
  const parent = controllerOf(owner)
  if (parent === null) return ownedPods.of(world, owner).filter(isActive)
  const sets = ownedReplicaSets.of(world, { ...owner, metadata: { ...owner.metadata, uid: parent.uid } })
  return sets.flatMap((each) => ownedPods.of(world, each)).filter(isActive)
}

function statusOf(
  { countsGoing }: Kind,
  owner: KubeObject,
  active: readonly KubeObject[],
  going: number,
  failure: StatusError | null,
  now: number,
): JsonObject {
  const labels = objectAt(owner, 'spec', 'template', 'metadata', 'labels')
  const wait = wholeAt(owner, 'spec', 'minReadySeconds') ?? 0
  const like = (pod: KubeObject): boolean => selects({ matchLabels: labels }, objectAt(pod, 'metadata', 'labels'))
  const conditions = failureConditions(owner, active.length, failure, now)
  const counts = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter(like).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, wait, now)).length,
    ...(countsGoing ? { terminatingReplicas: going } : {}),
    observedGeneration: wholeAt(owner, 'metadata', 'generation') ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  }
  return withoutZeros(counts, 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration')
}

function failureConditions(
  owner: KubeObject,
  count: number,
  failure: StatusError | null,
  now: number,
): readonly JsonObject[] {
  const conditions = conditionsOf(owner)
  // What goes with its namespace has not failed.
  if (failure === null || isNamespaceGoing(failure)) return withoutCondition(conditions, 'ReplicaFailure')
  if (conditionOf(conditions, 'ReplicaFailure') !== null) return conditions
  return withCondition(conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timeText(now),
    reason: count < (wholeAt(owner, 'spec', 'replicas') ?? 0) ? 'FailedCreate' : 'FailedDelete',
    message: failure.message,
  })
}
