// The numbered steps from an empty file to today's tables. A step that was published is never edited.
import { SCHEMA_1 } from './schema-1.ts'
import { SCHEMA_2 } from './schema-2.ts'

/** One step forward. Its number is its place in the list, from 1. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** All steps in order. A new one goes to the end, with a dump of the version before it in `test/upgrade`. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'tables of the first version', sql: SCHEMA_1 },
  { name: 'how repositories are reached', sql: SCHEMA_2 },
]
