// What the API server said a moment ago of objects that do not exist yet: a run makes its plan again right after it was shown.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { Clock } from '../ports.ts'

/** How long an answer about an object that does not exist is used again, in milliseconds. */
const KEPT_MS = 60_000
/** Answers kept at most; the oldest leave first. */
const MOST = 20_000

/**
 * Answers about creates. Whether a create is accepted depends on namespaces, quotas and kinds that come and go, so they
 * are kept for a minute and never written down; the create itself is judged by the server in any case.
 */
export class RecentAnswers {
  readonly #clock: Pick<Clock, 'now'>
  readonly #answers = new Map<string, { readonly answer: DryRun; readonly at: number }>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** The answer for a manifest in a cluster; null where there is none, or only an old one. */
  get(cluster: string, digest: string): DryRun | null {
    const known = this.#answers.get(`${cluster} ${digest}`)
    return known === undefined || this.#clock.now() - known.at > KEPT_MS ? null : known.answer
  }

  /** Keeps an acceptance. A refusal is asked about again: what was missing may be there by now. */
  put(cluster: string, digest: string, answer: DryRun): void {
    if (answer.kind !== 'accepted') return
    const key = `${cluster} ${digest}`
    this.#answers.delete(key)
    this.#answers.set(key, { answer, at: this.#clock.now() })
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST) return
      this.#answers.delete(oldest)
    }
  }
}
