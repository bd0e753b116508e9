// The plan's identity: a digest of everything in it, so that consent is for exactly what was shown.
import { canonicalJson } from '../object/canonical.ts'
import type { Digest } from '../object/digest.ts'
import type { Json, JsonObject } from '../object/json.ts'
import type { Plan } from './plan.ts'

/** A plan before it has its id. */
export type PlanDraft = Omit<Plan, 'id'>

/** The plan with its id: the digest of the canonical JSON of everything else. */
export function sealPlan(draft: PlanDraft, digest: Digest): Plan {
  return { ...draft, id: digest(canonicalPlan(draft)) }
}

/** The text that a plan's id is the digest of. */
export function canonicalPlan(plan: PlanDraft): string {
  const { id: _, ...rest } = planJson(plan)
  return canonicalJson(rest)
}

/** Whether a plan is what its id says. A plan that was edited by hand is not. */
export type Verified = { readonly kind: 'ok' } | { readonly kind: 'altered'; readonly reason: string }

/** Checks a plan against its id. */
export function verifyPlan(plan: Plan, digest: Digest): Verified {
  const actual = digest(canonicalPlan(plan))
  if (actual === plan.id) return { kind: 'ok' }
  return {
    kind: 'altered',
    reason: `the content has the digest ${shortId(actual)}, but the plan calls itself ${shortId(plan.id)}`,
  }
}

/** An id as people read it: `9f31c2…e7`. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : `${id.slice(0, 6)}…${id.slice(-2)}`
}

/** The plan as JSON. */
export function planJson(plan: PlanDraft): JsonObject {
  // A plan is made of JSON values only; interfaces lack the index signature that the type of JSON asks for.
  return plan as unknown as JsonObject
}

/** Any part of a plan as canonical JSON, for comparing parts by content. */
export function canonicalPart(part: unknown): string {
  // As above: parts of a plan are JSON by construction.
  return canonicalJson(part as Json)
}
