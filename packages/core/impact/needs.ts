// What must be read of the cluster before the impact of a plan's deletions can be told.
import { isCrd } from '../app/tracking.ts'
import type { Comparison, Drift } from '../compare/drift.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt } from '../object/object.ts'
import { compareText, kindKey } from '../object/ref.ts'
import type { Intent } from '../plan/plan.ts'
import type { ImpactNeeds } from './impact.ts'

type Going = Extract<Drift, { kind: 'surplus' | 'changed' }>

/** The reads that an intent needs beyond the comparison. Empty where the plan will delete nothing. */
export function impactNeeds(comparison: Comparison, intent: Intent): ImpactNeeds {
  if (intent.kind === 'restore') return { namespaces: [], instancesOf: [], volumes: restoredVolumes(comparison) }
  const going = comparison.drifts.flatMap((drift): readonly Going[] => {
    if (drift.kind === 'surplus') return destroys(intent) ? [drift] : []
    // What cannot be changed in place may be replaced; whether it is, only the plan decides.
    return drift.kind === 'changed' && drift.refusal?.creatable === true ? [drift] : []
  })
  return {
    namespaces: unique(going.flatMap(namespacesOf)),
    instancesOf: instancesOf(going),
    volumes: unique(going.flatMap((drift) => volumeOf(drift.live))),
  }
}

/** True for an intent that may delete what Git does not want. */
export function destroys(intent: Intent): boolean {
  switch (intent.kind) {
    case 'sync':
    case 'rollback':
      return intent.prune
    case 'delete':
      return intent.cascade !== 'none'
    case 'restore':
      return false
  }
}

/** Group and kind of the objects that a CustomResourceDefinition defines; null where it does not say. */
export function definedKind(crd: KubeObject): { readonly group: string; readonly kind: string } | null {
  if (!isCrd(crd)) return null
  const group = stringAt(crd, 'spec', 'group')
  const kind = stringAt(crd, 'spec', 'names', 'kind')
  return group === undefined || kind === undefined ? null : { group, kind }
}

/** Where dependants and referrers of an object can be; for a Namespace, what it holds. */
function namespacesOf({ ref }: Going): readonly string[] {
  if (ref.namespace !== null) return [ref.namespace]
  return ref.group === '' && ref.kind === 'Namespace' ? [ref.name] : []
}

function instancesOf(going: readonly Going[]): ImpactNeeds['instancesOf'] {
  const kinds = going.flatMap((drift) => definedKind(drift.live) ?? [])
  const byKey = new Map(kinds.map((kind) => [kindKey(kind), kind]))
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, kind]) => kind)
}

function restoredVolumes(comparison: Comparison): readonly string[] {
  return unique(
    comparison.drifts.flatMap((drift) => (drift.kind === 'missing' ? volumeOf(drift.desired.manifest) : [])),
  )
}

/** The volume that a claim names. */
export function volumeOf(object: KubeObject): readonly string[] {
  if (object.kind !== 'PersistentVolumeClaim') return []
  const volume = stringAt(object, 'spec', 'volumeName')
  return volume === undefined || volume === '' ? [] : [volume]
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText)
}
