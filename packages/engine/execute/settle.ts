// What a run changes in our own records beside its steps: adoptions, releases, and entries that were seen gone.
import type { Inventory } from '@mainstay/core/inventory/inventory.ts'
import { mayLeave } from '@mainstay/core/inventory/transitions.ts'
import type { LiveAnswer } from '@mainstay/core/live/live.ts'
import type { ObjectRef, RefKey } from '@mainstay/core/object/ref.ts'
import { refKey, sameRef } from '@mainstay/core/object/ref.ts'
import { appText } from '@mainstay/core/plan/keep.ts'
import type { DeleteStep, Plan } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { isFault } from '../fault.ts'
import type { RecordKey, RecordStore } from '../ports.ts'
import type { StepContext, Transferred } from './context.ts'
import { adoptedEntry, deletingEntry, intendedEntry } from './entries.ts'

/** Writes the plan's record changes. Nothing here is sent to the cluster. */
export async function recordChanges(context: StepContext): Promise<void> {
  const { records, key, plan } = context
  const adopted = plan.records.flatMap((change) => {
    const desired = change.kind === 'adopt' ? context.desired.get(refKey(change.ref)) : undefined
    return change.kind === 'adopt' && desired !== undefined ? adoptedEntry(desired, change.uid, context) : []
  })
  if (adopted.length > 0) await records.putEntries(key, adopted)
  const applied = new Set(plan.steps.flatMap((step) => (step.kind === 'apply' ? [refKey(step.ref)] : [])))
  for (const change of plan.records) {
    // One that is applied leaves the other application when the apply was answered.
    if (change.kind === 'transfer' && !applied.has(refKey(change.ref))) await leaveOther(change.ref, context)
  }
  const left = plan.records.flatMap(({ kind, ref }) => (kind === 'adopt' || kind === 'transfer' ? [] : [ref]))
  if (left.length > 0) await records.removeEntries(key, left)
}

/** What the plan's transfers take from other applications. */
export async function transferredEntries(
  plan: Plan,
  key: RecordKey,
  records: RecordStore,
): Promise<ReadonlyMap<RefKey, Transferred>> {
  const transferred = new Map<RefKey, Transferred>()
  const known = new Map<string, Inventory>()
  for (const change of plan.records) {
    if (change.kind !== 'transfer') continue
    const name = appText(change.from)
    const inventory = known.get(name) ?? (await records.inventory({ app: change.from, cluster: key.cluster }))
    known.set(name, inventory)
    const entry = inventory.entries.find((each) => sameRef(each.ref, change.ref)) ?? null
    transferred.set(refKey(change.ref), { from: change.from, entry })
  }
  return transferred
}

/** Ends another application's record of an object that is ours now. */
export async function leaveOther(ref: ObjectRef, context: StepContext): Promise<void> {
  const transferred = context.transferred.get(refKey(ref))
  if (transferred === undefined) return
  await context.records.removeEntries({ app: transferred.from, cluster: context.key.cluster }, [ref])
}

/**
 * Looks once more at objects whose deletion was accepted but not finished: those that are gone now leave the
 * inventory. The others stay `deleting` and the next run takes them up.
 */
export async function settleDeleted(context: StepContext, results: ReadonlyMap<string, StepResult>): Promise<void> {
  for (const step of context.plan.steps) {
    if (step.kind !== 'delete' || results.get(step.id)?.kind !== 'terminating') continue
    // What was created again has a record of its own by now.
    if (results.has(`apply ${refKey(step.ref)}`)) continue
    if (mayLeave(deletingEntry(step, context), await lookAgain(step, context))) await seenGone(step, context)
  }
}

/** Ends the record of a deleted object; one that the plan creates again is recorded as intended, as before any create. */
export async function seenGone(step: DeleteStep, context: StepContext): Promise<void> {
  const again = context.plan.steps.find((each) => each.kind === 'apply' && sameRef(each.ref, step.ref))
  const desired = context.desired.get(refKey(step.ref))
  if (again?.kind !== 'apply' || desired === undefined) return context.records.removeEntries(context.key, [step.ref])
  await context.records.putEntries(context.key, [intendedEntry(again, desired, context)])
}

/** What is there now; `unseen` when the server does not say: then the entry simply stays `deleting`. */
async function lookAgain(step: DeleteStep, context: StepContext): Promise<LiveAnswer> {
  try {
    const object = await context.target.get({ ref: step.ref, apiVersion: step.apiVersion }, context.requests)
    return object === null ? { kind: 'absent' } : { kind: 'present', object }
  } catch (error) {
    if (isFault(error)) return { kind: 'unseen', reason: error.fault.what }
    throw error
  }
}
