// Removes copies of repositories that nobody has asked for in a while.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../ports.ts'
import { withLock } from '../tools/lock.ts'
import { CONFIG_FILE } from './git.ts'

/** Which copies are old. */
export interface UnusedMirrors {
  /** Folder of the mirrors. */
  readonly cache: string
  /** Milliseconds without a question about the repository. */
  readonly unusedMs: number
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/**
 * Removes the copies that were not used for a while; returns how many. A copy in use is fetched again when it is next
 * asked for, so that nothing is lost but time.
 */
export async function removeUnusedMirrors(options: UnusedMirrors): Promise<number> {
  const { cache, unusedMs, clock, signal } = options
  const names = await readdir(cache).catch(nothing)
  let removed = 0
  for (const name of names ?? []) {
    const folder = join(cache, name)
    const isUnused = async (): Promise<boolean> => {
      const used = await stat(join(folder, CONFIG_FILE)).catch(nothing)
      return used !== undefined && clock.now() - used.mtimeMs > unusedMs
    }
    if (!(await isUnused())) continue
    await withLock(
      join(folder, 'lock'),
      async () => {
        if (!(await isUnused())) return
        const parts = (await readdir(folder)).filter((part) => part !== 'lock')
        await Promise.all(parts.map((part) => rm(join(folder, part), { recursive: true, force: true })))
        removed++
      },
      signal === undefined ? {} : { signal },
    )
  }
  return removed
}

function nothing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined
  throw error
}
