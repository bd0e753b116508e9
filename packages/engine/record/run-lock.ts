// Tells whether the process that runs a plan still lives: it holds a lock that the system releases with the process.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './fault.ts'

/**
 * Why a lock and not a process number: a number is reused, means nothing in another container, and says nothing after
 * `kill -9`. A lock on a file is released by the kernel in the instant its holder is gone, whatever killed it, and it is
 * seen across containers that share the volume. SQLite's own locks are used because they work alike on every system
 * (and two connections of one process exclude each other, which bare POSIX locks do not).
 */
export interface RunLock {
  /** The run has ended: gives the lock back and removes its file. */
  release(): void
  /** Nobody goes on with the run: gives the lock back and leaves its file, which says so. */
  giveUp(): void
}

/** The process that opened a run, as recorded: for messages, and for the case that the lock's file was removed. */
export interface RunOwner {
  readonly pid: number
  readonly host: string
}

/** This process. */
export function thisOwner(): RunOwner {
  return { pid: process.pid, host: hostname() }
}

const FOLDER = 'runs'

function fileOf(folder: string, run: string): string {
  return join(folder, FOLDER, `${run}.lock`)
}

/** Takes the lock of a new run. */
export function takeRunLock(folder: string, run: string): RunLock {
  mkdirSync(join(folder, FOLDER), { recursive: true, mode: 0o700 })
  const file = fileOf(folder, run)
  const held = new DatabaseSync(file, { timeout: 0 })
  // Nothing is ever written: an exclusive transaction on an empty file is the lock.
  held.exec('BEGIN EXCLUSIVE')
  const giveUp = (): void => {
    if (held.isOpen) held.close()
  }
  return {
    giveUp,
    release() {
      giveUp()
      rmSync(file, { force: true })
    },
  }
}

/** True while the process that opened the run lives and has not given the run up. */
export function isRunAlive(folder: string, run: string, owner: RunOwner): boolean {
  const file = fileOf(folder, run)
  // Somebody removed the file, or the records came from elsewhere: then only a process of that number speaks for it.
  if (!existsSync(file)) return owner.host === hostname() && isProcess(owner.pid)
  const probe = new DatabaseSync(file, { readOnly: true, timeout: 0 })
  try {
    // Reading needs a shared lock: any number of askers get it, unless the holder has the exclusive one.
    probe.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  } finally {
    probe.close()
  }
}

/** Removes lock files that crashed runs left behind. Call it where no run can be opened at the same time. */
export function sweepRunLocks(folder: string, open: ReadonlySet<string>): void {
  if (!existsSync(join(folder, FOLDER))) return
  for (const name of readdirSync(join(folder, FOLDER))) {
    if (name.endsWith('.lock') && !open.has(name.slice(0, -'.lock'.length))) {
      rmSync(join(folder, FOLDER, name), { force: true })
    }
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
