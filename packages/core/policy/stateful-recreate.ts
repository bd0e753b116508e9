// Rule: what held data and is gone is not quietly created anew: it would start empty (cloudnative-pg/cloudnative-pg#5778).
import { recordedUid } from '../inventory/inventory.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'
import { isStateful } from './kinds.ts'

/** Asks for approval of creating a stateful object that is recorded as having existed. A restore knows what it does. */
export const statefulRecreate: Guard = ({ input, drifts, name }) => {
  if (input.intent.kind === 'restore') return []
  return drifts.flatMap((drift): readonly Finding[] => {
    if (drift.kind !== 'missing' || drift.recorded === null || !isStateful(drift.ref)) return []
    const uid = recordedUid(drift.recorded)
    if (uid === null || !isSelected(input.intent, drift.ref)) return []
    return [
      {
        rule: 'stateful-recreate',
        level: 'needs-approval',
        ref: drift.ref,
        title: `${name(drift.ref)} existed and is gone; created from Git it may start empty`,
        what: `last seen with uid ${uid}; its data are not in Git`,
        fixes: [
          { kind: 'run', text: 'look for its copy', command: 'mainstay trash list' },
          { kind: 'do', text: 'or restore its data from a backup first' },
          { kind: 'approve' },
        ],
      },
    ]
  })
}
