// Carries out one rebind step: frees a released volume of its dead claim so that the restored claim binds to it.
import { resourceVersionOf, stringAt, uidOf } from '@mainstay/core/object/object.ts'
import type { RebindStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError } from '../fault.ts'
import type { StepContext } from './context.ts'
import { againWhileMoved } from './moved.ts'

/** Clears `spec.claimRef.uid` of exactly the volume and the dead claim that were decided on. */
export function rebindStep(step: RebindStep, context: StepContext): Promise<StepResult> {
  return againWhileMoved(() => rebindOnce(step, context))
}

async function rebindOnce(step: RebindStep, context: StepContext): Promise<StepResult> {
  const address = { ref: step.ref, apiVersion: 'v1' }
  const volume = await context.target.get(address, context.requests)
  if (volume === null || uidOf(volume) !== step.uid) throw gone(step, 'the volume was deleted or re-created')
  const claimed = stringAt(volume, 'spec', 'claimRef', 'uid')
  if (claimed === undefined) return { kind: 'rebound' }
  if (claimed !== step.claim.uid) throw gone(step, `the volume now belongs to another claim (uid ${claimed})`)
  await context.target.mergePatch(
    address,
    {
      metadata: { uid: step.uid, resourceVersion: resourceVersionOf(volume) },
      spec: { claimRef: { uid: null, resourceVersion: null } },
    },
    context.requests,
  )
  return { kind: 'rebound' }
}

function gone(step: RebindStep, why: string): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `PersistentVolume/${step.ref.name} cannot be bound to ${step.claim.namespace}/${step.claim.name} again`,
    where: step.id,
    why,
    fix: ['Make a new plan: mainstay trash restore'],
  })
}
