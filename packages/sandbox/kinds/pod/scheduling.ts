// Where a Pod may run: tolerations, affinity, spreading.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** When a Pod may run, and how Pods are spread. */
export function schedulingCauses(spec: JsonObject, path: string): readonly Cause[] {
  return [...gateCauses(spec, path), ...spreadCauses(spec, `${path}.topologySpreadConstraints`)]
}

function gateCauses(spec: JsonObject, path: string): readonly Cause[] {
  const gates = objectsAt(spec, 'schedulingGates').map((each) => textAt(each, 'name'))
  return [
    ...objectsAt(spec, 'readinessGates').flatMap((each, at) => {
      const type = textAt(each, 'conditionType')
      return invalids(`${path}.readinessGates[${at}].conditionType`, type, qualifiedName(type))
    }),
    ...gates.flatMap((name, at) => [
      ...invalids(`${path}.schedulingGates[${at}]`, name, qualifiedName(name)),
      ...(gates.indexOf(name) < at ? [duplicate(`${path}.schedulingGates[${at}]`, name)] : []),
    ]),
  ]
}

/** A toleration. */
export function tolerationCauses(toleration: JsonObject, path: string): readonly Cause[] {
  const [key, operator, effect] = [
    textAt(toleration, 'key'),
    textAt(toleration, 'operator'),
    textAt(toleration, 'effect'),
  ]
  const all = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
  const timed = "effect must be 'NoExecute' when `tolerationSeconds` is set"
  return [
    ...(key === '' ? [] : invalids(`${path}.key`, key, qualifiedName(key))),
    ...(key === '' && operator !== 'Exists' ? [invalid(`${path}.operator`, operator, all)] : []),
    ...(has(toleration, 'tolerationSeconds') && effect !== 'NoExecute'
      ? [invalid(`${path}.effect`, effect, timed)]
      : []),
    ...tolerationOperatorCauses(operator, textAt(toleration, 'value'), path),
    ...(effect === '' || EFFECTS.includes(effect) ? [] : [notSupported(`${path}.effect`, effect, EFFECTS)]),
  ]
}

function tolerationOperatorCauses(operator: string, value: string, path: string): readonly Cause[] {
  const field = `${path}.operator`
  switch (operator) {
    case '':
    case 'Equal': {
      const wrong = labelValue(value)
      return wrong.length === 0 ? [] : [invalid(field, value, wrong.join(';'))]
    }
    case 'Exists':
      return value === '' ? [] : [invalid(field, value, "value must be empty when `operator` is 'Exists'")]
    case 'Lt':
    case 'Gt':
      return [notSupported(field, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
    default:
      return [notSupported(field, operator, ['Equal', 'Exists'])]
  }
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

/** Where a Pod would like to run. */
export function affinityCauses(affinity: JsonObject, path: string): readonly Cause[] {
  const node = objectAt(affinity, 'nodeAffinity')
  const own = `${path}.nodeAffinity`
  return [
    ...(has(node, REQUIRED) ? nodeSelectorCauses(objectAt(node, REQUIRED), `${own}.${REQUIRED}`) : []),
    ...objectsAt(node, PREFERRED).flatMap((each, at) => [
      ...weightCauses(each, `${own}.${PREFERRED}[${at}]`),
      ...termCauses(objectAt(each, 'preference'), `${own}.${PREFERRED}[${at}].preference`, true),
    ]),
    ...['podAffinity', 'podAntiAffinity'].flatMap((key) =>
      podAffinityCauses(objectAt(affinity, key), `${path}.${key}`),
    ),
  ]
}

function podAffinityCauses(affinity: JsonObject, path: string): readonly Cause[] {
  return [
    ...objectsAt(affinity, REQUIRED).flatMap((each, at) => podTermCauses(each, `${path}.${REQUIRED}[${at}]`)),
    ...objectsAt(affinity, PREFERRED).flatMap((each, at) => [
      ...weightCauses(each, `${path}.${PREFERRED}[${at}]`),
      ...podTermCauses(objectAt(each, 'podAffinityTerm'), `${path}.${PREFERRED}[${at}].podAffinityTerm`),
    ]),
  ]
}

function weightCauses(term: JsonObject, path: string): readonly Cause[] {
  const weight = wholeAt(term, 'weight') ?? 0
  return weight <= 0 || weight > 100 ? [invalid(`${path}.weight`, weight, 'must be in the range 1-100')] : []
}

function podTermCauses(term: JsonObject, path: string): readonly Cause[] {
  const key = textAt(term, 'topologyKey')
  return [
    ...selectorCauses(objectAt(term, 'labelSelector'), `${path}.labelSelector`),
    ...selectorCauses(objectAt(term, 'namespaceSelector'), `${path}.namespaceSelector`),
    ...textsAt(term, 'namespaces').flatMap((each) => invalids(`${path}.namespace`, each, dnsLabel(each))),
    ...(key === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...invalids(`${path}.topologyKey`, key, qualifiedName(key)),
  ]
}

/** A selector of nodes. */
export function nodeSelectorCauses(selector: JsonObject, path: string): readonly Cause[] {
  const terms = objectsAt(selector, 'nodeSelectorTerms')
  const own = `${path}.nodeSelectorTerms`
  if (terms.length === 0) return [required(own, 'must have at least one node selector term')]
  return terms.flatMap((each, at) => termCauses(each, `${own}[${at}]`, false))
}

function termCauses(term: JsonObject, path: string, anyValue: boolean): readonly Cause[] {
  return [
    ...objectsAt(term, 'matchExpressions').flatMap((each, at) =>
      expressionCauses(each, `${path}.matchExpressions[${at}]`, anyValue),
    ),
    ...objectsAt(term, 'matchFields').flatMap((each, at) => fieldCauses(each, `${path}.matchFields[${at}]`)),
  ]
}

function expressionCauses(expression: JsonObject, path: string, anyValue: boolean): readonly Cause[] {
  const key = textAt(expression, 'key')
  const values = textsAt(expression, 'values')
  return [
    ...operatorCauses(textAt(expression, 'operator'), values, path),
    ...invalids(`${path}.key`, key, qualifiedName(key)),
    ...(anyValue ? [] : values).flatMap((each, at) => invalids(`${path}.values[${at}]`, each, labelValue(each))),
  ]
}

function operatorCauses(operator: string, values: readonly string[], path: string): readonly Cause[] {
  const field = `${path}.values`
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [required(field, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist': {
      const text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      return values.length === 0 ? [] : [{ reason: 'FieldValueForbidden', field, message: `Forbidden: ${text}` }]
    }
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default:
      return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  }
}

function fieldCauses(expression: JsonObject, path: string): readonly Cause[] {
  const [key, operator] = [textAt(expression, 'key'), textAt(expression, 'operator')]
  const values = textsAt(expression, 'values')
  const chosen = operator === 'In' || operator === 'NotIn'
  const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
  return [
    ...(chosen && values.length !== 1 ? [required(`${path}.values`, one)] : []),
    ...(chosen ? [] : [invalid(`${path}.operator`, operator, 'not a valid selector operator')]),
    ...(key === 'metadata.name'
      ? values.flatMap((each, at) => invalids(`${path}.values[${at}]`, each, dnsSubdomain(each)))
      : [invalid(`${path}.key`, key, 'not a valid field selector key')]),
  ]
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway']

function spreadCauses(spec: JsonObject, list: string): readonly Cause[] {
  const all = objectsAt(spec, 'topologySpreadConstraints')
  const key = (each: JsonObject): string => `{${textAt(each, 'topologyKey')}, ${textAt(each, 'whenUnsatisfiable')}}`
  return all.flatMap((each, at) => {
    const path = `${list}[${at}]`
    const again = all.slice(at + 1).some((other) => key(other) === key(each))
    return [
      ...spreadOneCauses(each, path),
      ...(again ? [duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, key(each))] : []),
      ...domainCauses(each, path),
      ...selectorCauses(objectAt(each, 'labelSelector'), `${path}.labelSelector`),
    ]
  })
}

function spreadOneCauses(constraint: JsonObject, path: string): readonly Cause[] {
  const skew = wholeAt(constraint, 'maxSkew') ?? 0
  const action = textAt(constraint, 'whenUnsatisfiable')
  const policies = ['nodeAffinityPolicy', 'nodeTaintsPolicy'].filter((key) => has(constraint, key))
  return [
    ...(skew <= 0 ? [invalid(`${path}.maxSkew`, skew, 'must be greater than zero')] : []),
    ...(textAt(constraint, 'topologyKey') === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...(ACTIONS.includes(action) ? [] : [notSupported(`${path}.whenUnsatisfiable`, action, ACTIONS)]),
    ...policies.flatMap((key) => oneOf(`${path}.${key}`, textAt(constraint, key), ['Honor', 'Ignore'])),
  ]
}

function domainCauses(constraint: JsonObject, path: string): readonly Cause[] {
  if (!has(constraint, 'minDomains')) return []
  const domains = wholeAt(constraint, 'minDomains') ?? 0
  const action = textAt(constraint, 'whenUnsatisfiable')
  const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`
  return [
    ...(domains <= 0 ? [invalid(`${path}.minDomains`, domains, 'must be greater than zero')] : []),
    ...(action === 'DoNotSchedule' ? [] : [invalid(`${path}.minDomains`, domains, text)]),
  ]
}
