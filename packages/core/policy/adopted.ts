// Rule: what existed before the application took it over is somebody's earlier work (carvel-dev/kapp#99).
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Asks for approval of each deletion of an adopted object. */
export const adopted: Guard = ({ removals, name }) =>
  [...removals.doomed, ...removals.replaced].flatMap(({ drift }): readonly Finding[] => {
    if (drift.recorded?.adopted !== true) return []
    return [
      {
        rule: 'adopted',
        level: 'needs-approval',
        ref: drift.ref,
        title: `${name(drift.ref)} existed before this application took it over`,
        what: 'Git never created it; deleting it destroys what somebody else made',
        fixes: [{ kind: 'do', text: 'keep it: mainstay.dev/protect: "true" on it' }, { kind: 'approve' }],
      },
    ]
  })
