// Rule: an edit that somebody made by hand is not undone without saying so.
import { authorText } from '../plan/text-change.ts'
import { listText, sortedUnique } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Warns of each object whose apply would undo hand edits, and names the fields and who wrote them. */
export const handEdit: Guard = ({ applies, name, app }) =>
  applies.flatMap((step): readonly Finding[] => {
    const edits = step.changes.filter((change) => change.handEdit)
    if (edits.length === 0) return []
    const fields = edits.map((change) => change.path)
    const authors = sortedUnique(edits.map((change) => authorText(change.by, {})))
    const verb = edits.length === 1 ? 'was' : 'were'
    return [
      {
        rule: 'hand-edit',
        level: 'warning',
        ref: step.ref,
        title: `${name(step.ref)} ${listText(fields, 5)} ${verb} changed by hand`,
        what: `by ${authors.join(', ')}; applying puts back what Git says`,
        fixes: [
          { kind: 'run', text: 'see the fields', command: `mainstay app diff ${app}` },
          { kind: 'do', text: 'write the edit into Git if it is to stay' },
        ],
      },
    ]
  })
