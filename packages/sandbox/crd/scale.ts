// The scale subresource of a custom resource: where replicas are, and what is wrong with what is there.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import type { Cause, ScalePaths } from '../registry/kind.ts'
import { invalid } from './value/cause.ts'
import { isInt64, plainValue } from './value/text.ts'

/** The paths of a version's scale subresource, or null where it has none. */
export function scaleOf(version: JsonObject): ScalePaths | null {
  const scale = valueAt(version, 'subresources', 'scale')
  if (!isObject(scale)) return null
  const text = (name: string): string => (typeof scale[name] === 'string' ? scale[name] : '')
  const selector = text('labelSelectorPath')
  return {
    specReplicas: text('specReplicasPath'),
    statusReplicas: text('statusReplicasPath'),
    selector: selector === '' ? null : selector,
  }
}

/** What is wrong with the wanted replicas. */
export function wantedCauses(object: KubeObject, scale: ScalePaths | null): readonly Cause[] {
  return scale === null ? [] : replicaCauses(object, scale.specReplicas)
}

/** What is wrong with the counted replicas and the selector. */
export function countedCauses(object: KubeObject, scale: ScalePaths | null): readonly Cause[] {
  if (scale === null) return []
  const counted = replicaCauses(object, scale.statusReplicas)
  if (scale.selector === null) return counted
  const found = lookUp(object, scale.selector)
  if (found.kind === 'broken') return [...counted, invalid(scale.selector, '', found.problem)]
  if (found.kind === 'none' || typeof found.value === 'string') return counted
  return [...counted, invalid(scale.selector, '', wrongType(scale.selector, found.value, 'string'))]
}

const MOST = 2 ** 31 - 1

function replicaCauses(object: KubeObject, path: string): readonly Cause[] {
  const found = lookUp(object, path)
  if (found.kind === 'broken') return [invalid(path, 0, found.problem)]
  if (found.kind === 'none') return []
  const { value } = found
  if (!isInt64(value)) return [invalid(path, 0, wrongType(path, value, 'int64'))]
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return value > MOST ? [invalid(path, value, `should be less than or equal to ${MOST}`)] : []
}

type Found =
  | { readonly kind: 'found'; readonly value: Json }
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly problem: string }

function lookUp(object: KubeObject, path: string): Found {
  const steps = path.replace(/^\./, '').split('.')
  let value: Json = object
  for (const [index, step] of steps.entries()) {
    if (value === null) return { kind: 'none' }
    if (!isObject(value)) {
      const at = `.${steps.slice(0, index + 1).join('.')}`
      return {
        kind: 'broken',
        problem: `${at} accessor error: ${plainValue(value)} is of the type ${goType(value)}, expected map[string]interface{}`,
      }
    }
    if (!Object.hasOwn(value, step)) return { kind: 'none' }
    value = value[step] ?? null
  }
  return { kind: 'found', value }
}

function wrongType(path: string, value: Json, wanted: string): string {
  return `${path} accessor error: ${plainValue(value)} is of the type ${goType(value)}, expected ${wanted}`
}

function goType(value: Json): string {
  if (value === null) return '<nil>'
  if (isList(value)) return '[]interface {}'
  if (isObject(value)) return 'map[string]interface {}'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return isInt64(value) ? 'int64' : 'float64'
}
