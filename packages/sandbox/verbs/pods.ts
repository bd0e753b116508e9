// What is done to Pods through their subresources: they are bound to a node, and they are evicted.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { selects } from '../kinds/metadata.ts'
import { conflict, failure, notFound } from '../registry/status.ts'
import { timeText } from '../schema/time.ts'
import { resourceKey } from '../store/store.ts'
import { remove } from './delete.ts'
import type { Cluster, Target } from './target.ts'
import { aboutOf, liveOf } from './target.ts'

const SUCCESS: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

/** POST of a Binding: the Pod gets its node. */
export function bindPod(cluster: Cluster, target: Target, name: string, body: Json, dryRun: boolean): JsonObject {
  if (stringAt(body, 'metadata', 'name') !== name) {
    throw failure(400, 'BadRequest', 'name in URL does not match name in Binding object')
  }
  const pod = liveOf(cluster, target, name)
  if (pod === null) throw notFound(aboutOf(target, name))
  const about = { group: '', resource: 'pods/binding', name }
  if (isTerminating(pod)) throw conflict(about, `pod ${name} is being deleted, cannot be assigned to a host`)
  const node = stringAt(pod, 'spec', 'nodeName') ?? ''
  if (node !== '') throw conflict(about, `pod ${name} is already assigned to node ${JSON.stringify(node)}`)
  if (!dryRun)
    cluster.store.put(resourceKey(target.resource), bound(cluster, pod, stringAt(body, 'target', 'name') ?? ''))
  return SUCCESS
}

function bound(cluster: Cluster, pod: KubeObject, node: string): KubeObject {
  const status = isObject(pod.status) ? pod.status : {}
  const conditions = isList(status.conditions) ? status.conditions : []
  const others = conditions.filter((each) => stringAt(each, 'type') !== 'PodScheduled')
  const scheduled: JsonObject = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeText(cluster.clock.now()),
  }
  const spec = isObject(pod.spec) ? pod.spec : {}
  return { ...pod, spec: { ...spec, nodeName: node }, status: { ...status, conditions: [...others, scheduled] } }
}

/** POST of an Eviction: a deletion that disruption budgets may forbid. */
export function evictPod(cluster: Cluster, target: Target, name: string, body: Json, dryRun: boolean): JsonObject {
  if (stringAt(body, 'metadata', 'name') !== name) {
    throw failure(400, 'BadRequest', 'name in URL does not match name in Eviction object')
  }
  const pod = liveOf(cluster, target, name)
  if (pod === null) throw notFound(aboutOf(target, name))
  const budget = [...cluster.store.list('policy/poddisruptionbudgets', target.namespace)].find((each) => {
    const selector = valueAt(each, 'spec', 'selector')
    const labels = pod.metadata.labels
    return isObject(selector) && selects(selector, isObject(labels) ? labels : {})
  })
  if (budget !== undefined && (numberAt(budget, 'status', 'disruptionsAllowed') ?? 0) <= 0) throw overBudget(budget)
  const options = valueAt(body, 'deleteOptions')
  remove(cluster, { ...target, subresource: null }, name, {
    dryRun,
    uid: stringAt(options, 'preconditions', 'uid') ?? null,
    resourceVersion: stringAt(options, 'preconditions', 'resourceVersion') ?? null,
    propagation: null,
    orphanDependents: null,
    graceSeconds: numberAt(options, 'gracePeriodSeconds') ?? null,
  })
  return SUCCESS
}

function overBudget(budget: KubeObject): Error {
  const { name } = budget.metadata
  const needs = numberAt(budget, 'status', 'desiredHealthy') ?? 0
  const has = numberAt(budget, 'status', 'currentHealthy') ?? 0
  const message = `The disruption budget ${name} needs ${needs} healthy pods and has ${has} currently`
  const causes = [{ reason: 'DisruptionBudget', message }]
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes,
  })
}
