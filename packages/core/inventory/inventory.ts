// What we recorded as ours. Written before apply; an entry leaves only when the object was seen gone.
import type { Origin } from '../desired/desired.ts'
import { canonicalJson, jsonOf } from '../object/canonical.ts'
import type { ObjectRef } from '../object/ref.ts'
import { compareRefs } from '../object/ref.ts'

/**
 * `intended`: the plan is about to apply it; it may or may not exist. `applied`: it exists with `uid`.
 * `deleting`: a DELETE was sent or is about to be; it may still be there.
 */
export type InventoryState =
  | { readonly kind: 'intended' }
  | { readonly kind: 'applied'; readonly uid: string }
  | { readonly kind: 'deleting'; readonly uid: string }

/** One recorded object. */
export interface InventoryEntry {
  readonly ref: ObjectRef
  /** The apiVersion it was applied with: deletion needs no discovery of what was meant. */
  readonly apiVersion: string
  readonly state: InventoryState
  readonly wave: number
  /** Position in the order of application; deletion runs it backwards (invariant 7). */
  readonly order: number
  readonly origin: Origin
  /** Commit that last wanted it; removal must come from another commit or another spec (rule R2). */
  readonly commit: string
  /** `DesiredSet.sourceDigest` when it was last wanted. */
  readonly sourceDigest: string
  /** Digest of what was applied last. */
  readonly digest: string
  /** Existed before this application first applied it (adopted), so deleting it destroys somebody's earlier work. */
  readonly adopted: boolean
  /** `Prune=`/`Delete=` as they stood when it was last applied: they outlive the manifest. */
  readonly prune: 'yes' | 'no' | 'confirm'
  readonly delete: 'yes' | 'no' | 'confirm'
}

/** All that is recorded for one application in one cluster, in order of application. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[]
}

/** The uid an entry vouches for; null while only intended. */
export function recordedUid(entry: InventoryEntry): string | null {
  return entry.state.kind === 'intended' ? null : entry.state.uid
}

/** What a plan's basis digests: equal for equal records, whatever their order of reading. */
export function inventoryText(entries: Iterable<InventoryEntry>): string {
  return canonicalJson(jsonOf([...entries].sort((a, b) => compareRefs(a.ref, b.ref))))
}
