// Carries out one retain step: a volume keeps its data whatever becomes of its claim.
import { GIVE_UP } from '@mainstay/core/impact/of.ts'
import { resourceVersionOf, stringAt, uidOf } from '@mainstay/core/object/object.ts'
import type { RetainStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError, isFault } from '../fault.ts'
import type { StepContext } from './context.ts'
import { againWhileMoved } from './moved.ts'

/** Sets `spec.persistentVolumeReclaimPolicy` of exactly the volume that was decided on to Retain. */
export async function retainStep(step: RetainStep, context: StepContext): Promise<StepResult> {
  try {
    return await againWhileMoved(() => retainOnce(step, context))
  } catch (error) {
    throw isFault(error, 'forbidden') ? notAllowed(step, error) : error
  }
}

async function retainOnce(step: RetainStep, context: StepContext): Promise<StepResult> {
  const address = { ref: step.ref, apiVersion: 'v1' }
  const volume = await context.target.get(address, context.requests)
  if (volume === null || uidOf(volume) !== step.uid) throw gone(step)
  if (stringAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Retain') return { kind: 'retained' }
  await context.target.mergePatch(
    address,
    {
      metadata: { uid: step.uid, resourceVersion: resourceVersionOf(volume) },
      spec: { persistentVolumeReclaimPolicy: 'Retain' },
    },
    context.requests,
  )
  return { kind: 'retained' }
}

function gone(step: RetainStep): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `PersistentVolume/${step.ref.name} is not the volume that the plan was made for`,
    where: step.id,
    why: 'it was deleted or re-created',
    fix: ['Make a new plan.'],
  })
}

function notAllowed(step: RetainStep, cause: FaultError): FaultError {
  return new FaultError(
    {
      kind: 'forbidden',
      what: `the data of PersistentVolume/${step.ref.name} cannot be kept, so its claim stays`,
      where: step.id,
      why: cause.fault.why ?? cause.fault.what,
      fix: [
        'let an administrator set its reclaim policy to Retain, or allow "patch persistentvolumes"',
        `or let the data go: ${GIVE_UP}: "true" on the claim`,
      ],
    },
    { cause },
  )
}
