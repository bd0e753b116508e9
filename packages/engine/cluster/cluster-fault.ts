// A fault that came out of talking to an API server, with what the server said in a form that code can decide by.
import { type Fault, FaultError } from '../fault.ts'

/** What the server said beyond the class of the failure. */
export type ApiDetail =
  /** Server-side apply: other managers own fields that the manifest sets. */
  | { readonly kind: 'field-conflict'; readonly conflicts: readonly FieldConflict[] }
  /** The object's uid or resourceVersion is not the one that was named. */
  | { readonly kind: 'precondition' }
  | { readonly kind: 'already-exists' }
  /** An object does not exist: the one that was asked for, or one it needs, such as its namespace (and not: its kind). */
  | { readonly kind: 'no-object'; readonly resource: string; readonly name: string }
  /** The path does not exist: the group, version or kind is not served. */
  | { readonly kind: 'no-resource' }
  /** A resourceVersion or a continue token that the server no longer knows (410). */
  | { readonly kind: 'expired' }
  /** Fields that the server refused, with its words (without values, for kind Secret). */
  | { readonly kind: 'invalid'; readonly fields: readonly FieldError[] }
  | { readonly kind: 'none' }

/** One field that another manager owns. */
export interface FieldConflict {
  /** As the server writes it: `.spec.replicas`. */
  readonly field: string
  /** The server's words, which name the other manager. */
  readonly message: string
}

/** One refused field. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

/** What the server answered. */
export interface ApiRefusal {
  /** HTTP status; null where no answer came. */
  readonly status: number | null
  /** `reason` of the Status object, such as `Conflict`; empty where there was none. */
  readonly reason: string
  readonly detail: ApiDetail
  /** How long the server wants us to wait, in milliseconds; null where it did not say. */
  readonly retryAfterMs: number | null
}

const silent: ApiRefusal = { status: null, reason: '', detail: { kind: 'none' }, retryAfterMs: null }

/** A FaultError of the cluster client. */
export class ClusterFault extends FaultError {
  readonly refusal: ApiRefusal

  constructor(
    fault: Omit<Fault, 'where' | 'why' | 'fix'> & Partial<Fault>,
    refusal: Partial<ApiRefusal> = {},
    options?: ErrorOptions,
  ) {
    super(fault, options)
    this.refusal = { ...silent, ...refusal }
  }
}

/** The detail of a failure of the cluster client; `none` for everything else. */
export function detailOf(error: unknown): ApiDetail {
  return error instanceof ClusterFault ? error.refusal.detail : silent.detail
}
