// Pods of Jobs are kept by a finalizer until they are counted; those whose Job counts no more are let go.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { textAt, textsAt } from '../../../kinds/look.ts'
import type { World } from '../../../world.ts'
import { type Controller, placeOf, subjectOf } from '../../controller.ts'
import { withoutFinalizer } from '../claim.ts'
import { controllerOf, ownedPods } from '../owned.ts'
import { MANAGER } from '../writer.ts'
import { finishedAs } from './conditions.ts'

/** The finalizer of Pods that are still to be counted. */
export const TRACKING = 'batch.kubernetes.io/job-tracking'

/** Takes the finalizer from a Pod. */
export function letGo(world: World, pod: KubeObject): void {
  const place = { apiVersion: 'v1', kind: 'Pod', ...placeOf(subjectOf(pod)) }
  const live = world.get(place)
  if (live === null) return
  const free = withoutFinalizer(live, TRACKING)
  if (free !== live) world.update(free, MANAGER)
}

/** Lets go of Pods whose Job is gone or over. */
export const jobOrphanController: Controller = {
  name: 'job-orphans',
  follows: [
    { resource: '/pods', subjects: (pod) => (isHeld(pod) ? [subjectOf(pod)] : []) },
    { resource: 'batch/jobs', subjects: (job, { world }) => ownedPods.of(world, job).filter(isHeld).map(subjectOf) },
  ],
  reconcile: (subject, { world }) => {
    const pod = world.get({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subject) })
    if (pod === null || !isHeld(pod)) return null
    const owner = controllerOf(pod)
    if (owner !== null) {
      if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return null
      const namespace = textAt(pod, 'metadata', 'namespace')
      const job = world.get({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: owner.name })
      if (job !== null && textAt(job, 'metadata', 'uid') === owner.uid && finishedAs(job) === null) return null
    }
    letGo(world, pod)
    return null
  },
}

function isHeld(pod: KubeObject): boolean {
  return textsAt(pod, 'metadata', 'finalizers').includes(TRACKING)
}
