// Rule: a change that removes much of an application at once is suspicious (argoproj/argo-cd#7412).
import { count, refList } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/**
 * Asks for approval when a sync deletes more objects than the limit, or a larger share of what is there. A single
 * deletion is no mass, whatever its share.
 */
export const shrink: Guard = (context) => {
  const { input, drifts, naming } = context
  // What is replaced comes back.
  const deletes = context.deletes.filter((step) => step.phase === 'prune')
  const { intent, settings } = input
  const there = drifts.filter((drift) => drift.kind === 'same' || drift.kind === 'changed' || drift.kind === 'surplus')
  const percent = there.length === 0 ? 0 : Math.floor((deletes.length * 100) / there.length)
  const tooMany = deletes.length > settings.maxDeletes
  const tooMuch = deletes.length > 1 && percent > settings.maxDeletePercent
  if (intent.kind === 'delete' || (!tooMany && !tooMuch)) return []
  const limit = tooMany
    ? `more than ${count(settings.maxDeletes, 'object')}`
    : `more than ${settings.maxDeletePercent} %`
  return [
    {
      rule: 'shrink',
      level: 'needs-approval',
      ref: null,
      title: `${deletes.length} of ${count(there.length, 'object')} (${percent} %) would be deleted, ${limit}`,
      what: refList(
        deletes.map((step) => step.ref),
        naming,
        deletes.length,
      ),
      fixes: [{ kind: 'do', text: 'check that the commit was meant to remove them' }, { kind: 'approve' }],
    },
  ]
}
