// The list of all rules, and how they are run.
import type { ObjectRef } from '../object/ref.ts'
import { compareText, refKey } from '../object/ref.ts'
import { namingOf, refText } from '../plan/text-ref.ts'
import type { Finding, Level } from './finding.ts'
import type { Guard, GuardContext, GuardedPlan } from './guard.ts'

/** Every rule, in the order in which equally heavy findings are shown. */
export const GUARDS: readonly Guard[] = []

const WEIGHT: readonly Level[] = ['blocked', 'needs-approval', 'warning', 'info']

/** All findings of a plan, the heaviest first: what reading had to say, and what every rule has to say. */
export function runGuards(plan: GuardedPlan, guards: readonly Guard[] = GUARDS): readonly Finding[] {
  const context = contextOf(plan)
  const found = [...plan.input.findings, ...guards.flatMap((guard) => guard(context))]
  return found
    .map((finding, at) => ({ finding, at }))
    .sort(
      (a, b) =>
        WEIGHT.indexOf(a.finding.level) - WEIGHT.indexOf(b.finding.level) ||
        compareText(a.finding.rule, b.finding.rule) ||
        compareText(keyOf(a.finding.ref), keyOf(b.finding.ref)) ||
        compareText(a.finding.title, b.finding.title) ||
        a.at - b.at,
    )
    .map(({ finding }) => finding)
}

/** What the rules are given. */
export function contextOf(plan: GuardedPlan): GuardContext {
  const { application, settings } = plan.input
  const naming = namingOf(
    application.destination.namespace,
    plan.drifts.map((drift) => drift.ref),
  )
  const { namespace, name } = application.key
  return {
    ...plan,
    applies: plan.steps.filter((step) => step.kind === 'apply'),
    deletes: plan.steps.filter((step) => step.kind === 'delete'),
    naming,
    name: (ref) => refText(ref, naming),
    app: namespace === settings.tracking.controlPlaneNamespace ? name : `${namespace}/${name}`,
  }
}

function keyOf(ref: ObjectRef | null): string {
  return ref === null ? '' : refKey(ref)
}
