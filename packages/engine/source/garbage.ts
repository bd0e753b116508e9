// Keeps copies small: commits that nothing reaches any more go after a while, unless somebody still speaks of them.
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../ports.ts'
import { Copy } from './copy.ts'
import { ignoreMissing, presence } from './files.ts'
import { MirrorDamage } from './objects.ts'

/** What is garbage. */
export interface Garbage {
  /** Folder of the copies. */
  readonly cache: string
  /** Milliseconds that a commit stays after no branch and no tag reaches it. */
  readonly unreachableMs: number
  /** Milliseconds between two collections; one that comes earlier does nothing. */
  readonly everyMs: number
  /** Commits that records speak of: they stay, whatever reaches them. Asked only when it is time. */
  readonly keep: () => Promise<ReadonlySet<string>>
  readonly clock: Pick<Clock, 'now'>
  readonly signal?: AbortSignal
}

const TIMEOUT_MS = 10 * 60 * 1000
const MARK = 'collected'
const DAY_MS = 24 * 60 * 60 * 1000

/** Collects in every copy, where it is time; returns how many were made smaller. */
export async function collectGarbage(options: Garbage): Promise<number> {
  const { cache, clock, everyMs } = options
  const mark = join(cache, MARK)
  const last = await stat(mark).catch(ignoreMissing)
  if (last !== undefined && clock.now() - last.mtimeMs < everyMs) return 0
  const names = (await readdir(cache).catch(ignoreMissing)) ?? []
  if (names.length === 0) return 0
  try {
    await writeFile(mark, '', { mode: 0o600 })
    await utimes(mark, clock.now() / 1000, clock.now() / 1000)
  } catch (error) {
    // Where nothing can be written there is nothing to make smaller; what needs to write says so itself.
    if (error instanceof Error && 'code' in error) return 0
    throw error
  }
  const keep = await options.keep()
  let made = 0
  for (const name of names) {
    const folder = join(cache, name)
    if ((await presence(join(folder, 'repo.git'))) === 'missing') continue
    if (await collect(folder, keep, options)) made++
  }
  return made
}

async function collect(folder: string, keep: ReadonlySet<string>, options: Garbage): Promise<boolean> {
  const signal = options.signal ?? new AbortController().signal
  const copy = new Copy({ folder, safe: null, timeoutMs: TIMEOUT_MS, signal })
  try {
    return await copy.locked(async () => {
      const expired = (await keptRefs(copy)).filter(({ day, id }) => {
        return !keep.has(id) && options.clock.now() - Date.parse(day) > options.unreachableMs + DAY_MS
      })
      if (expired.length === 0) return false
      await copy.updateRefs(expired.map(({ name }) => `delete ${name}`))
      return rewrite(copy, keep)
    })
  } catch (error) {
    // A damaged copy is found out, and made anew, by whoever reads it next.
    if (error instanceof MirrorDamage) return false
    throw error
  } finally {
    await copy.close()
  }
}

interface KeptRef {
  readonly name: string
  readonly day: string
  readonly id: string
}

async function keptRefs(copy: Copy): Promise<readonly KeptRef[]> {
  const { stdout } = await copy.git(['for-each-ref', '--format=%(refname)', 'refs/mainstay'])
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((name) => {
      const [, day, id] = /^refs\/mainstay\/(\d{4}-\d{2}-\d{2})\/([0-9a-f]+)$/.exec(name) ?? []
      return day === undefined || id === undefined ? [] : [{ name, day, id }]
    })
}

/**
 * Writes what is reached into one pack and removes the others. Git itself drops nothing from a partial copy: it takes
 * whatever came from the server for something that the server could be asked for again.
 */
async function rewrite(copy: Copy, keep: ReadonlySet<string>): Promise<boolean> {
  const packs = join(copy.gitDir, 'objects', 'pack')
  const old = await readdir(packs)
  const kept = (await Promise.all([...keep].map(async (id) => ((await copy.has(id)) ? [id] : [])))).flat()
  const reached = await copy.run(
    [
      `--git-dir=${copy.gitDir}`,
      'rev-list',
      '--objects',
      '--all',
      '--missing=allow-any',
      '--no-object-names',
      '--stdin',
    ],
    { stdin: kept.map((id) => `${id}\n`).join('') },
  )
  if (reached.code !== 0) return false
  const written = await copy.run([`--git-dir=${copy.gitDir}`, 'pack-objects', '--quiet', join(packs, 'pack')], {
    stdin: reached.stdout.toString('latin1'),
  })
  const name = `pack-${written.stdout.toString('latin1').trim()}`
  if (written.code !== 0 || !/^pack-[0-9a-f]+$/.test(name)) return false
  await writeFile(join(packs, `${name}.promisor`), '')
  const others = old.filter((file) => file.startsWith('pack-') && !file.startsWith(`${name}.`))
  await Promise.all(others.map((file) => rm(join(packs, file), { force: true })))
  return true
}
