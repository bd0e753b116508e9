// Rule: say what part of the cluster was not read, also where no known object is concerned.
import type { Gap } from '../live/live.ts'
import { compareText } from '../object/ref.ts'
import { listText, sortedUnique } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

/** Warns of gaps that no unseen object tells of already: one finding for each reason. */
export const gaps: Guard = (context) => {
  const byReason = new Map<string, Gap[]>()
  for (const gap of context.input.live.gaps) {
    if (isTold(gap, context)) continue
    byReason.set(gap.reason, [...(byReason.get(gap.reason) ?? []), gap])
  }
  return [...byReason]
    .sort(([a], [b]) => compareText(a, b))
    .map(([reason, all]): Finding => {
      const places = sortedUnique(all.map(placeText))
      return {
        rule: 'gaps',
        level: 'warning',
        ref: null,
        title: `not read: ${listText(places, 5)}`,
        what: `${reason}; objects there that Git no longer wants are not found`,
        fixes: [{ kind: 'do', text: 'find out why this part of the cluster does not answer, then plan again' }],
      }
    })
}

function isTold(gap: Gap, { drifts }: GuardContext): boolean {
  return drifts.some(
    (drift) =>
      drift.kind === 'unseen' &&
      drift.ref.group === gap.group &&
      (gap.kind === null || gap.kind === drift.ref.kind) &&
      (gap.namespace === null || gap.namespace === drift.ref.namespace),
  )
}

function placeText(gap: Gap): string {
  const kind = `${gap.kind ?? 'every kind'} of ${gap.group === '' ? 'the core group' : gap.group}`
  return gap.namespace === null ? kind : `${kind} in ${gap.namespace}`
}
