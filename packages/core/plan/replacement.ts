// Which objects are replaced: deleted and created again, as two visible steps, where they cannot be changed in place.
import { claims, isCrd, readMark } from '../app/tracking.ts'
import { editsOfOthers } from '../compare/authors.ts'
import type { Drift, Proof } from '../compare/drift.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { isTerminating, uidOf } from '../object/object.ts'
import type { PlanInput } from './input.ts'
import { keepReason } from './keep.ts'
import { isSelected } from './select.ts'

type Changed = Extract<Drift, { kind: 'changed' }>

/**
 * What a change that the server refuses comes to. `in-place`: it is not one of these, or no replacing would help.
 * `on-request`: it could be replaced, and nobody asked for it. `never`: it was asked for and must not be.
 */
export type Replacement =
  | { readonly kind: 'in-place' }
  | { readonly kind: 'on-request' }
  | { readonly kind: 'never'; readonly why: string }
  | { readonly kind: 'replace'; readonly drift: Extract<Drift, { kind: 'surplus' }>; readonly wave: number }

/**
 * Decides on one object. Only `Force=true` on the object, or `--force` for the whole sync, asks for replacing, and only
 * where the server refuses the change and would take the manifest as a new object. A Namespace and a definition are
 * never replaced: everything inside would go with them (argoproj/argo-cd#5214, #12539).
 */
export function replacementOf(drift: Drift, input: PlanInput): Replacement {
  if (drift.kind !== 'changed' || drift.refusal?.creatable !== true || isTerminating(drift.live)) {
    return { kind: 'in-place' }
  }
  if (!isSelected(input.intent, drift.ref)) return { kind: 'in-place' }
  const { ref, live, recorded, desired } = drift
  const everything = isCrd(live) || (ref.kind === 'Namespace' && ref.group === '')
  const asked = desired.options.force || (input.intent.kind === 'sync' && input.intent.force === true)
  if (!asked) return everything ? { kind: 'in-place' } : { kind: 'on-request' }
  if (everything)
    return { kind: 'never', why: `a ${ref.kind} is never deleted to change it: everything in it would go` }
  const kept = keepReason(live, recorded, input)
  if (kept !== null) return { kind: 'never', why: kept }
  const proof = proofOf(drift, input)
  if (proof === null) return { kind: 'never', why: 'nothing proves that it is ours' }
  const surplus = { kind: 'surplus', ref, live, recorded, proof, handEdits: editsOfOthers(live) } as const
  return { kind: 'replace', drift: surplus, wave: desired.wave }
}

/** Why the live object counts as ours: our record of this uid, or our mark that describes it. */
function proofOf({ live, recorded }: Changed, { application, settings }: PlanInput): Proof | null {
  const uid = uidOf(live)
  if (uid === null) return null
  if (recorded !== null && recordedUid(recorded) === uid) {
    return { kind: 'inventory', uid, commit: recorded.commit, origin: recorded.origin.file }
  }
  const mark = readMark(live, settings.tracking)
  if (mark.kind !== 'app' || mark.by !== 'annotation' || mark.self !== 'yes' || !claims(mark, application.key))
    return null
  return { kind: 'tracking', uid, id: mark.text }
}
