// Which wanted objects another application recorded: applying one moves it from there to here, and deletes nothing.
import type { AppKey } from '../app/application.ts'
import { claims, readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { uidOf } from '../object/object.ts'
import type { PlanInput } from './input.ts'
import { otherOwner } from './keep.ts'

/**
 * The application that an object would be taken over from; null where nobody else recorded it. A namespace that was
 * only asked for by CreateNamespace=true carries no mark and may serve several applications.
 */
export function transferFrom(drift: Extract<Drift, { kind: 'changed' | 'same' }>, input: PlanInput): AppKey | null {
  const { ref, manifest } = drift.desired
  const unmarked = readMark(manifest, input.settings.tracking).kind === 'none'
  if (unmarked && ref.kind === 'Namespace' && ref.group === '') return null
  return otherOwner(drift.live, input)
}

/**
 * Our record and its mark say that it is ours, and the other application still holds it: a crash came between the apply
 * and the records. The record may be of the intent alone, and the mark tells that the apply was carried out.
 */
export function isTaken({ live, recorded }: Extract<Drift, { kind: 'same' }>, input: PlanInput): boolean {
  if (recorded === null || (recorded.state.kind !== 'intended' && recordedUid(recorded) !== uidOf(live))) return false
  return claims(readMark(live, input.settings.tracking), input.application.key)
}
