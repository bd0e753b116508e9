// Which of the things that were written down hold for a URL: the same rules as Argo CD's, and no half of a host's name.
import { hasCredentials, type RepositoryEntry } from './entry.ts'

/** What holds for one URL. */
export interface Match {
  /** What was written of exactly this repository. */
  readonly repository: RepositoryEntry | null
  /** Whose credentials are used: the repository's own, else those of the longest prefix; null for none. */
  readonly credentials: RepositoryEntry | null
}

/**
 * The URL in the form in which Argo CD compares: lower case, without `.git` and without the scheme of SSH, whose short
 * form (`git@host:path`) is the long one.
 */
export function comparableUrl(url: string): string {
  const lower = url.trim().toLowerCase()
  const short = /^((?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:[\]]{2,})):(?!\/\/)(.*)$/.exec(lower)
  const long = short === null ? lower : `ssh://${short[1]}/${(short[2] ?? '').replace(/^\//, '')}`
  return long
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^ssh:\/\//, '')
}

/**
 * What holds for a URL on behalf of a project. Of entries for one URL the project's own counts, else the one for
 * everybody; of prefixes the longest. An entry that is said first wins over an equal one: callers give the nearest first.
 */
export function matchRepository(url: string, project: string | null, entries: readonly RepositoryEntry[]): Match {
  const wanted = comparableUrl(url)
  const same = entries.filter((entry) => entry.scope === 'repository' && comparableUrl(entry.url) === wanted)
  const own = project === null ? undefined : same.find((entry) => entry.project === project)
  const repository = own ?? same.find((entry) => entry.project === null) ?? null
  if (repository !== null && hasCredentials(repository)) return { repository, credentials: repository }
  return { repository, credentials: longestPrefix(wanted, project, entries) }
}

function longestPrefix(
  wanted: string,
  project: string | null,
  entries: readonly RepositoryEntry[],
): RepositoryEntry | null {
  let longest: RepositoryEntry | null = null
  for (const entry of entries) {
    if (entry.scope !== 'prefix' || (entry.project !== null && entry.project !== project)) continue
    if (!isPrefix(comparableUrl(entry.url), wanted)) continue
    const length = comparableUrl(entry.url).length
    const known = longest === null ? -1 : comparableUrl(longest.url).length
    const nearer = length === known && longest?.project === null && entry.project !== null
    if (length > known || nearer) longest = entry
  }
  return longest
}

/**
 * Argo CD compares letters alone, so that credentials for `https://git.example.com` would go to
 * `https://git.example.com.evil.org` as well. Here a prefix names the whole host; below it, it may end anywhere.
 */
function isPrefix(prefix: string, url: string): boolean {
  if (prefix === '' || !url.startsWith(prefix)) return false
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/]*/.exec(url)?.[0] ?? ''
  if (prefix.length >= host.length) return true
  // `https://host` of `https://host:8443/…`: another port of the same host.
  return url[prefix.length] === ':' && !prefix.endsWith('/') && /^:[0-9]+$/.test(host.slice(prefix.length))
}
