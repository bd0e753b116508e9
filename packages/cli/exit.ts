// What the exit code of a command means: one table for the code, the help texts and scripts.
import type { Plan } from '@mainstay/core/plan/plan.ts'

/** Exit codes. Scripts rely on them: a number never changes its meaning. */
export const EXIT = { done: 0, differences: 1, error: 2, needsApproval: 3, blocked: 4 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The meaning of each code, as help prints it. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'done, or nothing to do',
  1: 'there are differences; nothing was written',
  2: 'an error, or a run that failed or was stopped',
  3: 'the plan needs approval; nothing was written',
  4: 'the plan is blocked; nothing was written',
}

/** The exit code of a plan that was shown and not run. */
export function exitOfPlan(plan: Plan): ExitCode {
  switch (plan.verdict) {
    case 'blocked':
      return EXIT.blocked
    case 'needs-approval':
      return EXIT.needsApproval
    case 'proceed':
      return plan.steps.length > 0 ? EXIT.differences : EXIT.done
  }
}
