// Puts a live object into the trash before a destructive request is sent (invariant 11).
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf, uidOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { instant } from '../clock.ts'
import type { StepContext } from './context.ts'

/** Stores the object as it is now; returns the entry's id. Fails rather than letting the destructive step go on. */
export async function keepInTrash(step: string, object: KubeObject, context: StepContext): Promise<string> {
  const ref = refOf(object)
  return context.records.putTrash(
    {
      key: context.key,
      ref,
      apiVersion: object.apiVersion,
      uid: uidOf(object) ?? '',
      plan: context.plan.id,
      step,
      at: instant(context.clock),
      by: context.by,
      entry: context.inventory.get(refKey(ref)) ?? null,
    },
    object,
  )
}
