// ResourceQuotas: keeps count of what is used.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, textAt } from '../../kinds/look.ts'
import type { Quantity } from '../../kinds/quantity.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { type Amounts, amountsOf, plus, textsOf, ZERO } from './amounts.ts'
import { STATUS } from './objects.ts'
import { countName, isInScope, type Kind, usageOf } from './quota-usage.ts'

/** Counts what quotas are about. */
export const quotaController: Controller = {
  name: 'quota',
  follows: [
    { resource: '/resourcequotas', subjects: (quota) => [subjectOf(quota)] },
    { resource: '*', subjects: quotasFor },
  ],
  reconcile: (subject, { world, now }) => {
    const quota = world.get({ apiVersion: 'v1', kind: 'ResourceQuota', ...placeOf(subject) })
    if (quota === null) return null
    const hard = objectAt(quota, 'spec', 'hard')
    const status = { hard, used: textsOf(usedOf(world, quota, now)) }
    if (!equalJson(status, objectAt(quota, 'status'))) world.update({ ...quota, status }, STATUS)
    return null
  },
}

/** Quotas of the namespace that count such objects. */
function quotasFor(object: KubeObject, { world }: Desk): readonly string[] {
  const namespace = textAt(object, 'metadata', 'namespace')
  if (namespace === '' || object.kind === 'Event') return []
  const quotas = world.list('v1', 'ResourceQuota', namespace)
  const kind = quotas.length === 0 ? null : world.kindOf(object)
  return kind === null ? [] : quotas.filter((quota) => counts(quota, kind)).map(subjectOf)
}

/** True where a name in a quota is about objects of a kind. */
export function isAbout(name: string, kind: Kind): boolean {
  if (name === countName(kind)) return true
  if (kind.group !== '') return false
  if (name === kind.plural) return true
  switch (kind.plural) {
    case 'pods':
      return (
        name !== 'requests.storage' && /^(requests\.|limits\.|cpu$|memory$|ephemeral-storage$|hugepages-)/.test(name)
      )
    case 'services':
      return name.startsWith('services.')
    case 'persistentvolumeclaims':
      return name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/')
    default:
      return false
  }
}

function counts(quota: KubeObject, kind: Kind): boolean {
  return Object.keys(objectAt(quota, 'spec', 'hard')).some((name) => isAbout(name, kind))
}

/** What is used of everything that a quota limits. */
function usedOf(world: World, quota: KubeObject, now: number): Amounts {
  const hard = amountsOf(objectAt(quota, 'spec', 'hard'))
  const used = new Map<string, Quantity>([...hard.keys()].map((name) => [name, ZERO]))
  const namespace = textAt(quota, 'metadata', 'namespace')
  for (const kind of world.kinds()) {
    if (!kind.namespaced || !counts(quota, kind)) continue
    for (const object of world.list(headVersion(kind), kind.kind, namespace)) {
      if (isInScope(quota, kind, object)) add(used, usageOf(kind, object, now))
    }
  }
  return used
}

function headVersion(kind: ReturnType<World['kinds']>[number]): string {
  const version = kind.versions[0]?.name ?? ''
  return kind.group === '' ? version : `${kind.group}/${version}`
}

/** Adds what is counted at all. */
export function add(used: Map<string, Quantity>, usage: Amounts): void {
  for (const [name, amount] of usage) {
    const known = used.get(name)
    if (known !== undefined) used.set(name, plus(known, amount))
  }
}
