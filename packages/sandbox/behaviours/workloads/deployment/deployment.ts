// Deployments: one ReplicaSet for each template, and rollouts from one to the next.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { isTrue, objectAt, wholeAt, withAt } from '../../../kinds/look.ts'
import { isEmptySelector } from '../../../kinds/metadata.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../../controller.ts'
import { claim } from '../claim.ts'
import { conditionsOf, withCondition } from '../conditions.ts'
import { note } from '../event.ts'
import { controllerOf, openLookup, ownedPods, ownedReplicaSets, ownerSubjects } from '../owned.ts'
import { isFinished } from '../pod.ts'
import { writeStatus } from '../writer.ts'
import { isRolling, replicasOf } from './amounts.ts'
import { createFresh, forgetOld, syncRevision } from './revision.ts'
import { growNew, isScaled, scale, scaleTo, shrinkOld } from './scale.ts'
import {
  condition,
  hasDeadline,
  isComplete,
  progressOf,
  withConditions,
  writeIdleStatus,
  writeRolloutStatus,
} from './status.ts'
import { activeOf, type View, viewOf } from './view.ts'

const deploymentsIn = openLookup('apps/deployments', (object) => [String(object.metadata.namespace)])

/** Rolls Deployments out. */
export const deploymentController: Controller = {
  name: 'deployment',
  follows: [
    { resource: 'apps/deployments', subjects: (object) => [subjectOf(object)] },
    {
      resource: 'apps/replicasets',
      subjects: (set, { world }) =>
        controllerOf(set) === null
          ? deploymentsIn(world, String(set.metadata.namespace)).map(subjectOf)
          : ownerSubjects(set, 'apps/v1', 'Deployment'),
    },
    { resource: '/pods', subjects: recreating },
  ],
  reconcile: (subject, desk) => {
    const deployment = desk.world.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...placeOf(subject) })
    return deployment === null ? null : reconcile(deployment, desk)
  },
}

/** The Deployment of a Pod that ended: one that exchanges all its Pods at once may have waited for it. */
function recreating(pod: KubeObject, { world }: Desk): readonly string[] {
  if (!isTerminating(pod) && !isFinished(pod)) return []
  const owner = controllerOf(pod)
  if (owner?.kind !== 'ReplicaSet') return []
  const namespace = String(pod.metadata.namespace)
  const set = world.get({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: owner.name })
  return set === null ? [] : ownerSubjects(set, 'apps/v1', 'Deployment')
}

function reconcile(deployment: KubeObject, desk: Desk): number | null {
  if (isEmptySelector(objectAt(deployment, 'spec', 'selector'))) return refuseAll(deployment, desk)
  const view = viewOf(deployment, claim(desk, deployment, ownedReplicaSets))
  if (isTerminating(deployment)) return writeIdleStatus(desk, view)
  if (notePause(desk, deployment)) return null
  if (syncRevision(desk, view)) return null
  if (isTrue(deployment, 'spec', 'paused')) {
    scale(desk, view)
    forgetOld(desk, view)
    return writeIdleStatus(desk, view)
  }
  if (isScaled(view)) {
    scale(desk, view)
    return writeIdleStatus(desk, view)
  }
  return isRolling(deployment) ? roll(desk, view) : recreate(desk, view)
}

function refuseAll(deployment: KubeObject, desk: Desk): null {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.'
  note(desk, { about: deployment, type: 'Warning', reason: 'SelectingAll', message, from: 'deployment-controller' })
  const generation = wholeAt(deployment, 'metadata', 'generation') ?? 0
  writeStatus(desk.world, deployment, withAt(deployment, ['status', 'observedGeneration'], generation))
  return null
}

/** Says that the Deployment was paused, or goes on: the time between does not count as a lack of progress. */
function notePause(desk: Desk, deployment: KubeObject): boolean {
  const reason = progressOf(deployment)?.reason
  if (!hasDeadline(deployment) || reason === 'ProgressDeadlineExceeded') return false
  const [paused, said] = [isTrue(deployment, 'spec', 'paused'), reason === 'DeploymentPaused']
  if (paused === said) return false
  const word = paused
    ? condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', desk.now)
    : condition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', desk.now)
  const conditions = withCondition(conditionsOf(deployment), word)
  return writeStatus(desk.world, deployment, withConditions(deployment, conditions))
}

function roll(desk: Desk, view: View): number | null {
  if (view.fresh === null) {
    createFresh(desk, view)
    return null
  }
  if (!growNew(desk, view) && !shrinkOld(desk, view)) finish(desk, view)
  return writeRolloutStatus(desk, view)
}

function recreate(desk: Desk, view: View): number | null {
  const { deployment, fresh, old } = view
  let scaled = false
  for (const each of activeOf(old)) if (scaleTo(desk, deployment, each, 0)) scaled = true
  if (scaled || arePodsLeft(desk, view)) return writeRolloutStatus(desk, view)
  if (fresh === null) {
    createFresh(desk, view)
    return null
  }
  if (!scaleTo(desk, deployment, fresh, replicasOf(deployment))) finish(desk, view)
  return writeRolloutStatus(desk, view)
}

/** True while Pods of earlier templates are there, even if they are going. */
function arePodsLeft({ world }: Desk, { old }: View): boolean {
  return old.some(
    (each) =>
      (wholeAt(each, 'status', 'replicas') ?? 0) > 0 || ownedPods.of(world, each).some((pod) => !isFinished(pod)),
  )
}

function finish(desk: Desk, view: View): void {
  if (isComplete(view.deployment, objectAt(view.deployment, 'status'))) forgetOld(desk, view)
}
