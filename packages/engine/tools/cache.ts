// Our own tools: one folder for each content they were made from, put in place by one rename, checked on use.

import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ToolContext } from './context.ts'
import { isAlive } from './lock.ts'
import type { ReleaseFile, ToolRecipe } from './recipe.ts'

/** How a cached tool was made. */
export type Origin = 'release' | 'build'

/** Written beside a finished tool: what it must look like. */
interface Seal {
  readonly sha256: string
  readonly size: number
  readonly mtimeMs: number
  readonly origin: Origin
}

/** How much is done to make sure that a cached file is what was put there. */
export type Check = 'quick' | 'full'

/** A look into the cache. */
export type Cached =
  | { readonly kind: 'here'; readonly path: string; readonly origin: Origin }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly folder: string; readonly why: string }

/** The name of the folder for a tool built from its recipe; null where the recipes are not installed. */
export async function buildKey(recipe: ToolRecipe, context: ToolContext): Promise<string | null> {
  if (context.recipes === null) return null
  const folder = join(context.recipes, recipe.build.folder)
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) {
    try {
      hash
        .update(`${file}\0`)
        .update(await readFile(join(folder, file)))
        .update('\0')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  }
  hash.update(JSON.stringify([recipe.build.package, recipe.build.ldflags, context.platform]))
  return `${recipe.name}-${recipe.version}-${hash.digest('hex').slice(0, 16)}`
}

/** The name of the folder for a tool taken from a release. */
export function releaseKey(recipe: ToolRecipe, release: ReleaseFile): string {
  const hash = createHash('sha256').update(JSON.stringify([release.sha256, release.member]))
  return `${recipe.name}-${recipe.version}-${hash.digest('hex').slice(0, 16)}`
}

/**
 * Looks whether a finished tool is in the cache. `quick` compares size and time with the seal and computes the
 * digest only when they differ; `full` always computes it (about 0.1 s for the largest).
 */
export async function lookup(context: ToolContext, key: string, name: string, check: Check): Promise<Cached> {
  const folder = join(context.cache, key)
  const path = join(folder, name)
  const seal = await readSeal(join(folder, 'seal.json'))
  if (seal === null) {
    const exists = await stat(folder).then(
      () => true,
      () => false,
    )
    return exists ? { kind: 'damaged', folder, why: 'it was never finished' } : { kind: 'absent' }
  }
  try {
    await access(path, constants.X_OK)
    const now = await stat(path)
    if (now.size !== seal.size) return { kind: 'damaged', folder, why: 'its size has changed' }
    if (check === 'full' || now.mtimeMs !== seal.mtimeMs) {
      if ((await digestOf(path)) !== seal.sha256) return { kind: 'damaged', folder, why: 'its content has changed' }
    }
    return { kind: 'here', path, origin: seal.origin }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return { kind: 'damaged', folder, why: `it cannot be used (${String(error.code)})` }
  }
}

async function readSeal(path: string): Promise<Seal | null> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
  const seal = value as Partial<Seal> // Every field is looked at below; anything else is no seal.
  const whole = typeof seal.sha256 === 'string' && typeof seal.size === 'number' && typeof seal.mtimeMs === 'number'
  if (!whole || (seal.origin !== 'release' && seal.origin !== 'build')) return null
  return { sha256: seal.sha256, size: seal.size, mtimeMs: seal.mtimeMs, origin: seal.origin } as Seal
}

/**
 * Makes a tool by `make(path)` in a folder of its own and puts it in the cache under `key` only when it is whole:
 * flushed to disk, sealed, renamed. Whatever is under that key before is replaced. Returns the path of the tool.
 */
export async function install(
  context: ToolContext,
  key: string,
  name: string,
  origin: Origin,
  make: (path: string) => Promise<void>,
): Promise<string> {
  await removeLeftovers(context.cache, key)
  const draft = join(context.cache, `${key}.partial-${process.pid}-${randomBytes(4).toString('hex')}`)
  await mkdir(draft, { recursive: true })
  try {
    const path = join(draft, name)
    await make(path)
    await chmod(path, 0o755)
    await flush(path)
    const { size, mtimeMs } = await stat(path)
    const seal: Seal = { sha256: await digestOf(path), size, mtimeMs, origin }
    await writeFile(join(draft, 'seal.json'), JSON.stringify(seal))
    await flush(join(draft, 'seal.json'))
    await flush(draft)
    const folder = join(context.cache, key)
    await rm(folder, { recursive: true, force: true })
    await rename(draft, folder)
    await flush(context.cache)
    return join(folder, name)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Removes what callers that died left behind under this key; the drafts of live ones stay. */
async function removeLeftovers(cache: string, key: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const prefix = `${key}.partial-`
  for (const entry of await readdir(cache)) {
    if (!entry.startsWith(prefix)) continue
    const pid = Number.parseInt(entry.slice(prefix.length), 10)
    if (!(await isAlive(pid, null))) await rm(join(cache, entry), { recursive: true, force: true })
  }
}

/** Forces a file or folder to disk, so that a rename never makes an empty one visible after a power cut. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** SHA-256 of a file, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
