// Queries by their text: each is prepared once for a connection.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Row } from './rows.ts'

/** Prepared statements by their text. */
export interface Sql {
  all(query: string, ...values: readonly SQLInputValue[]): readonly Row[]
  get(query: string, ...values: readonly SQLInputValue[]): Row | undefined
  /** Returns the number of rows that were changed. */
  run(query: string, ...values: readonly SQLInputValue[]): number
}

/** The queries of one connection. */
export function statements(db: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>()
  const statement = (query: string): StatementSync => {
    const known = prepared.get(query)
    if (known !== undefined) return known
    const made = db.prepare(query)
    prepared.set(query, made)
    return made
  }
  return {
    all: (query, ...values) => statement(query).all(...values),
    get: (query, ...values) => statement(query).get(...values),
    run: (query, ...values) => Number(statement(query).run(...values).changes),
  }
}
