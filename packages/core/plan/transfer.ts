// Which wanted objects another application recorded: applying one moves it from there to here, and deletes nothing.
import type { AppKey } from '../app/application.ts'
import { readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import type { PlanInput } from './input.ts'
import { otherOwner } from './keep.ts'

/**
 * The application that an object would be taken over from; null where nobody else recorded it. A namespace that was
 * only asked for by CreateNamespace=true carries no mark and may serve several applications.
 */
export function transferFrom(drift: Extract<Drift, { kind: 'changed' | 'same' }>, input: PlanInput): AppKey | null {
  const { ref, manifest } = drift.desired
  const unmarked = readMark(manifest, input.settings.tracking).kind === 'none'
  if (unmarked && ref.kind === 'Namespace' && ref.group === '') return null
  return otherOwner(drift.live, input)
}
