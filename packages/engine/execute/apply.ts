// Carries out one apply step: server-side apply with the decided uid and resourceVersion as preconditions.

import { handover } from '@mainstay/core/compare/handover.ts'
import { hasSubresource, ownershipOf } from '@mainstay/core/compare/ownership.ts'
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resourceVersionOf, uidOf } from '@mainstay/core/object/object.ts'
import { parseApiVersion, refKey } from '@mainstay/core/object/ref.ts'
import type { ApplyStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError, isFault } from '../fault.ts'
import type { StepContext } from './context.ts'
import { appliedEntry } from './entries.ts'
import { restoreOwnership } from './restored.ts'
import { leaveOther } from './settle.ts'
import type { Applied, ApplyRequest } from './target.ts'
import { keepInTrash } from './trash.ts'

/** How often an apply is tried again when only fields that nobody decided on (status, labels of others) moved. */
const TRIES = 5

/** Applies the step's object and records it as ours. */
export async function applyStep(step: ApplyStep, context: StepContext): Promise<StepResult> {
  const desired = manifestOf(step, context)
  // A step that creates meets nothing: what stood there is deleted by an earlier step of the same plan.
  let live = step.uid === null ? null : (context.live.get(refKey(step.ref)) ?? null)
  if (live !== null && step.changes.some((change) => change.handEdit)) await keepInTrash(step.id, live, context)
  for (let attempt = 1; ; attempt++) {
    const applied = await applyOnce(step, desired, live, context, { last: attempt === TRIES })
    if (applied !== null) {
      const uid = uidOf(applied.object) ?? ''
      const entry = appliedEntry(step, desired, uid, context)
      if (step.uid === null && !applied.created && isOthers(applied.object)) {
        await context.records.putEntries(context.key, [{ ...entry, adopted: true }])
        throw moved(
          step,
          `it was created by somebody else (uid ${uid}); what Git names was added to it, and nothing of theirs changed`,
        )
      }
      await context.records.putEntries(context.key, [entry])
      await leaveOther(step.ref, context)
      await restoreOwnership({ ref: step.ref, apiVersion: step.apiVersion }, applied.object, context)
      return { kind: result(applied.created, live, applied.object), uid }
    }
    live = await stillAsDecided(step, desired, context)
  }
}

/**
 * True where somebody beside us wrote to the object itself. An apply that was to create can meet an object that was made
 * a moment before: without force it only adds fields that nobody disputes, and no precondition says "must not exist".
 */
function isOthers(object: KubeObject): boolean {
  return ownershipOf(object).others.some((entry) => !hasSubresource(entry))
}

/** One try; null where a precondition did not hold and there is another try. */
async function applyOnce(
  step: ApplyStep,
  desired: DesiredObject,
  live: KubeObject | null,
  context: StepContext,
  attempt: { readonly last: boolean },
): Promise<Applied | null> {
  try {
    const ready = live === null ? null : await handOver(step, desired, live, context)
    return await context.target.apply(request(desired, ready, context), context.requests)
  } catch (error) {
    if (!isFault(error, 'conflict') || attempt.last) throw error
    return null
  }
}

/**
 * Before an apply that takes fields away which client-side apply put there: they become ours by server-side apply, or
 * they would stay for ever. Returns the object in the version to be applied to.
 */
async function handOver(
  step: ApplyStep,
  desired: DesiredObject,
  live: KubeObject,
  context: StepContext,
): Promise<KubeObject> {
  const removed = new Set(step.changes.flatMap((change) => (change.op === 'remove' ? [change.path] : [])))
  if (removed.size === 0) return live
  const { group, version } = parseApiVersion(live.apiVersion)
  const schema = context.schema(group, version, live.kind)
  const managedFields = handover({ manifest: context.manifestFor(desired, live), live, schema, removed })
  if (managedFields === null) return live
  const metadata = { uid: uidOf(live), resourceVersion: resourceVersionOf(live), managedFields }
  return context.target.mergePatch({ ref: step.ref, apiVersion: live.apiVersion }, { metadata }, context.requests)
}

function request(desired: DesiredObject, live: KubeObject | null, context: StepContext): ApplyRequest {
  return {
    manifest: live === null ? desired.manifest : context.manifestFor(desired, live),
    uid: live === null ? null : uidOf(live),
    resourceVersion: live === null ? null : resourceVersionOf(live),
    force: live !== null,
    fieldValidation: desired.options.validate ? 'Strict' : 'Ignore',
  }
}

function result(
  created: boolean,
  before: KubeObject | null,
  after: KubeObject,
): 'created' | 'configured' | 'unchanged' {
  if (created) return 'created'
  return before !== null && resourceVersionOf(before) === resourceVersionOf(after) ? 'unchanged' : 'configured'
}

/** The manifest behind the step; another digest means that the plan and the world it runs in are not of one make. */
function manifestOf(step: ApplyStep, context: StepContext): DesiredObject {
  const desired = context.desired.get(refKey(step.ref))
  if (desired !== undefined && desired.digest === step.digest) return desired
  throw new FaultError({
    kind: 'stale-plan',
    what: 'the manifest behind this step is not the one that was planned',
    where: `${step.ref.kind}/${step.ref.name} (${step.origin.file})`,
    fix: ['Make a new plan.'],
  })
}

/** After a conflict: the object as it is now, if what was decided on still holds; else the plan is stale. */
async function stillAsDecided(
  step: ApplyStep,
  desired: DesiredObject,
  context: StepContext,
): Promise<KubeObject | null> {
  const now = await context.target.get({ ref: step.ref, apiVersion: step.apiVersion }, context.requests)
  if (now === null) throw moved(step, step.uid === null ? 'it was created and deleted again' : 'it was deleted')
  if (uidOf(now) !== step.uid) {
    throw moved(
      step,
      `it was ${step.uid === null ? '' : 're-'}created by somebody else (uid ${uidOf(now) ?? 'unknown'})`,
    )
  }
  const changes = await context.redecide(desired, now)
  const same = canonicalJson(asJson(changes)) === canonicalJson(asJson(step.changes))
  if (!same) throw moved(step, changedFields(step, changes))
  return now
}

function changedFields(step: ApplyStep, changes: ApplyStep['changes']): string {
  const planned = new Map(step.changes.map((change) => [change.path, canonicalJson(change.from)]))
  const other = changes.filter((change) => planned.get(change.path) !== canonicalJson(change.from))
  const names = other.map((change) => `${change.path}${change.by === null ? '' : ` (${change.by.manager})`}`)
  return names.length === 0 ? 'decided fields were changed' : `${names.join(', ')} changed`
}

function asJson(changes: ApplyStep['changes']): string[][] {
  // Authors carry a time; what was decided on is the path and both values.
  return changes.map((change) => [change.path, change.op, canonicalJson(change.from), canonicalJson(change.to)])
}

function moved(step: ApplyStep, why: string): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `the world moved since the plan was made: ${step.ref.kind}/${step.ref.name}`,
    where: step.id,
    why,
    fix: ['Make a new plan.'],
  })
}
