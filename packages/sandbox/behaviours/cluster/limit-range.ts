// LimitRanges: what containers get that ask for nothing, and who asks for too little or too much.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { changeAt, has, objectAt, objectsAt, textAt, withAt } from '../../kinds/look.ts'
import { formatQuantity, type Quantity } from '../../kinds/quantity.ts'
import type { Admission, AdmissionRequest } from '../../registry/admission.ts'
import type { Surroundings } from '../../registry/kind.ts'
import { type Amounts, amountsOf, sum } from './amounts.ts'
import { forbidden } from './forbidden.ts'
import { containerAmounts } from './pod-amounts.ts'

const RANGES = { group: '', plural: 'limitranges' }
const NOTED = 'kubernetes.io/limit-ranger'

/** The admission of LimitRanges. */
export const limitRangeAdmission: Admission = {
  name: 'LimitRanger',
  mutate: (request, around) => {
    if (!isNew(request, 'pods') || request.object === null) return {}
    let pod = request.object
    for (const range of around.list(RANGES, request.namespace)) pod = withDefaults(pod, range)
    return { object: pod }
  },
  validate: (request, around) => {
    const faults = rangesOf(request, around).flatMap((limit) => faultsOf(request, limit))
    if (faults.length === 0) return {}
    return { refusal: forbidden(request, faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`) }
  },
}

function isNew({ operation, resource, subresource }: AdmissionRequest, plural: string): boolean {
  return operation === 'CREATE' && subresource === null && resource.group === '' && resource.plural === plural
}

function rangesOf(request: AdmissionRequest, around: Surroundings): readonly JsonObject[] {
  if (!isNew(request, 'pods') && !isNew(request, 'persistentvolumeclaims')) return []
  return around.list(RANGES, request.namespace).flatMap((range) => objectsAt(range, 'spec', 'limits'))
}

function withDefaults(pod: KubeObject, range: KubeObject): KubeObject {
  const limits = objectsAt(range, 'spec', 'limits').filter((each) => each.type === 'Container')
  const all = (...keys: readonly string[]): JsonObject =>
    Object.assign({}, ...limits.flatMap((limit) => keys.map((key) => objectAt(limit, key))))
  // What says more is read later and wins.
  const limit = all('max', 'default')
  const request = all('min', 'max', 'default', 'defaultRequest')
  const told: string[] = []
  let changed = pod
  for (const key of ['initContainers', 'containers']) {
    if (!has(pod, 'spec', key)) continue
    const containers = objectsAt(pod, 'spec', key).map((container) =>
      filledIn(container, { request, limit }, key === 'initContainers' ? 'init container' : 'container', told),
    )
    changed = withAt(changed, ['spec', key], [...containers])
  }
  if (told.length === 0) return pod
  return withAt(changed, ['metadata', 'annotations', NOTED], `LimitRanger plugin set: ${told.join('; ')}`)
}

function filledIn(
  container: JsonObject,
  defaults: { readonly request: JsonObject; readonly limit: JsonObject },
  what: string,
  told: string[],
): JsonObject {
  let changed = container
  for (const [key, values] of [
    ['requests', defaults.request],
    ['limits', defaults.limit],
  ] as const) {
    const known = objectAt(container, 'resources', key)
    const missing = Object.keys(values)
      .filter((name) => known[name] === undefined)
      .sort(compareText)
    if (missing.length === 0) continue
    const added = Object.fromEntries(missing.map((name) => [name, values[name] ?? null]))
    changed = changeAt(changed, 'resources', (resources) => ({ ...resources, [key]: { ...known, ...added } }))
    told.push(
      `${missing.join(', ')} ${key === 'requests' ? 'request' : 'limit'} for ${what} ${textAt(container, 'name')}`,
    )
  }
  return changed
}

function faultsOf(request: AdmissionRequest, limit: JsonObject): readonly string[] {
  const type = textAt(limit, 'type')
  const object = request.object ?? {}
  if (request.resource.plural === 'persistentvolumeclaims') {
    if (type !== 'PersistentVolumeClaim') return []
    return claimFaults(limit, amountsOf(objectAt(object, 'spec', 'resources', 'requests')))
  }
  const containers = [...objectsAt(object, 'spec', 'containers'), ...objectsAt(object, 'spec', 'initContainers')]
  const each = containers.map(
    (container) => [containerAmounts(container, 'requests'), containerAmounts(container, 'limits')] as const,
  )
  if (type === 'Container') return each.flatMap(([requests, limits]) => podFaults(limit, requests, limits))
  if (type !== 'Pod') return []
  return podFaults(limit, sum(each.map(([requests]) => requests)), sum(each.map(([, limits]) => limits)))
}

function claimFaults(limit: JsonObject, requests: Amounts): readonly string[] {
  return [...bounds(limit, 'min', requests), ...bounds(limit, 'max', requests)]
}

function bounds(limit: JsonObject, key: 'min' | 'max', requests: Amounts): readonly string[] {
  return [...amountsOf(objectAt(limit, key))].flatMap(([name, bound]) => {
    const own = requests.get(name)
    const wrong = own === undefined || (key === 'min' ? own.nano < bound.nano : own.nano > bound.nano)
    return wrong ? [usage(key, name, limit, bound, own, 'request')] : []
  })
}

function podFaults(limit: JsonObject, requests: Amounts, limits: Amounts): readonly string[] {
  const low = [...amountsOf(objectAt(limit, 'min'))].flatMap(([name, bound]) => {
    const [asked, most] = [requests.get(name), limits.get(name)]
    if (asked === undefined || asked.nano < bound.nano) return [usage('min', name, limit, bound, asked, 'request')]
    return most !== undefined && most.nano < bound.nano ? [usage('min', name, limit, bound, most, 'limit')] : []
  })
  const high = [...amountsOf(objectAt(limit, 'max'))].flatMap(([name, bound]) => {
    const [asked, most] = [requests.get(name), limits.get(name)]
    if (most === undefined || most.nano > bound.nano) return [usage('max', name, limit, bound, most, 'limit')]
    return asked !== undefined && asked.nano > bound.nano ? [usage('max', name, limit, bound, asked, 'request')] : []
  })
  return [...low, ...high, ...ratioFaults(limit, requests, limits)]
}

function usage(
  key: 'min' | 'max',
  name: string,
  limit: JsonObject,
  bound: Quantity,
  own: Quantity | undefined,
  what: 'request' | 'limit',
): string {
  const word = key === 'min' ? 'minimum' : 'maximum'
  const begin = `${word} ${name} usage per ${textAt(limit, 'type')} is ${formatQuantity(bound)}`
  return own === undefined ? `${begin}.  No ${what} is specified` : `${begin}, but ${what} is ${formatQuantity(own)}`
}

function ratioFaults(limit: JsonObject, requests: Amounts, limits: Amounts): readonly string[] {
  return [...amountsOf(objectAt(limit, 'maxLimitRequestRatio'))].flatMap(([name, bound]) => {
    const [asked, most] = [requests.get(name), limits.get(name)]
    if (asked === undefined || most === undefined || asked.nano === 0n) return []
    const ratio = Number(most.nano) / Number(asked.nano)
    if (ratio <= Number(bound.nano) / 1e9) return []
    const begin = `${name} max limit to request ratio per ${textAt(limit, 'type')} is ${formatQuantity(bound)}`
    return [`${begin}, but provided ratio is ${ratio.toFixed(6)}`]
  })
}
