// What the cluster says of its kinds: scope and served versions, as far as they could be seen.
import type { GroupKind, KindKey } from './ref.ts'
import { kindKey } from './ref.ts'

/** One kind as discovery shows it. */
export interface KindInfo extends GroupKind {
  readonly scope: 'namespaced' | 'cluster'
  /** The path segment in URLs: `deployments`. */
  readonly resource: string
  /** Served versions, the preferred one first. */
  readonly versions: readonly string[]
  readonly verbs: readonly string[]
}

/** All kinds of a cluster, and the API groups that did not answer: a kind missing from both does not exist. */
export interface KindTable {
  readonly kinds: ReadonlyMap<KindKey, KindInfo>
  /** Groups whose discovery failed, with the server's reason: their kinds are unknown, never absent. */
  readonly failedGroups: ReadonlyMap<string, string>
}

/** The answer to "what is this kind?". */
export type KindAnswer =
  | { readonly kind: 'known'; readonly info: KindInfo }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'absent' }

/** Looks a kind up; a kind of a failed group is `unseen`, never `absent`. */
export function findKind(table: KindTable, kind: GroupKind): KindAnswer {
  const info = table.kinds.get(kindKey(kind))
  if (info !== undefined) return { kind: 'known', info }
  const reason = table.failedGroups.get(kind.group)
  return reason === undefined ? { kind: 'absent' } : { kind: 'unseen', reason }
}
