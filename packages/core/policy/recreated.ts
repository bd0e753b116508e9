// Rule: an object that is not the one we recorded is not ours to delete, even under the same name.
import type { NotOurs } from '../compare/drift.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Warns of each recorded object that turned out to be another one: it stays. */
export const recreated: Guard = ({ drifts, input, name }) =>
  drifts.flatMap((drift): readonly Finding[] => {
    if (drift.kind !== 'foreign' || drift.recorded === null || !isSelected(input.intent, drift.ref)) return []
    return [
      {
        rule: 'recreated',
        level: 'warning',
        ref: drift.ref,
        title: `${name(drift.ref)} stays: it is not the object that was recorded`,
        what: reason(drift.why),
        fixes: [{ kind: 'do', text: 'delete it by hand if nobody needs it' }],
      },
    ]
  })

function reason(why: NotOurs): string {
  switch (why.kind) {
    case 'recreated':
      return `somebody re-created it (uid ${why.recordedUid} → ${why.liveUid})`
    case 'owned-by-object':
      return `it belongs to ${why.owner} now`
    case 'foreign-mark':
      return `it is marked as an object of ${why.mark} now`
    case 'copied-mark':
      return `its mark was copied from another object (${why.mark})`
    case 'unmarked':
      return 'we meant to make it and never recorded that we had; it carries no mark of ours'
  }
}
