// From differences to decisions: everything that will be done, in order, with what every rule has to say about it.
import type { Drift } from '../compare/drift.ts'
import { impactOf, impactWorld } from '../impact/of.ts'
import { inventoryText } from '../inventory/inventory.ts'
import { canonicalJson } from '../object/canonical.ts'
import { isTerminating } from '../object/object.ts'
import { compareRefs, compareText, refKey } from '../object/ref.ts'
import { verdictOf } from '../policy/finding.ts'
import { runGuards } from '../policy/guards.ts'
import { applySteps, isWanted } from './apply.ts'
import type { PlanInput } from './input.ts'
import type { Basis, Plan, Totals } from './plan.ts'
import { PLAN_SCHEMA } from './plan.ts'
import { cascadeOf, pruneSteps } from './prune.ts'
import { recordChanges } from './records.ts'
import type { Removals } from './removal.ts'
import { decideRemovals } from './removal.ts'
import { sealPlan } from './seal.ts'
import { isSelected } from './select.ts'

/**
 * The plan for an intent. Pure: equal inputs, in whatever order, give the same bytes and so the same id. It never
 * fails: what stands in the way is a finding, and the verdict follows from the findings alone.
 */
export function makePlan(input: PlanInput): Plan {
  const drifts = [...input.comparison.drifts].sort((a, b) => compareRefs(a.ref, b.ref))
  const removals = decideRemovals(input, drifts)
  const world = impactWorld(input, [...removals.doomed, ...removals.replaced], cascadeOf(input))
  const replaced = new Map(
    removals.replaced.map((doomed) => [refKey(doomed.drift.ref), { doomed, impact: impactOf(doomed.drift, world) }]),
  )
  const applies = applySteps(input, drifts, { followed: removals.doomed.length > 0, replaced, world })
  const deletes = pruneSteps(input, removals.doomed, world, applies)
  const steps = [...applies, ...deletes]
  const findings = runGuards({ input, drifts, steps, removals })
  return sealPlan(
    {
      schema: PLAN_SCHEMA,
      app: input.application.key,
      project: input.application.project,
      intent: input.intent,
      cluster: input.cluster,
      namespace: input.application.destination.namespace,
      revisions: input.desired.revisions,
      basis: basisOf(input),
      steps,
      records: recordChanges(input, drifts, removals),
      findings,
      verdict: verdictOf(findings),
      totals: totalsOf(input, drifts, removals),
    },
    input.digest,
  )
}

function basisOf(input: PlanInput): Basis {
  const desired = input.desired.objects.map((each) => `${refKey(each.ref)} ${each.digest}`).sort(compareText)
  const gaps = [...input.live.gaps, ...input.facts.gaps].map(
    (gap) => `${gap.group}/${gap.kind ?? '*'} in ${gap.namespace ?? 'all namespaces'}: ${gap.reason}`,
  )
  return {
    application: input.applicationDigest,
    desired: input.digest(canonicalJson(desired)),
    inventory: input.digest(inventoryText(input.inventory.entries)),
    gaps: [...new Set(gaps)].sort(compareText),
  }
}

function totalsOf(input: PlanInput, drifts: readonly Drift[], removals: Removals): Totals {
  const chosen = drifts.filter((drift) => isSelected(input.intent, drift.ref))
  const replaced = removals.replaced.length
  const ending = chosen.filter((drift) => drift.kind === 'changed' && isTerminating(drift.live)).length
  const counted = (kind: Drift['kind']): number => chosen.filter((drift) => drift.kind === kind).length
  return {
    objects: drifts.filter((drift) => drift.kind !== 'foreign').length,
    same: counted('same'),
    create: counted('missing') + replaced,
    update: chosen.filter((drift) => drift.kind === 'changed' && isWanted(drift)).length - replaced,
    delete: removals.doomed.length + replaced,
    kept: removals.kept.length,
    unseen: counted('unseen'),
    ...(ending === 0 ? {} : { ending }),
  }
}
