// Rule: what is marked Prune=confirm or Delete=confirm is deleted only by approval.
import { removalOption } from '../plan/keep.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** One finding for each such object: an approval is for this plan, not for whatever else is deleted at the time. */
export const confirm: Guard = ({ input, removals, name }) => {
  const option = input.intent.kind === 'delete' ? 'delete' : 'prune'
  return [...removals.doomed, ...removals.replaced].flatMap(({ drift }): readonly Finding[] => {
    if (removalOption(option, drift.live, drift.recorded, input) !== 'confirm') return []
    const word = option === 'delete' ? 'Delete=confirm' : 'Prune=confirm'
    return [
      {
        rule: 'confirm',
        level: 'needs-approval',
        ref: drift.ref,
        title: `${name(drift.ref)} is marked ${word}`,
        what: 'whoever marked it wants to be asked',
        fixes: [{ kind: 'approve' }],
      },
    ]
  })
}
