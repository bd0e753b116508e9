// Rule: an object that was there before and carries no mark of ours is taken over, and that is said.
import { refKey } from '../object/ref.ts'
import { count, refList } from '../plan/text-ref.ts'
import { transferFrom } from '../plan/transfer.ts'
import type { Guard } from './guard.ts'

/** One warning that names every object which the plan takes over. */
export const takesOver: Guard = ({ applies, drifts, input, naming }) => {
  // What another application recorded is told by the rule shared-resource.
  const transferred = new Set(
    drifts.flatMap((drift) =>
      drift.kind === 'changed' && transferFrom(drift, input) !== null ? [refKey(drift.desired.ref)] : [],
    ),
  )
  const refs = applies.flatMap((step) =>
    step.verb === 'adopt' && !transferred.has(refKey(step.ref)) ? [step.ref] : [],
  )
  if (refs.length === 0) return []
  return [
    {
      rule: 'takes-over',
      level: 'warning',
      ref: refs.length === 1 ? (refs[0] ?? null) : null,
      title: `${count(refs.length, 'object')} that existed before will be managed by this application`,
      what: `${refList(refs, naming, 50)}: the fields that Git names are overwritten`,
      fixes: [{ kind: 'do', text: 'check that nobody else manages them' }],
    },
  ]
}
