// Writes that arrive together share one transaction, and so one wait for the disk.
import type { DatabaseSync } from 'node:sqlite'
import { asRecordFault } from './fault.ts'
import type { Sql } from './sql.ts'

/** One piece of work with what to do when its outcome is known. */
interface Job {
  /** Does the work; returns how to tell its success once that is durable. */
  readonly run: (sql: Sql) => () => void
  readonly fail: (error: unknown) => void
}

/** Queues work for the next transaction. */
export interface Writer {
  /** Resolves when the work is durable. Work that throws is undone alone; what it shares a transaction with stays. */
  write<T>(work: (sql: Sql) => T): Promise<T>
  /** Resolves when nothing is queued. */
  drained(): Promise<void>
}

/** A writer over one connection. The transaction begins when the current turn of the event loop ends. */
export function openWriter(db: DatabaseSync, sql: Sql, file: string): Writer {
  let queue: Job[] = []
  let flushed: Promise<void> = Promise.resolve()

  function flush(): void {
    const jobs = queue
    queue = []
    commitTogether(db, sql, jobs, file)
  }

  function schedule(job: Job): void {
    queue.push(job)
    if (queue.length > 1) return
    flushed = new Promise((resolve) => {
      setImmediate(() => {
        flush()
        resolve()
      })
    })
  }

  return {
    write(work) {
      return new Promise((resolve, reject) => {
        schedule({
          run(each) {
            const value = work(each)
            return () => resolve(value)
          },
          fail: reject,
        })
      })
    },
    async drained() {
      while (queue.length > 0) await flushed
    },
  }
}

function commitTogether(db: DatabaseSync, sql: Sql, jobs: readonly Job[], file: string): void {
  const done: { readonly job: Job; readonly tell: () => void }[] = []
  try {
    db.exec('BEGIN IMMEDIATE')
    for (const job of jobs) {
      const tell = runAlone(db, sql, job, file)
      if (tell !== null) done.push({ job, tell })
    }
    db.exec('COMMIT')
  } catch (error) {
    // Told already: those that failed alone. `fail` after `fail` changes nothing, as with any promise.
    const fault = asRecordFault(error, file)
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
    for (const job of jobs) job.fail(fault)
    return
  }
  for (const { tell } of done) tell()
}

/** One job inside the shared transaction. Null when it failed, was undone and told so. */
function runAlone(db: DatabaseSync, sql: Sql, job: Job, file: string): (() => void) | null {
  db.exec('SAVEPOINT job')
  try {
    const tell = job.run(sql)
    db.exec('RELEASE job')
    return tell
  } catch (error) {
    // A full disk or a damaged page has ended the whole transaction: then nobody's work is durable.
    if (!db.isTransaction) throw error
    db.exec('ROLLBACK TO job; RELEASE job')
    job.fail(asRecordFault(error, file))
    return null
  }
}
