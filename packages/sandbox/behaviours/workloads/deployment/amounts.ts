// The numbers of a rollout: how many Pods there may be, how many may be missing, and what ReplicaSets add up to.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { textAt, wholeAt } from '../../../kinds/look.ts'

/** Annotations by which a Deployment and its ReplicaSets know each other's state. */
export const REVISION = 'deployment.kubernetes.io/revision'
/** Earlier revisions of a ReplicaSet that came back. */
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
/** The size of the Deployment when the ReplicaSet was last scaled. */
export const DESIRED = 'deployment.kubernetes.io/desired-replicas'
/** The same with what may be more during a rollout. */
export const MOST = 'deployment.kubernetes.io/max-replicas'

/** A number, or a share of a whole; 0 for what is neither. */
export function amount(value: Json | undefined, whole: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !value.endsWith('%')) return 0
  const share = (Number(value.slice(0, -1)) * whole) / 100
  return round === 'up' ? Math.ceil(share) : Math.floor(share)
}

/** `spec.replicas`. */
export function replicasOf(object: KubeObject): number {
  return wholeAt(object, 'spec', 'replicas') ?? 0
}

function rolling(deployment: KubeObject): { readonly surge: number; readonly unavailable: number } {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 }
  const { spec } = deployment
  const strategy = (key: string): Json | undefined => rollingValue(spec, key)
  const surge = amount(strategy('maxSurge'), replicasOf(deployment), 'up')
  const unavailable = amount(strategy('maxUnavailable'), replicasOf(deployment), 'down')
  // Where rounding leaves no room at all, one may be missing: otherwise nothing would ever move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

function rollingValue(spec: Json | undefined, key: string): Json | undefined {
  const whole = wholeAt(spec, 'strategy', 'rollingUpdate', key)
  return whole ?? textAt(spec, 'strategy', 'rollingUpdate', key)
}

/** True for Deployments that exchange their Pods bit by bit. */
export function isRolling(deployment: KubeObject): boolean {
  return textAt(deployment, 'spec', 'strategy', 'type') === 'RollingUpdate'
}

/** How many Pods more than wanted there may be. */
export function maxSurge(deployment: KubeObject): number {
  return rolling(deployment).surge
}

/** How many Pods may be missing. */
export function maxUnavailable(deployment: KubeObject): number {
  return replicasOf(deployment) === 0 ? 0 : Math.min(rolling(deployment).unavailable, replicasOf(deployment))
}

/** The number in an annotation; null where there is none. */
export function annotatedNumber(object: KubeObject, name: string): number | null {
  const text = annotationOf(object, name)
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

/** Sums `spec.replicas`. */
export function wantedBy(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, each) => sum + replicasOf(each), 0)
}

/** Sums a count of the status. */
export function counted(sets: readonly KubeObject[], key: string): number {
  return sets.reduce((sum, each) => sum + (wholeAt(each, 'status', key) ?? 0), 0)
}

/** The size that the new ReplicaSet may have now. */
export function newSize(deployment: KubeObject, all: readonly KubeObject[], fresh: number): number {
  const wanted = replicasOf(deployment)
  if (!isRolling(deployment)) return wanted
  const room = wanted + maxSurge(deployment) - wantedBy(all)
  return room <= 0 ? fresh : fresh + Math.min(room, wanted - fresh)
}
