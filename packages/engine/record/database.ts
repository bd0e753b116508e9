// The SQLite file under the records: opened only when it is sound, read at once, written in shared transactions.
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../ports.ts'
import { asRecordFault, damaged, recordFault } from './fault.ts'
import { checkVersion, migrate } from './migrate.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'
import { statements } from './sql.ts'
import { openWriter } from './writer.ts'

/** Name of the database in the folder of the records. */
export const DATABASE_FILE = 'records.db'

/** How long a writer waits for another process, in milliseconds. */
const BUSY_MS = 5_000

/** Larger databases are not read from end to end on each open; damage in them shows when it is met. */
const CHECKED_BYTES = 16 * 1024 * 1024

/** An open record database. */
export interface Database {
  readonly folder: string
  /** Runs reads now; they see every write that has resolved. */
  read<T>(work: (sql: Sql) => T): T
  /** Runs one statement's worth of writing now, in a transaction of its own. For opening; else `write`. */
  writeNow(work: (sql: Sql) => void): void
  /** Runs work in a transaction: all of it is durable when the promise resolves, none of it when it rejects. */
  write<T>(work: (sql: Sql) => T): Promise<T>
  close(): Promise<void>
}

/**
 * Opens the database of a folder; makes both where they are missing (modes 0700 and 0600), brings an older one to
 * today's version. A damaged, foreign or newer one is refused before anything is written to it.
 *
 * @throws FaultError `record-failed`, or `unsupported` for a newer version
 */
export function openDatabase(folder: string, clock: Clock, migrations: readonly Migration[]): Database {
  const file = join(folder, DATABASE_FILE)
  try {
    prepareFolder(folder)
    if (prepareFile(file) > 0) inspect(file, migrations)
    // Without foreign keys at first: a step that rebuilds a table drops the old one, and is checked when it is done.
    const db = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: false })
    try {
      // FULL: a journal entry must outlive a power failure, because the request it announces is sent right after it.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      migrate(db, file, migrations, clock)
      db.exec('PRAGMA foreign_keys = ON')
      return database(folder, file, db)
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw asRecordFault(error, file)
  }
}

function database(folder: string, file: string, db: DatabaseSync): Database {
  const sql = statements(db)
  const writer = openWriter(db, sql, file)
  function now<T>(work: (sql: Sql) => T): T {
    if (!db.isOpen) throw closed(file)
    try {
      return work(sql)
    } catch (error) {
      throw asRecordFault(error, file)
    }
  }
  return {
    folder,
    read: now,
    writeNow: now,
    write: (work) => (db.isOpen ? writer.write(work) : Promise.reject(closed(file))),
    async close() {
      if (!db.isOpen) return
      await writer.drained()
      if (db.isOpen) db.close()
    },
  }
}

function closed(file: string): ReturnType<typeof recordFault> {
  return recordFault(file, { what: 'the records are closed', fix: ['Open them again.'] })
}

/** Others may look at the folder's name, never put files into it: they could put another key or database there. */
function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { mode } = statSync(folder)
    if (process.platform === 'win32' || (mode & 0o022) === 0) return
    throw recordFault(folder, {
      what: 'others can write to the folder of the records',
      why: `its mode is 0${(mode & 0o777).toString(8)}`,
      fix: [`chmod 700 ${folder}`],
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null || code.startsWith('ERR_')) throw error
    throw recordFault(
      folder,
      { what: 'cannot make the folder of the records', why: code, fix: ['Choose a folder that your user can write.'] },
      error,
    )
  }
}

/** Makes the file with mode 0600 where it is missing, narrows it where it is wider. Returns its size. */
function prepareFile(file: string): number {
  try {
    // SQLite gives the mode of the database to the files it makes beside it.
    closeSync(openSync(file, 'a', 0o600))
    const stat = statSync(file)
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) chmodSync(file, 0o600)
    return stat.size
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const fix = ['Let your user read and write the file.']
    throw recordFault(file, { what: 'cannot open the record database', why: code, fix }, error)
  }
}

/** Looks at the file through a connection that cannot write, so that whatever is refused stays as it is. */
function inspect(file: string, migrations: readonly Migration[]): void {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
  try {
    checkVersion(db, file, migrations)
    if (statSync(file).size > CHECKED_BYTES) return
    const answer = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
    if (answer !== 'ok') throw damaged(file, String(answer))
  } finally {
    db.close()
  }
}
