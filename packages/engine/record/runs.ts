// The tables of runs and their journals: one open run an application, taken over when its process is gone.
import { randomBytes } from 'node:crypto'
import type { RunOutcome, StepEvent } from '@mainstay/core/run/run.ts'
import { instant } from '../clock.ts'
import { FaultError } from '../fault.ts'
import type { Clock, RecordKey, RecordStore, RunRecord } from '../ports.ts'
import { ensureApp, findApp, keyOf } from './apps.ts'
import type { Database } from './database.ts'
import { recordFault } from './fault.ts'
import type { Row } from './rows.ts'
import { decode, encode, integer, text, textOrNull } from './rows.ts'
import type { RunLock } from './run-lock.ts'
import { isRunAlive, sweepRunLocks, takeRunLock, thisOwner } from './run-lock.ts'
import type { Sql } from './sql.ts'

/** The runs' part of the record store; `giveUp` leaves every run that is still open in this store to the next one. */
export interface RunRecords extends Pick<RecordStore, 'openRun' | 'appendEvents' | 'closeRun' | 'runs' | 'events'> {
  giveUp(): void
}

/** Runs over one database. */
export function runRecords(db: Database, clock: Clock): RunRecords {
  const locks = new Map<string, RunLock>()

  async function openRun(key: RecordKey, plan: string, by: string, at: string): Promise<string> {
    const id = randomBytes(8).toString('hex')
    try {
      await db.write((sql) => {
        const app = ensureApp(sql, key)
        takeOver(sql, db.folder, app, clock)
        locks.set(id, takeRunLock(db.folder, id))
        const { pid, host } = thisOwner()
        sql.run(
          'INSERT INTO runs (id, app, plan, by, pid, host, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[id, app, plan, by, pid, host, at],
        )
      })
      return id
    } catch (error) {
      letGo(id)
      throw error
    }
  }

  function letGo(run: string): void {
    locks.get(run)?.release()
    locks.delete(run)
  }

  return {
    openRun,
    appendEvents: (run, events) =>
      db.write((sql) => {
        requireOpen(sql, run)
        appendEvents(sql, run, events)
      }),
    async closeRun(run, outcome, at) {
      await db.write((sql) => {
        requireOpen(sql, run)
        sql.run('UPDATE runs SET outcome = ?, ended_at = ? WHERE id = ?', outcome, at, run)
      })
      letGo(run)
    },
    runs: async (key) => db.read((sql) => readRuns(sql, db.folder, key)),
    events: async (run) => db.read((sql) => readEvents(sql, run)),
    giveUp() {
      for (const lock of locks.values()) lock.giveUp()
      locks.clear()
    },
  }
}

/**
 * Makes way for a new run. An open run whose process lives is a conflict. One whose process is gone is ended as
 * `cancelled`, with a last event that says why: what it did is in its journal, and a new plan sees the rest.
 */
function takeOver(sql: Sql, folder: string, app: number, clock: Clock): void {
  const open = sql.get('SELECT * FROM runs WHERE app = ? AND outcome IS NULL', app)
  if (open === undefined) return
  const id = text(open, 'id')
  const owner = { pid: integer(open, 'pid'), host: text(open, 'host') }
  if (isRunAlive(folder, id, owner)) throw underWay(open)
  const at = instant(clock)
  const message = `taken over: its process (pid ${owner.pid} on ${owner.host}) is gone`
  appendEvents(sql, id, [{ kind: 'run-ended', at, outcome: 'cancelled', message }])
  sql.run("UPDATE runs SET outcome = 'cancelled', ended_at = ? WHERE id = ?", at, id)
  const others = sql.all('SELECT id FROM runs WHERE outcome IS NULL')
  sweepRunLocks(folder, new Set(others.map((row) => text(row, 'id'))))
}

function underWay(open: Row): FaultError {
  return new FaultError({
    kind: 'conflict',
    what: 'another run of this application is under way',
    where: `run ${text(open, 'id')} of plan ${text(open, 'plan').slice(0, 8)}`,
    why: `by ${text(open, 'by')} since ${text(open, 'started_at')} (pid ${integer(open, 'pid')} on ${text(open, 'host')})`,
    fix: ['Wait until it has ended, or end its process; then make a new plan.'],
  })
}

/** A run that was taken over must not go on journaling: its plan is no longer the one that counts. */
function requireOpen(sql: Sql, run: string): void {
  const row = sql.get('SELECT outcome FROM runs WHERE id = ?', run)
  if (row !== undefined && textOrNull(row, 'outcome') === null) return
  throw recordFault(`run ${run}`, {
    what: row === undefined ? 'there is no such run' : 'this run has ended',
    fix: ['Make a new plan and run that.'],
  })
}

function appendEvents(sql: Sql, run: string, events: readonly StepEvent[]): void {
  const row = sql.get('SELECT coalesce(max(seq), 0) AS last FROM events WHERE run = ?', run)
  let seq = integer(row ?? {}, 'last')
  for (const event of events) {
    seq += 1
    sql.run('INSERT INTO events (run, seq, body) VALUES (?, ?, ?)', run, seq, encode(event))
  }
}

function readEvents(sql: Sql, run: string): readonly StepEvent[] {
  const rows = sql.all('SELECT body FROM events WHERE run = ? ORDER BY seq', run)
  return rows.map((row) => decode<StepEvent>(text(row, 'body'), `journal of run ${run}`))
}

/** Newest first. */
function readRuns(sql: Sql, folder: string, key: RecordKey): readonly RunRecord[] {
  const app = findApp(sql, key)
  if (app === null) return []
  const rows = sql.all(
    `SELECT runs.*, apps.cluster AS cluster, apps.namespace AS app_namespace, apps.name AS app_name
     FROM runs JOIN apps ON apps.id = runs.app WHERE runs.app = ? ORDER BY runs.seq DESC`,
    app,
  )
  return rows.map((row) => {
    const outcome = outcomeOf(row)
    const owner = { pid: integer(row, 'pid'), host: text(row, 'host') }
    return {
      id: text(row, 'id'),
      key: keyOf(row),
      plan: text(row, 'plan'),
      by: text(row, 'by'),
      startedAt: text(row, 'started_at'),
      endedAt: textOrNull(row, 'ended_at'),
      outcome,
      interrupted: outcome === null && !isRunAlive(folder, text(row, 'id'), owner),
    }
  })
}

function outcomeOf(row: Row): RunOutcome | null {
  const outcome = textOrNull(row, 'outcome')
  switch (outcome) {
    case null:
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'stale':
      return outcome
    default:
      throw new TypeError(`${outcome} is no outcome`)
  }
}
