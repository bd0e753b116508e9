// Failures of the record store as faults: what happened to the file, and what a person can do about it.
import { FaultError, isFault } from '../fault.ts'

/** Primary result codes of SQLite. Source: https://www.sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** What one result code means for whoever uses the records. */
interface Meaning {
  readonly what: string
  readonly fix: readonly string[]
}

const DAMAGED: Meaning = {
  what: 'the record database is damaged; it was left as it is',
  fix: [
    'Put back a copy of the folder from your backup.',
    'Or move the folder aside and begin anew: existing objects are adopted again by their tracking marks; ' +
      'history, trash and approvals are then in the moved folder alone.',
  ],
}

const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [BUSY, { what: 'another process is writing the records', fix: ['Wait until it is done, and try again.'] }],
  [LOCKED, { what: 'another process is writing the records', fix: ['Wait until it is done, and try again.'] }],
  [READONLY, { what: 'the record database cannot be written', fix: ['Let your user write the file and its folder.'] }],
  [
    IOERR,
    { what: 'the disk under the records failed', fix: ['Look at the disk and its file system, then try again.'] },
  ],
  [CORRUPT, DAMAGED],
  [NOTADB, DAMAGED],
  [FULL, { what: 'the disk under the records is full', fix: ['Make room, and try again: nothing was half-written.'] }],
  [CANTOPEN, { what: 'the record database cannot be opened', fix: ['Let your user read and write the folder.'] }],
])

/** Nothing that a person did wrong: the code and its data disagree. */
const UNEXPECTED: Meaning = {
  what: 'the record database refused a request',
  fix: ['This is a defect. Keep the folder and report it.'],
}

/** A `record-failed` fault. `where` is the file or record concerned. */
export function recordFault(where: string, meaning: Meaning & { readonly why?: string }, cause?: unknown): FaultError {
  return new FaultError({ kind: 'record-failed', where, ...meaning }, cause === undefined ? {} : { cause })
}

/** Any error that came out of work on the database as a fault; a fault stays what it is, a bug stays an error. */
export function asRecordFault(error: unknown, file: string): unknown {
  if (isFault(error)) return error
  const code = sqliteCode(error)
  if (code === null) return error
  const meaning = MEANINGS.get(code) ?? UNEXPECTED
  return recordFault(file, { ...meaning, why: error instanceof Error ? error.message : `SQLite code ${code}` }, error)
}

/** The primary result code of an error that SQLite raised; null for every other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return null
  // The extended code holds the primary one in its lowest byte.
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

/** True when the lock that was asked for is held by somebody else. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === BUSY || code === LOCKED
}

/** The damage fault, for damage that was found by looking. */
export function damaged(file: string, why: string): FaultError {
  return recordFault(file, { ...DAMAGED, why })
}
