// The life of an inventory entry: intended → applied → deleting → gone. Other ways cannot be written down.
import type { DesiredObject, DesiredSet } from '../desired/desired.ts'
import type { LiveAnswer } from '../live/live.ts'
import { uidOf } from '../object/object.ts'
import type { InventoryEntry, InventoryState } from './inventory.ts'

/** An entry in one of its states. */
export type EntryIn<K extends InventoryState['kind']> = InventoryEntry & {
  readonly state: Extract<InventoryState, { kind: K }>
}

/** What a plan's apply says of an object. */
export interface Wish {
  readonly desired: DesiredObject
  /** Position in the order of application. */
  readonly order: number
  readonly commit: string
  readonly sourceDigest: string
  /** It existed before this application first applied it. Only the first record decides. */
  readonly adopted: boolean
}

/** The commit that a desired set stands for: of several sources, all of them; null where it comes from no source. */
export function commitOf(desired: Pick<DesiredSet, 'revisions'>): string | null {
  return desired.revisions.length === 0 ? null : desired.revisions.map((revision) => revision.commit).join('+')
}

/**
 * Before an apply: recorded as intended, so that a crash leaves no object that nobody knows. What was applied before
 * stays `applied` with its uid: an update does not make it uncertain that the object is ours.
 */
export function intend(wish: Wish, before: InventoryEntry | null): EntryIn<'intended'> | EntryIn<'applied'> {
  if (before !== null && isIn(before, 'applied')) return before
  return { ...entryOf(wish, before), state: { kind: 'intended' } }
}

/** After an apply was answered with the object's uid. */
export function confirmApplied(
  entry: EntryIn<'intended'> | EntryIn<'applied'>,
  wish: Wish,
  uid: string,
): EntryIn<'applied'> {
  return { ...entryOf(wish, entry), state: { kind: 'applied', uid } }
}

/** Before a DELETE. Only what is known by uid can be deleted: there is no way here from `intended`. */
export function beginDeletion(entry: EntryIn<'applied'> | EntryIn<'deleting'>): EntryIn<'deleting'> {
  return { ...entry, state: { kind: 'deleting', uid: entry.state.uid } }
}

/**
 * Whether an entry may leave: only when its object was seen gone, or another one stands in its place. What could not
 * be seen stays, and so does what is merely terminating.
 */
export function mayLeave(entry: EntryIn<'deleting'>, seen: LiveAnswer): boolean {
  switch (seen.kind) {
    case 'absent':
      return true
    case 'present':
      return uidOf(seen.object) !== entry.state.uid
    case 'unseen':
      return false
  }
}

/** Narrows an entry to a state. */
export function isIn<K extends InventoryState['kind']>(entry: InventoryEntry, kind: K): entry is EntryIn<K> {
  return entry.state.kind === kind
}

function entryOf(wish: Wish, before: InventoryEntry | null): Omit<InventoryEntry, 'state'> {
  const { desired, order, commit, sourceDigest } = wish
  return {
    ref: desired.ref,
    apiVersion: desired.manifest.apiVersion,
    wave: desired.wave,
    order,
    origin: desired.origin,
    commit,
    sourceDigest,
    digest: desired.digest,
    adopted: before?.adopted ?? wish.adopted,
    prune: desired.options.prune,
    delete: desired.options.delete,
  }
}
