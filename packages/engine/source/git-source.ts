// The source for Git repositories: resolves revisions and reads snapshots from one mirror a repository.
import { join } from 'node:path'
import { type Address, parseAddress } from './address.ts'
import { missingCommit, unknownRevision } from './faults.ts'
import { cancelled, type GitCommand } from './git.ts'
import { Mirror } from './mirror.ts'
import { fullCommit, nameRevision } from './revision.ts'
import { GitSnapshot } from './snapshot.ts'
import type { Commit, ResolveOptions, Revision, Snapshot, Source } from './source.ts'

/** How Git repositories are read. */
export interface GitSourceOptions {
  /** Folder for the mirrors. Made where it does not exist; may be shared by several processes. */
  readonly cache: string
  /** Milliseconds that one Git command may take. Default 90 s. */
  readonly timeoutMs?: number
  /** Told of every Git command that ended. */
  readonly observe?: (command: GitCommand) => void
}

const MAX_COMMITS = 100

/** A source for Git repositories on this machine. Close it when done. */
export function gitSource(options: GitSourceOptions): Source {
  return new GitSource(options)
}

class GitSource implements Source {
  readonly #options: GitSourceOptions
  readonly #mirrors = new Map<string, Mirror>()
  readonly #stop = new AbortController()

  constructor(options: GitSourceOptions) {
    this.#options = options
  }

  resolve(repoURL: string, targetRevision: string, options: ResolveOptions = {}): Promise<Revision> {
    return unlessAborted(this.#resolve(repoURL, targetRevision, options.tagPrefix ?? ''), options.signal)
  }

  async #resolve(repoURL: string, targetRevision: string, tagPrefix: string): Promise<Revision> {
    const address = parseAddress(repoURL)
    const mirror = this.#mirror(address)
    const whole = fullCommit(targetRevision)
    if (whole !== null) return revisionOf(mirror, repoURL, whole, null)
    const named = nameRevision(targetRevision, await mirror.refs(), tagPrefix)
    switch (named.kind) {
      case 'ref':
        return revisionOf(mirror, repoURL, named.id, named.ref)
      case 'commit':
        return revisionOf(mirror, repoURL, await wholeId(mirror, named.id), null)
      case 'nothing':
        throw unknownRevision(address, targetRevision, named.why, named.near)
    }
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const mirror = this.#mirror(parseAddress(revision.repoURL))
    await mirror.ensure(revision.commit)
    const { tree } = await mirror.commit(revision.commit)
    return new GitSnapshot(mirror, revision, tree)
  }

  async removedIn(repoURL: string, path: string, fromCommit: string, toCommit: string): Promise<Commit | null> {
    const mirror = await this.#between(repoURL, fromCommit, toCommit)
    if (!(await isFile(mirror, fromCommit, path)) || (await isFile(mirror, toCommit, path))) return null
    const plain = ['--max-count=1', '--diff-filter=D']
    const [simple] = await mirror.log(fromCommit, toCommit, path, plain)
    // A file that only a merge itself removed shows when every merge is compared with each of its parents.
    const commit = simple ?? (await mirror.log(fromCommit, toCommit, path, [...plain, '--full-history', '-m']))[0]
    return commit === undefined ? null : (await mirror.commit(commit)).commit
  }

  async moved(repoURL: string, fromCommit: string, toCommit: string): Promise<ReadonlyMap<string, string>> {
    const mirror = await this.#between(repoURL, fromCommit, toCommit)
    return mirror.moved(fromCommit, toCommit)
  }

  async changedSince(repoURL: string, path: string, fromCommit: string, toCommit: string): Promise<readonly Commit[]> {
    const mirror = await this.#between(repoURL, fromCommit, toCommit)
    const ids = await mirror.log(fromCommit, toCommit, path, [`--max-count=${MAX_COMMITS}`])
    return Promise.all(ids.map(async (id) => (await mirror.commit(id)).commit))
  }

  async close(): Promise<void> {
    this.#stop.abort(cancelled())
    await Promise.all([...this.#mirrors.values()].map((mirror) => mirror.close()))
  }

  async #between(repoURL: string, fromCommit: string, toCommit: string): Promise<Mirror> {
    const address = parseAddress(repoURL)
    for (const commit of [fromCommit, toCommit]) {
      if (fullCommit(commit) !== commit) throw missingCommit(address, commit, 'a full commit id is needed here')
    }
    const mirror = this.#mirror(address)
    await mirror.ensure(fromCommit)
    await mirror.ensure(toCommit)
    return mirror
  }

  #mirror(address: Address): Mirror {
    this.#stop.signal.throwIfAborted()
    const known = this.#mirrors.get(address.id)
    if (known !== undefined) return known
    const { timeoutMs = 90_000, observe, cache } = this.#options
    const mirror = new Mirror(address, {
      folder: join(cache, address.id),
      timeoutMs,
      signal: this.#stop.signal,
      observe,
    })
    this.#mirrors.set(address.id, mirror)
    return mirror
  }
}

async function revisionOf(mirror: Mirror, repoURL: string, id: string, ref: string | null): Promise<Revision> {
  await mirror.ensure(id)
  const { commit } = await mirror.commit(id)
  return { ...commit, repoURL, ref }
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
