// The lock file: one works, the others wait; what a dead owner left behind is taken over.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isAlive, type LockOwner, readOwner, startOf, withLock } from './lock.ts'

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-lock-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'gadget.lock')
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

function owner(changes: Partial<LockOwner>): string {
  return JSON.stringify({ pid: process.pid, host: hostname(), started: null, token: 'theirs', ...changes })
}

describe('withLock', () => {
  it('lets one caller after the other work, and tells those who wait whom they wait for', async () => {
    const path = await lockPath()
    let inside = 0
    let most = 0
    const waitedFor: number[] = []
    const work = async (): Promise<void> => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
    }
    const onWait = (holder: LockOwner): void => {
      waitedFor.push(holder.pid)
    }
    await Promise.all([1, 2, 3, 4].map(() => withLock(path, work, { onWait, lookMs: 2 })))
    expect(most).toBe(1)
    expect(waitedFor.every((pid) => pid === process.pid)).toBe(true)
    expect(waitedFor.length).toBeGreaterThan(0)
  })

  it('leaves nothing behind, also when the work fails', async () => {
    const path = await lockPath()
    const failing = withLock(path, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await readdir(join(path, '..'))).toEqual([])
  })

  it('takes over from an owner whose process has ended', async () => {
    const path = await lockPath()
    await writeFile(path, owner({ pid: await deadPid() }))
    expect(await withLock(path, async () => (await readOwner(path))?.pid)).toBe(process.pid)
  })

  it('takes over when the number of the owner now belongs to another process', async () => {
    const path = await lockPath()
    if ((await startOf(process.pid)) === null) return expect(await isAlive(process.pid, null)).toBe(true)
    await writeFile(path, owner({ started: 'long ago' }))
    expect(await withLock(path, async () => 'mine')).toBe('mine')
  })

  it('takes over from a file that names no owner', async () => {
    const path = await lockPath()
    await writeFile(path, '{"pid":')
    expect(await withLock(path, async () => 'mine')).toBe('mine')
  })

  it('waits for an owner on another machine until it has been silent for long', async () => {
    const path = await lockPath()
    await writeFile(path, owner({ host: 'elsewhere.example', pid: await deadPid() }))
    const stop = new AbortController()
    const options = { silentMs: 60_000, lookMs: 2, signal: stop.signal, onWait: () => stop.abort(new Error('waiting')) }
    await expect(withLock(path, async () => 'mine', options)).rejects.toThrow()
    const longAgo = new Date(Date.now() - 120_000)
    await utimes(path, longAgo, longAgo)
    expect(await withLock(path, async () => 'mine', { silentMs: 60_000 })).toBe('mine')
  })

  it('stops waiting when told to, and leaves the lock to its owner', async () => {
    const path = await lockPath()
    await writeFile(path, owner({}))
    const stop = new AbortController()
    const waiting = withLock(path, async () => 'mine', { signal: stop.signal, onWait: () => stop.abort() })
    await expect(waiting).rejects.toThrow()
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'theirs' })
  })

  it('works once where many find the same dead owner', async () => {
    const path = await lockPath()
    await writeFile(path, owner({ pid: await deadPid() }))
    const held: boolean[] = []
    const work = async (): Promise<void> => {
      held.push(existsSync(path))
    }
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, work, { lookMs: 2 })))
    expect(held).toEqual(Array.from({ length: 8 }, () => true))
  })
})
