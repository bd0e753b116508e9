// Judges whether a plan may run now: unmoved, not blocked, and approved where it needs approval.
import type { Approval, Plan } from '@mainstay/core/plan/plan.ts'
import { covers, explainStale } from '@mainstay/core/plan/stale.ts'
import { isInputFinding } from '@mainstay/core/policy/finding.ts'
import { FaultError } from '../fault.ts'

/** What the judgement is made from. */
export interface ConsentInput {
  /** The plan that was shown. */
  readonly shown: Plan
  /** The same intent planned from fresh inputs. */
  readonly fresh: Plan
  readonly approvals: readonly Approval[]
  /** A run of the shown plan was started before and did not end well: it may go on with what is left. */
  readonly started: boolean
}

/** Throws the fault that says why the plan may not run; returns the plan to run otherwise. */
export function consentedPlan(input: ConsentInput): Plan {
  const { shown, fresh } = input
  const unmoved = shown.id === fresh.id || (input.started && covers(shown, fresh))
  if (!unmoved) throw stale(shown, fresh)
  if (fresh.verdict === 'blocked') throw blocked(fresh)
  if (fresh.verdict === 'needs-approval' && !input.approvals.some((each) => each.plan === shown.id)) {
    throw needsApproval(shown)
  }
  return fresh
}

function stale(shown: Plan, fresh: Plan): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `the world moved since plan ${shown.id.slice(0, 8)} was made; nothing was changed`,
    where: shown.app.name,
    why: explainStale(shown, fresh).join('; '),
    fix: [`Make a new plan: mainstay app plan ${shown.app.name}`],
  })
}

function blocked(plan: Plan): FaultError {
  const reasons = plan.findings.filter((finding) => finding.level === 'blocked')
  return new FaultError({
    kind: reasons.every(isInputFinding) ? 'invalid-input' : 'blocked',
    what: `plan ${plan.id.slice(0, 8)} is blocked; nothing was changed`,
    where: plan.app.name,
    why: reasons.map((finding) => `${finding.rule}: ${finding.title}`).join('; '),
    fix: reasons.flatMap((finding) => finding.fixes.flatMap((fix) => (fix.kind === 'approve' ? [] : [fix.text]))),
  })
}

function needsApproval(plan: Plan): FaultError {
  const reasons = plan.findings.filter((finding) => finding.level === 'needs-approval')
  return new FaultError({
    kind: 'needs-approval',
    what: `plan ${plan.id.slice(0, 8)} needs an approval; nothing was changed`,
    where: plan.app.name,
    why: reasons.map((finding) => `${finding.rule}: ${finding.title}`).join('; '),
    fix: [`mainstay approve ${plan.id.slice(0, 8)}`, `mainstay apply ${plan.id.slice(0, 8)}`],
  })
}
