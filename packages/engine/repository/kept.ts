// What this machine keeps about repositories and their hosts, in the record store: entries sealed, one a URL and project.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { type KnownHost, readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import type { HostTrust } from '@mainstay/core/repository/trust.ts'
import { normalizedUrl } from '@mainstay/core/repository/url.ts'
import type { AccessKind, RecordStore } from '../ports.ts'

/** The part of the record store that holds it. */
export type AccessRecords = Pick<RecordStore, 'putAccess' | 'removeAccess' | 'accesses'>

/** `RepositoryEntry.origin` of what this machine keeps. */
export const MACHINE_ORIGIN = 'mainstay repo add'

/** Which entry: for a URL, in any spelling that credentials do not tell apart, and a project. */
export type EntryKey = Pick<RepositoryEntry, 'scope' | 'url' | 'project'>

/** An entry, and who wrote it when. */
export interface KeptEntry {
  readonly entry: RepositoryEntry
  /** RFC 3339. */
  readonly at: string
  readonly by: string
}

/** Certificates that somebody trusts for a host. */
export interface KeptCertificate {
  /** `host` or `host:port`. */
  readonly host: string
  readonly pem: string
}

/** Entries by kind, then in order of URLs. */
export async function keptEntries(records: AccessRecords): Promise<readonly KeptEntry[]> {
  const all = await Promise.all([records.accesses('repository'), records.accesses('prefix')])
  // Written by `keepEntry` alone, and sealed since.
  return all.flat().map(({ value }) => value as unknown as KeptEntry)
}

/** Writes an entry in the place of the one for the same URL and project. */
export async function keepEntry(records: AccessRecords, kept: KeptEntry): Promise<void> {
  await records.putAccess(...placeOf(kept.entry), kept as unknown as JsonObject)
}

/** False where there was none. */
export function dropEntry(records: AccessRecords, key: EntryKey): Promise<boolean> {
  return records.removeAccess(...placeOf(key))
}

/** A URL holds no blank once it is normalised, so that it and a project stay apart. */
function placeOf({ scope, url, project }: EntryKey): readonly [AccessKind, string] {
  const name = normalizedUrl(url).replaceAll(' ', '%20')
  return [scope === 'exact' ? 'repository' : 'prefix', project === null ? name : `${name} ${project}`]
}

/** Everything this machine trusts of hosts. */
export async function keptTrust(records: AccessRecords): Promise<HostTrust> {
  const [keys, certificates] = await Promise.all([keptHostKeys(records), keptCertificates(records)])
  return {
    knownHosts: keys.map(({ line }) => line).join('\n'),
    certificates: Object.fromEntries(certificates.map(({ host, pem }) => [host, pem])),
  }
}

/** Host keys, in order of hosts. */
export async function keptHostKeys(records: AccessRecords): Promise<readonly KnownHost[]> {
  const kept = await records.accesses('ssh-hosts')
  return kept.flatMap(({ value }) => readKnownHosts(String(value.line)).hosts)
}

/** Writes lines of `known_hosts`; a line that is there already stays. */
export async function keepHostKeys(records: AccessRecords, hosts: readonly KnownHost[]): Promise<void> {
  for (const host of hosts) await records.putAccess('ssh-hosts', nameOf(host), { line: host.line })
}

/** Forgets lines. */
export async function dropHostKeys(records: AccessRecords, hosts: readonly KnownHost[]): Promise<void> {
  for (const host of hosts) await records.removeAccess('ssh-hosts', nameOf(host))
}

/** A line without its comment. */
function nameOf({ marker, hosts, keyType, key }: KnownHost): string {
  return [hosts.join(','), keyType, key, ...(marker === null ? [] : [`@${marker}`])].join(' ')
}

/** Certificates, in order of hosts. */
export async function keptCertificates(records: AccessRecords): Promise<readonly KeptCertificate[]> {
  return (await records.accesses('tls-host')).map(({ name, value }) => ({ host: name, pem: String(value.pem) }))
}

/** Writes the certificates of a host in the place of those it had. */
export async function keepCertificate(records: AccessRecords, { host, pem }: KeptCertificate): Promise<void> {
  await records.putAccess('tls-host', host.toLowerCase(), { pem })
}

/** False where there were none. */
export function dropCertificate(records: AccessRecords, host: string): Promise<boolean> {
  return records.removeAccess('tls-host', host.toLowerCase())
}
