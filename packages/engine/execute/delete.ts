// Carries out one delete step: trash first, record the intent, then DELETE with the uid as precondition.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, uidOf } from '@mainstay/core/object/object.ts'
import { appText, PROTECT_ANNOTATION } from '@mainstay/core/plan/keep.ts'
import type { DeleteStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError, isFault } from '../fault.ts'
import type { StepContext } from './context.ts'
import { deletingEntry } from './entries.ts'
import { seenGone } from './settle.ts'
import type { Address } from './target.ts'
import { keepInTrash } from './trash.ts'

/**
 * Deletes the step's object. Its inventory entry becomes `deleting` before the request and leaves only when the object
 * is seen gone, so a rejected DELETE is retried and never forgotten (fluxcd/kustomize-controller#1664).
 */
export async function deleteStep(step: DeleteStep, context: StepContext): Promise<StepResult> {
  const address = { ref: step.ref, apiVersion: step.apiVersion }
  const live = await context.target.get(address, context.requests)
  if (live === null) {
    await seenGone(step, context)
    return { kind: 'already-gone' }
  }
  const uid = uidOf(live)
  if (uid !== step.uid) throw recreated(step, uid ?? 'unknown')
  const kept = await keptMeanwhile(live, step, context)
  if (kept !== null) throw moved(step, kept)
  await keepInTrash(step.id, live, context)
  await context.records.putEntries(context.key, [deletingEntry(step, context)])
  const answer = await send(step, address, context)
  if (answer === 'terminating') return { kind: 'terminating' }
  await seenGone(step, context)
  return { kind: 'deleted' }
}

/**
 * Why the object stays although its deletion was decided: a run may wait for minutes before it deletes, and meanwhile
 * another application may take it over, or somebody protect it.
 */
async function keptMeanwhile(live: KubeObject, step: DeleteStep, context: StepContext): Promise<string | null> {
  if (annotationOf(live, PROTECT_ANNOTATION) === 'true') return `it is protected now (${PROTECT_ANNOTATION}: "true")`
  const { cluster, app } = context.key
  const owner = (await context.records.owners(cluster, [step.uid], app)).get(step.uid)
  return owner === undefined ? null : `application ${appText(owner)} took it over`
}

/** A refused precondition means that the object was made again since we looked: the plan is stale, the new one stays. */
async function send(step: DeleteStep, address: Address, context: StepContext): Promise<'gone' | 'terminating'> {
  const { uid, cascade } = step
  try {
    return await context.target.delete(address, { uid, cascade }, context.requests)
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error
    const now = await context.target.get(address, context.requests)
    if (now === null) return 'gone'
    throw uidOf(now) === uid ? error : recreated(step, uidOf(now) ?? 'unknown')
  }
}

function recreated(step: DeleteStep, uid: string): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `the world moved since the plan was made: ${step.ref.kind}/${step.ref.name} was re-created`,
    where: step.id,
    why: `uid ${step.uid} → ${uid}; the new object is not the one whose deletion was decided`,
    fix: ['Make a new plan.'],
  })
}

function moved(step: DeleteStep, why: string): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `the world moved since the plan was made: ${step.ref.kind}/${step.ref.name} is not to be deleted any more`,
    where: step.id,
    why,
    fix: ['Make a new plan.'],
  })
}
