// Which steps of a plan may start now: the barriers between groups, and nothing else.
import type { Plan, Step } from '../plan/plan.ts'
import type { RunState } from './replay.ts'
import { stepState } from './replay.ts'

/**
 * Steps that nobody has started and whose groups to wait for are finished, in the order of the plan. A group is
 * finished when all its steps are done; one failed step keeps it open for ever, so nothing after it starts, while the
 * other steps of its own group still may. A run that has ended starts nothing.
 */
export function ready(plan: Pick<Plan, 'steps'>, state: RunState): readonly Step[] {
  if (state.ended !== null) return []
  const open = openGroups(plan.steps, state)
  return plan.steps.filter(
    (step) => stepState(state, step.id).kind === 'pending' && !step.after.some((group) => open.has(group)),
  )
}

/** True when every step of the plan is done. */
export function finished(plan: Pick<Plan, 'steps'>, state: RunState): boolean {
  return openGroups(plan.steps, state).size === 0
}

function openGroups(steps: readonly Step[], state: RunState): ReadonlySet<string> {
  return new Set(steps.filter((step) => stepState(state, step.id).kind !== 'done').map((step) => step.group))
}
