// Compares what should be, what is, and what was recorded: the one place where an object becomes wanted, kept or surplus.
import type { DesiredObject } from '../desired/desired.ts'
import { findLive } from '../live/live.ts'
import { findKind } from '../object/kinds.ts'
import { canonicalKey } from '../object/moves.ts'
import { uidOf } from '../object/object.ts'
import type { RefKey } from '../object/ref.ts'
import { compareRefs, compareText, refKey } from '../object/ref.ts'
import type { Brings } from './absent.ts'
import { bringsOf, judgeMissing } from './absent.ts'
import type { CompareInput, Context } from './context.ts'
import { contextOf } from './context.ts'
import type { Comparison, Drift } from './drift.ts'
import type { Surplus } from './surplus.ts'
import { findSurplus } from './surplus.ts'
import type { Judged } from './verdict.ts'
import { judgePresent } from './verdict.ts'

/**
 * The whole difference, ordered by ref. Pure: the order of any input means nothing. `uncertain` names the objects about
 * which the API server's dry run should be asked; compare again with its answers in `dryRuns`.
 */
export function compare(input: CompareInput): Comparison {
  const context = contextOf(input)
  const brings = bringsOf(context)
  const drifts: Drift[] = []
  const uncertain: RefKey[] = []
  const keys = new Set<RefKey>()
  const uids = new Set<string>()
  for (const desired of context.desired) {
    const judged = judge(context, desired, brings)
    drifts.push(judged.drift)
    if (judged.uncertain) uncertain.push(refKey(desired.ref))
    keys.add(canonicalKey(desired.ref))
    const uid = liveUid(judged.drift)
    if (uid !== null) uids.add(uid)
  }
  for (const hook of context.hooks ?? []) keys.add(canonicalKey(hook))
  const nothing: Surplus = { drifts: [], gone: [] }
  const surplus = input.surplus === 'look' ? findSurplus(context, { keys, uids }) : nothing
  return {
    drifts: [...drifts, ...surplus.drifts].sort(byRef),
    gone: surplus.gone.toSorted((a, b) => compareRefs(a.ref, b.ref)),
    uncertain: uncertain.sort(compareText),
  }
}

function judge(context: Context, desired: DesiredObject, brings: Brings): Judged {
  const { ref } = desired
  const recorded = context.recordedFor(ref)
  const found = findLive(context.live, ref)
  if (found.kind === 'present') return judgePresent(context, desired, found.object, recorded)
  if (found.kind === 'absent') return judgeMissing(context, desired, brings)
  const kind = findKind(context.kinds, ref)
  const reason = kind.kind === 'unseen' ? kind.reason : found.reason
  return { drift: { kind: 'unseen', ref, desired, recorded, reason }, uncertain: false }
}

function liveUid(drift: Drift): string | null {
  return drift.kind === 'same' || drift.kind === 'changed' ? uidOf(drift.live) : null
}

/** By ref; two of one ref (a repeated manifest) by kind and digest, so that the order of the input is not told. */
function byRef(a: Drift, b: Drift): number {
  return compareRefs(a.ref, b.ref) || compareText(a.kind, b.kind) || compareText(digestOf(a), digestOf(b))
}

function digestOf(drift: Drift): string {
  return 'desired' in drift ? (drift.desired?.digest ?? '') : ''
}
