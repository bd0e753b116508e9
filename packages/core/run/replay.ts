// Reads a journal back: what is known of each step of a run, after a crash as during it.
import type { RunOutcome, StepEvent, StepResult } from './run.ts'

/** What the journal says of one step. A step it does not name is pending. */
export type StepState =
  | { readonly kind: 'pending' }
  /** Announced and not finished: under way, or interrupted by a crash. It may or may not have been carried out. */
  | { readonly kind: 'started'; readonly at: string; readonly message: string | null }
  | { readonly kind: 'done'; readonly at: string; readonly result: StepResult }
  | { readonly kind: 'failed'; readonly at: string; readonly what: string; readonly why: string | null }

/** A run as its journal tells it. */
export interface RunState {
  /** Id of the plan; null for an empty journal. */
  readonly plan: string | null
  readonly by: string | null
  readonly startedAt: string | null
  readonly steps: ReadonlyMap<string, StepState>
  /** Null while it runs, and after a crash. */
  readonly ended: { readonly at: string; readonly outcome: RunOutcome; readonly message: string } | null
}

const PENDING: StepState = { kind: 'pending' }

/**
 * Folds events in the order in which they were appended. A step that was done stays done whatever comes later, so
 * that nothing is carried out twice; a step that failed may be started again.
 */
export function replay(events: readonly StepEvent[]): RunState {
  const steps = new Map<string, StepState>()
  let head: Pick<RunState, 'plan' | 'by' | 'startedAt'> = { plan: null, by: null, startedAt: null }
  let ended: RunState['ended'] = null
  for (const event of events) {
    switch (event.kind) {
      case 'run-started':
        head = { plan: event.plan, by: event.by, startedAt: event.at }
        break
      case 'run-ended':
        ended = { at: event.at, outcome: event.outcome, message: event.message }
        break
      default:
        note(steps, event)
    }
  }
  return { ...head, steps, ended }
}

function note(
  steps: Map<string, StepState>,
  event: Exclude<StepEvent, { kind: 'run-started' } | { kind: 'run-ended' }>,
): void {
  const before = steps.get(event.step)
  if (before?.kind === 'done') return
  switch (event.kind) {
    case 'step-started':
      steps.set(event.step, { kind: 'started', at: event.at, message: null })
      return
    case 'step-progress': {
      const at = before?.kind === 'started' ? before.at : event.at
      steps.set(event.step, { kind: 'started', at, message: event.message })
      return
    }
    case 'step-done':
      steps.set(event.step, { kind: 'done', at: event.at, result: event.result })
      return
    case 'step-failed':
      steps.set(event.step, { kind: 'failed', at: event.at, what: event.what, why: event.why })
  }
}

/** What is known of a step. */
export function stepState(state: RunState, step: string): StepState {
  return state.steps.get(step) ?? PENDING
}

/** Steps that were announced and never finished, in the order of the journal: what a crash left open. */
export function interrupted(state: RunState): readonly string[] {
  return [...state.steps].filter(([, step]) => step.kind === 'started').map(([id]) => id)
}
