// Rule: a mark that was copied from another object proves nothing (velero-io/velero#2975).
import { isSelected } from '../plan/select.ts'
import { refList } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/** One note that names the objects which carry a copied mark and are left alone. */
export const copiedMark: Guard = ({ drifts, input, naming }) => {
  const refs = drifts.flatMap((drift) =>
    drift.kind === 'foreign' &&
    drift.recorded === null &&
    drift.why.kind === 'copied-mark' &&
    isSelected(input.intent, drift.ref)
      ? [drift.ref]
      : [],
  )
  if (refs.length === 0) return []
  return [
    {
      rule: 'copied-mark',
      level: 'info',
      ref: refs.length === 1 ? (refs[0] ?? null) : null,
      title: `not ours, with a mark that was copied from another object: ${refList(refs, naming, 10)}`,
      what: 'controllers copy annotations to what they make; such objects are left alone',
      fixes: [],
    },
  ]
}
