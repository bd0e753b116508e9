// Rendered texts on disk: sealed for their key, verified on every read, bounded by size, shared by processes.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isFault } from '../../fault.ts'
import type { Vault } from '../../record/vault.ts'
import { withLock } from '../../tools/lock.ts'

/** Where rendered texts are kept. */
export interface RenderStoreOptions {
  /** Made where it is missing, readable by its owner alone. Any number of processes may share it. */
  readonly folder: string
  /** Seals what is kept: rendered manifests hold Secrets. */
  readonly vault: Pick<Vault, 'seal' | 'open'>
  /** Bytes of all texts together; what was not used for longest goes first. */
  readonly limitBytes?: number
}

/** Texts by key. A key is a SHA-256 in hex; a text that is not what was put there is dropped and counts as never put. */
export interface RenderStore {
  get(key: string): Promise<string | null>
  put(key: string, text: string): Promise<void>
  /** Runs `work` while no other process runs work for the same key. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>
}

const LIMIT_BYTES = 512 * 1024 * 1024
/** How far below the limit the store is cut back, so that not every write has to look at all of it. */
const CUT = 0.9

/** Opens the store; nothing is written before the first text. */
export function renderStore(options: RenderStoreOptions): RenderStore {
  return new DiskStore(options)
}

class DiskStore implements RenderStore {
  readonly #folder: string
  readonly #vault: RenderStoreOptions['vault']
  readonly #limit: number
  /** Bytes as last counted, and what was written since; null before the first count. */
  #size: number | null = null

  constructor({ folder, vault, limitBytes }: RenderStoreOptions) {
    this.#folder = folder
    this.#vault = vault
    this.#limit = limitBytes ?? LIMIT_BYTES
  }

  async get(key: string): Promise<string | null> {
    const file = this.#file(key)
    const sealed = await readFile(file).catch(nothing)
    if (sealed === undefined) return null
    const text = this.#opened(sealed, key)
    if (text === null) {
      // Cut short, mixed up, or of another key: made anew, as if it had never been there.
      await rm(file, { force: true })
      return null
    }
    const now = new Date()
    await utimes(file, now, now).catch(nothing)
    return text
  }

  async put(key: string, text: string): Promise<void> {
    const file = this.#file(key)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const draft = `${file}.${randomUUID()}`
    const sealed = this.#vault.seal(`${digestOf(text)}\n${text}`, ['render', key])
    const before = this.#size ?? (await this.#count())
    try {
      await writeFile(draft, sealed, { mode: 0o600, flag: 'wx' })
      await rename(draft, file)
    } finally {
      await rm(draft, { force: true })
    }
    this.#size = before + sealed.length
    if (this.#size > this.#limit) await this.#cut(file)
  }

  async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    return withLock(`${this.#file(key)}.lock`, work, { lookMs: 50 })
  }

  #opened(sealed: Uint8Array, key: string): string | null {
    try {
      const whole = this.#vault.open(sealed, ['render', key])
      const end = whole.indexOf('\n')
      const text = whole.slice(end + 1)
      return whole.slice(0, end) === digestOf(text) ? text : null
    } catch (error) {
      if (isFault(error, 'record-failed')) return null
      throw error
    }
  }

  async #count(): Promise<number> {
    return (await this.#files()).reduce((sum, { size }) => sum + size, 0)
  }

  /** Removes what was not used for longest; never what was just written. */
  async #cut(written: string): Promise<void> {
    const files = (await this.#files()).toSorted((a, b) => a.usedMs - b.usedMs)
    let size = files.reduce((sum, file) => sum + file.size, 0)
    for (const file of files) {
      if (size <= this.#limit * CUT) break
      if (file.path === written) continue
      await rm(file.path, { force: true })
      size -= file.size
    }
    this.#size = size
  }

  async #files(): Promise<readonly { readonly path: string; readonly size: number; readonly usedMs: number }[]> {
    const names = (await readdir(this.#folder, { recursive: true }).catch(nothing)) ?? []
    const files = await Promise.all(
      names
        .filter((name) => /[0-9a-f]{64}$/.test(name))
        .map(async (name) => {
          const path = join(this.#folder, name)
          const found = await stat(path).catch(nothing)
          return found?.isFile() ? [{ path, size: found.size, usedMs: found.mtimeMs }] : []
        }),
    )
    return files.flat()
  }

  #file(key: string): string {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError('a key is a SHA-256 in hex')
    return join(this.#folder, key.slice(0, 2), key)
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** For a `catch`: what another process removed meanwhile is not there. */
function nothing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined
  throw error
}
