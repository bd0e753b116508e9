// PodDisruptionBudgets: how many Pods may go now.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import { timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { isReady } from './endpoint-pods.ts'
import { isServed, STATUS } from './objects.ts'

const HEAD = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' } as const

/** Keeps the status of budgets. */
export const disruptionController: Controller = {
  name: 'disruption',
  follows: [
    { resource: 'policy/poddisruptionbudgets', subjects: (budget) => [subjectOf(budget)] },
    { resource: '/pods', subjects: budgetsOf },
  ],
  reconcile: (subject, { world, now }) => {
    const budget = world.get({ ...HEAD, ...placeOf(subject) })
    if (budget === null) return null
    const status = statusOf(world, budget, now)
    if (!equalJson(status, objectAt(budget, 'status'))) world.update({ ...budget, status }, STATUS)
    return null
  },
}

function budgetsOf(pod: KubeObject, { world }: Desk): readonly string[] {
  const namespace = textAt(pod, 'metadata', 'namespace')
  return world
    .list(HEAD.apiVersion, HEAD.kind, namespace)
    .filter((budget) => isFor(budget, pod))
    .map(subjectOf)
}

function isFor(budget: KubeObject, pod: KubeObject): boolean {
  return (
    has(budget, 'spec', 'selector') &&
    selects(objectAt(budget, 'spec', 'selector'), objectAt(pod, 'metadata', 'labels'))
  )
}

function statusOf(world: World, budget: KubeObject, now: number): JsonObject {
  const pods = world.list('v1', 'Pod', textAt(budget, 'metadata', 'namespace')).filter((pod) => isFor(budget, pod))
  const currentHealthy = pods.filter((pod) => isReady(pod) && !isTerminating(pod)).length
  const { expected, desired } = wanted(world, budget, pods)
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desired)
  const observedGeneration = wholeAt(budget, 'metadata', 'generation') ?? 0
  const before = objectAt(budget, 'status')
  const condition = conditionOf(before, disruptionsAllowed > 0, observedGeneration, now)
  const others = objectsAt(before, 'conditions').filter((each) => each.type !== condition.type)
  return {
    conditions: [...others, condition],
    currentHealthy,
    desiredHealthy: desired,
    disruptionsAllowed,
    expectedPods: expected,
    observedGeneration,
  }
}

function conditionOf(before: JsonObject, allowed: boolean, observedGeneration: number, now: number): JsonObject {
  const status = allowed ? 'True' : 'False'
  const known = objectsAt(before, 'conditions').find((each) => each.type === 'DisruptionAllowed')
  const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? null) : timeText(now)
  const reason = allowed ? 'SufficientPods' : 'InsufficientPods'
  return { type: 'DisruptionAllowed', status, reason, message: '', lastTransitionTime, observedGeneration }
}

/** How many Pods there should be, and how many must be healthy. */
function wanted(
  world: World,
  budget: KubeObject,
  pods: readonly KubeObject[],
): { readonly expected: number; readonly desired: number } {
  const { maxUnavailable, minAvailable } = objectAt(budget, 'spec')
  if (maxUnavailable !== undefined) {
    const expected = scaleOf(world, pods)
    return { expected, desired: Math.max(0, expected - partOf(maxUnavailable, expected)) }
  }
  if (typeof minAvailable !== 'string') return { expected: pods.length, desired: Number(minAvailable ?? 0) }
  const expected = scaleOf(world, pods)
  return { expected, desired: partOf(minAvailable, expected) }
}

/** A number, or a percentage rounded up. */
function partOf(value: unknown, of: number): number {
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) * of) / 100) : Number(value)
}

/** What those who made the Pods want altogether. Pods of nobody do not count. */
function scaleOf(world: World, pods: readonly KubeObject[]): number {
  const controllers = new Map<string, number>()
  for (const pod of pods) {
    const top = controllerOf(world, pod)
    if (top === null) continue
    const above = top.kind === 'ReplicaSet' ? controllerOf(world, top) : null
    const owner = above ?? top
    controllers.set(textAt(owner, 'metadata', 'uid'), wholeAt(owner, 'spec', 'replicas') ?? 0)
  }
  return [...controllers.values()].reduce((all, each) => all + each, 0)
}

function controllerOf(world: World, object: KubeObject): KubeObject | null {
  const reference = objectsAt(object, 'metadata', 'ownerReferences').find((each) => each.controller === true)
  if (reference === undefined) return null
  const head = { apiVersion: textAt(reference, 'apiVersion'), kind: textAt(reference, 'kind') }
  if (!isServed(world, head)) return null
  const namespace = textAt(object, 'metadata', 'namespace')
  const found = world.get({ ...head, namespace, name: textAt(reference, 'name') })
  return found?.metadata.uid === reference.uid ? found : null
}
