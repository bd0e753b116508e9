// What the fuzzer found and what was mended since: each row of operations once ended in different answers.

import type { WatchPlan } from './episode.ts'
import type { Operation } from './operation.ts'

/** A row of operations that both servers must answer alike. */
export interface FoundRow {
  /** What the sandbox had wrong, in a sentence about what is right. */
  readonly title: string
  readonly operations: readonly Operation[]
  readonly watch?: WatchPlan
}

/** All of them. */
export const foundRows: readonly FoundRow[] = []
