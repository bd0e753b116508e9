// Rule: what the API server warns of (deprecated versions, doubtful fields) reaches whoever reads the plan.
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** One warning for each object that the server had something to say about. */
export const serverWarning: Guard = ({ drifts, input, name }) =>
  drifts.flatMap((drift): readonly Finding[] => {
    if ((drift.kind !== 'missing' && drift.kind !== 'changed') || drift.warnings.length === 0) return []
    if (!isSelected(input.intent, drift.ref)) return []
    return [
      {
        rule: 'server-warning',
        level: 'warning',
        ref: drift.ref,
        title: `the API server warns of ${name(drift.ref)}`,
        what: drift.warnings.join('; '),
        fixes: [],
      },
    ]
  })
