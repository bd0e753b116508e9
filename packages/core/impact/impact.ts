// What a deletion takes with it, shown before it happens (invariant 6).

import type { Gap } from '../live/live.ts'
import type { KubeObject } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'

/** One consequence of deleting an object. */
export type Impact =
  /** Objects that the garbage collector removes because they are owned by it. */
  | { readonly kind: 'dependants'; readonly refs: readonly ObjectRef[] }
  /** What a Namespace holds that this plan does not already delete. */
  | { readonly kind: 'contents'; readonly refs: readonly ObjectRef[] }
  /** Instances of a CustomResourceDefinition. */
  | { readonly kind: 'instances'; readonly refs: readonly ObjectRef[] }
  /**
   * The volume behind a claim and what its reclaim policy does with the data. `retained`: the plan sets the policy to
   * Retain first, so the data stay whatever it says now.
   */
  | {
      readonly kind: 'volume'
      readonly volume: string
      readonly reclaim: 'Delete' | 'Retain' | 'Recycle' | 'unknown'
      readonly retained?: true
    }
  /** Addresses that are given back and the DNS names that point to them. */
  | { readonly kind: 'address'; readonly addresses: readonly string[]; readonly names: readonly string[] }
  /** Objects outside the plan that refer to it by name. */
  | { readonly kind: 'referrers'; readonly refs: readonly ObjectRef[] }
  /** Fields that another manager set by hand and Git does not know. */
  | {
      readonly kind: 'hand-edits'
      readonly fields: readonly { readonly path: string; readonly manager: string; readonly time: string | null }[]
    }
  /** Part of the consequences could not be seen. */
  | { readonly kind: 'unseen'; readonly reason: string }

/** What must be read before the impact of deletions can be told. */
export interface ImpactNeeds {
  /** Namespaces whose whole content counts (dependants, contents, referrers). */
  readonly namespaces: readonly string[]
  /** Kinds of custom resources to list in all namespaces, from the CRDs to be deleted. */
  readonly instancesOf: readonly { readonly group: string; readonly kind: string }[]
  /** PersistentVolumes by name. */
  readonly volumes: readonly string[]
}

/** What was read for it: whole objects or metadata only, and what could not be read. */
export interface ImpactFacts {
  readonly objects: readonly KubeObject[]
  readonly gaps: readonly Gap[]
}
