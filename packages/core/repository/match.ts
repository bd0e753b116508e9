// Which entry speaks for a repository: exactly its URL before the longest prefix, the project's own before everybody's.
import { type EntryCredentials, hasCredentials, type RepositoryEntry } from './entry.ts'
import { isPrefix, normalizedUrl } from './url.ts'

/** What is written about one repository. */
export interface RepositoryMatch {
  /** The entry for exactly this URL; null where only credentials for a prefix were written. */
  readonly entry: RepositoryEntry | null
  /** The entry whose credentials are used: the first one, or the longest prefix; null where nobody wrote any. */
  readonly credentials: RepositoryEntry | null
}

/**
 * What is written about a repository for a project (null: none in particular). An entry of another project never
 * matches. Among entries for exactly this URL this machine's own wins, then the project's. Where the entry has no
 * credentials of its own they are inherited from the longest prefix, as in Argo CD; among equally long ones the project's
 * wins, then this machine's. The order of `entries` does not matter.
 */
export function matchRepository(
  url: string,
  project: string | null,
  entries: readonly RepositoryEntry[],
): RepositoryMatch {
  const wanted = normalizedUrl(url)
  const mayUse = entries.filter((each) => each.url !== '' && (each.project === null || each.project === project))
  const exact = mayUse.filter((each) => each.scope === 'exact' && normalizedUrl(each.url) === wanted)
  const entry = exact.toSorted((a, b) => byKeeper(a, b) || byProject(a, b) || byOrigin(a, b))[0] ?? null
  if (entry !== null && hasCredentials(entry)) return { entry, credentials: entry }
  const prefixes = mayUse.filter((each) => each.scope === 'prefix' && isPrefix(normalizedUrl(each.url), wanted))
  const longest = prefixes.toSorted(
    (a, b) =>
      normalizedUrl(b.url).length - normalizedUrl(a.url).length || byProject(a, b) || byKeeper(a, b) || byOrigin(a, b),
  )[0]
  return { entry, credentials: longest ?? null }
}

/**
 * The credentials of a match as one: what the entry itself writes (a client certificate, for one) stays, the rest is
 * inherited.
 */
export function credentialsOf({ entry, credentials }: RepositoryMatch): EntryCredentials | null {
  const own = entry?.credentials ?? null
  const inherited = credentials?.credentials ?? null
  if (own === null || inherited === null || own === inherited) return own ?? inherited
  const { tlsClientCert, tlsClientKey } = own.tlsClientCert === null ? inherited : own
  return { ...inherited, tlsClientCert, tlsClientKey }
}

function byKeeper(a: RepositoryEntry, b: RepositoryEntry): number {
  return Number(a.from !== 'machine') - Number(b.from !== 'machine')
}

function byProject(a: RepositoryEntry, b: RepositoryEntry): number {
  return Number(a.project === null) - Number(b.project === null)
}

/** Two entries for the same: one of them always, whatever order they come in. */
function byOrigin(a: RepositoryEntry, b: RepositoryEntry): number {
  return a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.url < b.url ? -1 : a.url > b.url ? 1 : 0
}
