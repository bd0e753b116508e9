// Rule: a restored claim is only worth what its volume holds (argoproj/argo-cd#11227).
import { volumeFate } from '../plan/rebind.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Asks for approval of restoring a claim whose volume is gone or belongs to another claim. */
export const restoredVolume: Guard = ({ input, drifts, name }) => {
  if (input.intent.kind !== 'restore') return []
  return drifts.flatMap((drift): readonly Finding[] => {
    const fate = drift.kind === 'missing' ? volumeFate(drift.desired.manifest, input.facts.objects) : null
    if (fate === null || fate.kind === 'free' || fate.kind === 'released') return []
    const state = fate.kind === 'gone' ? 'does not exist any more' : `belongs to claim ${fate.by}`
    return [
      {
        rule: 'restored-volume',
        level: 'needs-approval',
        ref: drift.ref,
        title: `the volume of ${name(drift.ref)} ${state}`,
        what: 'the restored claim finds no volume and stays pending; its data are not in the trash',
        fixes: [{ kind: 'do', text: 'restore the data from a backup' }, { kind: 'approve' }],
      },
    ]
  })
}
