// PodDisruptionBudgets.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { amountCauses, atMostAllCauses } from '../apps/template.ts'
import { invalid, notSupported } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { has, objectAt, textAt, wholeAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'

const POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

function budgetCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const policy = textAt(spec, 'unhealthyPodEvictionPolicy')
  const keys = ['minAvailable', 'maxUnavailable'].filter((key) => has(spec, key))
  return [
    ...(keys.length === 2
      ? [invalid('spec', shown(object), 'minAvailable and maxUnavailable cannot be both set')]
      : []),
    ...keys.flatMap((key) => [...amountCauses(spec[key], `spec.${key}`), ...atMostAllCauses(spec[key], `spec.${key}`)]),
    ...selectorCauses(objectAt(spec, 'selector'), 'spec.selector'),
    ...(has(spec, 'unhealthyPodEvictionPolicy') && !POLICIES.includes(policy)
      ? [notSupported('spec.unhealthyPodEvictionPolicy', policy, POLICIES)]
      : []),
  ]
}

/** The spec as the server's own type prints it. */
function shown(object: KubeObject): Json {
  const spec = objectAt(object, 'spec')
  return {
    MinAvailable: spec.minAvailable ?? null,
    Selector: spec.selector ?? null,
    MaxUnavailable: spec.maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
  }
}

function amountCell(object: KubeObject, key: string): string {
  const value = objectAt(object, 'spec')[key]
  return value === undefined ? 'N/A' : String(value)
}

/** PodDisruptionBudgets. */
export const podDisruptionBudget: Entry = {
  generation: 'spec',
  validate: budgetCauses,
  cells: {
    'Min Available': (object) => amountCell(object, 'minAvailable'),
    'Max Unavailable': (object) => amountCell(object, 'maxUnavailable'),
    'Allowed Disruptions': (object) => wholeAt(object, 'status', 'disruptionsAllowed') ?? 0,
  },
}
