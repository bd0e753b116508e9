// Rule: a manifest that the API server refuses stops the plan before anything was changed.
import { originText } from '../desired/origin.ts'
import type { Replacement } from '../plan/replacement.ts'
import { replacementOf } from '../plan/replacement.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding, Fix } from './finding.ts'
import type { Guard } from './guard.ts'

/** Blocks on each refused manifest, with file, line and the fields as the server named them. */
export const rejected: Guard = ({ drifts, input, name }) =>
  drifts.flatMap((drift): readonly Finding[] => {
    if ((drift.kind !== 'missing' && drift.kind !== 'changed') || drift.refusal === null) return []
    if (!isSelected(input.intent, drift.ref)) return []
    const replacement = replacementOf(drift, input)
    if (replacement.kind === 'replace') return []
    const { fields, message, reason } = drift.refusal
    const told = fields.map((each) => `${each.field}: ${each.message}`)
    return [
      {
        rule: 'rejected',
        level: 'blocked',
        ref: drift.ref,
        title: `${name(drift.ref)} (${originText(drift.desired.origin)}) is refused by the API server`,
        what: `${told.length > 0 ? told.join('; ') : message === '' ? reason : message}${refusedText(replacement)}`,
        fixes: [
          { kind: 'do', text: `mend it in ${drift.desired.origin.file}` },
          ...otherWays(replacement, drift.ref.kind),
        ],
      },
    ]
  })

/** Why it is not replaced although that was asked for. */
function refusedText(replacement: Replacement): string {
  return replacement.kind === 'never' ? `; it is not deleted and created again: ${replacement.why}` : ''
}

function otherWays(replacement: Replacement, kind: string): readonly Fix[] {
  if (replacement.kind !== 'on-request') return []
  const text = `or delete it and create it again, as two steps that need approval: ${OPTION} on the ${kind}, or --force`
  return [{ kind: 'do', text }]
}

const OPTION = 'argocd.argoproj.io/sync-options: Force=true'
