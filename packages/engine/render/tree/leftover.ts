// Removes trees that a killed process left behind: they hold files of repositories, and nobody else knows of them.
import { lstat, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../ports.ts'
import { TREE_PREFIX } from './materialise.ts'

/** No render takes so long, by far. */
const AGE_MS = 60 * 60 * 1000

/** Removes trees of this user that are older than any render; returns how many. What cannot be removed stays. */
export async function removeLeftTrees(clock: Pick<Clock, 'now'>, folder: string = tmpdir()): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder)) {
    if (!name.startsWith(TREE_PREFIX)) continue
    const path = join(folder, name)
    try {
      const found = await lstat(path)
      const isOurs = found.isDirectory() && found.uid === process.getuid?.()
      if (!isOurs || clock.now() - found.mtimeMs < AGE_MS) continue
      await rm(path, { recursive: true, force: true })
      removed++
    } catch {
      // Another process was faster, or it is not ours after all.
    }
  }
  return removed
}
