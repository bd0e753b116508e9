// The table of answers of dry runs: a cache with a bound, sealed because the server answers with whole objects.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import { isFault } from '../fault.ts'
import type { RecordStore } from '../ports.ts'
import type { Database } from './database.ts'
import { bytes, decode, encode, integer, text } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Vault } from './vault.ts'

/** How much is kept; what was put in longest ago goes first. */
export interface DryRunBounds {
  readonly entries: number
  /** Of sealed answers, in bytes. */
  readonly bytes: number
}

/** Enough for an installation of twenty thousand objects; an answer that was dropped is asked for again. */
export const DRY_RUN_BOUNDS: DryRunBounds = { entries: 20_000, bytes: 128 * 1024 * 1024 }

/** The dry runs' part of the record store. */
export function dryRunRecords(
  db: Database,
  vault: Vault,
  bounds: DryRunBounds,
): Pick<RecordStore, 'dryRun' | 'putDryRun'> {
  const size = measure()
  return {
    dryRun: async (cluster, digest, resourceVersion) =>
      db.read((sql) => {
        const row = sql.get('SELECT * FROM dry_runs WHERE cluster = ? AND digest = ?', cluster, digest)
        if (row === undefined || text(row, 'resource_version') !== resourceVersion) return null
        const json = openOrMiss(vault, bytes(row, 'sealed'), ['dry-run', cluster, digest, resourceVersion])
        return json === null ? null : decode<DryRun>(json, `dry run of ${digest}`)
      }),
    putDryRun: (cluster, digest, resourceVersion, answer) =>
      db.write((sql) => {
        const sealed = vault.seal(encode(answer), ['dry-run', cluster, digest, resourceVersion])
        // An object's resourceVersion never comes back: the answer for the earlier one is of no more use.
        sql.run(
          'INSERT OR REPLACE INTO dry_runs (cluster, digest, resource_version, sealed) VALUES (?, ?, ?, ?)',
          ...[cluster, digest, resourceVersion, sealed],
        )
        size.add(sql, sealed.length)
        if (size.exceeds(bounds)) size.set(evict(sql, bounds))
      }),
  }
}

/** It is only a cache: an answer that was damaged or exchanged is not one, and is asked for again. */
function openOrMiss(vault: Vault, sealed: Uint8Array, identity: readonly string[]): string | null {
  try {
    return vault.open(sealed, identity)
  } catch (error) {
    if (isFault(error, 'record-failed')) return null
    throw error
  }
}

interface Size {
  readonly entries: number
  readonly bytes: number
}

/**
 * Follows the size of the table from above (an answer that replaces another counts twice), so that it is measured
 * only now and then.
 */
function measure(): {
  add(sql: Sql, bytes: number): void
  set(size: Size): void
  exceeds(bounds: DryRunBounds): boolean
} {
  let known: Size | null = null
  return {
    add(sql, added) {
      known = known === null ? sizeOf(sql) : { entries: known.entries + 1, bytes: known.bytes + added }
    },
    set(size) {
      known = size
    },
    exceeds: (bounds) => known !== null && (known.entries > bounds.entries || known.bytes > bounds.bytes),
  }
}

function sizeOf(sql: Sql): Size {
  const row = sql.get('SELECT count(*) AS entries, coalesce(sum(length(sealed)), 0) AS bytes FROM dry_runs') ?? {}
  return { entries: integer(row, 'entries'), bytes: integer(row, 'bytes') }
}

/** Drops the oldest down to three quarters of the bounds, so that the next answers do not evict one by one. */
function evict(sql: Sql, bounds: DryRunBounds): Size {
  const size = sizeOf(sql)
  if (size.entries <= bounds.entries && size.bytes <= bounds.bytes) return size
  sql.run(
    `DELETE FROM dry_runs WHERE seq IN (
       SELECT seq FROM (
         SELECT seq, row_number() OVER newest AS entries, sum(length(sealed)) OVER newest AS bytes
         FROM dry_runs WINDOW newest AS (ORDER BY seq DESC ROWS UNBOUNDED PRECEDING)
       ) WHERE entries > ? OR bytes > ?
     )`,
    Math.floor(bounds.entries * 0.75),
    Math.floor(bounds.bytes * 0.75),
  )
  return sizeOf(sql)
}
