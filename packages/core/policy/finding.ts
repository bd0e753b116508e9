// A finding: what a guard has to say about a plan, in the one text that every surface shows.
import type { ObjectRef } from '../object/ref.ts'

/** How much a finding weighs. `info` and `warning` let the plan proceed. */
export type Level = 'info' | 'warning' | 'needs-approval' | 'blocked'

/** The next step a person can take. */
export type Fix =
  /** An action in words: `keep it: mainstay.dev/protect: "true" on the Service`. */
  | { readonly kind: 'do'; readonly text: string }
  /** A command to copy, after what it does: `see the fields` + `mainstay app diff shop`. */
  | { readonly kind: 'run'; readonly text: string; readonly command: string }
  /** Approving this very plan accepts the finding; the surface fills in the plan's id. */
  | { readonly kind: 'approve' }

/** One finding. */
export interface Finding {
  /** The rule's name, also its file name in `policy/`: `precious-kind`. */
  readonly rule: string
  readonly level: Level
  /** The object it is about; null for the plan as a whole. */
  readonly ref: ObjectRef | null
  /** One line: `Service/legacy holds address 203.0.113.20`. */
  readonly title: string
  /** What would happen, or why it matters. */
  readonly what: string
  readonly fixes: readonly Fix[]
}

/** What a plan may do. */
export type Verdict = 'proceed' | 'needs-approval' | 'blocked'

/** The strictest finding decides; more findings can only make a verdict stricter. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.level === 'blocked')) return 'blocked'
  return findings.some((finding) => finding.level === 'needs-approval') ? 'needs-approval' : 'proceed'
}

/** Rules that find something wrong with what was given, not with what would be done. */
const INPUT_RULES: ReadonlySet<string> = new Set([
  'rejected',
  'unknown-field',
  'unknown-kind',
  'unknown-option',
  'unseen',
  'unseen-kind',
  'unsupported-field',
])

/**
 * True for a finding about the input: a manifest that is wrong, a field that is not supported, a part of the cluster
 * that does not answer. A plan that only such findings block is an error to be mended, not a rule that holds it back.
 */
export function isInputFinding(finding: Finding): boolean {
  return INPUT_RULES.has(finding.rule)
}
