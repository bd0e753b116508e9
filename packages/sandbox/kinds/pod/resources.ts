// What containers request and how they are limited.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, required } from '../causes.ts'
import { qualifiedName } from '../formats.ts'
import { objectAt } from '../look.ts'
import { nanoOf } from '../quantity.ts'
import { NEGATIVE } from './numbers.ts'

/** What every container can ask for. */
export const CONTAINER_RESOURCES: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])
/** What a quota can count beside kinds of objects and huge pages. */
export const COUNTED: ReadonlySet<string> = new Set([
  ...CONTAINER_RESOURCES,
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])
const STANDARD = new Set([...COUNTED, 'storage'])

const BILLION = 1_000_000_000n

/** Pages of a given size, which belong to nobody else. */
export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
}

/** A name of Kubernetes' own. */
export function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/')
}

/** More of it can be promised than there is. */
export function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name)
}

function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0
}

/** The name of any resource. */
export function resourceNameCauses(name: string, path: string): readonly Cause[] {
  const wrong = invalids(path, name, qualifiedName(name))
  if (wrong.length > 0 || name.includes('/')) return wrong
  if (STANDARD.has(name) || isHugePages(name)) return []
  return [invalid(path, name, 'must be a standard resource type or fully qualified')]
}

/** The name of a resource that containers can have. */
export function containerNameCauses(name: string, path: string): readonly Cause[] {
  const wrong = resourceNameCauses(name, path)
  if (!name.includes('/')) {
    const own = CONTAINER_RESOURCES.has(name) || isHugePages(name)
    return own ? wrong : [...wrong, invalid(path, name, 'must be a standard resource for containers')]
  }
  const fits = isNative(name) || isExtended(name)
  return fits ? wrong : [...wrong, invalid(path, name, "doesn't follow extended resource name standard")]
}

const WHOLE = new Set(['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps'])

/** An amount of a resource. */
export function amountCauses(name: string, value: Json | undefined, path: string): readonly Cause[] {
  const nano = nanoOf(value)
  const whole = WHOLE.has(name) || isExtended(name) || /^(persistentvolumeclaims|services\..*)$/.test(name)
  return [
    ...(nano < 0n ? [invalid(path, value, NEGATIVE)] : []),
    ...(whole && nano % BILLION !== 0n ? [invalid(path, value, 'must be an integer')] : []),
  ]
}

/** Requests and limits of one container. */
export function resourceCauses(resources: JsonObject, path: string): readonly Cause[] {
  const limits = objectAt(resources, 'limits')
  const requests = objectAt(resources, 'requests')
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  const alone = names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')
  return [
    ...Object.entries(limits).flatMap(([name, value]) => oneCauses(name, value, `${path}.limits[${name}]`)),
    ...Object.entries(requests).flatMap(([name, value]) => [
      ...oneCauses(name, value, `${path}.requests[${name}]`),
      ...requestCauses(name, value, limits, path),
    ]),
    ...(alone ? [forbidden(path, 'HugePages require cpu or memory')] : []),
  ]
}

function oneCauses(name: string, value: Json, path: string): readonly Cause[] {
  return [
    ...containerNameCauses(name, path),
    ...amountCauses(name, value, path),
    ...(isHugePages(name) ? pagesCauses(name, value, path) : []),
  ]
}

/** Only whole pages can be had. */
function pagesCauses(name: string, value: Json, path: string): readonly Cause[] {
  const page = nanoOf(name.slice('hugepages-'.length))
  const text = `${String(value)} is not positive integer multiple of ${name}`
  return page > 0n && nanoOf(value) % page === 0n ? [] : [invalid(path, value, text)]
}

function requestCauses(name: string, value: Json, limits: JsonObject, path: string): readonly Cause[] {
  const limit = limits[name]
  if (limit === undefined) {
    return mayOvercommit(name) ? [] : [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')]
  }
  const [asked, most] = [nanoOf(value), nanoOf(limit)]
  if (asked !== most && !mayOvercommit(name)) {
    return [invalid(`${path}.requests`, value, `must be equal to ${name} limit of ${String(limit)}`)]
  }
  if (asked <= most) return []
  return [invalid(`${path}.requests`, value, `must be less than or equal to ${name} limit of ${String(limit)}`)]
}
