// Rule: a deletion whose consequences could not all be seen needs somebody who answers for it.
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Asks for approval, naming what could not be read; a Namespace in this state is blocked by its own rule. */
export const impactUnseen: Guard = ({ deletes, name }) =>
  deletes.flatMap((step): readonly Finding[] => {
    const reasons = step.impact.flatMap((impact) => (impact.kind === 'unseen' ? [impact.reason] : []))
    if (reasons.length === 0) return []
    return [
      {
        rule: 'impact-unseen',
        level: 'needs-approval',
        ref: step.ref,
        title: `it could not be seen what all goes with ${name(step.ref)}`,
        what: reasons.join('; '),
        fixes: [
          { kind: 'do', text: 'find out why this part of the cluster does not answer, then plan again' },
          { kind: 'approve' },
        ],
      },
    ]
  })
