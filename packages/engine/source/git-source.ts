// The source for Git repositories: resolves revisions and reads snapshots from one mirror a repository.
import { systemClock } from '../clock.ts'
import type { Clock, RepositoryAccesses } from '../ports.ts'
import { anonymousAccesses } from './access.ts'
import { missingCommit, unknownRevision } from './faults.ts'
import { cancelled, type GitCommand } from './git.ts'
import type { Mirror } from './mirror.ts'
import { Remotes } from './remotes.ts'
import { fullCommit, type Named, nameRevision } from './revision.ts'
import { GitSnapshot } from './snapshot.ts'
import type { ResolveOptions, Revision, Snapshot, Source } from './source.ts'
import { Submodules } from './submodules.ts'

/** How Git repositories are read. */
export interface GitSourceOptions {
  /** Folder for the mirrors. Made where it does not exist; may be shared by several processes. */
  readonly cache: string
  /**
   * Folder for what programs can be given only as files (keys, certificates: while a command runs) and for sockets. Its
   * path must be short. Default: the system's folder for temporary files; one in memory is better.
   */
  readonly temporary?: string
  /** Who says how repositories on servers are reached. Default: without credentials. */
  readonly accesses?: RepositoryAccesses
  /** False: submodules are named and never read. Default true. */
  readonly submodules?: boolean
  /** Milliseconds that one question, or one Git command that reaches no server, may take. Default 90 s. */
  readonly timeoutMs?: number
  /** Milliseconds that one fetch from a server may take. Default 15 min. */
  readonly fetchTimeoutMs?: number
  /** Milliseconds without a byte until a fetch over HTTPS is given up. Default 60 s. */
  readonly stallMs?: number
  /** Bytes that one fetch from a server may bring. Default 1 GiB. */
  readonly fetchBytes?: number
  readonly clock?: Clock
  /** Told of every Git command that ended; a question that we ask ourselves is told as the command it stands for. */
  readonly observe?: (command: GitCommand) => void
}

const MAX_COMMITS = 100

/** A source for Git repositories on this machine, over HTTPS and over SSH. Close it when done. */
export function gitSource(options: GitSourceOptions): Source {
  return new GitSource(options)
}

class GitSource implements Source {
  readonly #remotes: Remotes
  readonly #readsSubmodules: boolean
  readonly #stop = new AbortController()

  constructor(options: GitSourceOptions) {
    this.#readsSubmodules = options.submodules ?? true
    this.#remotes = new Remotes({
      cache: options.cache,
      temporary: options.temporary ?? null,
      accesses: options.accesses ?? anonymousAccesses(),
      clock: options.clock ?? systemClock,
      timeoutMs: options.timeoutMs ?? 90_000,
      fetchTimeoutMs: options.fetchTimeoutMs ?? 15 * 60_000,
      stallMs: options.stallMs ?? 60_000,
      fetchBytes: options.fetchBytes ?? 1024 * 1024 * 1024,
      signal: this.#stop.signal,
      observe: options.observe,
    })
  }

  resolve(repoURL: string, targetRevision: string, options: ResolveOptions = {}): Promise<Revision> {
    return unlessAborted(this.#resolve(repoURL, targetRevision, options), options.signal)
  }

  async #resolve(repoURL: string, targetRevision: string, options: ResolveOptions): Promise<Revision> {
    const project = options.project ?? null
    const mirror = await this.#mirror(repoURL, project)
    const revision = (id: string, ref: string | null) => revisionOf(mirror, { repoURL, project, ref }, id)
    const whole = fullCommit(targetRevision)
    if (whole !== null) {
      await mirror.prove()
      return revision(whole, null)
    }
    const named = await nameIn(mirror, targetRevision, options)
    switch (named.kind) {
      case 'ref':
        return revision(named.id, named.ref)
      case 'commit':
        return revision(await wholeId(mirror, named.id), null)
      case 'nothing':
        throw unknownRevision(mirror.address, targetRevision, named.why, named.near)
    }
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const mirror = await this.#mirror(revision.repoURL, revision.project ?? null)
    await mirror.prove()
    await mirror.ensure(revision.commit)
    const { tree } = await mirror.commit(revision.commit)
    return new GitSnapshot(mirror, revision, tree, this.#submodules(mirror, revision, tree))
  }

  async removedIn(repoURL: string, path: string, fromCommit: string, toCommit: string, project: string | null = null) {
    const mirror = await this.#between({ repoURL, project }, fromCommit, toCommit)
    if (!(await isFile(mirror, fromCommit, path)) || (await isFile(mirror, toCommit, path))) return null
    const plain = ['--max-count=1', '--diff-filter=D']
    const [simple] = await mirror.log(fromCommit, toCommit, path, plain)
    // A file that only a merge itself removed shows when every merge is compared with each of its parents.
    const commit = simple ?? (await mirror.log(fromCommit, toCommit, path, [...plain, '--full-history', '-m']))[0]
    return commit === undefined ? null : (await mirror.commit(commit)).commit
  }

  async moved(repoURL: string, fromCommit: string, toCommit: string, project: string | null = null) {
    const mirror = await this.#between({ repoURL, project }, fromCommit, toCommit)
    return mirror.moved(fromCommit, toCommit)
  }

  async changedSince(
    repoURL: string,
    path: string,
    fromCommit: string,
    toCommit: string,
    project: string | null = null,
  ) {
    const mirror = await this.#between({ repoURL, project }, fromCommit, toCommit)
    const ids = await mirror.log(fromCommit, toCommit, path, [`--max-count=${MAX_COMMITS}`])
    return Promise.all(ids.map(async (id) => (await mirror.commit(id)).commit))
  }

  async close(): Promise<void> {
    this.#stop.abort(cancelled())
    await this.#remotes.close()
  }

  async #between(place: Place, fromCommit: string, toCommit: string): Promise<Mirror> {
    const mirror = await this.#mirror(place.repoURL, place.project)
    for (const commit of [fromCommit, toCommit]) {
      if (fullCommit(commit) !== commit) throw missingCommit(mirror.address, commit, 'a full commit id is needed here')
    }
    await mirror.prove()
    await mirror.ensure(fromCommit)
    await mirror.ensure(toCommit)
    return mirror
  }

  #submodules(mirror: Mirror, { commit, project, repoURL }: Revision, root: string): Submodules | null {
    if (!this.#readsSubmodules) return null
    const open = (url: string) => this.#mirror(url, project ?? null)
    return new Submodules({ open }, { mirror, repoURL, commit, root })
  }

  #mirror(repoURL: string, project: string | null): Promise<Mirror> {
    this.#stop.signal.throwIfAborted()
    return this.#remotes.of(repoURL, project)
  }
}

/** A repository and on whose behalf it is read. */
interface Place {
  readonly repoURL: string
  readonly project: string | null
}

async function revisionOf(mirror: Mirror, from: Place & Pick<Revision, 'ref'>, id: string): Promise<Revision> {
  await mirror.ensure(id)
  const { commit } = await mirror.commit(id)
  const { project, repoURL, ref } = from
  return { ...commit, repoURL, ref, ...(project === null ? {} : { project }) }
}

/** What the revision names among branches and tags; else among all refs, of which a host may keep very many. */
async function nameIn(mirror: Mirror, targetRevision: string, options: ResolveOptions): Promise<Named> {
  const { maxAgeMs = 0, tagPrefix } = options
  const named = nameRevision(targetRevision, await mirror.refs(maxAgeMs), tagPrefix ?? '')
  if (named.kind === 'ref') return named
  const all = nameRevision(targetRevision, await mirror.refs(maxAgeMs, 'all'), tagPrefix ?? '')
  return all.kind === 'nothing' ? named : all
}

async function wholeId(mirror: Mirror, prefix: string): Promise<string> {
  const [found, ...others] = await mirror.commitsLike(prefix)
  if (found === undefined) throw missingCommit(mirror.address, prefix, 'no commit has an id that begins so')
  if (others.length === 0) return found
  throw missingCommit(mirror.address, prefix, `${others.length + 1} commits have an id that begins so`)
}

async function isFile(mirror: Mirror, commit: string, path: string): Promise<boolean> {
  let { tree } = await mirror.commit(commit)
  const parts = path.split('/')
  for (const [index, part] of parts.entries()) {
    const entry = (await mirror.tree(commit, tree)).find(({ name }) => name === part)
    if (entry === undefined) return false
    if (index === parts.length - 1) return entry.kind === 'file' || entry.kind === 'symlink'
    if (entry.kind !== 'folder') return false
    tree = entry.id
  }
  return false
}

/** A shared result for one caller: calling off ends the wait of this caller, not the work of the others. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled())
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
