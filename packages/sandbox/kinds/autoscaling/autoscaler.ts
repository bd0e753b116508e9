// HorizontalPodAutoscalers, kept as v2; v1 knows of one metric and keeps the rest in annotations.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, notSupported, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { pathSegment } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { nanoOf } from '../quantity.ts'
import { isSentEmpty } from '../sent.ts'
import { converted, withShare } from './conversion.ts'

function autoscalerCauses(given: KubeObject): readonly Cause[] {
  const spec = objectAt(converted(given, 'v2'), 'spec')
  const least = wholeAt(spec, 'minReplicas')
  const most = wholeAt(spec, 'maxReplicas') ?? 0
  const path = 'spec.maxReplicas'
  return [
    ...(least !== null && least < 1 ? [invalid('spec.minReplicas', least, 'must be greater than or equal to 1')] : []),
    ...(most === 0 ? [required(path, 'must be set and greater than 0')] : []),
    ...(most < 0 ? [invalid(path, most, 'must be greater than or equal to 1')] : []),
    ...(least !== null && most < least ? [invalid(path, most, 'must be greater than or equal to `minReplicas`')] : []),
    ...targetRefCauses(objectAt(spec, 'scaleTargetRef'), 'spec.scaleTargetRef'),
    ...objectsAt(spec, 'metrics').flatMap((each, at) => metricCauses(each, `spec.metrics[${at}]`)),
    ...zeroCauses(spec, least),
    ...['scaleUp', 'scaleDown'].flatMap((key) =>
      has(spec, 'behavior', key) ? rulesCauses(given, objectAt(spec, 'behavior', key), key) : [],
    ),
  ]
}

/** Counts of a status are no less than none. */
function statusCauses(object: KubeObject): readonly Cause[] {
  return ['currentReplicas', 'desiredReplicas'].flatMap((key) => {
    const count = wholeAt(object, 'status', key) ?? 0
    return count < 0 ? [invalid(`status.${key}`, count, 'must be greater than or equal to 0')] : []
  })
}

/** Nobody can measure the load of Pods that do not run. */
function zeroCauses(spec: JsonObject, least: number | null): readonly Cause[] {
  const outside = objectsAt(spec, 'metrics').some((each) => ['Object', 'External'].includes(textAt(each, 'type')))
  const text = 'must specify at least one Object or External metric to support scaling to zero replicas'
  return least === 0 && !outside ? [forbidden('spec.metrics', text)] : []
}

function targetRefCauses(ref: JsonObject, path: string, anyGroup = false): readonly Cause[] {
  const version = textAt(ref, 'apiVersion')
  const own = ['kind', 'name'].flatMap((key) => {
    const value = textAt(ref, key)
    return value === '' ? [required(`${path}.${key}`)] : invalids(`${path}.${key}`, value, pathSegment(value))
  })
  if (anyGroup || version.includes('/')) return own
  return [...own, invalid(`${path}.apiVersion`, version, 'apiVersion must specify API group')]
}

const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

/** The order in which the server looks at sources; only the first is looked into. */
const ORDER = ['object', 'external', 'pods', 'resource', 'containerResource']

function metricCauses(metric: JsonObject, path: string): readonly Cause[] {
  const type = textAt(metric, 'type')
  const expected = SOURCES[type]
  const given = ORDER.filter((key) => has(metric, key))
  const field = `${path}.type`
  const first = given[0]
  const populate = 'must populate information for the given metric source'
  const unknown = expected === undefined ? [notSupported(field, type, Object.keys(SOURCES))] : []
  const others = given.length === 1 ? [] : given.filter((key) => key !== expected)
  return [
    ...(type === '' ? [required(field, 'must specify a metric source type')] : []),
    ...unknown,
    ...(first === undefined ? [] : sourceCauses(first, objectAt(metric, first), `${path}.${first}`)),
    ...(expected === undefined || has(metric, expected) ? [] : [required(`${path}.${expected}`, populate)]),
    ...unknown,
    ...others.map((key) => forbidden(`${path}.${key}`, 'must populate the given metric source only')),
  ]
}

function sourceCauses(kind: string, source: JsonObject, path: string): readonly Cause[] {
  const target = objectAt(source, 'target')
  const own = `${path}.target`
  const [value, average, share] = ['value', 'averageValue', 'averageUtilization'].map((key) => has(target, key))
  const when = (condition: boolean | undefined, cause: Cause): readonly Cause[] => (condition === true ? [cause] : [])
  const either = 'must set either a target raw value or a target utilization'
  const both = 'may not set both a target raw value and a target utilization'
  switch (kind) {
    case 'object':
      return [
        ...targetRefCauses(objectAt(source, 'describedObject'), `${path}.describedObject`, true),
        ...identifierCauses(source, path),
        ...targetCauses(target, own),
        ...when(!value && !average, required(`${own}.averageValue`, 'must set either a target value or averageValue')),
      ]
    case 'external':
      return [
        ...identifierCauses(source, path),
        ...targetCauses(target, own),
        ...when(
          !value && !average,
          required(`${own}.averageValue`, 'must set either a target value for metric or a per-pod target'),
        ),
        ...when(
          value && average,
          forbidden(`${own}.value`, 'may not set both a target value for metric and a per-pod target'),
        ),
      ]
    case 'pods':
      return [
        ...identifierCauses(source, path),
        ...targetCauses(target, own),
        ...when(!average, required(`${own}.averageValue`, 'must specify a positive target averageValue')),
      ]
    default:
      return [
        ...when(textAt(source, 'name') === '', required(`${path}.name`, 'must specify a resource name')),
        ...when(
          kind === 'containerResource' && textAt(source, 'container') === '',
          required(`${path}.container`, 'must specify a container'),
        ),
        ...targetCauses(target, own),
        ...when(!share && !average, required(`${own}.averageUtilization`, either)),
        ...when(share && average, forbidden(`${own}.averageValue`, both)),
      ]
  }
}

function identifierCauses(source: JsonObject, path: string): readonly Cause[] {
  const name = textAt(source, 'metric', 'name')
  const own = `${path}.metric.name`
  return name === '' ? [required(own, 'must specify a metric name')] : invalids(own, name, pathSegment(name))
}

function targetCauses(target: JsonObject, path: string): readonly Cause[] {
  const type = textAt(target, 'type')
  const share = wholeAt(target, 'averageUtilization')
  const known = ['Utilization', 'Value', 'AverageValue'].includes(type)
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric target type')] : []),
    ...(known ? [] : [invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...['value', 'averageValue']
      .filter((key) => has(target, key) && nanoOf(target[key]) <= 0n)
      .map((key) => invalid(`${path}.${key}`, target[key], 'must be positive')),
    ...(share !== null && share < 1 ? [invalid(`${path}.averageUtilization`, share, 'must be greater than 0')] : []),
  ]
}

const CHOICES = ['Disabled', 'Max', 'Min']

function rulesCauses(object: KubeObject, rules: JsonObject, key: string): readonly Cause[] {
  const path = `spec.behavior.${key}`
  // Whoever names no policies gets the usual ones, but not whoever wants none.
  const none = isSentEmpty(object, 'spec', 'behavior', key, 'policies')
  const seconds = wholeAt(rules, 'stabilizationWindowSeconds') ?? 0
  const choice = textAt(rules, 'selectPolicy')
  const field = `${path}.stabilizationWindowSeconds`
  const policies = none ? [] : objectsAt(rules, 'policies')
  return [
    ...(seconds < 0 ? [invalid(field, seconds, 'must be greater than or equal to zero')] : []),
    ...(seconds > 3600 ? [invalid(field, seconds, 'must be less than or equal to 3600')] : []),
    ...(has(rules, 'selectPolicy') && !CHOICES.includes(choice)
      ? [notSupported(`${path}.selectPolicy`, choice, CHOICES)]
      : []),
    ...(policies.length === 0 ? [required(`${path}.policies`, 'must specify at least one Policy')] : []),
    ...policies.flatMap((each, at) => policyCauses(each, `${path}.policies[${at}]`)),
  ]
}

function policyCauses(policy: JsonObject, path: string): readonly Cause[] {
  const type = textAt(policy, 'type')
  const [value, seconds] = [wholeAt(policy, 'value') ?? 0, wholeAt(policy, 'periodSeconds') ?? 0]
  return [
    ...(['Pods', 'Percent'].includes(type) ? [] : [notSupported(`${path}.type`, type, ['Percent', 'Pods'])]),
    ...(value <= 0 ? [invalid(`${path}.value`, value, 'must be greater than zero')] : []),
    ...(seconds <= 0 ? [invalid(`${path}.periodSeconds`, seconds, 'must be greater than zero')] : []),
    ...(seconds > 1800 ? [invalid(`${path}.periodSeconds`, seconds, 'must be less than or equal to 1800')] : []),
  ]
}

function targetsCell(given: KubeObject): string {
  const object = converted(given, 'v2')
  const metrics = objectsAt(object, 'spec', 'metrics')
  const states = objectsAt(object, 'status', 'currentMetrics')
  if (metrics.length === 0) return '<none>'
  const shown = metrics.slice(0, 2).map((metric, at) => targetText(metric, states[at] ?? {}))
  return metrics.length > 2 ? `${shown.join(', ')} + ${metrics.length - 2} more...` : shown.join(', ')
}

function targetText(metric: JsonObject, state: JsonObject): string {
  const key = SOURCES[textAt(metric, 'type')] ?? ''
  const target = objectAt(metric, key, 'target')
  const current = objectAt(state, key, 'current')
  const name = key === 'resource' || key === 'containerResource' ? `${textAt(metric, key, 'name')}: ` : ''
  if (has(target, 'averageValue')) {
    const text = `${textAt(current, 'averageValue') || '<unknown>'}/${textAt(target, 'averageValue')}`
    return key === 'pods' || key === 'resource' || key === 'containerResource' ? `${name}${text}` : `${text} (avg)`
  }
  if (name === '') return `${textAt(current, 'value') || '<unknown>'}/${textAt(target, 'value')}`
  const share = wholeAt(current, 'averageUtilization')
  return `${name}${share === null ? '<unknown>' : `${share}%`}/${wholeAt(target, 'averageUtilization') ?? 0}%`
}

/** HorizontalPodAutoscalers. */
export const horizontalPodAutoscaler: Entry = {
  name: pathSegment,
  read: withShare,
  convert: converted,
  tellsEmpty: true,
  validate: autoscalerCauses,
  validateStatus: statusCauses,
  cells: {
    Reference: (object) =>
      `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`,
    Targets: targetsCell,
    MinPods: (object) =>
      has(object, 'spec', 'minReplicas') ? String(wholeAt(object, 'spec', 'minReplicas')) : '<unset>',
    MaxPods: (object) => wholeAt(object, 'spec', 'maxReplicas') ?? 0,
    Replicas: (object) => wholeAt(object, 'status', 'currentReplicas') ?? 0,
  },
}
