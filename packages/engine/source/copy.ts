// The folder of one mirror on the disk: its settings, its lock, its commands, and how it is made, kept small and made anew.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { isFault } from '../fault.ts'
import { withLock } from '../tools/lock.ts'
import { cacheFault } from './faults.ts'
import { ignoreMissing, presence } from './files.ts'
import { CONFIG_FILE, type GitCommand, type GitResult, type GitRun, requireGit, runGit, type Way } from './git.ts'
import { MirrorDamage, ObjectReader } from './objects.ts'

/** How a copy is kept. */
export interface CopyOptions {
  /** Folder of this repository in the cache. */
  readonly folder: string
  /**
   * Paths that Git may read although they belong to somebody else: naming them here is what allows that. Null: the
   * settings stay as they are.
   */
  readonly safe: readonly string[] | null
  /** Milliseconds for one command. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly observe?: ((command: GitCommand) => void) | undefined
}

/** What one command may do beside the usual. */
export interface CommandOptions {
  readonly stdin?: string
  readonly way?: Way
  readonly timeoutMs?: number
  /** Bytes that packs may grow by until the command is stopped. */
  readonly growthBytes?: number
}

/** Bytes that a list of refs, or the output of another command, may take. */
const MAX_OUTPUT = 128 * 1024 * 1024
/** More packs than this slow reading down, so they are put together. */
const MAX_PACKS = 20
const TIDY_MS = 10 * 60 * 1000
/** Commits that a fetch left behind and that are looked at one by one. */
const MAX_LOOKED_AT = 50
/** How often the size of what a fetch brings is looked at, in milliseconds. */
const LOOK_MS = 100

/** Only fetching and packing know that the copy is partial: a reader must say "missing", never fetch one by one. */
const PARTIAL = ['-c', 'remote.origin.promisor=true', '-c', 'remote.origin.partialclonefilter=blob:none']

/** One bare repository on the disk. Safe to use from several processes. */
export class Copy {
  readonly #options: CopyOptions
  readonly gitDir: string
  readonly reader: ObjectReader
  /** Commands under way. */
  readonly #running = new Set<Promise<GitResult>>()
  #generation = 0
  #checked = false
  #rebuilding: Promise<void> | null = null

  constructor(options: CopyOptions) {
    this.#options = options
    this.gitDir = join(options.folder, 'repo.git')
    this.reader = new ObjectReader(this.gitDir, options.folder)
  }

  /** Counts how often the copy was made anew. */
  get generation(): number {
    return this.#generation
  }

  /** Whether an object is here. */
  async has(id: string): Promise<boolean> {
    if ((await presence(this.gitDir)) === 'missing') return false
    try {
      return (await this.reader.info(id)) !== null
    } catch (error) {
      // A copy that cannot answer does not have it; fetching shows whether it is damaged.
      if (error instanceof MirrorDamage) return false
      throw error
    }
  }

  /** Full ids of the commits here whose id begins so. */
  async commitsLike(prefix: string): Promise<readonly string[]> {
    if ((await presence(this.gitDir)) === 'missing') return []
    const result = await this.git(['rev-parse', `--disambiguate=${prefix}`])
    const ids = result.stdout.toString('latin1').split('\n').filter(Boolean)
    const infos = await Promise.all(ids.map(async (id) => ({ id, info: await this.reader.info(id) })))
    return infos.filter(({ info }) => info?.type === 'commit').map(({ id }) => id)
  }

  /** Whether every commit that the refs reach can be read. */
  async isWhole(): Promise<boolean> {
    return (await this.git(['rev-list', '--all', '--count'])).code === 0
  }

  /** A command about the copy alone. */
  git(args: readonly string[]): Promise<GitResult> {
    return this.run([`--git-dir=${this.gitDir}`, ...args])
  }

  /** A command that brings objects here. */
  fetch(args: readonly string[], way: Way, options: Omit<CommandOptions, 'way'>): Promise<GitResult> {
    const origin = ['-c', `remote.origin.url=${way.url}`, ...PARTIAL]
    return this.run([`--git-dir=${this.gitDir}`, ...origin, ...args], { ...options, way })
  }

  /** Any command with the mirror's settings. */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<GitResult> {
    const watch = options.growthBytes === undefined ? null : this.#watchGrowth(options.growthBytes)
    const { signal } = this.#options
    const command = runGit(args, {
      ...this.#limits(),
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.way === undefined ? {} : { way: options.way }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      signal: watch === null ? signal : AbortSignal.any([signal, watch.signal]),
    })
    this.#running.add(command)
    try {
      return await command
    } catch (error) {
      if (watch?.signal.aborted === true && isFault(error, 'cancelled')) throw new TooMuch(options.growthBytes ?? 0)
      throw error
    } finally {
      watch?.end()
      this.#running.delete(command)
    }
  }

  /** Ends the reading process; commands under way are called off by the signal of the options. */
  async close(): Promise<void> {
    await Promise.allSettled([this.reader.close(), ...this.#running])
  }

  /** Holds the copy's lock: whoever changes it. */
  locked<T>(work: () => Promise<T>): Promise<T> {
    const path = join(this.#options.folder, 'lock')
    return withLock(path, work, { signal: this.#options.signal, lookMs: 50 })
  }

  /** Makes the folder and Git's settings, and makes sure that there is a Git that can be used. */
  async prepareFolder(): Promise<void> {
    const { folder } = this.#options
    await this.#writeConfig(folder).catch((error: unknown) => {
      throw error instanceof Error && 'code' in error ? cacheFault(folder, error.message) : error
    })
    if (!this.#checked) await requireGit(this.#limits())
    this.#checked = true
  }

  /** Makes an empty copy where there is none. Half-made ones have another name and are never used. Needs the lock. */
  async prepareCopy(format: () => Promise<'sha1' | 'sha256'>): Promise<void> {
    if ((await presence(this.gitDir)) === 'present') {
      const result = await this.git(['rev-parse', '--is-bare-repository'])
      if (result.code !== 0 || result.stdout.toString('latin1').trim() !== 'true') {
        throw new MirrorDamage('the copy is not a Git repository')
      }
      return
    }
    const objectFormat = await format()
    const { folder } = this.#options
    // Whoever holds the lock knows that half-made copies were left behind.
    await this.#removeAll('new-')
    const draft = join(folder, `new-${randomUUID()}`)
    const args = ['init', '--bare', '--quiet', '--template=', `--object-format=${objectFormat}`, draft]
    const result = await this.run(args)
    if (result.code !== 0) throw cacheFault(draft, result.stderr)
    await rename(draft, this.gitDir)
  }

  /** Ids that branches and tags name here. */
  async tips(): Promise<ReadonlySet<string>> {
    const result = await this.git(['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/tags'])
    return new Set(result.stdout.toString('latin1').split('\n').filter(Boolean))
  }

  /** Keeps what was named before and is not reached any more, for as long as garbage is kept. Needs the lock. */
  async keepLeft(before: ReadonlySet<string>, now: number): Promise<void> {
    const after = await this.tips()
    const gone = [...before].filter((id) => !after.has(id))
    // Of very many not each is looked at: keeping one that is reached anyway costs a line.
    const left = gone.slice(MAX_LOOKED_AT)
    for (const id of gone.slice(0, MAX_LOOKED_AT)) {
      const args = ['for-each-ref', '--count=1', `--contains=${id}`, 'refs/heads', 'refs/tags']
      const { code, stdout } = await this.git(args)
      if (code !== 0 || stdout.length === 0) left.push(id)
    }
    await this.updateRefs(left.map((id) => `update ${keptRef(id, now)} ${id}`))
  }

  /** Changes refs of the copy, all or none. */
  async updateRefs(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    const args = [`--git-dir=${this.gitDir}`, 'update-ref', '--stdin']
    const { code, stderr } = await this.run(args, { stdin: `${lines.join('\n')}\n` })
    if (code !== 0) throw new MirrorDamage(stderr)
  }

  /** Puts packs together where there are many. Needs the lock. */
  async tidy(way: Way): Promise<void> {
    const files = await readdir(join(this.gitDir, 'objects', 'pack'))
    if (files.filter((name) => name.endsWith('.pack')).length <= MAX_PACKS) return
    try {
      await this.fetch(['repack', '-a', '-d', '--quiet'], way, { timeoutMs: TIDY_MS })
    } catch (error) {
      // Many packs are slower to read, and nothing worse.
      if (!isFault(error, 'timeout')) throw error
      await this.sweep()
    }
  }

  /** Removes what a fetch that was stopped left behind. Needs the lock: nobody else is fetching. */
  async sweep(): Promise<void> {
    const packs = join(this.gitDir, 'objects', 'pack')
    const names = (await readdir(packs).catch(ignoreMissing)) ?? []
    const left = names.filter((name) => name.startsWith('tmp_'))
    await Promise.all(left.map((name) => rm(join(packs, name), { force: true })))
  }

  /** Sets a damaged copy aside (the newest one is kept for a look), so that the next fetch starts an empty one. */
  async setAside(generation: number, damage: MirrorDamage, before: () => Promise<unknown>): Promise<void> {
    if (generation !== this.#generation) return
    this.#rebuilding ??= (async () => {
      await before()
      await this.locked(async () => {
        await this.#removeAll('damaged-')
        await rename(this.gitDir, join(this.#options.folder, `damaged-${randomUUID()}`)).catch(ignoreMissing)
        await this.reader.reset(damage)
      })
      this.#generation++
    })().finally(() => {
      this.#rebuilding = null
    })
    await this.#rebuilding
  }

  async #removeAll(prefix: string): Promise<void> {
    const { folder } = this.#options
    const names = (await readdir(folder)).filter((name) => name.startsWith(prefix))
    await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })))
  }

  /** Fires when the packs that are being written have more bytes than allowed. */
  #watchGrowth(bytes: number): { readonly signal: AbortSignal; end(): void } {
    const stop = new AbortController()
    const packs = join(this.gitDir, 'objects', 'pack')
    const timer = setInterval(() => {
      // A folder that cannot be looked at is Git's to complain of.
      writtenBytes(packs).then(
        (size) => {
          if (size > bytes) stop.abort()
        },
        () => {},
      )
    }, LOOK_MS)
    return { signal: stop.signal, end: () => clearInterval(timer) }
  }

  async #writeConfig(folder: string): Promise<void> {
    const safe = this.#options.safe ?? []
    const config = [
      ...(safe.length === 0 ? [] : ['[safe]']),
      ...safe.map((one) => `\tdirectory = "${one.replaceAll(/[\\"]/g, '\\$&')}"`),
      '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true',
      '[protocol]\n\tversion = 2',
      '[core]\n\thooksPath = /dev/null\n\tfsmonitor = false',
      // Whatever is fetched becomes a pack: then its size can be watched.
      '[fetch]\n\twriteCommitGraph = false\n\tunpackLimit = 1',
      '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[credential]\n\thelper =\n',
    ].join('\n')
    const file = join(folder, CONFIG_FILE)
    const current = await readFile(file, 'utf8').catch(ignoreMissing)
    // When the copy was last asked about is what tells an unused one.
    if (current === config) return utimes(file, systemClock.now() / 1000, systemClock.now() / 1000)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const draft = `${file}.${randomUUID()}`
    await writeFile(draft, config, { mode: 0o600 })
    await rename(draft, file)
  }

  #limits(): GitRun {
    const { folder: home, timeoutMs, signal, observe } = this.#options
    return { home, timeoutMs, outputBytes: MAX_OUTPUT, signal, observe }
  }
}

/** The ref that keeps a commit which no branch or tag reaches, with the day from which on it is kept. */
export function keptRef(id: string, now: number): string {
  return `refs/mainstay/${new Date(now).toISOString().slice(0, 10)}/${id}`
}

/** A fetch was stopped because it brought too much. Whoever asked knows which repository it was. */
export class TooMuch extends Error {
  readonly bytes: number

  constructor(bytes: number) {
    super(`more than ${bytes} bytes`)
    this.name = 'TooMuch'
    this.bytes = bytes
  }
}

async function writtenBytes(packs: string): Promise<number> {
  const names = (await readdir(packs)).filter((name) => name.startsWith('tmp_pack_'))
  const stats = await Promise.all(names.map((name) => stat(join(packs, name)).catch(ignoreMissing)))
  return stats.reduce((sum, one) => sum + (one?.size ?? 0), 0)
}
