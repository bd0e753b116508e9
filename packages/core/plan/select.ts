// Selective syncs: which objects an intent is about.
import { selects } from '../app/selector.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Intent } from './plan.ts'

/** True when the intent is about this object. Only a sync can be selective. */
export function isSelected(intent: Intent, ref: ObjectRef): boolean {
  return intent.kind !== 'sync' || selects(intent.only, ref)
}
