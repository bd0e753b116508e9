// Keeps downloaded archives on disk by their digest; what is read back is checked, and the oldest go where there are too many.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../ports.ts'

/** Where and how much. */
export interface ArchiveStoreOptions {
  /** Made where it does not exist; may be shared by several processes. */
  readonly folder: string
  /** Bytes of all archives together. Default 1 GiB. */
  readonly maxBytes?: number
  readonly clock: Clock
}

/** Where an archive is from. */
export interface ArchiveOrigin {
  /** Address of the repository. */
  readonly repository: string
  /** `RepositoryAccess.origin`: one that checks no certificates proves nothing about what others may read. */
  readonly access: string
}

const MAX_BYTES = 1 << 30
const NAME = /^[0-9a-f]{64}$/

/**
 * Archives by where they are from and the SHA-256 of their bytes. A digest alone opens nothing: whoever knows that of an
 * archive that another repository hides could name it in an index of his own.
 */
export class ArchiveStore {
  readonly #options: ArchiveStoreOptions
  readonly #making = new Map<string, Promise<Buffer>>()

  constructor(options: ArchiveStoreOptions) {
    this.#options = options
  }

  /**
   * The archive of a digest; made where it is not here, or no longer what it was. Several askers share one making.
   * @param from what its repository is called by whoever may read it
   */
  async get(from: ArchiveOrigin, sha256: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const path = this.#path(from, sha256)
    const under = this.#making.get(path)
    if (under !== undefined) return under
    const made = this.#find(path, sha256).then((found) => found ?? this.#keep(path, make))
    this.#making.set(path, made)
    try {
      return await made
    } finally {
      this.#making.delete(path)
    }
  }

  async #find(path: string, sha256: string): Promise<Buffer | null> {
    const bytes = await readFile(path).catch(missing)
    if (bytes === null) return null
    if (sha256Of(bytes) !== sha256) {
      await rm(path, { force: true })
      return null
    }
    // When it was last asked for is what tells an unused one.
    const now = this.#options.clock.now() / 1000
    await utimes(path, now, now).catch(missing)
    return bytes
  }

  async #keep(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const bytes = await make()
    const { folder } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const draft = join(folder, `new-${randomUUID()}`)
    await writeFile(draft, bytes, { mode: 0o600 })
    await rename(draft, path)
    await this.#tidy()
    return bytes
  }

  /** Half-written files of a process that is gone are old as well one day. */
  async #tidy(): Promise<void> {
    const { folder, maxBytes = MAX_BYTES } = this.#options
    const files: { readonly path: string; readonly size: number; readonly at: number }[] = []
    for (const name of await readdir(folder)) {
      if (!NAME.test(name) && !name.startsWith('new-')) continue
      const path = join(folder, name)
      const found = await stat(path).catch(missing)
      if (found !== null) files.push({ path, size: found.size, at: found.mtimeMs })
    }
    let total = files.reduce((sum, { size }) => sum + size, 0)
    for (const { path, size } of files.toSorted((a, b) => a.at - b.at)) {
      if (total <= maxBytes) break
      await rm(path, { force: true })
      total -= size
    }
  }

  #path({ repository, access }: ArchiveOrigin, sha256: string): string {
    if (!NAME.test(sha256)) throw new Error(`"${sha256}" is no SHA-256 in hex`)
    return join(this.#options.folder, sha256Of(Buffer.from(JSON.stringify([repository, access, sha256]))))
  }
}

/** SHA-256 of bytes, in hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function missing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
