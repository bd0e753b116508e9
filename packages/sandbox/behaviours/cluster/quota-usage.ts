// What an object counts against a ResourceQuota.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../../kinds/look.ts'
import type { Quantity } from '../../kinds/quantity.ts'
import { timeOf } from '../../schema/time.ts'
import { type Amounts, amountsOf, whole, ZERO } from './amounts.ts'
import { podAmounts } from './pod-amounts.ts'

/** Group and plural of a resource. */
export interface Kind {
  readonly group: string
  readonly plural: string
}

/** Resources whose objects are counted under their plain name. */
const PLAIN = new Set(['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets', 'services'])

/** The name under which objects are counted: `count/deployments.apps`. */
export function countName({ group, plural }: Kind): string {
  return `count/${plural}${group === '' ? '' : `.${group}`}`
}

/** What an object counts, by the names that a quota may have. */
export function usageOf(kind: Kind, object: KubeObject, now: number): Amounts {
  const usage = new Map<string, Quantity>([[countName(kind), whole(1)]])
  if (kind.group !== '') return usage
  if (PLAIN.has(kind.plural)) usage.set(kind.plural, whole(1))
  for (const [name, amount] of specialUsage(kind.plural, object, now)) usage.set(name, amount)
  return usage
}

function specialUsage(plural: string, object: KubeObject, now: number): Amounts {
  switch (plural) {
    case 'pods':
      return isOver(object, now) ? new Map() : podUsage(object)
    case 'persistentvolumeclaims':
      return claimUsage(object)
    case 'services':
      return serviceUsage(object)
    default:
      return new Map()
  }
}

/** A Pod that has ended, or whose time to end is over, takes nothing. */
function isOver(pod: KubeObject, now: number): boolean {
  if (['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))) return true
  return isTerminating(pod) && (timeOf(textAt(pod, 'metadata', 'deletionTimestamp')) ?? now) < now
}

const SHORT = new Set(['cpu', 'memory', 'ephemeral-storage'])

function podUsage(pod: KubeObject): Amounts {
  const usage = new Map<string, Quantity>([['pods', whole(1)]])
  for (const [name, amount] of podAmounts(pod, 'requests')) {
    usage.set(`requests.${name}`, amount)
    if (SHORT.has(name) || name.startsWith('hugepages-')) usage.set(name, amount)
  }
  for (const [name, amount] of podAmounts(pod, 'limits')) usage.set(`limits.${name}`, amount)
  return usage
}

function claimUsage(claim: KubeObject): Amounts {
  const size = amountsOf(objectAt(claim, 'spec', 'resources', 'requests')).get('storage') ?? ZERO
  const own = textAt(claim, 'spec', 'storageClassName')
  const plain = [
    ['persistentvolumeclaims', whole(1)],
    ['requests.storage', size],
  ] as const
  const ofClass =
    own === '' ? [] : plain.map(([name, amount]) => [`${own}.storageclass.storage.k8s.io/${name}`, amount] as const)
  return new Map([...plain, ...ofClass])
}

function serviceUsage(service: KubeObject): Amounts {
  const ports = objectsAt(service, 'spec', 'ports')
  const type = textAt(service, 'spec', 'type')
  if (type === 'NodePort') return new Map([['services.nodeports', whole(ports.length)]])
  if (type !== 'LoadBalancer') return new Map()
  const given = objectAt(service, 'spec').allocateLoadBalancerNodePorts === false
  const count = given ? ports.filter((port) => (wholeAt(port, 'nodePort') ?? 0) !== 0).length : ports.length
  return new Map([
    ['services.nodeports', whole(count)],
    ['services.loadbalancers', whole(1)],
  ])
}

/** True where an object is one of those that a quota is about. */
export function isInScope(quota: KubeObject, kind: Kind, object: KubeObject): boolean {
  const plain = textsAt(quota, 'spec', 'scopes').map((scope) => ({ scopeName: scope, operator: 'Exists', values: [] }))
  const chosen = objectsAt(quota, 'spec', 'scopeSelector', 'matchExpressions')
  const scopes = [...plain, ...chosen]
  if (scopes.length === 0) return true
  if (kind.group !== '' || kind.plural !== 'pods') return false
  return scopes.every((each) =>
    meets(textAt(each, 'scopeName'), textAt(each, 'operator'), textsAt(each, 'values'), object),
  )
}

function meets(scope: string, operator: string, values: readonly string[], pod: KubeObject): boolean {
  const priority = textAt(pod, 'spec', 'priorityClassName')
  switch (scope) {
    case 'Terminating':
      return has(pod, 'spec', 'activeDeadlineSeconds')
    case 'NotTerminating':
      return !has(pod, 'spec', 'activeDeadlineSeconds')
    case 'BestEffort':
      return isBestEffort(pod)
    case 'NotBestEffort':
      return !isBestEffort(pod)
    case 'PriorityClass':
      if (operator === 'In') return values.includes(priority)
      if (operator === 'NotIn') return !values.includes(priority)
      return (priority !== '') === (operator === 'Exists')
    default:
      return false
  }
}

function isBestEffort(pod: KubeObject): boolean {
  const all = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')]
  return all.every((each) =>
    (['requests', 'limits'] as const).every((key) => Object.keys(objectAt(each, 'resources', key)).length === 0),
  )
}
