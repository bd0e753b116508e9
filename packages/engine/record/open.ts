// Opens the records of a folder: one SQLite database, one key, and everything the engine remembers in them.
import { join } from 'node:path'
import type { Clock, RecordStore } from '../ports.ts'
import { accessRecords } from './accesses.ts'
import { recordedApps } from './apps.ts'
import type { Database } from './database.ts'
import { openDatabase } from './database.ts'
import type { DryRunBounds } from './dry-runs.ts'
import { DRY_RUN_BOUNDS, dryRunRecords } from './dry-runs.ts'
import { recordFault } from './fault.ts'
import { historyRecords } from './history.ts'
import { inventoryRecords } from './inventory.ts'
import { KEY_FILE, openKey } from './key.ts'
import { MIGRATIONS } from './migrations.ts'
import { planRecords } from './plans.ts'
import { integer, text } from './rows.ts'
import { runRecords } from './runs.ts'
import type { Sql } from './sql.ts'
import { trashRecords } from './trash.ts'
import type { Vault } from './vault.ts'
import { openVault } from './vault.ts'

/** Where the records are and what they are given. */
export interface RecordOptions {
  /** Holds `records.db`, `records.key` and the locks of open runs; made with mode 0700 where missing. */
  readonly folder: string
  readonly clock: Clock
  /** Bounds of the dry-run cache; the defaults are for a whole installation. */
  readonly dryRuns?: DryRunBounds
}

/**
 * Opens the records of a folder, for any number of processes at a time.
 *
 * @throws FaultError `record-failed` where folder, database or key are not as they must be (each says how to mend it and
 * leaves the files as they are), `unsupported` where a newer Mainstay wrote them
 */
export function openRecords(options: RecordOptions): RecordStore {
  const { folder, clock } = options
  const db = openDatabase(folder, clock, MIGRATIONS)
  try {
    const vault = openVault(openKey(folder, () => db.read(sealedRows)))
    checkKey(db, vault, folder)
    const runs = runRecords(db, clock)
    const { giveUp, ...ofRuns } = runs
    return {
      ...inventoryRecords(db),
      keys: async () => db.read(recordedApps),
      ...planRecords(db, vault),
      ...ofRuns,
      ...historyRecords(db),
      ...trashRecords(db, vault),
      ...accessRecords(db, vault),
      ...dryRunRecords(db, vault, options.dryRuns ?? DRY_RUN_BOUNDS),
      mask: vault.mask,
      async close() {
        await db.close()
        // A run that was never closed counts as interrupted from here on.
        giveUp()
      },
    }
  } catch (error) {
    void db.close()
    throw error
  }
}

function sealedRows(sql: Sql): number {
  const row = sql.get(
    `SELECT (SELECT count(*) FROM trash) + (SELECT count(*) FROM applications) + (SELECT count(*) FROM dry_runs)
       + (SELECT count(*) FROM accesses)
       AS count`,
  )
  return integer(row ?? {}, 'count')
}

/** Refuses a key that is not the one these records were written with: half of them would be unreadable from then on. */
function checkKey(db: Database, vault: Vault, folder: string): void {
  const known = db.read((sql) => sql.get("SELECT value FROM settings WHERE name = 'key'"))
  if (known !== undefined && text(known, 'value') === vault.fingerprint) return
  if (known !== undefined && db.read(sealedRows) > 0) {
    throw recordFault(join(folder, KEY_FILE), {
      what: 'this is not the key these records were written with',
      fix: [`Put back the ${KEY_FILE} that belongs to this database, or the database that belongs to this key.`],
    })
  }
  db.writeNow((sql) => sql.run("INSERT OR REPLACE INTO settings (name, value) VALUES ('key', ?)", vault.fingerprint))
}
