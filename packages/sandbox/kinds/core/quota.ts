// ResourceQuotas: what may be counted, and of which Pods.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { internalForm } from '../internal.ts'
import { has, objectAt, objectsAt, textAt, textsAt } from '../look.ts'
import { amountCauses, COUNTED, isHugePages, resourceNameCauses } from '../pod/resources.ts'

function isCounted(name: string): boolean {
  return COUNTED.has(name) || isHugePages(name)
}

const COMPUTE = new Set(['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'])
const ALONE = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity']
const SCOPES = [...ALONE, 'PriorityClass', 'VolumeAttributesClass']
const PAIRS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
]

/** Whether a scope can choose among what is counted. */
function applies(scope: string, name: string): boolean {
  if (scope === 'BestEffort') return name === 'pods'
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage'
  return !SCOPES.includes(scope) || COMPUTE.has(name)
}

function quotaCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  return [...hardCauses(spec), ...scopesCauses(spec), ...(has(spec, 'scopeSelector') ? selectorCauses(spec) : [])]
}

function hardCauses(spec: JsonObject): readonly Cause[] {
  return Object.entries(objectAt(spec, 'hard')).flatMap(([name, value]) => {
    const path = `spec.hard[${name}]`
    return [
      ...resourceNameCauses(name, path),
      ...(name.includes('/') || isCounted(name) ? [] : [invalid(path, name, 'must be a standard resource for quota')]),
      ...amountCauses(name, value, path),
    ]
  })
}

function misapplied(spec: JsonObject, scope: string): readonly string[] {
  return Object.keys(objectAt(spec, 'hard')).filter((name) => isCounted(name) && !applies(scope, name))
}

function conflicts(scopes: readonly string[]): number {
  return PAIRS.filter((pair) => pair.every((each) => scopes.includes(each))).length
}

function scopesCauses(spec: JsonObject): readonly Cause[] {
  const scopes = textsAt(spec, 'scopes')
  const path = 'spec.scopes'
  return [
    ...scopes.flatMap((scope) => [
      ...(SCOPES.includes(scope) ? [] : [invalid(path, [...scopes], 'unsupported scope')]),
      ...misapplied(spec, scope).map(() => invalid(path, [...scopes], 'unsupported scope applied to resource')),
    ]),
    ...Array.from({ length: conflicts(scopes) }, () => invalid(path, [...scopes], 'conflicting scopes')),
  ]
}

function selectorCauses(spec: JsonObject): readonly Cause[] {
  const selector = objectAt(spec, 'scopeSelector')
  const path = 'spec.scopeSelector.matchExpressions'
  const shown = internalForm('core.v1.ScopeSelector', selector)
  const scopes = objectsAt(selector, 'matchExpressions').map((each) => textAt(each, 'scopeName'))
  return [
    ...objectsAt(selector, 'matchExpressions').flatMap((each) => {
      const scope = textAt(each, 'scopeName')
      return [
        ...(SCOPES.includes(scope) ? [] : [invalid(`${path}.scopeName`, scope, 'unsupported scope')]),
        ...misapplied(spec, scope).map(() => invalid(path, shown, 'unsupported scope applied to resource')),
        ...operatorCauses(each, scope, path),
      ]
    }),
    ...Array.from({ length: conflicts(scopes) }, () => invalid(path, spec.scopes, 'conflicting scopes')),
  ]
}

const EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

function operatorCauses(requirement: JsonObject, scope: string, path: string): readonly Cause[] {
  const operator = textAt(requirement, 'operator')
  const field = `${path}.operator`
  return [
    ...(ALONE.includes(scope) && operator !== 'Exists' ? [invalid(field, operator, EXISTS)] : []),
    ...valuesCauses(operator, textsAt(requirement, 'values'), path),
  ]
}

function valuesCauses(operator: string, values: readonly string[], path: string): readonly Cause[] {
  const field = `${path}.values`
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
      return values.length === 0 ? [required(field, text)] : []
    }
    case 'Exists':
    case 'DoesNotExist': {
      const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
      return values.length > 0 ? [invalid(field, [...values], text)] : []
    }
    default:
      return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  }
}

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const scopes = (each: KubeObject): string => [...new Set(textsAt(each, 'spec', 'scopes'))].sort().join(' ')
  const now = objectAt(object, 'spec').scopes
  return scopes(object) === scopes(old) ? [] : [invalid('spec.scopes', now, 'field is immutable')]
}

function quotaCell(object: KubeObject, limits: boolean): string {
  const hard = objectAt(object, 'status', 'hard')
  return Object.keys(hard)
    .sort()
    .filter((name) => name.startsWith('limits.') === limits)
    .map((name) => `${name}: ${textAt(objectAt(object, 'status', 'used'), name) || '0'}/${textAt(hard, name)}`)
    .join(', ')
}

/** ResourceQuotas. */
export const resourceQuota: Entry = {
  validate: quotaCauses,
  validateUpdate: changeCauses,
  cells: { Request: (object) => quotaCell(object, false), Limit: (object) => quotaCell(object, true) },
}
