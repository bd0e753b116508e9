// Rule: a manifest that the API server refuses stops the plan before anything was changed.
import { originText } from '../desired/origin.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Blocks on each refused manifest, with file, line and the fields as the server named them. */
export const rejected: Guard = ({ drifts, input, name }) =>
  drifts.flatMap((drift): readonly Finding[] => {
    if ((drift.kind !== 'missing' && drift.kind !== 'changed') || drift.refusal === null) return []
    if (!isSelected(input.intent, drift.ref)) return []
    const { fields, message, reason } = drift.refusal
    const told = fields.map((each) => `${each.field}: ${each.message}`)
    return [
      {
        rule: 'rejected',
        level: 'blocked',
        ref: drift.ref,
        title: `${name(drift.ref)} (${originText(drift.desired.origin)}) is refused by the API server`,
        what: told.length > 0 ? told.join('; ') : message === '' ? reason : message,
        fixes: [{ kind: 'do', text: `mend it in ${drift.desired.origin.file}` }],
      },
    ]
  })
