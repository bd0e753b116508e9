// What discovery documents have in common, whatever their form.
import { isList, type Json } from '@mainstay/core/object/json.ts'
import type { KindInfo } from '@mainstay/core/object/kinds.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { ClusterFault } from './cluster-fault.ts'

/** A group (or one version of it) whose kinds could not be seen. */
export interface DiscoveryGap {
  readonly group: string
  readonly version: string
  /** Free of secrets. */
  readonly reason: string
}

/** One kind in one version, as a server lists it. */
export interface ServedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
  readonly scope: KindInfo['scope']
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly string[]
}

/** What one answer told: kinds with the preferred version of a group first, and gaps. */
export interface Served {
  readonly kinds: readonly ServedKind[]
  readonly gaps: readonly DiscoveryGap[]
}

/** The fault for a discovery document that is not one. */
export function unreadable(path: string): ClusterFault {
  const why = 'the answer is not a discovery document'
  return new ClusterFault({ kind: 'unreachable', what: 'cannot discover the kinds of the cluster', where: path, why })
}

/** A list at a path, empty where there is none. */
export function listAt(value: Json, ...path: readonly string[]): readonly Json[] {
  const list = valueAt(value, ...path)
  return isList(list) ? list : []
}

/** The texts of a list at a path. */
export function textsAt(value: Json, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string')
}
