// Sizes of ReplicaSets: one after another in a rollout, in proportion when the Deployment itself is scaled.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { wholeAt, withAt } from '../../../kinds/look.ts'
import { equalJson } from '../../../verbs/equal.ts'
import type { Desk } from '../../controller.ts'
import { note } from '../event.ts'
import { MANAGER } from '../writer.ts'
import {
  annotatedNumber,
  counted,
  DESIRED,
  isRolling,
  MOST,
  maxSurge,
  maxUnavailable,
  newSize,
  replicasOf,
  wantedBy,
} from './amounts.ts'
import { withSizes } from './revision.ts'
import { activeOf, allOf, byAge, type View } from './view.ts'

/** Gives a ReplicaSet a size. True where it had another one. */
export function scaleTo(desk: Desk, deployment: KubeObject, set: KubeObject, size: number, always = false): boolean {
  return replicasOf(resized(desk, deployment, set, size, always)) !== replicasOf(set)
}

/** The ReplicaSet with another size, as it is after the write; the same one where it has that size. */
function resized(desk: Desk, deployment: KubeObject, set: KubeObject, size: number, always = false): KubeObject {
  const before = replicasOf(set)
  if (before === size && !always) return set
  const after = withSizes(deployment, withAt(set, ['spec', 'replicas'], size))
  if (equalJson(after, set)) return set
  const written = desk.world.update(after, MANAGER)
  if (before === size) return written
  const message = `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`
  note(desk, { about: deployment, type: 'Normal', reason: 'ScalingReplicaSet', message, from: 'deployment-controller' })
  return written
}

/** True where the Deployment has got another size since its ReplicaSets were scaled. */
export function isScaled(view: View): boolean {
  return activeOf(allOf(view)).some((each) => {
    const desired = annotatedNumber(each, DESIRED)
    return desired !== null && desired !== replicasOf(view.deployment)
  })
}

/** Follows a new size of the Deployment without going on with a rollout. */
export function scale(desk: Desk, view: View): void {
  const { deployment, fresh, old } = view
  const active = activeOf(allOf(view))
  const only = active.length === 1 ? active[0] : active.length === 0 ? (fresh ?? old.at(-1)) : undefined
  if (only !== undefined) {
    scaleTo(desk, deployment, only, replicasOf(deployment))
    return
  }
  if (active.length === 0) return
  if (fresh !== null && isSaturated(deployment, fresh)) {
    for (const each of activeOf(old)) scaleTo(desk, deployment, each, 0)
    return
  }
  if (isRolling(deployment)) scaleInProportion(desk, deployment, active)
}

function isSaturated(deployment: KubeObject, fresh: KubeObject): boolean {
  const wanted = replicasOf(deployment)
  const available = wholeAt(fresh, 'status', 'availableReplicas') ?? 0
  return annotatedNumber(fresh, DESIRED) === wanted && replicasOf(fresh) === wanted && available === wanted
}

function scaleInProportion(desk: Desk, deployment: KubeObject, active: readonly KubeObject[]): void {
  const wanted = replicasOf(deployment)
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0
  const toAdd = allowed - wantedBy(active)
  // The larger first; of the same size newer ones grow first and older ones shrink first.
  const age = toAdd > 0 ? -1 : 1
  const sorted = [...active].sort((a, b) => replicasOf(b) - replicasOf(a) || age * byAge(a, b))
  let added = 0
  const sizes = sorted.map((each) => {
    const more = toAdd === 0 || toAdd === added ? 0 : proportion(deployment, each, toAdd, toAdd - added)
    added += more
    return replicasOf(each) + more
  })
  for (const [index, each] of sorted.entries()) {
    const size = (sizes[index] ?? 0) + (index === 0 ? toAdd - added : 0)
    scaleTo(desk, deployment, each, Math.max(0, size), true)
  }
}

function proportion(deployment: KubeObject, set: KubeObject, toAdd: number, allowed: number): number {
  const own = fraction(deployment, set)
  return toAdd > 0 ? Math.min(own, allowed) : Math.max(own, allowed)
}

function fraction(deployment: KubeObject, set: KubeObject): number {
  const size = replicasOf(set)
  if (replicasOf(deployment) === 0) return -size
  const before = annotatedNumber(set, MOST) || (wholeAt(deployment, 'status', 'replicas') ?? 0)
  if (before === 0) return 0
  return Math.round((size * (replicasOf(deployment) + maxSurge(deployment))) / before) - size
}

/** Lets the new ReplicaSet grow as far as there is room. True where it was scaled. */
export function growNew(desk: Desk, view: View): boolean {
  const { deployment, fresh } = view
  if (fresh === null) return false
  const [size, wanted] = [replicasOf(fresh), replicasOf(deployment)]
  if (size === wanted) return false
  return scaleTo(desk, deployment, fresh, size > wanted ? wanted : newSize(deployment, allOf(view), size))
}

/** Lets old ReplicaSets shrink as far as enough Pods stay available. True where one was scaled. */
export function shrinkOld(desk: Desk, view: View): boolean {
  const { deployment, fresh } = view
  const old = activeOf(view.old)
  if (old.length === 0 || fresh === null) return false
  const least = replicasOf(deployment) - maxUnavailable(deployment)
  const unavailable = replicasOf(fresh) - counted([fresh], 'availableReplicas')
  const most = wantedBy(allOf(view)) - least - unavailable
  if (most <= 0) return false
  // A ReplicaSet that has just been shrunk still counts Pods that are about to go: nobody knows yet what can be spared.
  if (isBehind(old, most)) return false
  // What is broken goes first: it would hold the rollout up, and nobody misses it.
  const cleaned = takeFrom(
    desk,
    deployment,
    old,
    most,
    (each) => replicasOf(each) - counted([each], 'availableReplicas'),
  )
  const spare = counted([...old, fresh], 'availableReplicas') - least
  const shrunk = takeFrom(desk, deployment, cleaned, spare, replicasOf)
  return wantedBy(shrunk) < wantedBy(old)
}

/** True where a ReplicaSet from which Pods would be taken counts more of them than it is to have. */
function isBehind(sets: readonly KubeObject[], most: number): boolean {
  let left = most
  for (const each of sets) {
    const broken = replicasOf(each) - counted([each], 'availableReplicas')
    if (left <= 0) return false
    if (broken < 0) return true
    left -= broken
  }
  return false
}

/** Takes Pods from ReplicaSets, the oldest first; the ReplicaSets as they are then. */
function takeFrom(
  desk: Desk,
  deployment: KubeObject,
  sets: readonly KubeObject[],
  most: number,
  loss: (set: KubeObject) => number,
): readonly KubeObject[] {
  let left = most
  return sets.map((each) => {
    const taken = Math.max(0, Math.min(left, replicasOf(each), loss(each)))
    left -= taken
    return resized(desk, deployment, each, replicasOf(each) - taken)
  })
}
