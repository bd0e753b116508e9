// Rows of the record database as typed values, and values as JSON text that loses no digit.

import type { SQLOutputValue } from 'node:sqlite'
import type { Json } from '@mainstay/core/object/json.ts'
import { parseJson } from '../json/parse.ts'
import { stringifyJson } from '../json/stringify.ts'

/** One row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** A column that holds text. The tables are STRICT, so another type is a defect of a query. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`)
  return value
}

/** A column that holds text or NULL. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

/** A column that holds an integer. */
export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no integer`)
  return value
}

/** A column that holds an integer or NULL. */
export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

/** A column that holds bytes. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`)
  return value
}

/** A value of ours as JSON text; 64-bit integers keep every digit. */
export function encode(value: object): string {
  // Records hold only values built of JSON; TypeScript cannot see that of an interface.
  return stringifyJson(value as unknown as Json)
}

/**
 * The value behind a text that `encode` wrote.
 *
 * @param where which record it is, for the fault of a text that was damaged
 */
export function decode<T extends object>(json: string, where: string): T {
  // Written by `encode` from a T, in a table that nothing else writes.
  return parseJson(json, where) as unknown as T
}
