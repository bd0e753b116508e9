// What a rule is given and what it may answer: it sees the whole plan and can only add findings.
import type { Drift } from '../compare/drift.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { PlanInput } from '../plan/input.ts'
import type { ApplyStep, DeleteStep, Step } from '../plan/plan.ts'
import type { Removals } from '../plan/removal.ts'
import type { Naming } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'

/** The plan as it stands before it has a verdict. */
export interface GuardedPlan {
  readonly input: PlanInput
  /** Every difference, ordered by object. */
  readonly drifts: readonly Drift[]
  readonly steps: readonly Step[]
  readonly removals: Removals
}

/** What a rule looks at. */
export interface GuardContext extends GuardedPlan {
  readonly applies: readonly ApplyStep[]
  readonly deletes: readonly DeleteStep[]
  readonly naming: Naming
  /** An object's name as it is shown: `Deployment/web`. */
  readonly name: (ref: ObjectRef) => string
  /** The application's name as the command line takes it: `shop`, or `team/shop` outside the control plane. */
  readonly app: string
}

/** One rule. Pure; it can make a verdict stricter and never milder. */
export type Guard = (context: GuardContext) => readonly Finding[]
