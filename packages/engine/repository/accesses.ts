// Says how repositories are reached: by what this machine keeps, else by what the control plane's Secrets say.
import { createHmac, randomBytes } from 'node:crypto'
import type { RepositoryAccess, RepositoryAuth } from '@mainstay/core/repository/access.ts'
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { isAbout, knownHostName, readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import { matchRepository, type RepositoryMatch } from '@mainstay/core/repository/match.ts'
import { reach } from '@mainstay/core/repository/reach.ts'
import { type HostTrust, joinTrust, tlsCertificateFor } from '@mainstay/core/repository/trust.ts'
import { hostOf, isSshUrl } from '@mainstay/core/repository/url.ts'
import { FaultError } from '../fault.ts'
import type { Clock, RepositoryAccesses } from '../ports.ts'
import { shownAddress } from '../source/address.ts'
import type { ControlPlaneRepositories } from './control-plane.ts'
import { DEFAULT_API, GithubApps } from './github-app.ts'
import { HOST_HASHES } from './hashes.ts'
import { type AccessRecords, keptEntries, keptTrust } from './kept.ts'
import { usableKey } from './ssh-key.ts'

/** Where the words about repositories come from. */
export interface AccessSources {
  readonly records: AccessRecords
  readonly controlPlane: ControlPlaneRepositories
  readonly clock: Clock
}

/** What this machine keeps. */
interface Own {
  readonly entries: readonly RepositoryEntry[]
  readonly trust: HostTrust
}

/** The parts of one answer: which entries count for a URL, and what is trusted of its host. */
interface Written {
  readonly match: RepositoryMatch
  readonly trust: HostTrust
}

/** How long what this machine keeps is taken for true, in milliseconds. */
const KEPT_MS = 1_000

/** Keys without passphrases that are kept at most. */
const MOST_KEYS = 1_000

/**
 * Accesses that can be used as they are: the token of a GitHub App is already there as a user and a password, and a
 * private key has no passphrase any more.
 *
 * An entry of this machine for exactly the URL says everything: the control plane is asked for nothing then, but for host
 * keys where this machine knows none of the host. Any other repository may need what the Secrets say, so that a list of
 * them that fails is a fault, never "no credentials".
 */
export class WrittenAccesses implements RepositoryAccesses {
  readonly #sources: AccessSources
  readonly #apps: GithubApps
  /** Makes versions that tell nothing of what they are made of. */
  readonly #versionKey = randomBytes(32)
  readonly #keys = new Map<string, string>()
  #kept: { readonly at: number; readonly value: Promise<Own> } | null = null
  #joined: Record<'own' | 'entries' | 'all', readonly RepositoryEntry[]> | null = null

  constructor(sources: AccessSources) {
    this.#sources = sources
    this.#apps = new GithubApps(sources.clock)
  }

  async accessOf(repoURL: string, project: string | null, signal?: AbortSignal): Promise<RepositoryAccess> {
    return this.#usable(repoURL, await this.#written(repoURL, project, await this.#own(), signal), signal)
  }

  /** The access that an entry would give before it is written down, with what is trusted now. */
  async accessBy(entry: RepositoryEntry, signal?: AbortSignal): Promise<RepositoryAccess> {
    const { trust } = await this.#own()
    return this.#usable(
      entry.url,
      await this.#written(entry.url, entry.project, { entries: [entry], trust }, signal),
      signal,
    )
  }

  /** Reads again what this machine keeps: something was written. */
  forget(): void {
    this.#kept = null
  }

  /** What this machine keeps, read again when it is a second old: another process may have written. */
  #own(): Promise<Own> {
    const { clock, records } = this.#sources
    if (this.#kept === null || clock.now() - this.#kept.at >= KEPT_MS) {
      const value = Promise.all([keptEntries(records), keptTrust(records)]).then(([kept, trust]) => {
        return { entries: kept.map(({ entry }) => entry), trust }
      })
      this.#kept = { at: clock.now(), value }
      value.catch(() => this.forget())
    }
    return this.#kept.value
  }

  /** The same list for the same two, so that its index is made once. */
  #together(own: readonly RepositoryEntry[], entries: readonly RepositoryEntry[]): readonly RepositoryEntry[] {
    const known = this.#joined
    if (known !== null && known.own === own && known.entries === entries) return known.all
    const all = [...own, ...entries]
    this.#joined = { own, entries, all }
    return all
  }

  async #written(
    repoURL: string,
    project: string | null,
    { entries: own, trust }: Own,
    signal?: AbortSignal,
  ): Promise<Written> {
    const { controlPlane } = this.#sources
    const match = matchRepository(repoURL, project, own)
    try {
      if (match.entry !== null) {
        const needsKeys = isSshUrl(repoURL) && !match.entry.insecure && !knowsHost(repoURL, trust)
        if (!needsKeys) return { match, trust }
        const { knownHosts } = await controlPlane.trust(signal)
        return { match, trust: joinTrust(trust, { knownHosts, certificates: {} }) }
      }
      const [entries, more] = await Promise.all([controlPlane.entries(signal), controlPlane.trust(signal)])
      return { match: matchRepository(repoURL, project, this.#together(own, entries)), trust: joinTrust(trust, more) }
    } catch (error) {
      throw unknownAccess(repoURL, error, match.entry !== null)
    }
  }

  async #usable(repoURL: string, { match, trust }: Written, signal?: AbortSignal): Promise<RepositoryAccess> {
    const way = reach(repoURL, match, trust)
    if (way.kind === 'problems') throw notUnderstood(repoURL, way.origin, way.problems)
    const { access } = way
    switch (access.auth.kind) {
      case 'github-app': {
        const api = hostOf(access.auth.baseUrl ?? DEFAULT_API)
        const tls = { ...access.tls, ca: api === null ? null : tlsCertificateFor(api, trust) }
        const asked = { ...access, tls, version: 'asking for a token' }
        const { token } = await this.#apps.token(repoURL, access.auth, asked, signal)
        return this.#versioned({ ...access, auth: { kind: 'basic', username: 'x-access-token', password: token } })
      }
      case 'ssh-key': {
        const privateKey = this.#usableKey(access.auth, access.origin)
        return this.#versioned({ ...access, auth: { kind: 'ssh-key', privateKey, passphrase: null } })
      }
      case 'none':
      case 'basic':
      case 'bearer':
        return this.#versioned(access)
    }
  }

  /** Taking a passphrase off takes a second on purpose, so it is done once a key. */
  #usableKey(auth: RepositoryAuth & { readonly kind: 'ssh-key' }, origin: string): string {
    const mark = this.#mark([auth, origin])
    const known = this.#keys.get(mark)
    if (known !== undefined) return known
    const key = usableKey(auth, origin)
    if (this.#keys.size >= MOST_KEYS) this.#keys.clear()
    this.#keys.set(mark, key)
    return key
  }

  #mark(value: unknown): string {
    return createHmac('sha256', this.#versionKey).update(JSON.stringify(value)).digest('hex').slice(0, 32)
  }

  #versioned(access: Omit<RepositoryAccess, 'version'>): RepositoryAccess {
    return { ...access, version: this.#mark(access) }
  }
}

/** True where a host key is trusted for the host of a URL; one that was taken back is none. */
export function knowsHost(repoURL: string, { knownHosts }: HostTrust): boolean {
  const host = hostOf(repoURL)
  if (host === null) return false
  const name = knownHostName(host.host, host.port)
  return readKnownHosts(knownHosts).hosts.some((each) => each.marker !== 'revoked' && isAbout(each, name, HOST_HASHES))
}

/** What may be needed cannot be read: reaching the repository without it could show another one, or none. */
function unknownAccess(repoURL: string, error: unknown, isWritten: boolean): unknown {
  if (!(error instanceof FaultError) || error.fault.kind === 'cancelled') return error
  const { fault } = error
  return new FaultError(
    {
      kind: fault.kind,
      what: 'it cannot be known how the repository is to be reached',
      where: `repoURL: ${shownAddress(repoURL)}`,
      why: [fault.what, fault.where, fault.why].filter((part) => part !== null).join(': '),
      fix: [
        ...fault.fix,
        'let this user list the Secrets and read the ConfigMaps of the control plane',
        isWritten
          ? `or trust its host on this machine: ssh-keyscan ${hostOf(repoURL)?.host} | mainstay cert add-ssh --batch`
          : `or say on this machine how it is reached: mainstay repo add ${shownAddress(repoURL)}`,
      ],
    },
    { cause: error },
  )
}

function notUnderstood(
  repoURL: string,
  origin: string,
  problems: readonly { readonly what: string; readonly fix: string; readonly where: string }[],
): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'what is written about the repository cannot be used',
    where: `repoURL: ${shownAddress(repoURL)}`,
    why: problems.map(({ where, what }) => `${where}: ${what}`).join('; ') || origin,
    fix: problems.map(({ where, fix }) => `${where}: ${fix}`),
  })
}
