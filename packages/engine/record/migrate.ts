// Brings a record database to today's version: numbered steps, forward only, each in its own transaction, checked.
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, linkSync, openSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { instant } from '../clock.ts'
import { FaultError } from '../fault.ts'
import type { Clock } from '../ports.ts'
import { recordFault } from './fault.ts'
import type { Migration } from './migrations.ts'
import { integer, text } from './rows.ts'

/** Stored in the file's header, so that another program's database is never taken for ours ("MstR"). */
export const APPLICATION_ID = 0x4d737452

/**
 * Refuses a database that this program must not touch: of another program, of a newer version, or whose past steps are
 * not the ones known here. Reads only.
 *
 * @throws FaultError `unsupported` for a newer version, `record-failed` for the rest
 */
export function checkVersion(db: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const version = versionOf(db)
  const id = integer(db.prepare('PRAGMA application_id').get() ?? {}, 'application_id')
  const tables = integer(db.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {}, 'count')
  if (version === 0 && tables === 0) return
  if (id !== APPLICATION_ID) {
    throw recordFault(file, {
      what: 'this is a database of another program; it was left as it is',
      fix: ['Choose another folder for the records.'],
    })
  }
  if (version > migrations.length) throw newer(file, version, migrations.length)
  for (const row of db.prepare('SELECT version, name, digest FROM migrations ORDER BY version').all()) {
    const known = migrations[integer(row, 'version') - 1]
    if (known === undefined || digestOf(known) === text(row, 'digest')) continue
    throw recordFault(file, {
      what: `step ${integer(row, 'version')} of the record database is not the one this program knows`,
      why: `applied: ${text(row, 'name')}; known: ${known.name}`,
      fix: ['Use the build of Mainstay that made these records.', 'A published step must never be edited.'],
    })
  }
}

/** Takes the steps that are missing. Before the first one, a database that holds records is copied beside itself. */
export function migrate(db: DatabaseSync, file: string, migrations: readonly Migration[], clock: Clock): void {
  const before = versionOf(db)
  if (before === migrations.length) return
  if (before > 0) keepCopy(db, file, before)
  for (const [index, migration] of migrations.entries()) takeStep(db, index + 1, migration, clock)
}

/** The number of the last step that was taken; 0 for an empty file. */
export function versionOf(db: DatabaseSync): number {
  return integer(db.prepare('PRAGMA user_version').get() ?? {}, 'user_version')
}

/** One step, unless another process took it in the meantime. All of it, or nothing. */
function takeStep(db: DatabaseSync, version: number, migration: Migration, clock: Clock): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    if (versionOf(db) < version) {
      db.exec(
        `CREATE TABLE IF NOT EXISTS migrations (
           version INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, at TEXT NOT NULL
         ) STRICT`,
      )
      db.exec(migration.sql)
      db.prepare('INSERT INTO migrations (version, name, digest, at) VALUES (?, ?, ?, ?)').run(
        version,
        migration.name,
        digestOf(migration),
        instant(clock),
      )
      const dangling = db.prepare('PRAGMA foreign_key_check').get()
      if (dangling !== undefined) throw new Error(`migration ${version} leaves rows without their parents`)
      // PRAGMAs take no parameters; both are numbers of our own.
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
      db.exec(`PRAGMA user_version = ${version}`)
    }
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/**
 * A whole copy beside the database, readable by the version that wrote it. Kept for the person who needs to go back: it
 * gets its name when it is whole, and other processes may be doing the same.
 */
function keepCopy(db: DatabaseSync, file: string, version: number): void {
  const draft = `${file}.v${version}.new-${randomUUID()}`
  try {
    // Made first, so that it is never readable by others; SQLite fills an empty file.
    closeSync(openSync(draft, 'wx', 0o600))
    db.prepare('VACUUM INTO ?').run(draft)
    // Whoever took the step in the meantime has kept its copy.
    if (versionIn(draft) !== version) return
    for (let count = 1; !linked(draft, `${file}.v${version}${count === 1 ? '' : `.${count}`}`); ) count++
  } finally {
    rmSync(draft, { force: true })
  }
}

function versionIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return versionOf(db)
  } finally {
    db.close()
  }
}

/** False where the name is taken. */
function linked(file: string, name: string): boolean {
  try {
    linkSync(file, name)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function digestOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex')
}

function newer(file: string, version: number, known: number): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: `the records were written by a newer Mainstay (version ${version} of the database, this one knows ${known})`,
    where: file,
    fix: [
      'Use that newer Mainstay.',
      `Or go back to the copy that was kept when it was upgraded: ${file}.v${known}, if it is there.`,
    ],
  })
}
