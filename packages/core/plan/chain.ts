// Steps in groups with a barrier between each group and the next.
import type { Step } from './plan.ts'

/** The place of a step among the groups. */
export interface Barrier {
  readonly group: string
  readonly after: readonly string[]
}

/** Collects steps group by group: each group waits for the one before it. */
export class Chain {
  readonly steps: Step[] = []
  #last: string | null

  /** `after`: the group of another chain that everything here comes after; null for none. */
  constructor(after: string | null) {
    this.#last = after
  }

  /** Adds one group; an empty one is no barrier. */
  add(make: readonly ((barrier: Barrier) => Step)[], group: string): void {
    if (make.length === 0) return
    const after = this.#last === null ? [] : [this.#last]
    for (const each of make) this.steps.push(each({ group, after }))
    this.#last = group
  }

  /** The group that whatever follows has to wait for. */
  get last(): string | null {
    return this.#last
  }
}
