// Opens ways to repositories and keeps them: one for each URL and access, one copy for all spellings of a repository.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { type HttpClient, openHttp } from '../http/client.ts'
import type { Clock, RepositoryAccesses } from '../ports.ts'
import { type Address, parseAddress } from './address.ts'
import type { RefScope } from './advertisement.ts'
import { Copy } from './copy.ts'
import { FileTransport } from './file-remote.ts'
import type { GitCommand } from './git.ts'
import { HttpTransport } from './http-remote.ts'
import { Mirror } from './mirror.ts'
import { Remote, type Transport } from './remote.ts'
import { RunFolder } from './run-folder.ts'
import { SshConnections } from './ssh-connections.ts'
import { SshTransport } from './ssh-remote.ts'
import { Turns } from './turns.ts'

/** How repositories are reached. */
export interface RemotesOptions {
  /** Folder for the copies. */
  readonly cache: string
  /** Folder for keys and sockets; null: the system's for temporary files. */
  readonly temporary: string | null
  readonly accesses: RepositoryAccesses
  readonly clock: Clock
  /** Milliseconds for a question, or for a command that reaches no server. */
  readonly timeoutMs: number
  /** Milliseconds for a fetch from a server. */
  readonly fetchTimeoutMs: number
  /** Milliseconds without a byte until a fetch is given up. */
  readonly stallMs: number
  /** Bytes that one fetch from a server may bring. */
  readonly fetchBytes: number
  readonly signal: AbortSignal
  readonly observe: ((command: GitCommand) => void) | undefined
}

/** Ways that are kept at most; those that were not used for longest leave first. */
const MOST = 10_000
const MOST_CLIENTS = 1_000
/** Questions to servers, and fetches, at once: thousands of repositories must not be thousands of processes. */
const QUESTIONS_AT_ONCE = 24
const FETCHES_AT_ONCE = 6

/** All repositories of one source. */
export class Remotes {
  readonly #options: RemotesOptions
  readonly #copies = new Map<string, Copy>()
  readonly #mirrors = new Map<string, Mirror>()
  readonly #clients = new Map<string, HttpClient>()
  readonly #questions = new Turns(QUESTIONS_AT_ONCE)
  readonly #fetches = new Turns(FETCHES_AT_ONCE)
  readonly #files: RunFolder
  readonly #connections: SshConnections

  constructor(options: RemotesOptions) {
    this.#options = options
    this.#files = options.temporary === null ? new RunFolder() : new RunFolder(options.temporary)
    this.#connections = new SshConnections(this.#files)
  }

  /** The repository at a URL, with the access that is written for it and a project now. */
  async of(repoURL: string, project: string | null): Promise<Mirror> {
    const address = parseAddress(repoURL)
    const { accesses, signal } = this.#options
    const access = address.kind === 'file' ? null : await accesses.accessOf(repoURL, project, signal)
    signal.throwIfAborted()
    // Whatever was found out with another access says nothing about this one.
    const key = JSON.stringify([address.url, access?.version ?? null])
    const known = this.#mirrors.get(key)
    if (known !== undefined) this.#mirrors.delete(key)
    const mirror = known ?? this.#open(address, access, project)
    this.#mirrors.set(key, mirror)
    for (const oldest of this.#mirrors.keys()) {
      if (this.#mirrors.size <= MOST) break
      this.#mirrors.delete(oldest)
    }
    return mirror
  }

  /** Ends every process and connection, and removes what was written for them. */
  async close(): Promise<void> {
    await Promise.all([...this.#copies.values()].map((copy) => copy.close()))
    await this.#connections.close()
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
    await this.#files.close()
  }

  #open(address: Address, access: RepositoryAccess | null, project: string | null): Mirror {
    const { clock, fetchBytes: bytes, fetchTimeoutMs, timeoutMs } = this.#options
    const limits = { clock, bytes, timeoutMs: address.kind === 'file' ? timeoutMs : fetchTimeoutMs }
    const copy = this.#copy(address, isProof(address, access) ? address.id : unprovenId(address, project))
    const transport = this.#transport(address, access)
    const isLocal = address.kind === 'file'
    // A question is a use of the copy, too: one that is asked about is not removed.
    const refs = async (scope: RefScope) => {
      await copy.prepareFolder()
      return isLocal ? transport.refs(scope) : this.#questions.run(() => transport.refs(scope))
    }
    const reach: Transport['reach'] = (work) =>
      isLocal ? transport.reach(work) : this.#fetches.run(() => transport.reach(work))
    const remote = new Remote(address, { refs, reach }, clock)
    return new Mirror(copy, remote, limits)
  }

  #copy(address: Address, id: string): Copy {
    const known = this.#copies.get(id)
    if (known !== undefined) return known
    const { cache, observe, signal, timeoutMs } = this.#options
    const safe = address.kind === 'file' ? [address.path, join(address.path, '.git')] : []
    const copy = new Copy({ folder: join(cache, id), safe, timeoutMs, signal, observe })
    this.#copies.set(id, copy)
    return copy
  }

  #transport(address: Address, access: RepositoryAccess | null): Transport {
    const { observe, signal, stallMs, timeoutMs } = this.#options
    if (address.kind === 'file' || access === null) {
      if (address.kind !== 'file') throw new Error('a server is reached with an access')
      const copy = this.#copy(address, address.id)
      return new FileTransport(address, (args, way) => copy.run(args, { way }))
    }
    const common = { access, files: this.#files, timeoutMs, signal, observe }
    return address.kind === 'ssh'
      ? new SshTransport(address, { ...common, connections: this.#connections })
      : new HttpTransport(address, { ...common, http: this.#client(access), stallMs })
  }

  /** One client an access: repositories of one host share its connections. */
  #client(access: RepositoryAccess): HttpClient {
    const known = this.#clients.get(access.version)
    if (known !== undefined) return known
    const client = openHttp(access)
    this.#clients.set(access.version, client)
    // Tokens come and go; a client that is not used any more has no connection after some seconds.
    for (const oldest of this.#clients.keys()) {
      if (this.#clients.size <= MOST_CLIENTS) break
      this.#clients.delete(oldest)
    }
    return client
  }
}

/**
 * True where an answer proves that its server is the one that the URL names. Whoever checks nothing can be answered by
 * anybody, a proxy of his own among them, and such an answer must not open what another one fetched.
 */
function isProof(address: Address, access: RepositoryAccess | null): boolean {
  switch (address.kind) {
    case 'file':
      return true
    case 'https':
      return address.encrypted && access?.tls.insecure === false
    case 'ssh':
      return access?.hostKeys.kind === 'known'
  }
}

/** Names the copy of a project whose server proves nothing. */
function unprovenId({ id }: Address, project: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify(['unproven', id, project]))
    .digest('hex')
    .slice(0, 24)
}
