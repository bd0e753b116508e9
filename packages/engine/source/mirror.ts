// A repository read through its copy and one access: commits and folders are fetched at once, file contents on demand.
import { isFault } from '../fault.ts'
import type { Clock } from '../ports.ts'
import type { Address } from './address.ts'
import type { RefScope } from './advertisement.ts'
import { type Copy, keptRef, TooMuch } from './copy.ts'
import { fetchFault, missingCommit, sourceFault, tooLargeFetch } from './faults.ts'
import { gatheredIds } from './gather.ts'
import type { GitResult, Way } from './git.ts'
import { type GitObject, MirrorDamage } from './objects.ts'
import { parseCommit, parseRenames, parseTag, parseTree, type RemoteRef, type TreeEntry } from './parse.ts'
import type { Remote } from './remote.ts'
import { Shared } from './shared.ts'
import type { Commit } from './source.ts'

/** How much and how long a fetch may take. */
export interface FetchLimits {
  readonly timeoutMs: number
  /** Bytes that one fetch may bring. */
  readonly bytes: number
  readonly clock: Pick<Clock, 'now'>
}

/** A commit with the id of its root folder. */
export interface CommitTree {
  readonly commit: Commit
  readonly tree: string
}

/** Bytes that one commit, tag or folder may take. */
const MAX_OBJECT = 64 * 1024 * 1024
/** How long what was too large is not fetched again, in milliseconds. */
const TOO_LARGE_MS = 10 * 60 * 1000
/** Fetches that are remembered for it at most. */
const MOST_TOO_LARGE = 100

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
const ALL_REFS = ['--prune', 'origin', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']

/** One repository. Several of them may share a copy: what one access fetched another finds there. */
export class Mirror {
  readonly #copy: Copy
  readonly #remote: Remote
  readonly #limits: FetchLimits
  readonly #fetch = new Shared(() => this.#fetchRefs())
  readonly #contents = new Shared(() => this.#fetchContents())
  /** Contents that the next fetch brings. */
  #wanted = new Set<string>()
  /** Commits of which everything that renders read was asked for once. */
  readonly #gathered = new Set<string>()
  /** When which fetch brought too much. */
  readonly #tooLarge = new Map<string, number>()

  constructor(copy: Copy, remote: Remote, limits: FetchLimits) {
    this.#copy = copy
    this.#remote = remote
    this.#limits = limits
  }

  get address(): Address {
    return this.#remote.address
  }

  /** The repository's refs as they are now, or were at most `maxAgeMs` ago. Callers at the same time share a question. */
  refs(maxAgeMs = 0, scope: RefScope = 'branches and tags'): Promise<readonly RemoteRef[]> {
    return this.#remote.refs(maxAgeMs, scope)
  }

  /** Makes sure that this access may read the repository, before anything is read from the shared copy. */
  prove(): Promise<void> {
    return this.#remote.prove()
  }

  /** Makes sure that a commit and its folders are here. At most one fetch of the refs, then one of the commit alone. */
  async ensure(id: string): Promise<void> {
    if (await this.#copy.has(id)) return
    if ((await this.#fetch.settled()) && (await this.#copy.has(id))) return
    await this.#guarded(() => this.#fetch.run())
    if (await this.#copy.has(id)) return
    await this.#fetchCommit(id)
  }

  /** Full ids of the commits whose id begins so, after a fetch where there is none yet. */
  async commitsLike(prefix: string): Promise<readonly string[]> {
    const found = await this.#copy.commitsLike(prefix)
    if (found.length > 0) return found
    await this.#guarded(() => this.#fetch.run())
    return this.#copy.commitsLike(prefix)
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
      await this.#ensureBlobs(commit, ids)
      const infos = await Promise.all(ids.map((id) => this.#copy.reader.info(id)))
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

  /** Settings in the form of Git's configuration, as pairs; null where they are not in that form. Nothing is included. */
  async settingsIn(text: Buffer): Promise<readonly (readonly [key: string, value: string])[] | null> {
    const args = ['config', '--file=-', '--no-includes', '--null', '--list']
    const { code, stdout } = await this.#copy.run(args, { stdin: text.toString('utf8') })
    if (code !== 0) return null
    return stdout
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((one) => {
        const at = one.indexOf('\n')
        return at < 0 ? [one, 'true'] : [one.slice(0, at), one.slice(at + 1)]
      })
  }

  /** What a command about a commit's objects says. */
  #said(commit: string, args: readonly string[]): Promise<Buffer> {
    return this.#reading(commit, async () => {
      const result = await this.#copy.git(args)
      if (result.code !== 0) throw new MirrorDamage(result.stderr)
      return result.stdout
    })
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
    const { generation } = this.#copy
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MirrorDamage)) throw error
      // A source that cannot be reached is its own fault, and no reason to throw a copy away.
      await this.#copy.setAside(generation, error, () => this.#remote.refs())
    }
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MirrorDamage)) throw error
      throw sourceFault(this.address, 'source-unreadable', 'the repository cannot be copied', error.message)
    }
  }

  async #need(id: string, maxBytes = MAX_OBJECT): Promise<GitObject> {
    const object = await this.#copy.reader.read(id, maxBytes)
    if (object === null) throw new MirrorDamage(`object ${id} is missing`)
    return object
  }

  async #fetchRefs(): Promise<void> {
    await this.#copy.prepareFolder()
    const { clock } = this.#limits
    const asked = JSON.stringify(this.#remote.lastRefs)
    await this.#copy.locked(async () => {
      await this.#copy.prepareCopy(() => this.#objectFormat())
      const before = await this.#copy.tips()
      await this.#fetchChecked([...FETCH, ...ALL_REFS], asked)
      await this.#copy.keepLeft(before, clock.now())
      await this.#remote.reach((way) => this.#copy.tidy(way))
    })
  }

  async #objectFormat(): Promise<'sha1' | 'sha256'> {
    // A repository does not change its format: any answer will do.
    const [ref] = this.#remote.lastRefs ?? (await this.#remote.refs())
    return ref?.id.length === 64 ? 'sha256' : 'sha1'
  }

  /** A commit that no branch or tag reaches: a pull request, or one that was pushed away. */
  async #fetchCommit(id: string): Promise<void> {
    const ref = keptRef(id, this.#limits.clock.now())
    await this.#copy.locked(() => this.#fetchOnce([...FETCH, 'origin', `+${id}:${ref}`], id))
    if (await this.#copy.has(id)) return
    // Where the repository cannot be read at all, that is the fault.
    await this.#remote.refs()
    if (!(await this.#copy.has(id)))
      throw missingCommit(this.address, id, 'the repository does not have this commit (any more)')
  }

  async #ensureBlobs(commit: string, ids: readonly string[]): Promise<void> {
    const missing = await this.#missing(ids)
    if (missing.length === 0 || (await this.#gather(commit, missing))) return
    for (const id of missing) this.#wanted.add(id)
    await this.#contents.run()
  }

  async #missing(ids: readonly string[]): Promise<readonly string[]> {
    const present = await Promise.all(ids.map(async (id) => (await this.#copy.reader.info(id)) !== null))
    return ids.filter((_, index) => !present[index])
  }

  /** Fetches what is missing with everything of the commit that renders read; false where that is nothing or too much. */
  async #gather(commit: string, missing: readonly string[]): Promise<boolean> {
    if (this.#gathered.has(commit)) return false
    this.#gathered.add(commit)
    try {
      const { code, stdout } = await this.#copy.git(['ls-tree', '-r', '-z', commit])
      const others = code === 0 ? await this.#missing(gatheredIds(stdout)) : []
      if (others.length === 0) return false
      for (const id of [...missing, ...others]) this.#wanted.add(id)
      await this.#contents.run()
      return true
    } catch (error) {
      if (isFault(error, 'too-large')) return false
      throw error
    }
  }

  async #fetchContents(): Promise<void> {
    const ids = [...this.#wanted]
    this.#wanted = new Set()
    const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, '--stdin', 'origin']
    const lines = `${ids.join('\n')}\n`
    await this.#copy.locked(() => this.#fetchChecked(args, lines, lines))
  }

  /**
   * A fetch that fails is the source's fault where that cannot be read, and the copy's where that is damaged. Where both
   * are well the connection broke: once more, and then that is the fault.
   */
  async #fetchChecked(args: readonly string[], asked: string, stdin = ''): Promise<void> {
    const first = await this.#fetchOnce(args, asked, stdin)
    if (first.code === 0) return
    await this.#remote.refs()
    if (this.address.kind === 'file' || !(await this.#copy.isWhole())) throw new MirrorDamage(first.stderr)
    const second = await this.#fetchOnce(args, asked, stdin)
    if (second.code !== 0) throw fetchFault(this.address, second.stderr)
  }

  /**
   * One fetch, within its limits; `asked` tells it from others. What was too large a moment ago still is: asking again
   * would bring it all again, up to the limit. Needs the lock.
   */
  async #fetchOnce(args: readonly string[], asked: string, stdin = ''): Promise<GitResult> {
    const { bytes, clock, timeoutMs } = this.#limits
    if (clock.now() - (this.#tooLarge.get(asked) ?? -TOO_LARGE_MS) < TOO_LARGE_MS)
      throw tooLargeFetch(this.address, bytes)
    const options = { stdin, timeoutMs, ...(this.address.kind === 'file' ? {} : { growthBytes: bytes }) }
    let isDone = false
    try {
      const result = await this.#remote.reach((way: Way) => this.#copy.fetch(args, way, options))
      isDone = result.code === 0
      return result
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error
      if (this.#tooLarge.size >= MOST_TOO_LARGE) this.#tooLarge.clear()
      this.#tooLarge.set(asked, clock.now())
      throw tooLargeFetch(this.address, bytes)
    } finally {
      if (!isDone) await this.#copy.sweep()
    }
  }
}
