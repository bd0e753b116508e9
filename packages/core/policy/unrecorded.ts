// Rule: a mark alone proves whose an object is, not that a commit removed it: lost records look the same.
import { refList } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/** Asks for approval of deletions that only the objects' marks speak for. */
export const unrecorded: Guard = ({ input, deletes, naming }) => {
  const refs = deletes.flatMap((step) => (step.proof.kind === 'tracking' ? [step.ref] : []))
  if (refs.length === 0 || input.intent.kind === 'delete') return []
  return [
    {
      rule: 'unrecorded',
      level: 'needs-approval',
      ref: refs.length === 1 ? (refs[0] ?? null) : null,
      title: `${refList(refs, naming, refs.length)} carries our mark, but no record says that we applied it`,
      what: 'it may have been removed from Git, or our records may be older than the cluster',
      fixes: [{ kind: 'do', text: 'check that Git once had it' }, { kind: 'approve' }],
    },
  ]
}
