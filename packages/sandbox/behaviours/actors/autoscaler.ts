// A HorizontalPodAutoscaler controller: scales its target through `scale` by a load that is told to it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf, timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { Place, World } from '../../world.ts'
import { isServed } from '../cluster/objects.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'

/** How an autoscaler sees the world. */
export interface AutoscalerOptions {
  /** Load of a target (`namespace/name` of the autoscaler) in percent of what one Pod asks for; null: nobody knows it. */
  readonly load: (subject: string, now: number) => number | null
  readonly intervalMs?: number
  /** So long after the last change nothing is scaled down. */
  readonly stabilizationMs?: number
}

const HEAD = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' } as const
const WRITER = { manager: 'kube-controller-manager' } as const
/** Differences that are too small to act upon. */
const TOLERANCE = 0.1

/** The controller of HorizontalPodAutoscalers. */
export function autoscaler(options: AutoscalerOptions): Controller {
  const { intervalMs = 15_000 } = options
  return {
    name: 'horizontal-pod-autoscaler',
    follows: [{ resource: 'autoscaling/horizontalpodautoscalers', subjects: (each) => [subjectOf(each)] }],
    reconcile: (subject, desk) => {
      const own = desk.world.get({ ...HEAD, ...placeOf(subject) })
      if (own === null) return null
      const status = statusOf(desk, own, options)
      // What it wrote itself makes it look again at once, and then nothing is new.
      if (!equalJson(status, objectAt(own, 'status'))) {
        desk.world.update({ ...own, status }, { ...WRITER, subresource: 'status' })
      }
      return intervalMs
    },
  }
}

interface Decision {
  readonly current: number
  readonly desired: number
  readonly utilization: number | null
}

function statusOf(desk: Desk, own: KubeObject, options: AutoscalerOptions): JsonObject {
  const { world, now } = desk
  const before = objectAt(own, 'status')
  const target = targetOf(world, own)
  if (target === null) {
    const message = "the HPA controller was unable to get the target's current scale"
    const condition = { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message }
    return {
      ...before,
      conditions: settled(before, [condition], now),
      desiredReplicas: wholeAt(before, 'desiredReplicas') ?? 0,
    }
  }
  const decision = decide(own, target.replicas, desk, options)
  const scaled = decision.desired !== decision.current
  if (scaled) world.scale(target.place, decision.desired, WRITER)
  return {
    ...before,
    currentReplicas: decision.current,
    desiredReplicas: decision.desired,
    ...(scaled ? { lastScaleTime: timeText(now) } : {}),
    ...(decision.utilization === null ? {} : { currentMetrics: [metricOf(own, decision.utilization)] }),
    conditions: settled(before, conditionsOf(decision), now),
  }
}

function targetOf(world: World, own: KubeObject): { readonly place: Place; readonly replicas: number } | null {
  const reference = objectAt(own, 'spec', 'scaleTargetRef')
  const head = { apiVersion: textAt(reference, 'apiVersion'), kind: textAt(reference, 'kind') }
  if (!isServed(world, head)) return null
  const place = { ...head, namespace: textAt(own, 'metadata', 'namespace'), name: textAt(reference, 'name') }
  const live = world.get(place)
  return live === null ? null : { place, replicas: wholeAt(live, 'spec', 'replicas') ?? 0 }
}

function decide(own: KubeObject, current: number, { now }: Desk, options: AutoscalerOptions): Decision {
  const { stabilizationMs = 300_000, load } = options
  // Whoever scales to nothing switches the autoscaler off.
  if (current === 0) return { current, desired: 0, utilization: null }
  const bound = (count: number): number =>
    Math.max(wholeAt(own, 'spec', 'minReplicas') ?? 1, Math.min(wholeAt(own, 'spec', 'maxReplicas') ?? 1, count))
  const demand = load(subjectOf(own), now)
  if (demand === null) return { current, desired: bound(current), utilization: null }
  const utilization = Math.round(demand / current)
  const goal = goalOf(own)
  const close = Math.abs(utilization / goal - 1) <= TOLERANCE
  const desired = bound(close ? current : Math.ceil(demand / goal))
  const last = timeOf(textAt(own, 'status', 'lastScaleTime')) ?? 0
  const early = desired < current && now - last < stabilizationMs
  return { current, desired: early ? bound(current) : desired, utilization }
}

/** The utilization that is aimed at, in percent. */
function goalOf(own: KubeObject): number {
  const [metric = {}] = objectsAt(own, 'spec', 'metrics')
  return wholeAt(metric, 'resource', 'target', 'averageUtilization') ?? 80
}

function metricOf(own: KubeObject, averageUtilization: number): JsonObject {
  const [metric = {}] = objectsAt(own, 'spec', 'metrics')
  const name = textAt(metric, 'resource', 'name') || 'cpu'
  return { type: 'Resource', resource: { name, current: { averageUtilization, averageValue: '0' } } }
}

function conditionsOf({ desired, current, utilization }: Decision): readonly JsonObject[] {
  const able = {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ReadyForNewScale',
    message: 'recommended size matches current size',
  }
  const scaled = {
    ...able,
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${desired}`,
  }
  const off = {
    type: 'ScalingActive',
    status: 'False',
    reason: 'ScalingDisabled',
    message: 'scaling is disabled since the replica count of the target is zero',
  }
  const blind = {
    ...off,
    reason: 'FailedGetResourceMetric',
    message: 'the HPA was unable to compute the replica count',
  }
  const active = {
    ...off,
    status: 'True',
    reason: 'ValidMetricFound',
    message:
      'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
  }
  const state = current === 0 ? off : utilization === null ? blind : active
  return [desired === current ? able : scaled, state]
}

/** Conditions with the time since which they are so. */
function settled(before: JsonObject, conditions: readonly JsonObject[], now: number): readonly JsonObject[] {
  return conditions.map((condition) => {
    const known = objectsAt(before, 'conditions').find((each) => each.type === condition.type)
    const same = known?.status === condition.status
    return { ...condition, lastTransitionTime: same ? (known?.lastTransitionTime ?? null) : timeText(now) }
  })
}
