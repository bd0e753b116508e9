// Rule: the same commit from the same source cannot have lost an object: then the render is wrong, not the object
// (argoproj/argo-cd#4423, #15058, #24408).
import { shortRevision } from '../desired/revision.ts'
import { commitOf } from '../inventory/transitions.ts'
import { refList } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/** Blocks deletions whose cause cannot be found in Git: recorded from this very commit and source, and now not in it. */
export const absenceWithoutCause: Guard = ({ input, removals, naming }) => {
  const { intent, desired } = input
  if (intent.kind !== 'sync' && intent.kind !== 'rollback') return []
  const commit = commitOf(desired)
  const lost = removals.doomed.filter(
    ({ drift }) =>
      drift.recorded !== null &&
      commit !== null &&
      drift.recorded.commit === commit &&
      drift.recorded.sourceDigest === desired.sourceDigest,
  )
  if (lost.length === 0) return []
  const names = refList(
    lost.map(({ drift }) => drift.ref),
    naming,
    lost.length,
  )
  return [
    {
      rule: 'absence-without-cause',
      level: 'blocked',
      ref: lost.length === 1 ? (lost[0]?.drift.ref ?? null) : null,
      title: `${names} would be deleted without a commit that removed it`,
      what: `commit ${shortRevision(commit ?? '')} gave it when it was applied last, from the same source; now it does not`,
      fixes: [
        { kind: 'do', text: 'plan again; if it stays so, the manifests depend on something outside of Git' },
        { kind: 'do', text: 'remove it by a commit if that is meant' },
      ],
    },
  ]
}
