// A private folder for what programs can be given only as files: keys, certificates, sockets. What a crash left is removed.
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { isAlive, startOf } from '../tools/lock.ts'
import { ignoreMissing } from './files.ts'

const PREFIX = 'mainstay-git-'
const OWNER = 'owner.json'
/** A folder that does not say whose it is may be in the making; after this time in milliseconds it is not. */
const HALF_MADE_MS = 60 * 60 * 1000

interface Owner {
  readonly pid: number
  readonly started: string | null
  /** Processes of another machine, or container, cannot be looked at from here. */
  readonly host: string
}

/** One folder for a process's source; made when first needed. */
export class RunFolder {
  readonly #base: string
  #folder: Promise<string> | null = null

  /** `base` must be short: the paths of sockets may have about a hundred bytes. */
  constructor(base: string = baseFolder()) {
    this.#base = base
  }

  /**
   * Does work with files in a folder of their own that only we can read, and removes them, whatever comes of it.
   * `files` gives their contents by name, and may name the folder in them.
   */
  async withFiles<T>(
    files: (folder: string) => Readonly<Record<string, string>>,
    work: (folder: string) => Promise<T>,
  ): Promise<T> {
    const folder = join(await this.path(), randomBytes(6).toString('hex'))
    try {
      await mkdir(folder, { mode: 0o700 })
      for (const [name, text] of Object.entries(files(folder))) {
        await writeFile(join(folder, name), text, { mode: 0o600 })
      }
      return await work(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** The folder itself: for sockets, which stay until the source is closed. */
  path(): Promise<string> {
    this.#folder ??= this.#make()
    return this.#folder
  }

  /** Removes everything. */
  async close(): Promise<void> {
    if (this.#folder === null) return
    const folder = await this.#folder.catch(() => null)
    this.#folder = null
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }

  async #make(): Promise<string> {
    await removeStale(this.#base)
    const folder = await mkdtemp(join(this.#base, PREFIX))
    const owner: Owner = { pid: process.pid, started: await startOf(process.pid), host: hostname() }
    await writeFile(join(folder, OWNER), JSON.stringify(owner), { mode: 0o600 })
    return folder
  }
}

/** Where temporary files go. A path that OpenSSH's configuration could misread is not used. */
function baseFolder(): string {
  const folder = tmpdir()
  return /^[A-Za-z0-9_./-]{1,60}$/.test(folder) ? folder : '/tmp'
}

/** Removes folders of ours whose process is gone: a crash must not leave a key on the disk. */
async function removeStale(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(base, name)
    const info = await lstat(folder).catch(ignoreMissing)
    if (info === undefined || !info.isDirectory() || info.uid !== process.getuid?.()) continue
    const owner = await readOwner(join(folder, OWNER))
    const isLeft =
      owner === null
        ? systemClock.now() - info.mtimeMs > HALF_MADE_MS
        : owner.host === hostname() && !(await isAlive(owner.pid, owner.started))
    if (isLeft) await rm(folder, { recursive: true, force: true })
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing)
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return isOwner(value) ? value : null
  } catch {
    // Half written: it counts as not there.
    return null
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'started' in value &&
    (value.started === null || typeof value.started === 'string') &&
    'host' in value &&
    typeof value.host === 'string'
  )
}
