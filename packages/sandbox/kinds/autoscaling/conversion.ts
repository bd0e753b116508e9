// Between the two versions of HorizontalPodAutoscaler: v1 has one field for CPU, and annotations for everything else.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { goJson } from '../causes.ts'
import { has, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics'
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior'
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions'
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics'
const NOTES = [METRICS, BEHAVIOR, CONDITIONS, CURRENT]

/** The object in another version. */
export function converted(object: KubeObject, to: string): KubeObject {
  const old = object.apiVersion === 'autoscaling/v1'
  if (to === 'v1') return old ? named(object, 'v1') : named(toOld(object), 'v1')
  return old ? named(toNew(object), 'v2') : named(object, 'v2')
}

/** In v1 whoever names nothing to watch means the CPU, and owns that. */
export function withShare(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec')
  const old = object.apiVersion === 'autoscaling/v1' && !has(spec, 'metrics')
  const named = has(spec, 'targetCPUUtilizationPercentage') || has(object, 'metadata', 'annotations', METRICS)
  return !old || named ? object : withAt(object, ['spec', 'targetCPUUtilizationPercentage'], 80)
}

function named(object: KubeObject, version: string): KubeObject {
  return { ...object, apiVersion: `autoscaling/${version}` }
}

function toNew(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: share, ...spec } = objectAt(object, 'spec')
  const more = noteAt(object, METRICS)
  const behavior = withoutNulls(lower(noteAt(object, BEHAVIOR)))
  const cpu = share === undefined ? [] : [cpuMetric(share)]
  const metrics = [...(isList(more) ? more.map((each) => newMetric(lower(each))) : []), ...cpu]
  const made = {
    ...object,
    spec: {
      ...spec,
      metrics: metrics.length > 0 ? metrics : [cpuMetric(80)],
      ...(isObject(behavior) && Object.keys(behavior).length > 0 ? { behavior } : {}),
    },
  }
  return withoutNotes(withState(made))
}

/** Without the annotations that v1 has for fields of v2, which are no metadata to the server. */
export function withoutNotes<T extends JsonObject>(object: T): T {
  const notes = NOTES.filter((key) => has(object, 'metadata', 'annotations', key))
  if (notes.length === 0) return object
  const bare = notes.reduce((at, key) => withAt(at, ['metadata', 'annotations', key], undefined), object)
  return Object.keys(objectAt(bare, 'metadata', 'annotations')).length === 0
    ? withAt(bare, ['metadata', 'annotations'], undefined)
    : bare
}

function withState(object: KubeObject): KubeObject {
  const { currentCPUUtilizationPercentage: share, ...status } = objectAt(object, 'status')
  const conditions = noteAt(object, CONDITIONS)
  if (share === undefined && conditions === null) return object
  const current = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: share ?? 0 } } }
  return {
    ...object,
    status: {
      ...status,
      ...(share === undefined ? {} : { currentMetrics: [current] }),
      ...(isList(conditions) ? { conditions } : {}),
    },
  }
}

function cpuMetric(share: Json): JsonObject {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: share } } }
}

function isCpuShare(metric: JsonObject): boolean {
  const target = objectAt(metric, 'resource', 'target')
  return textAt(metric, 'resource', 'name') === 'cpu' && has(target, 'averageUtilization')
}

function toOld(object: KubeObject): KubeObject {
  const { metrics: _metrics, behavior, ...spec } = objectAt(object, 'spec')
  const all = objectsAt(object, 'spec', 'metrics')
  const cpu = all.find(isCpuShare)
  const others = all.filter((each) => each !== cpu)
  const share = wholeAt(cpu, 'resource', 'target', 'averageUtilization')
  const made: KubeObject = {
    ...object,
    spec: { ...spec, ...(share === null ? {} : { targetCPUUtilizationPercentage: share }) },
    status: oldState(object),
  }
  return noted(
    noted(made, METRICS, others.length > 0 ? others.map(oldMetric) : undefined),
    BEHAVIOR,
    goBehavior(behavior),
  )
}

function oldState(object: KubeObject): JsonObject {
  const { currentMetrics: _metrics, conditions: _conditions, ...status } = objectAt(object, 'status')
  const cpu = objectsAt(object, 'status', 'currentMetrics').find((each) => textAt(each, 'resource', 'name') === 'cpu')
  const share = wholeAt(cpu, 'resource', 'current', 'averageUtilization')
  return { currentReplicas: 0, ...status, ...(share === null ? {} : { currentCPUUtilizationPercentage: share }) }
}

function noted(object: KubeObject, key: string, value: Json | undefined): KubeObject {
  return value === undefined ? object : withAt(object, ['metadata', 'annotations', key], goJson(value))
}

function noteAt(object: KubeObject, key: string): Json {
  const text = textAt(object, 'metadata', 'annotations', key)
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

/** Sources in the order in which v1 writes them. */
const SOURCES = ['object', 'pods', 'resource', 'containerResource', 'external'] as const

/** v1 says `targetAverageUtilization` where v2 has a target, of each source that there is. */
function oldMetric(metric: JsonObject): JsonObject {
  const sources = SOURCES.filter((key) => has(metric, key))
  return {
    type: textAt(metric, 'type'),
    ...Object.fromEntries(sources.map((key) => [key, oldSource(key, objectAt(metric, key))])),
  }
}

function oldSource(kind: (typeof SOURCES)[number], source: JsonObject): JsonObject {
  const target = objectAt(source, 'target')
  const given = (key: string, from: JsonObject, name: string): JsonObject =>
    from[name] === undefined ? {} : { [key]: from[name] }
  const metric = objectAt(source, 'metric')
  const metricName = textAt(metric, 'name')
  switch (kind) {
    case 'object':
      return {
        target: referenceOf(objectAt(source, 'describedObject')),
        metricName,
        targetValue: target.value ?? '0',
        ...given('selector', metric, 'selector'),
        ...given('averageValue', target, 'averageValue'),
      }
    case 'pods':
      return { metricName, targetAverageValue: target.averageValue ?? '0', ...given('selector', metric, 'selector') }
    case 'external':
      return {
        metricName,
        ...given('metricSelector', metric, 'selector'),
        ...given('targetValue', target, 'value'),
        ...given('targetAverageValue', target, 'averageValue'),
      }
    default:
      return {
        name: textAt(source, 'name'),
        ...given('targetAverageUtilization', target, 'averageUtilization'),
        ...given('targetAverageValue', target, 'averageValue'),
        ...(kind === 'containerResource' ? { container: textAt(source, 'container') } : {}),
      }
  }
}

/** A reference as Go writes it. */
function referenceOf(object: JsonObject): JsonObject {
  const version = textAt(object, 'apiVersion')
  return {
    kind: textAt(object, 'kind'),
    name: textAt(object, 'name'),
    ...(version === '' ? {} : { apiVersion: version }),
  }
}

function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, each]) => each !== null)
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each)]))
}

/** The annotation holds Go's names of fields; the API has them with a small letter. */
function lower(value: Json): Json {
  return renamed(value, (key) => key.charAt(0).toLowerCase() + key.slice(1))
}

/** The same back; what a target is of is told by what it has. */
function newMetric(metric: Json): Json {
  if (!isObject(metric)) return metric
  const sources = SOURCES.filter((key) => has(metric, key))
  return {
    type: textAt(metric, 'type'),
    ...Object.fromEntries(sources.map((key) => [key, newSource(key, objectAt(metric, key))])),
  }
}

function newSource(kind: (typeof SOURCES)[number], source: JsonObject): JsonObject {
  const given = (key: string, name: string): JsonObject => (source[name] === undefined ? {} : { [key]: source[name] })
  const metric = { name: textAt(source, 'metricName'), ...given('selector', 'selector') }
  switch (kind) {
    case 'object': {
      const type = source.averageValue === undefined ? 'Value' : 'AverageValue'
      const target = { type, value: source.targetValue ?? '0', ...given('averageValue', 'averageValue') }
      return { describedObject: objectAt(source, 'target'), metric, target }
    }
    case 'pods':
      return { metric, target: { type: 'AverageValue', averageValue: source.targetAverageValue ?? '0' } }
    case 'external': {
      const type = source.targetValue === undefined ? 'AverageValue' : 'Value'
      const target = { type, ...given('value', 'targetValue'), ...given('averageValue', 'targetAverageValue') }
      return { metric: { name: metric.name, ...given('selector', 'metricSelector') }, target }
    }
    default: {
      const type = source.targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization'
      const amounts = {
        ...given('averageValue', 'targetAverageValue'),
        ...given('averageUtilization', 'targetAverageUtilization'),
      }
      const container = kind === 'containerResource' ? { container: textAt(source, 'container') } : {}
      return { name: textAt(source, 'name'), ...container, target: { type, ...amounts } }
    }
  }
}

/** Go's form of a behaviour, which has every field. */
function goBehavior(behavior: Json | undefined): Json | undefined {
  if (behavior === undefined) return undefined
  const rules = (key: string): Json => {
    if (!has(behavior, key)) return null
    const {
      stabilizationWindowSeconds = null,
      selectPolicy = null,
      policies = null,
      tolerance = null,
    } = objectAt(behavior, key)
    const upper = renamed(policies, (name) => name.charAt(0).toUpperCase() + name.slice(1))
    return {
      StabilizationWindowSeconds: stabilizationWindowSeconds,
      SelectPolicy: selectPolicy,
      Policies: upper,
      Tolerance: tolerance,
    }
  }
  return { ScaleUp: rules('scaleUp'), ScaleDown: rules('scaleDown') }
}

function renamed(value: Json, change: (key: string) => string): Json {
  if (isList(value)) return value.map((each) => renamed(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), renamed(each, change)]))
}
