// Rule: an object that was there before and carries no mark of ours is taken over, and that is said.
import { count, refList } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/** One warning that names every object which the plan takes over. */
export const takesOver: Guard = ({ applies, naming }) => {
  const refs = applies.flatMap((step) => (step.verb === 'adopt' ? [step.ref] : []))
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
