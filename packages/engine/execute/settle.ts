// What a run changes in our own records beside its steps: adoptions, releases, and entries that were seen gone.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { DeleteStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { isFault } from '../fault.ts'
import type { StepContext } from './context.ts'
import { adoptedEntry } from './entries.ts'

/** Writes the plan's record changes. Nothing here is sent to the cluster. */
export async function recordChanges(context: StepContext): Promise<void> {
  const { records, key, plan } = context
  const adopted = plan.records.flatMap((change) => {
    const desired = change.kind === 'adopt' ? context.desired.get(refKey(change.ref)) : undefined
    return change.kind === 'adopt' && desired !== undefined ? adoptedEntry(desired, change.uid, context) : []
  })
  if (adopted.length > 0) await records.putEntries(key, adopted)
  const left = plan.records.filter((change) => change.kind !== 'adopt').map((change) => change.ref)
  if (left.length > 0) await records.removeEntries(key, left)
}

/**
 * Looks once more at objects whose deletion was accepted but not finished: those that are gone now leave the
 * inventory. The others stay `deleting` and the next run takes them up.
 */
export async function settleDeleted(context: StepContext, results: ReadonlyMap<string, StepResult>): Promise<void> {
  for (const step of context.plan.steps) {
    if (step.kind !== 'delete' || results.get(step.id)?.kind !== 'terminating') continue
    const live = await lookAgain(step, context)
    if (live === 'unseen') continue
    if (live === null || live.metadata.uid !== step.uid) await context.records.removeEntries(context.key, [step.ref])
  }
}

/** The object, null when it is gone, `unseen` when the server does not say: then the entry simply stays `deleting`. */
async function lookAgain(step: DeleteStep, context: StepContext): Promise<KubeObject | null | 'unseen'> {
  try {
    return await context.target.get({ ref: step.ref, apiVersion: step.apiVersion }, context.requests)
  } catch (error) {
    if (isFault(error)) return 'unseen'
    throw error
  }
}
