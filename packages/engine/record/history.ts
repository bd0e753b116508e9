// The table of successful syncs, as `app history` lists them.
import type { Revision } from '@mainstay/core/desired/desired.ts'
import type { HistoryEntry, RecordKey, RecordStore } from '../ports.ts'
import { ensureApp, findApp } from './apps.ts'
import type { Database } from './database.ts'
import type { Row } from './rows.ts'
import { decode, encode, integer, text } from './rows.ts'
import type { Sql } from './sql.ts'

/** The history's part of the record store. */
export function historyRecords(db: Database): Pick<RecordStore, 'putHistory' | 'history'> {
  return {
    putHistory: (key, entry, limit) => db.write((sql) => putHistory(sql, key, entry, limit)),
    history: async (key) => db.read((sql) => readHistory(sql, key)),
  }
}

/** Ids count up from 0, as users of Argo CD know them, and never come back, also when old entries are dropped. */
function putHistory(sql: Sql, key: RecordKey, entry: Omit<HistoryEntry, 'id'>, limit: number): HistoryEntry {
  const app = ensureApp(sql, key)
  const row = sql.get('UPDATE apps SET next_history = next_history + 1 WHERE id = ? RETURNING next_history', app)
  const id = integer(row ?? {}, 'next_history') - 1
  sql.run(
    `INSERT INTO history (app, id, plan, revisions, application, started_at, deployed_at, by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[app, id, entry.plan, encode(entry.revisions), entry.application],
    ...[entry.startedAt, entry.deployedAt, entry.by],
  )
  sql.run(
    `DELETE FROM history WHERE app = ?1 AND id NOT IN (SELECT id FROM history WHERE app = ?1 ORDER BY id DESC LIMIT ?2)`,
    app,
    Math.max(0, limit),
  )
  return { id, ...entry }
}

/** Oldest first. */
function readHistory(sql: Sql, key: RecordKey): readonly HistoryEntry[] {
  const app = findApp(sql, key)
  return app === null ? [] : sql.all('SELECT * FROM history WHERE app = ? ORDER BY id', app).map(entryOf)
}

function entryOf(row: Row): HistoryEntry {
  return {
    id: integer(row, 'id'),
    plan: text(row, 'plan'),
    revisions: decode<readonly Revision[]>(text(row, 'revisions'), `history entry ${integer(row, 'id')}`),
    application: text(row, 'application'),
    startedAt: text(row, 'started_at'),
    deployedAt: text(row, 'deployed_at'),
    by: text(row, 'by'),
  }
}
