// Refuses what would be more than a ResourceQuota allows, in the real server's words.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { has, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import type { Quantity } from '../../kinds/quantity.ts'
import type { Admission, AdmissionRequest } from '../../registry/admission.ts'
import type { Surroundings } from '../../registry/kind.ts'
import type { StatusError } from '../../registry/status.ts'
import { timeOf } from '../../schema/time.ts'
import { type Amounts, amountsOf, listOf, minus, ZERO } from './amounts.ts'
import { forbidden } from './forbidden.ts'
import { add, isAbout } from './quota.ts'
import { isInScope, type Kind, usageOf } from './quota-usage.ts'

const QUOTAS = { group: '', plural: 'resourcequotas' }

/** The admission of quotas. */
export const quotaAdmission: Admission = {
  name: 'ResourceQuota',
  validate: (request, around) => {
    const { operation, object, namespace, subresource, resource } = request
    if (operation === 'DELETE' || object === null || namespace === null || subresource !== null) return {}
    if (operation === 'UPDATE' && !growsLater(resource)) return {}
    for (const quota of around.list(QUOTAS, namespace)) {
      if (isUnseen(quota, around.now)) continue
      const refusal = isInScope(quota, resource, object) ? refusalOf(quota, request, object, around) : null
      if (refusal !== null) return { refusal }
    }
    return {}
  },
}

/** What the real server hears of a little later. Where no time goes by between two requests, nobody could count in between. */
function isUnseen(quota: KubeObject, now: number): boolean {
  const made = timeOf(textAt(quota, 'metadata', 'creationTimestamp')) ?? 0
  return !has(quota, 'status', 'hard') && now - made < UNSEEN_MS
}

const UNSEEN_MS = 1000

/** Kinds whose objects may come to count more than before. */
function growsLater({ group, plural }: Kind): boolean {
  return group === '' && (plural === 'services' || plural === 'persistentvolumeclaims')
}

function refusalOf(
  quota: KubeObject,
  request: AdmissionRequest,
  object: KubeObject,
  around: Surroundings,
): StatusError | null {
  const { resource, old } = request
  const hard = new Map([...amountsOf(objectAt(quota, 'spec', 'hard'))].filter(([name]) => isAbout(name, resource)))
  if (hard.size === 0) return null
  const name = quota.metadata.name
  const missing = resource.group === '' && resource.plural === 'pods' ? missingAmounts(object, hard) : []
  if (missing.length > 0) return forbidden(request, `failed quota: ${name}: must specify ${missing.join('; ')}`)
  const before: Amounts = old === null ? new Map() : usageOf(resource, old, around.now)
  const asked = new Map<string, Quantity>()
  for (const [key, amount] of usageOf(resource, object, around.now)) {
    const more = minus(amount, before.get(key) ?? ZERO)
    if (hard.has(key) && more.nano > 0n) asked.set(key, more)
  }
  if (asked.size === 0) return null
  const unknown = [...asked.keys()].filter((key) => !has(quota, 'status', 'hard', key)).sort(compareText)
  if (unknown.length > 0)
    return forbidden(request, `status unknown for quota: ${name}, resources: ${unknown.join(',')}`)
  return overRefusal(quota, request, hard, asked, around)
}

function overRefusal(
  quota: KubeObject,
  request: AdmissionRequest,
  hard: Amounts,
  asked: Amounts,
  around: Surroundings,
): StatusError | null {
  const used = new Map<string, Quantity>([...asked.keys()].map((key) => [key, ZERO]))
  for (const each of around.list(request.resource, request.namespace)) {
    if (isInScope(quota, request.resource, each)) add(used, usageOf(request.resource, each, around.now))
  }
  const over = [...asked].filter(
    ([key, amount]) => (used.get(key)?.nano ?? 0n) + amount.nano > (hard.get(key)?.nano ?? 0n),
  )
  if (over.length === 0) return null
  const part = (amounts: Amounts): string => listOf(new Map(over.map(([key]) => [key, amounts.get(key) ?? ZERO])))
  const told = `requested: ${part(asked)}, used: ${part(used)}, limited: ${part(hard)}`
  return forbidden(request, `exceeded quota: ${quota.metadata.name}, ${told}`)
}

const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']

/** Where a quota limits it, every container has to say how much it wants. */
function missingAmounts(pod: KubeObject, hard: Amounts): readonly string[] {
  const containers = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')]
  return [...hard.keys()]
    .filter((name) => COMPUTE.includes(name))
    .sort(compareText)
    .flatMap((name) => {
      const key = name.startsWith('limits.') ? 'limits' : 'requests'
      const what = name.replace(/^(limits|requests)\./, '')
      const without = containers
        .filter((each) => !has(each, 'resources', key, what))
        .map((each) => textAt(each, 'name'))
      return without.length === 0 ? [] : [`${name} for: ${without.sort(compareText).join(',')}`]
    })
}
