// What a plan changes in our own records without touching the cluster.
import { claims, readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import type { DesiredObject } from '../desired/desired.ts'
import { orderDesired } from '../desired/order.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { commitOf } from '../inventory/transitions.ts'
import { isTerminating, uidOf } from '../object/object.ts'
import type { RefKey } from '../object/ref.ts'
import { compareRefs, refKey } from '../object/ref.ts'
import { isWanted } from './apply.ts'
import type { PlanInput } from './input.ts'
import { otherOwner } from './keep.ts'
import type { RecordChange } from './plan.ts'
import type { Removals } from './removal.ts'
import { isSelected } from './select.ts'
import { isTaken, transferFrom } from './transfer.ts'

type Same = Extract<Drift, { kind: 'same' }>

/** All record changes, ordered by object. */
export function recordChanges(input: PlanInput, drifts: readonly Drift[], removals: Removals): readonly RecordChange[] {
  const waves = new Map(orderDesired(input.desired.objects).map((desired) => [refKey(desired.ref), desired.wave]))
  const adopted = drifts.flatMap((drift) => (drift.kind === 'same' ? adoption(drift, waves, input) : []))
  const forgotten = input.comparison.gone
    .filter((entry) => isSelected(input.intent, entry.ref))
    .map((entry): RecordChange => ({ kind: 'forget', ref: entry.ref }))
  const transferred = drifts.flatMap((drift) => transfer(drift, input))
  return [...adopted, ...transferred, ...removals.releases, ...forgotten].sort(
    (a, b) => compareRefs(a.ref, b.ref) || (a.kind < b.kind ? -1 : 1),
  )
}

/** Moves the entry of an object that another application recorded and this plan applies, or one before it did. */
function transfer(drift: Drift, input: PlanInput): readonly RecordChange[] {
  if ((drift.kind !== 'changed' && drift.kind !== 'same') || !isSelected(input.intent, drift.ref)) return []
  if (drift.kind === 'changed' ? !isWanted(drift) : !isTaken(drift, input)) return []
  const from = transferFrom(drift, input)
  return from === null ? [] : [{ kind: 'transfer', ref: drift.desired.ref, uid: uidOf(drift.live) ?? '', from }]
}

/** Remembers an object that is already as wanted: for the first time, or because its record is out of date. */
function adoption(drift: Same, waves: ReadonlyMap<RefKey, number>, input: PlanInput): readonly RecordChange[] {
  const uid = uidOf(drift.live)
  if (uid === null || isTerminating(drift.live) || !isSelected(input.intent, drift.ref)) return []
  // Two applications must not both hold one object: the rule shared-resource tells of it.
  if (otherOwner(drift.live, input) !== null && !isTaken(drift, input)) return []
  const { recorded } = drift
  const known = recorded !== null && (recorded.state.kind === 'intended' || recordedUid(recorded) === uid)
  if (!known && !claims(readMark(drift.live, input.settings.tracking), input.application.key)) return []
  if (recorded !== null && known && isCurrent(recorded, drift.desired, waves, input)) return []
  return [{ kind: 'adopt', ref: drift.desired.ref, uid }]
}

/**
 * Whether an entry says what an apply of today would write. The commit counts: that a removal is a positive fact can
 * only be told from the last commit that wanted the object (rule R2). The wave may have been recorded as written or
 * as the order of application drew it forward.
 */
function isCurrent(
  entry: InventoryEntry,
  desired: DesiredObject,
  waves: ReadonlyMap<RefKey, number>,
  input: PlanInput,
): boolean {
  if (entry.state.kind !== 'applied') return false
  const { prune, delete: deletion } = desired.options
  if (entry.prune !== prune || entry.delete !== deletion) return false
  if (entry.wave !== desired.wave && entry.wave !== waves.get(refKey(desired.ref))) return false
  if (input.intent.kind === 'restore') return true
  const commits = [commitOf(input.desired), input.desired.revisions[0]?.commit]
  return commits.includes(entry.commit) && entry.sourceDigest === input.desired.sourceDigest
}
