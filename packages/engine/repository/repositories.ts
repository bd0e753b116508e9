// What an edge can ask about repositories: list, try, write down, forget; and whom among their hosts to trust.
import { canonicalJson, jsonOf } from '@mainstay/core/object/canonical.ts'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { isAbout, type KnownHost, knownHostName, readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import { NO_TRUST } from '@mainstay/core/repository/trust.ts'
import { hostOf, isSshUrl, normalizedUrl } from '@mainstay/core/repository/url.ts'
import { type Fault, FaultError } from '../fault.ts'
import { shownAddress } from '../source/address.ts'
import { knowsHost, type WrittenAccesses } from './accesses.ts'
import type { ControlPlaneRepositories } from './control-plane.ts'
import { HOST_HASHES } from './hashes.ts'
import { type SshPlace, shownHostKeys } from './host-keys.ts'
import {
  type AccessRecords,
  dropCertificate,
  dropEntry,
  dropHostKeys,
  type EntryKey,
  type KeptEntry,
  keepCertificate,
  keepEntry,
  keepHostKeys,
  keptCertificates,
  keptEntries,
  keptHostKeys,
  keptTrust,
} from './kept.ts'

/** What asking a repository came to. */
export type Probed = 'readable' | 'not-asked'

/** Asks a repository once whether it can be read. @throws FaultError that says why it cannot */
export type Probe = (entry: RepositoryEntry, access: RepositoryAccess, signal?: AbortSignal) => Promise<Probed>

/** Everything that is written about repositories. */
export interface RepositoryList {
  /** This machine's entries first, then the control plane's. */
  readonly entries: readonly RepositoryEntry[]
  /** Why the control plane's are missing; null where they are there. */
  readonly gap: Fault | null
}

/** One host that is trusted. */
export type TrustedHost = { readonly from: 'machine' | 'control-plane' } & (
  | { readonly kind: 'ssh'; readonly key: KnownHost }
  | { readonly kind: 'https'; readonly host: string; readonly pem: string }
)

/** An SSH host of which nobody has said yet which key it has. */
export interface UnknownHost extends SshPlace {
  readonly keys: readonly KnownHost[]
}

/** Repositories and their hosts, as an edge sees them. */
export class Repositories {
  readonly #records: AccessRecords
  readonly #controlPlane: ControlPlaneRepositories
  readonly #accesses: WrittenAccesses
  readonly #probe: Probe

  constructor(parts: {
    readonly records: AccessRecords
    readonly controlPlane: ControlPlaneRepositories
    readonly accesses: WrittenAccesses
    readonly probe: Probe
  }) {
    this.#records = parts.records
    this.#controlPlane = parts.controlPlane
    this.#accesses = parts.accesses
    this.#probe = parts.probe
  }

  async list(signal?: AbortSignal): Promise<RepositoryList> {
    const own = (await keptEntries(this.#records)).map(({ entry }) => entry)
    const { value, gap } = await orGap(this.#controlPlane.entries(signal), [])
    return { entries: [...own, ...value], gap }
  }

  /** The entry of this machine for a URL and a project; null where there is none. */
  async kept(key: EntryKey): Promise<KeptEntry | null> {
    const wanted = [key.scope, normalizedUrl(key.url), key.project].join(' ')
    const same = ({ entry }: KeptEntry) => [entry.scope, normalizedUrl(entry.url), entry.project].join(' ') === wanted
    return (await keptEntries(this.#records)).find(same) ?? null
  }

  /** @throws FaultError `conflict` where another entry is kept for the same URL and project */
  async checkNew(entry: RepositoryEntry): Promise<void> {
    const before = await this.kept(entry)
    if (before !== null && !isSame(before.entry, entry)) throw exists(before)
  }

  /** The SSH host of an entry with the keys that it shows, where nobody trusts any yet; null where nothing is to be asked. */
  async unknownHost(entry: RepositoryEntry, signal?: AbortSignal): Promise<UnknownHost | null> {
    const host = hostOf(entry.url)
    if (host === null || !isSshUrl(entry.url) || entry.insecure) return null
    if (knowsHost(entry.url, await keptTrust(this.#records))) return null
    // A person who may not read the control plane's host keys can still compare a key himself.
    const { value } = await orGap(this.#controlPlane.trust(signal), NO_TRUST)
    if (knowsHost(entry.url, value)) return null
    const place = { host: host.host, port: host.port ?? 22 }
    return { ...place, keys: await shownHostKeys(place, signal) }
  }

  /** Asks the repository whether it can be read with an entry that is not written down yet. */
  async probe(entry: RepositoryEntry, signal?: AbortSignal): Promise<Probed> {
    return this.#probe(entry, await this.#accesses.accessBy(entry, signal), signal)
  }

  /**
   * Writes an entry down. With `replace` it takes the place of the one for the same URL and project. The same entry once
   * more changes nothing, so that a script may run again.
   * @throws FaultError `conflict` where there is another one and it is not to be replaced
   */
  async put(kept: KeptEntry, options: { readonly replace: boolean }): Promise<'added' | 'replaced' | 'unchanged'> {
    const { entry } = kept
    const before = await this.kept(entry)
    if (before !== null && isSame(before.entry, entry)) return 'unchanged'
    if (before !== null && !options.replace) throw exists(before)
    await keepEntry(this.#records, kept)
    this.#accesses.forget()
    return before === null ? 'added' : 'replaced'
  }

  /** False where this machine keeps no such entry. */
  async remove(key: EntryKey): Promise<boolean> {
    const was = await dropEntry(this.#records, key)
    this.#accesses.forget()
    return was
  }

  /** Everything that is trusted: this machine's, then the control plane's. */
  async hosts(signal?: AbortSignal): Promise<{ readonly hosts: readonly TrustedHost[]; readonly gap: Fault | null }> {
    const [keys, certificates] = await Promise.all([keptHostKeys(this.#records), keptCertificates(this.#records)])
    const { value, gap } = await orGap(this.#controlPlane.trust(signal), NO_TRUST)
    const far = 'control-plane' as const
    const hosts: readonly TrustedHost[] = [
      ...keys.map((key) => ({ from: 'machine' as const, kind: 'ssh' as const, key })),
      ...certificates.map((each) => ({ from: 'machine' as const, kind: 'https' as const, ...each })),
      ...readKnownHosts(value.knownHosts).hosts.map((key) => ({ from: far, kind: 'ssh' as const, key })),
      ...Object.entries(value.certificates).map(([host, pem]) => ({ from: far, kind: 'https' as const, host, pem })),
    ]
    return { hosts, gap }
  }

  /** Trusts host keys: somebody compared them. */
  async trustKeys(keys: readonly KnownHost[]): Promise<void> {
    await keepHostKeys(this.#records, keys)
    this.#accesses.forget()
  }

  /**
   * Trusts certificates for a host in place of the system's.
   * @throws FaultError `conflict` where there are others and they are not to be replaced
   */
  async trustCertificate(host: string, pem: string, options: { readonly replace: boolean }): Promise<void> {
    const known = (await keptCertificates(this.#records)).find((each) => each.host === host.toLowerCase())
    if (known !== undefined && known.pem.trim() !== pem.trim() && !options.replace) {
      throw new FaultError({
        kind: 'conflict',
        what: `other certificates are trusted for ${host} already`,
        where: `mainstay cert list --cert-type https`,
        fix: ['replace them: --upsert', `or take them away first: mainstay cert rm ${host} --cert-type https`],
      })
    }
    await keepCertificate(this.#records, { host, pem })
    this.#accesses.forget()
  }

  /** Takes back what this machine trusts of a host (`host`, `host:port` or `[host]:port`); how much that was. */
  async distrust(host: string, kind: 'ssh' | 'https' | null): Promise<number> {
    const place = hostOf(host)
    const names = [host.toLowerCase(), ...(place === null ? [] : [knownHostName(place.host, place.port)])]
    const isMeant = (key: KnownHost) =>
      key.hosts.includes(host) || names.some((name) => !isPattern(key) && isAbout(key, name, HOST_HASHES))
    const keys = kind === 'https' ? [] : (await keptHostKeys(this.#records)).filter(isMeant)
    await dropHostKeys(this.#records, keys)
    const written = place === null || place.port === null ? host : `${place.host}:${place.port}`
    const dropped = kind !== 'ssh' && (await dropCertificate(this.#records, written))
    this.#accesses.forget()
    return keys.length + Number(dropped)
  }
}

function isSame(one: RepositoryEntry, other: RepositoryEntry): boolean {
  return canonicalJson(jsonOf(one)) === canonicalJson(jsonOf(other))
}

/** A pattern is about other hosts, too: it goes only when it is named as it is written. */
function isPattern({ hosts }: KnownHost): boolean {
  return hosts.some((each) => /[*?!]/.test(each))
}

/** What the control plane says, or why it says nothing: for lists, which show both. */
async function orGap<T>(asked: Promise<T>, nothing: T): Promise<{ readonly value: T; readonly gap: Fault | null }> {
  try {
    return { value: await asked, gap: null }
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind === 'cancelled') throw error
    return { value: nothing, gap: error.fault }
  }
}

function exists({ entry, at, by }: KeptEntry): FaultError {
  return new FaultError({
    kind: 'conflict',
    what: 'this machine keeps an entry for this repository already',
    where: `${shownAddress(entry.url)}${entry.project === null ? '' : ` (project ${entry.project})`}`,
    why: `written by ${by} at ${at}`,
    fix: ['replace it: --upsert'],
  })
}
