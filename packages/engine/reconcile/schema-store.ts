// Keeps published OpenAPI documents in a folder, by the server's own hash, so that a command need not load them again.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SchemaStore } from '../cluster/openapi.ts'
import { sha256 } from './digest.ts'

/** Documents that are kept; a cluster publishes about sixty, and each upgrade brings new hashes. */
const KEPT = 256

/** A store in `folder`. It is only a cache: whatever cannot be read or written there is loaded from the server. */
export function fileSchemaStore(folder: string): SchemaStore {
  const fileOf = (key: string): string => join(folder, `${sha256(key)}.json`)
  return {
    async get(key) {
      // Absent, unreadable, removed by another process: all mean "load it".
      const text = await readFile(fileOf(key), 'utf8').catch(() => null)
      if (text === null) return null
      const [digest, document] = [text.slice(0, 64), text.slice(65)]
      return sha256(document) === digest ? document : null
    },
    async put(key, text) {
      const file = fileOf(key)
      const half = `${file}.${process.pid}`
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(half, `${sha256(text)}\n${text}`, { mode: 0o600 })
        await rename(half, file)
        await dropOldest(folder)
      } catch {
        // A full or read-only disk must not stop planning: the document was read, it is only not kept.
        await rm(half, { force: true }).catch(() => undefined)
      }
    },
  }
}

async function dropOldest(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= KEPT) return
  const files = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })))
  const old = files.sort((a, b) => b.at - a.at).slice(KEPT)
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
}
