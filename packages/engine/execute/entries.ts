// Inventory entries of a run: what the executor records of an object before and after it acts on it.
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { EntryIn, Wish } from '@mainstay/core/inventory/transitions.ts'
import { beginDeletion, confirmApplied, intend, isIn } from '@mainstay/core/inventory/transitions.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { ApplyStep, DeleteStep } from '@mainstay/core/plan/plan.ts'
import type { StepContext } from './context.ts'

/** The entry of an object that this run is about to apply: written before the request (intent first). */
export function intendedEntry(step: ApplyStep, desired: DesiredObject, context: StepContext): InventoryEntry {
  const before = recordedAs(step, context)
  return intend(wishOf(desired, step.verb === 'adopt', context), before)
}

/** The entry of an object whose apply was answered with `uid`. */
export function appliedEntry(
  step: ApplyStep,
  desired: DesiredObject,
  uid: string,
  context: StepContext,
): InventoryEntry {
  const wish = wishOf(desired, step.verb === 'adopt', context)
  const before = recordedAs(step, context)
  const from = before !== null && isIn(before, 'applied') ? before : intend(wish, null)
  return confirmApplied(from, wish, uid)
}

/** The entry of an object that is already as wanted and ours: nothing was sent. */
export function adoptedEntry(desired: DesiredObject, uid: string, context: StepContext): InventoryEntry {
  const before = context.inventory.get(refKey(desired.ref)) ?? null
  const wish = wishOf(desired, false, context)
  const from = before !== null && isIn(before, 'applied') ? before : intend(wish, null)
  return confirmApplied(from, wish, uid)
}

/** The entry of an object that is about to be deleted. One proven by its mark alone is recorded now. */
export function deletingEntry(step: DeleteStep, context: StepContext): EntryIn<'deleting'> {
  const before = context.inventory.get(refKey(step.ref))
  if (before !== undefined && (isIn(before, 'applied') || isIn(before, 'deleting')) && before.state.uid === step.uid) {
    return beginDeletion(before)
  }
  return {
    ref: step.ref,
    apiVersion: step.apiVersion,
    state: { kind: 'deleting', uid: step.uid },
    wave: step.wave,
    order: before?.order ?? 0,
    origin: before?.origin ?? { file: '', document: 1, line: null },
    commit: before?.commit ?? '',
    sourceDigest: before?.sourceDigest ?? context.sourceDigest,
    digest: before?.digest ?? '',
    adopted: before?.adopted ?? true,
    prune: before?.prune ?? 'yes',
    delete: before?.delete ?? 'yes',
  }
}

/** What was recorded of the very object that the step updates; an entry of a dead one says nothing of the new one. */
function recordedAs(step: ApplyStep, context: StepContext): InventoryEntry | null {
  const before = context.inventory.get(refKey(step.ref))
  if (before === undefined) return null
  return before.state.kind === 'intended' || before.state.uid === step.uid ? before : null
}

/** A restored object is wanted by the commit that last wanted it, not by the plan that brings it back. */
function wishOf(desired: DesiredObject, adopted: boolean, context: StepContext): Wish {
  const restored = context.restored.get(refKey(desired.ref))?.entry ?? null
  const transferred = context.transferred.get(refKey(desired.ref))
  return {
    desired,
    order: context.orderOf(desired.ref),
    commit: context.commit ?? restored?.commit ?? '',
    sourceDigest: restored?.sourceDigest ?? context.sourceDigest,
    adopted: restored?.adopted ?? transferred?.entry?.adopted ?? (adopted || wasAdopting(desired, context)),
  }
}

/** A run that was cut off had meant to adopt the object: the mark that it may have left does not make it ours from the start. */
function wasAdopting(desired: DesiredObject, context: StepContext): boolean {
  const before = context.inventory.get(refKey(desired.ref))
  return before?.state.kind === 'intended' && before.adopted
}
