// What a restored object gets back beside its fields: the ownership that we had of it.
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resourceVersionOf, uidOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { isFault } from '../fault.ts'
import type { StepContext } from './context.ts'
import type { Address } from './target.ts'

/** How often it is tried again when the object moved. */
const TRIES = 5

/**
 * After a restore: our ownership shrinks to what it was. The values stay, without an owner, as the server and its
 * controllers had left them. Controllers write to a new object at once, so a conflict is met with its newest version.
 */
export async function restoreOwnership(address: Address, made: KubeObject, context: StepContext): Promise<void> {
  const owned = context.restored.get(refKey(address.ref))?.owned
  if (owned === undefined) return
  let object = made
  for (let attempt = 1; ; attempt++) {
    const patch = ownershipPatch(object, owned)
    if (patch === null) return
    try {
      await context.target.mergePatch(address, patch, context.requests)
      return
    } catch (error) {
      if (!isFault(error, 'conflict') || attempt === TRIES) throw error
    }
    const now = await context.target.get(address, context.requests)
    // Deleted or made anew in between: nothing of ours is left whose ownership could shrink.
    if (now === null || uidOf(now) !== uidOf(made)) return
    object = now
  }
}

/** The patch of our entry in managedFields; null where the object has none, or it is as it was already. */
function ownershipPatch(object: KubeObject, owned: JsonObject): JsonObject | null {
  const entries = object.metadata.managedFields
  if (!isList(entries)) return null
  const managedFields = entries.map((entry) => (isOurs(entry) ? { ...entry, fieldsV1: owned } : entry))
  if (canonicalJson(managedFields) === canonicalJson(entries)) return null
  return { metadata: { uid: uidOf(object), resourceVersion: resourceVersionOf(object), managedFields } }
}

function isOurs(entry: Json): entry is JsonObject {
  if (!isObject(entry) || entry.manager !== FIELD_MANAGER || entry.operation !== 'Apply') return false
  return entry.subresource === undefined
}

/**
 * Before a run that takes up an interrupted one: objects that it had brought back and not let go of. They look as they
 * should, so no step of the plan is about them.
 */
export async function settleRestored(context: StepContext): Promise<void> {
  if (!context.resumed) return
  const applied = new Set(context.plan.steps.flatMap((step) => (step.kind === 'apply' ? [refKey(step.ref)] : [])))
  for (const key of context.restored.keys()) {
    const live = context.live.get(key)
    const desired = context.desired.get(key)
    if (live === undefined || desired === undefined || applied.has(key)) continue
    await restoreOwnership({ ref: desired.ref, apiVersion: live.apiVersion }, live, context)
  }
}
