// Rule: a volume that keeps its data is not told to give them up in passing: Retain may be all that is left of an undo.
import { GIVE_UP } from '../impact/of.ts'
import { annotationOf, stringAt } from '../object/object.ts'
import { sameRef } from '../object/ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

const FIELD = 'spec.persistentVolumeReclaimPolicy'

/** Asks for approval of setting a volume's reclaim policy from Retain to one by which the data go. */
export const reclaimPolicy: Guard = ({ applies, drifts, name }) =>
  applies.flatMap((step): readonly Finding[] => {
    if (step.ref.kind !== 'PersistentVolume' || step.ref.group !== '') return []
    const change = step.changes.find(({ path, from }) => path === FIELD && from === 'Retain')
    const drift = drifts.find((each) => each.kind === 'changed' && sameRef(each.ref, step.ref))
    if (change === undefined || drift?.kind !== 'changed' || annotationOf(drift.live, GIVE_UP) === 'true') return []
    const released = stringAt(drift.live, 'status', 'phase') === 'Released'
    return [
      {
        rule: 'reclaim-policy',
        level: 'needs-approval',
        ref: step.ref,
        title: `${name(step.ref)} would give up its data`,
        what: released
          ? 'its claim is gone: its data are deleted as soon as it no longer says Retain'
          : 'its data go with its claim once it no longer says Retain',
        fixes: [
          { kind: 'do', text: 'write persistentVolumeReclaimPolicy: Retain into Git' },
          { kind: 'do', text: `or say that the data may go: ${GIVE_UP}: "true" on the volume` },
          { kind: 'approve' },
        ],
      },
    ]
  })
