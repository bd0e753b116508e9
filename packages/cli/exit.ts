// What the exit code of a command means: one table for the code, the help texts and scripts.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { isInputFinding } from '@mainstay/core/policy/finding.ts'

/** Exit codes. Scripts rely on them: a number never changes its meaning. */
export const EXIT = { done: 0, differences: 1, error: 2, needsApproval: 3, blocked: 4 } as const

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The meaning of each code, as help prints it. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'done, or nothing to do',
  1: 'there are differences; nothing was written',
  2: 'an error, a run that failed or was stopped, or an object that could have no part in it',
  3: 'the plan needs approval; nothing was written',
  4: 'the plan is blocked; nothing was written',
}

/**
 * The exit code of a plan that was shown and not run. What is blocked by its own input alone is an error; so is a plan
 * that could not see everything it is about.
 */
export function exitOfPlan(plan: Plan): ExitCode {
  switch (plan.verdict) {
    case 'blocked':
      return plan.findings.every((finding) => finding.level !== 'blocked' || isInputFinding(finding))
        ? EXIT.error
        : EXIT.blocked
    case 'needs-approval':
      return EXIT.needsApproval
    case 'proceed':
      if (plan.totals.unseen > 0) return EXIT.error
      return plan.steps.length > 0 || plan.totals.ending !== undefined ? EXIT.differences : EXIT.done
  }
}
