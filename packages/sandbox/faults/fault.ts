// What can go wrong on demand, and when: descriptions only, so that they can be read from a file, shown and compared.

/** One way in which an API server, or the way to it, fails. */
export type Fault =
  /** Every answer comes so much later, plus a part of `jitterMs` by chance. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  /** An error in the place of the answer; `after`: the request was carried out all the same. */
  | {
      readonly kind: 'refuse'
      readonly status: 429 | 500 | 503 | 504
      readonly when: When
      /** Seconds for a Retry-After header; null: none. */
      readonly retryAfter: number | null
      /** The server's words; null: those of the real one. */
      readonly message: string | null
    }
  /** The connection breaks before anything is answered. */
  | { readonly kind: 'drop'; readonly when: When }
  /** The connection breaks in the middle of the body; of a watch, in the middle of an event. */
  | { readonly kind: 'half-sent' }
  /** A list in pages has a first page of so many items, and for the second the server has forgotten the place (410). */
  | { readonly kind: 'partial-list'; readonly items: number }
  /** Nobody serves the group, and discovery does not know it. */
  | { readonly kind: 'absent-group'; readonly group: string }
  /** The server behind the group does not answer: 503, and discovery calls it stale. */
  | { readonly kind: 'failing-group'; readonly group: string }
  /** After so many events the watch ends with 410 Expired. */
  | { readonly kind: 'expired-watch'; readonly afterEvents: number }
  /** After so many events nothing comes any more, no bookmark and no end. */
  | { readonly kind: 'silent-watch'; readonly afterEvents: number }
  /**
   * Reads are answered from what was there when this struck first; `cached`: only those that allow it
   * (`resourceVersion=0`, watches).
   */
  | { readonly kind: 'stale'; readonly reads: 'all' | 'cached' }
  /** 403, as if no Role allowed it to this user. */
  | { readonly kind: 'forbidden'; readonly user: string }
  /** The cluster's clock goes on (or back) by so much at once. */
  | { readonly kind: 'clock-jump'; readonly ms: number }

/** Whether a request that fails was carried out. */
export type When = 'before' | 'after'

/** The kinds of faults. */
export type FaultKind = Fault['kind']

/** Which requests a fault strikes. Words may hold `*` for any text; what is absent selects everything. */
export interface Selector {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `discover`. */
  readonly verbs?: readonly string[]
  /** `pods`, `deployments.apps`, `pods/log`; as in Roles a subresource is another resource. */
  readonly resources?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly names?: readonly string[]
  /** `kubectl/*` */
  readonly userAgents?: readonly string[]
}

/** A fault with what it strikes and how often. */
export interface FaultRule {
  readonly fault: Fault
  readonly match: Selector
  /** So many requests that fit pass before it begins. */
  readonly after: number
  /** How often it strikes at most; null: for ever. */
  readonly times: number | null
  /** How likely it strikes each time, from 0 to 1. */
  readonly probability: number
}

/** A rule with what is usual where nothing is said: at once, always, for ever, everything. */
export function ruleOf(fault: Fault, more: Partial<Omit<FaultRule, 'fault'>> = {}): FaultRule {
  return { fault, match: {}, after: 0, times: null, probability: 1, ...more }
}
