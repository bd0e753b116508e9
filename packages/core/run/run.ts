// The journal of a run and what can be read back from it after a crash.

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'stale'

/** One fact about a run, appended before and after each step; `at` is RFC 3339 and comes from the executor's clock. */
export type StepEvent =
  | { readonly kind: 'run-started'; readonly at: string; readonly plan: string; readonly by: string }
  | { readonly kind: 'step-started'; readonly at: string; readonly step: string }
  | { readonly kind: 'step-progress'; readonly at: string; readonly step: string; readonly message: string }
  | { readonly kind: 'step-done'; readonly at: string; readonly step: string; readonly result: StepResult }
  | {
      readonly kind: 'step-failed'
      readonly at: string
      readonly step: string
      readonly what: string
      readonly why: string | null
    }
  | { readonly kind: 'run-ended'; readonly at: string; readonly outcome: RunOutcome; readonly message: string }

/** What a step did. */
export type StepResult =
  | { readonly kind: 'created'; readonly uid: string }
  | { readonly kind: 'configured'; readonly uid: string }
  | { readonly kind: 'unchanged'; readonly uid: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'terminating' }
  | { readonly kind: 'already-gone' }
  | { readonly kind: 'healthy' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'rebound' }
  | { readonly kind: 'retained' }
