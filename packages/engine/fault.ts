// The one error class of the edges: what failed, where, why, and what to do next.

/** Classes of expected failure. Code decides by `kind`, never by text. */
export type FaultKind =
  | 'invalid-input'
  | 'not-found'
  | 'unsupported'
  | 'source-unreadable'
  | 'render-failed'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'rejected'
  | 'too-large'
  | 'timeout'
  | 'stale-plan'
  | 'blocked'
  | 'needs-approval'
  | 'record-failed'
  | 'tool-missing'
  | 'cancelled'

/** An expected failure as a value: enough for a person to act on. */
export interface Fault {
  readonly kind: FaultKind
  /** What failed, as one sentence without a full stop: `cannot read the manifest`. */
  readonly what: string
  /** Object, file:line, URL, field or cluster; null where there is no more exact place. */
  readonly where: string | null
  /** The cause in the words of whoever refused (server, git, kernel), free of secrets; null where nothing is known. */
  readonly why: string | null
  /** What to do next, one action a line; empty only where nothing can be done. */
  readonly fix: readonly string[]
}

/** Thrown at the edges for every expected failure; anything else that is thrown is a bug. */
export class FaultError extends Error {
  readonly fault: Fault

  constructor(fault: Omit<Fault, 'where' | 'why' | 'fix'> & Partial<Fault>, options?: ErrorOptions) {
    const whole: Fault = { where: null, why: null, fix: [], ...fault }
    super([whole.what, whole.where, whole.why].filter((part) => part !== null).join(': '), options)
    this.name = 'FaultError'
    this.fault = whole
  }
}

/** True for an expected failure, optionally of one kind. */
export function isFault(error: unknown, kind?: FaultKind): error is FaultError {
  return error instanceof FaultError && (kind === undefined || error.fault.kind === kind)
}
