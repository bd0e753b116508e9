// One bare copy of a repository without file contents: commits and folders of every branch and tag, contents on demand.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import type { FaultError } from '../fault.ts'
import { withLock } from '../tools/lock.ts'
import type { Address } from './address.ts'
import { cacheFault, missingCommit, sourceFault } from './faults.ts'
import { ignoreMissing, presence } from './files.ts'
import { CONFIG_FILE, type GitCommand, type GitResult, type GitRun, requireGit, runGit } from './git.ts'
import { type GitObject, MirrorDamage, ObjectReader } from './objects.ts'
import {
  parseCommit,
  parseRemoteRefs,
  parseRenames,
  parseTag,
  parseTree,
  type RemoteRef,
  type TreeEntry,
} from './parse.ts'
import { Shared } from './shared.ts'
import type { Commit } from './source.ts'

/** How a mirror works. */
export interface MirrorOptions {
  /** Folder of this repository in the cache. */
  readonly folder: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly observe?: ((command: GitCommand) => void) | undefined
}

/** A commit with the id of its root folder. */
export interface CommitTree {
  readonly commit: Commit
  readonly tree: string
}

/** Bytes that one commit, tag or folder may take. */
const MAX_OBJECT = 64 * 1024 * 1024
/** Bytes that a list of refs, or the output of another command, may take. */
const MAX_OUTPUT = 128 * 1024 * 1024
/** More packs than this slow reading down, so they are put together. */
const MAX_PACKS = 20

/** Only fetching and packing know that the copy is partial: a reader must say "missing", never fetch one by one. */
const PARTIAL = ['-c', 'remote.origin.promisor=true', '-c', 'remote.origin.partialclonefilter=blob:none']
const FETCH = [
  'fetch',
  '--quiet',
  '--force',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-auto-maintenance',
  '--update-shallow',
  '--filter=blob:none',
]

/** The copy of one repository. Safe to use from several processes. */
export class Mirror {
  readonly address: Address
  readonly #options: MirrorOptions
  readonly #gitDir: string
  readonly #reader: ObjectReader
  readonly #refs = new Shared(() => this.#listRefs())
  readonly #fetch = new Shared(() => this.#fetchRefs())
  readonly #contents = new Shared(() => this.#fetchContents())
  /** Contents that the next fetch brings. */
  #wanted = new Set<string>()
  /** Commands under way. */
  readonly #running = new Set<Promise<GitResult>>()
  #generation = 0
  #checked = false
  /** Digits of the repository's object ids, once they were seen. */
  #idLength: number | null = null
  #rebuilding: Promise<void> | null = null

  constructor(address: Address, options: MirrorOptions) {
    this.address = address
    this.#options = options
    this.#gitDir = join(options.folder, 'repo.git')
    this.#reader = new ObjectReader(this.#gitDir, options.folder)
  }

  /** The repository's refs as they are now. Callers at the same time share one question. */
  refs(): Promise<readonly RemoteRef[]> {
    return this.#refs.run()
  }

  /** Makes sure that a commit and its folders are here. At most one fetch of the refs, then one of the commit alone. */
  async ensure(id: string): Promise<void> {
    if (await this.#has(id)) return
    if ((await this.#fetch.settled()) && (await this.#has(id))) return
    await this.#guarded(() => this.#fetch.run())
    if (await this.#has(id)) return
    await this.#fetchCommit(id)
  }

  /** Full ids of the commits whose id begins so, after a fetch where there is none yet. */
  async commitsLike(prefix: string): Promise<readonly string[]> {
    const found = await this.#commitsLike(prefix)
    if (found.length > 0) return found
    await this.#guarded(() => this.#fetch.run())
    return this.#commitsLike(prefix)
  }

  /** A commit by the id of itself or of an annotated tag that names it. */
  commit(id: string): Promise<CommitTree> {
    return this.#reading(id, async () => {
      let at = id
      for (let hops = 0; hops < 10; hops++) {
        const object = await this.#need(at)
        if (object.type === 'commit') return parseCommit(at, object.bytes)
        if (object.type !== 'tag') break
        at = parseTag(at, object.bytes)
      }
      throw missingCommit(this.address, id, 'it names a file or a folder, not a commit')
    })
  }

  /** The entries of a folder of a commit. */
  tree(commit: string, id: string): Promise<readonly TreeEntry[]> {
    return this.#reading(commit, async () => parseTree(id, (await this.#need(id)).bytes))
  }

  /**
   * Contents of files of a commit by id, fetched in one go where they are not here yet. `check` may refuse their sizes
   * before anything is read into memory.
   */
  blobs(commit: string, ids: readonly string[], check: (sizes: readonly number[]) => void): Promise<readonly Buffer[]> {
    return this.#reading(commit, async () => {
      await this.#ensureBlobs(ids)
      const infos = await Promise.all(ids.map((id) => this.#reader.info(id)))
      check(infos.map((info) => info?.size ?? 0))
      const objects = await Promise.all(ids.map((id) => this.#need(id, Number.MAX_SAFE_INTEGER)))
      return objects.map(({ bytes }) => bytes)
    })
  }

  /** Commits of `from..to` that touch a path, newest first, as `git log` finds them with these options. */
  async log(from: string, to: string, path: string, options: readonly string[]): Promise<readonly string[]> {
    const range = `${from}..${to}`
    const args = ['--literal-pathspecs', 'log', '--format=%H', '--no-renames', ...options, range, '--', path]
    return [...new Set((await this.#said(to, args)).toString('latin1').split('\n').filter(Boolean))]
  }

  /** Files that moved from one commit to the other with nothing changed in them, by the path they had. */
  async moved(from: string, to: string): Promise<ReadonlyMap<string, string>> {
    // Equal content is told by the ids alone: nothing is fetched.
    const args = ['diff-tree', '-r', '-z', '-M100%', '--diff-filter=R', '--name-status', from, to]
    return parseRenames(await this.#said(to, args))
  }

  /** What a command about a commit's objects says. */
  #said(commit: string, args: readonly string[]): Promise<Buffer> {
    return this.#reading(commit, async () => {
      const result = await this.#git(args)
      if (result.code !== 0) throw new MirrorDamage(result.stderr)
      return result.stdout
    })
  }

  /** Ends the mirror's processes; commands under way are called off by the signal of the options. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#reader.close(), ...this.#running])
  }

  /** Runs work on a commit's objects; a damaged copy is made anew once, with the commit in it. */
  #reading<T>(commit: string, work: () => Promise<T>): Promise<T> {
    let again = false
    return this.#guarded(async () => {
      if (again) await this.ensure(commit)
      again = true
      return work()
    })
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    const generation = this.#generation
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MirrorDamage)) throw error
      await this.#rebuild(generation, error)
    }
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MirrorDamage)) throw error
      throw sourceFault(this.address, 'source-unreadable', 'the repository cannot be copied', error.message)
    }
  }

  /** Sets the damaged copy aside (the newest one is kept for a look) and starts an empty one. */
  async #rebuild(generation: number, damage: MirrorDamage): Promise<void> {
    if (generation !== this.#generation) return
    this.#rebuilding ??= (async () => {
      // A source that cannot be reached is its own fault, and no reason to throw a copy away.
      await this.refs()
      await this.#locked(async () => {
        const { folder } = this.#options
        const aside = (await readdir(folder)).filter((name) => name.startsWith('damaged-'))
        await Promise.all(aside.map((name) => rm(join(folder, name), { recursive: true, force: true })))
        await rename(this.#gitDir, join(folder, `damaged-${randomUUID()}`)).catch(ignoreMissing)
        await this.#reader.reset(damage)
      })
      this.#generation++
    })().finally(() => {
      this.#rebuilding = null
    })
    await this.#rebuilding
  }

  async #need(id: string, maxBytes = MAX_OBJECT): Promise<GitObject> {
    const object = await this.#reader.read(id, maxBytes)
    if (object === null) throw new MirrorDamage(`object ${id} is missing`)
    return object
  }

  async #has(id: string): Promise<boolean> {
    if ((await presence(this.#gitDir)) === 'missing') return false
    try {
      return (await this.#reader.info(id)) !== null
    } catch (error) {
      // A copy that cannot answer does not have it; fetching shows whether it is damaged.
      if (error instanceof MirrorDamage) return false
      throw error
    }
  }

  async #commitsLike(prefix: string): Promise<readonly string[]> {
    if ((await presence(this.#gitDir)) === 'missing') return []
    const result = await this.#git(['rev-parse', `--disambiguate=${prefix}`])
    const ids = result.stdout.toString('latin1').split('\n').filter(Boolean)
    const infos = await Promise.all(ids.map(async (id) => ({ id, info: await this.#reader.info(id) })))
    return infos.filter(({ info }) => info?.type === 'commit').map(({ id }) => id)
  }

  async #listRefs(): Promise<readonly RemoteRef[]> {
    await this.#prepareFolder()
    const result = await this.#run(['ls-remote', '--symref', '--quiet', '--', this.address.url])
    if (result.code !== 0) throw await this.#unreadable(result.stderr)
    const refs = parseRemoteRefs(result.stdout.toString('utf8'))
    this.#idLength = refs[0]?.id.length ?? null
    return refs
  }

  async #fetchRefs(): Promise<void> {
    await this.#prepareFolder()
    await this.#locked(async () => {
      await this.#prepareCopy()
      const result = await this.#remote([
        ...FETCH,
        '--prune',
        'origin',
        '+refs/heads/*:refs/heads/*',
        '+refs/tags/*:refs/tags/*',
      ])
      await this.#check(result)
      await this.#tidy()
    })
  }

  /** A commit that no branch or tag reaches: a pull request, or one that was pushed away. */
  async #fetchCommit(id: string): Promise<void> {
    await this.#locked(() => this.#remote([...FETCH, 'origin', `+${id}:refs/mainstay/${id}`]))
    if (await this.#has(id)) return
    // Where the repository cannot be read at all, that is the fault.
    await this.refs()
    if (!(await this.#has(id)))
      throw missingCommit(this.address, id, 'the repository does not have this commit (any more)')
  }

  async #ensureBlobs(ids: readonly string[]): Promise<void> {
    const present = await Promise.all(ids.map(async (id) => (await this.#reader.info(id)) !== null))
    const missing = ids.filter((_, index) => !present[index])
    if (missing.length === 0) return
    for (const id of missing) this.#wanted.add(id)
    await this.#contents.run()
  }

  async #fetchContents(): Promise<void> {
    const ids = [...this.#wanted]
    this.#wanted = new Set()
    const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, '--stdin', 'origin']
    await this.#check(await this.#remote(args, `${ids.join('\n')}\n`))
  }

  /** A fetch failed: the source's fault where it cannot be read, else the copy's. */
  async #check(result: GitResult): Promise<void> {
    if (result.code === 0) return
    await this.#listRefs()
    throw new MirrorDamage(result.stderr)
  }

  async #unreadable(stderr: string): Promise<FaultError> {
    const { path } = this.address
    const [folder, ...inside] = await Promise.all(
      ['', 'HEAD', '.git', 'objects'].map((name) => presence(join(path, name))),
    )
    if (folder === 'missing') return sourceFault(this.address, 'not-found', 'the repository does not exist', null)
    const what = inside.every((one) => one === 'missing')
      ? 'the folder is not a Git repository'
      : 'the repository cannot be read'
    return sourceFault(this.address, 'source-unreadable', what, stderr)
  }

  /** Git's whole configuration. The folder may belong to somebody else: naming it here is what allows that. */
  async #prepareFolder(): Promise<void> {
    const { folder } = this.#options
    await this.#writeConfig(folder).catch((error: unknown) => {
      throw error instanceof Error && 'code' in error ? cacheFault(folder, error.message) : error
    })
    if (!this.#checked) await requireGit(this.#limits())
    this.#checked = true
  }

  async #writeConfig(folder: string): Promise<void> {
    const { path } = this.address
    const config = [
      '[safe]',
      ...[path, join(path, '.git')].map((one) => `\tdirectory = "${one.replaceAll(/[\\"]/g, '\\$&')}"`),
      '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true',
      '[protocol]\n\tversion = 2',
      '[core]\n\thooksPath = /dev/null\n\tfsmonitor = false',
      '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[fetch]\n\twriteCommitGraph = false\n[credential]\n\thelper =\n',
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

  /** Makes an empty copy where there is none. Half-made ones have another name and are never used. */
  async #prepareCopy(): Promise<void> {
    if ((await presence(this.#gitDir)) === 'present') {
      const result = await this.#git(['rev-parse', '--is-bare-repository'])
      if (result.code !== 0 || result.stdout.toString('latin1').trim() !== 'true') {
        throw new MirrorDamage('the copy is not a Git repository')
      }
      return
    }
    if (this.#idLength === null) await this.#listRefs()
    const format = this.#idLength === 64 ? 'sha256' : 'sha1'
    const { folder } = this.#options
    // Whoever holds the lock knows that half-made copies were left behind.
    const stale = (await readdir(folder)).filter((name) => name.startsWith('new-'))
    await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true, force: true })))
    const draft = join(folder, `new-${randomUUID()}`)
    const result = await this.#run(['init', '--bare', '--quiet', '--template=', `--object-format=${format}`, draft])
    if (result.code !== 0) throw cacheFault(draft, result.stderr)
    await rename(draft, this.#gitDir)
  }

  /** Puts packs together where there are many. Nothing is dropped: history may still need what was pushed away. */
  async #tidy(): Promise<void> {
    const files = await readdir(join(this.#gitDir, 'objects', 'pack'))
    if (files.filter((name) => name.endsWith('.pack')).length <= MAX_PACKS) return
    await this.#remote(['repack', '-a', '-d', '--quiet'])
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    const path = join(this.#options.folder, 'lock')
    return withLock(path, work, { signal: this.#options.signal, lookMs: 50 })
  }

  #git(args: readonly string[]): Promise<GitResult> {
    return this.#run([`--git-dir=${this.#gitDir}`, ...args])
  }

  #remote(args: readonly string[], stdin = ''): Promise<GitResult> {
    return this.#run(
      [`--git-dir=${this.#gitDir}`, '-c', `remote.origin.url=${this.address.url}`, ...PARTIAL, ...args],
      stdin,
    )
  }

  #limits(): GitRun {
    const { folder: home, timeoutMs, signal, observe } = this.#options
    return { home, timeoutMs, outputBytes: MAX_OUTPUT, signal, observe }
  }

  async #run(args: readonly string[], stdin = ''): Promise<GitResult> {
    const command = runGit(args, { ...this.#limits(), stdin })
    this.#running.add(command)
    try {
      return await command
    } finally {
      this.#running.delete(command)
    }
  }
}
