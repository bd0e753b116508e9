// What the fuzzer found and what was mended since: each row of operations once ended in different answers.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from './operation.ts'

/** A row of operations that both servers must answer alike. */
export interface FoundRow {
  /** What is right, in a sentence. */
  readonly title: string
  readonly operations: readonly Operation[]
}

const lines = readFileSync(join(import.meta.dirname, 'found.jsonl'), 'utf8').split('\n')

/** All of them, one a line of `found.jsonl`, as `--save` writes their operations. */
export const foundRows: readonly FoundRow[] = lines
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as FoundRow) // Written in that form.
