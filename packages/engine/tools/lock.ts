// A lock file: one process makes a tool, the others wait; an owner that died is noticed and replaced.
// What it guards is also safe without it (a tool is put in place by one rename): the lock saves work, not data.

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Who holds the lock. `started` tells a process from a later one with the same number. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  readonly started: string | null
  readonly token: string
}

/** Options of `withLock`. */
export interface LockOptions {
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (owner: LockOwner) => void
  readonly signal?: AbortSignal | null
  /** How often a waiting caller looks again, in ms. */
  readonly lookMs?: number
  /** An owner on another machine counts as dead when it has not touched the file for so long, in ms. */
  readonly silentMs?: number
}

const heartbeatMs = 5_000

/**
 * Runs `work` while holding the lock file `path`; waits as long as a live owner holds it.
 * Rejects with the signal's reason when aborted while waiting, and with whatever `work` rejects with.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const token = await acquire(path, options)
  const beat = setInterval(() => {
    const now = new Date()
    // A lost heartbeat costs at most a second build, so a failure here is nobody's concern.
    utimes(path, now, now).catch(() => {})
  }, heartbeatMs)
  beat.unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    if ((await readOwner(path))?.token === token) await rm(path, { force: true })
  }
}

async function acquire(path: string, options: LockOptions): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const token = randomUUID()
  const owner: LockOwner = { pid: process.pid, host: hostname(), started: await startOf(process.pid), token }
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    if (await create(path, owner)) return token
    const holder = await readOwner(path)
    if (holder === null) continue
    if (await isStale(path, holder, options.silentMs ?? 120_000)) {
      await evict(path, holder)
      continue
    }
    if (!told) options.onWait?.(holder)
    told = true
    await delay(options.lookMs ?? 250, undefined, options.signal ? { signal: options.signal } : {})
  }
}

/** Puts the file in place whole (a link of a finished file), so that nobody reads half an owner. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const draft = `${path}.${owner.token}`
  await writeFile(draft, JSON.stringify(owner), { flag: 'wx' })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** The owner in a lock file; null where there is none now. A file that cannot be read as one has no live owner. */
export async function readOwner(path: string): Promise<LockOwner | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isOwner(value)) return value
  } catch {
    // Not ours or damaged: the owner below has no process, so the file counts as left behind.
  }
  return { pid: 0, host: hostname(), started: null, token: '' }
}

function isOwner(value: unknown): value is LockOwner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'host' in value &&
    typeof value.host === 'string' &&
    'started' in value &&
    (typeof value.started === 'string' || value.started === null) &&
    'token' in value &&
    typeof value.token === 'string'
  )
}

async function isStale(path: string, holder: LockOwner, silentMs: number): Promise<boolean> {
  if (holder.host === hostname()) return !(await isAlive(holder.pid, holder.started))
  try {
    return Date.now() - (await stat(path)).mtimeMs > silentMs
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Moves a dead owner's file away; if a live one slipped in between, it is put back. */
async function evict(path: string, dead: LockOwner): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  try {
    if ((await readOwner(aside))?.token !== dead.token) await link(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(aside, { force: true })
  }
}

/** True while that very process runs on this machine. Without a start time the number alone decides. */
export async function isAlive(pid: number, started: string | null): Promise<boolean> {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false
  }
  return started === null || (await startOf(pid)) === started
}

/** When a process started, in the kernel's clock ticks, where the system tells (Linux); null elsewhere and for none. */
export async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the fields after it do not. The start time is the 22nd of all.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
