// Rule: an object whose file only moved is not deleted before somebody says so: who reads it now takes it over (Flux FAQ).
import { refKey } from '../object/ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Asks for approval of each deletion whose cause is a file that stands somewhere else in the repository now. */
export const movedFile: Guard = ({ deletes, input, name }) =>
  deletes.flatMap((step): readonly Finding[] => {
    const movedTo = step.phase === 'prune' ? (input.causes.get(refKey(step.ref))?.movedTo ?? null) : null
    if (movedTo === null) return []
    return [
      {
        rule: 'moved-file',
        level: 'needs-approval',
        ref: step.ref,
        title: `${name(step.ref)} is still in Git: its file moved to ${movedTo}`,
        what: 'if an application reads it there, it takes the object over as it is; deleted first, it is lost and made anew',
        fixes: [{ kind: 'do', text: 'sync the application that reads the file there first' }, { kind: 'approve' }],
      },
    ]
  })
