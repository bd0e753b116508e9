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
  const { exact, prefixes } = indexOf(entries)
  const mayUse = (each: RepositoryEntry): boolean => each.project === null || each.project === project
  const entry = exact.get(wanted)?.find(mayUse) ?? null
  if (entry !== null && hasCredentials(entry)) return { entry, credentials: entry }
  const longest = prefixes.find(([prefix, each]) => mayUse(each) && isPrefix(prefix, wanted))
  return { entry, credentials: longest?.[1] ?? null }
}

/** Entries in the order in which they are asked, so that thousands of applications cost no search each. */
interface Index {
  /** By normalised URL, best first. */
  readonly exact: ReadonlyMap<string, readonly RepositoryEntry[]>
  /** Longest first, then best first. */
  readonly prefixes: readonly (readonly [string, RepositoryEntry])[]
}

/** A list is never changed, so that its index stays true; it is gone with the list. */
const INDEXES = new WeakMap<readonly RepositoryEntry[], Index>()

function indexOf(entries: readonly RepositoryEntry[]): Index {
  const known = INDEXES.get(entries)
  if (known !== undefined) return known
  const exact = new Map<string, RepositoryEntry[]>()
  const prefixes: (readonly [string, RepositoryEntry])[] = []
  for (const each of entries.toSorted((a, b) => byKeeper(a, b) || byProject(a, b) || byOrigin(a, b))) {
    const url = normalizedUrl(each.url)
    if (url === '') continue
    if (each.scope === 'prefix') prefixes.push([url, each])
    else exact.set(url, [...(exact.get(url) ?? []), each])
  }
  prefixes.sort(([a, one], [b, other]) => b.length - a.length || byProject(one, other) || byKeeper(one, other))
  const index = { exact, prefixes }
  INDEXES.set(entries, index)
  return index
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
