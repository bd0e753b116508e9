// The scale subresource: the replicas of a workload as an object of its own.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { scaleColumns } from '../crd/table/columns.ts'
import { normal } from '../kinds/entry.ts'
import { withAt } from '../kinds/look.ts'
import { entriesOfScale, entriesOfScaled, type ReplicasAt, SCALE_VERSION } from '../ownership/scale.ts'
import type { Resource, ScalePaths } from '../registry/kind.ts'
import { failure, invalid } from '../registry/status.ts'
import { typeOf } from '../schema/lookup.ts'
import { withManagedFields } from './ownership.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { served, versionOf } from './target.ts'
import { type Make, type Written, write } from './update.ts'

/** The target as which a Scale is decoded, owned and shown. */
export function scaleTarget(target: Target): Target {
  const type = typeOf('autoscaling', 'v1', 'Scale')
  if (type === null) throw failure(500, '', 'there is no type of Scale')
  const version = {
    name: 'v1',
    type,
    columns: scaleColumns(),
    subresources: { status: true, scale: null, others: [] },
  }
  const resource: Resource = {
    group: 'autoscaling',
    versions: [version],
    storage: 'v1',
    kind: 'Scale',
    listKind: 'ScaleList',
    plural: 'scales',
    singular: 'scale',
    shortNames: [],
    categories: [],
    namespaced: target.resource.namespaced,
    verbs: ['get', 'update', 'patch'],
    behaviour: { fillIn: normal },
  }
  return { resource, version, namespace: target.namespace, subresource: 'scale' }
}

/** The Scale of an object that is kept. */
export function scaleOf(target: Target, live: KubeObject, owners = false): KubeObject {
  const paths = pathsOf(target)
  const object = served(target, live)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = selectorText(target, object, paths)
  const metadata = withoutAbsent({ name, namespace, uid, resourceVersion, creationTimestamp })
  const replicas = replicasOf(target, object, paths)
  const scale: KubeObject = {
    kind: 'Scale',
    apiVersion: SCALE_VERSION,
    metadata: { ...metadata, name },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, ...keysOf(paths.statusReplicas)) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  }
  return owners ? withManagedFields(scale, entriesOfScale(object.metadata.managedFields, replicasAt(target))) : scale
}

/** A custom resource without replicas cannot be scaled. */
function replicasOf(target: Target, object: KubeObject, paths: ScalePaths): number {
  const replicas = numberAt(object, ...keysOf(paths.specReplicas))
  if (replicas !== undefined || target.resource.custom !== true) return replicas ?? 0
  const message = `the spec replicas field "${paths.specReplicas}" does not exist`
  throw failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
}

/** Writes an object through its Scale; the answer is the Scale. */
export function writeScale(
  cluster: Cluster,
  target: Target,
  name: string,
  make: (scale: KubeObject) => KubeObject,
  options: WriteOptions,
): Written {
  const paths = pathsOf(target)
  const makeObject: Make = (live) => {
    // Whoever may not make objects is asked for live ones only.
    if (live === null) throw failure(500, '', 'a scale has an object')
    const before = scaleOf(target, live, true)
    const scale = make(before)
    // A custom resource is judged by its own rules.
    if (target.resource.custom !== true) checkReplicas(scale)
    const object = served(target, live)
    const replicas = numberAt(scale, 'spec', 'replicas') ?? 0
    const scaled = withAt(object, keysOf(paths.specReplicas), replicas)
    // A Scale without a version changes whatever version there is, also of kinds that want one.
    const version = stringAt(scale, 'metadata', 'resourceVersion') ?? ''
    const locked = version === '' ? scaled : withAt(scaled, ['metadata', 'resourceVersion'], version)
    const { managedFields } = object.metadata
    const owners = entriesOfScaled(managedFields, scale.metadata.managedFields, versionOf(target), replicasAt(target))
    return withManagedFields(locked, owners)
  }
  const { object } = write(cluster, target, name, makeObject, { ...options, create: false })
  return { object: scaleOf(target, object), created: false }
}

function checkReplicas(scale: KubeObject): void {
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0
  if (replicas >= 0) return
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
  const about = { group: 'autoscaling', resource: 'Scale', name: scale.metadata.name }
  throw invalid(about, [{ reason: 'FieldValueInvalid', field: 'spec.replicas', message }])
}

function pathsOf(target: Target): ScalePaths {
  const { scale } = target.version.subresources
  if (scale === null) throw failure(404, 'NotFound', 'the server could not find the requested resource', {})
  return scale
}

function replicasAt(target: Target): ReplicasAt {
  return (apiVersion) => {
    const { group, version } = parseApiVersion(apiVersion)
    const found = target.resource.versions.find((each) => each.name === version)
    if (group !== target.resource.group || found === undefined) return undefined
    const { scale } = found.subresources
    return scale === null ? null : keysOf(scale.specReplicas)
  }
}

/** `.spec.replicas` as keys. */
function keysOf(path: string): readonly string[] {
  return path.split('.').filter((part) => part !== '')
}

function selectorText(target: Target, object: KubeObject, paths: ScalePaths): string {
  if (target.resource.custom === true) {
    return paths.selector === null ? '' : (stringAt(object, ...keysOf(paths.selector)) ?? '')
  }
  const selector = valueAt(object, 'spec', 'selector')
  if (!isObject(selector)) return ''
  // A ReplicationController's selector is the labels themselves.
  if (target.resource.kind === 'ReplicationController') return labelsText(selector).join(',')
  const expressions = isList(selector.matchExpressions) ? selector.matchExpressions : []
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {}
  return [...labelsText(labels), ...expressions.filter(isObject).map(expressionText)].sort().join(',')
}

function labelsText(labels: JsonObject): readonly string[] {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
}

function expressionText(expression: JsonObject): string {
  const key = String(expression.key)
  const values = isList(expression.values) ? `(${expression.values.map(String).sort().join(',')})` : '()'
  switch (expression.operator) {
    case 'In':
      return `${key} in ${values}`
    case 'NotIn':
      return `${key} notin ${values}`
    case 'Exists':
      return key
    default:
      return `!${key}`
  }
}

function withoutAbsent(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const present = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
  return Object.fromEntries(present)
}
