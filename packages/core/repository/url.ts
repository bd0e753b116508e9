// When two URLs are one repository for whoever wrote credentials down: by Argo CD's rule, which is narrower than an identity.

/**
 * A repository's URL as credentials are compared by: lower case, without white space around it, `.git` at its end and
 * `ssh://`; `git@host:path` reads like `git@host/path`. HTTPS and SSH stay two, because they take other credentials.
 * Source: Argo CD, `util/git/git.go`, `NormalizeGitURL`.
 */
export function normalizedUrl(url: string): string {
  const lower = url.trim().toLowerCase()
  const ssh = /^(?:ssh:\/\/)?[^/:]*@[^@]+$/.test(lower)
  const slashed = ssh && !lower.startsWith('ssh://') ? lower.replace(':', '/') : lower
  return slashed.replace(/\.git$/, '').replace(/^ssh:\/\//, '')
}

/** True where a URL is reached over SSH: `ssh://…`, or `user@host:path`; `host:5000/path` is a registry with its port. */
export function isSshUrl(url: string): boolean {
  const trimmed = url.trim()
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(trimmed)) return /^(?:ssh|git\+ssh|ssh\+git):\/\//i.test(trimmed)
  return /^(?:[^/:@]+@)?(?:\[[^\]/]*\]|[^/:[\]]{2,}):/.test(trimmed) && !/^[^/:@]+:[0-9]{1,5}(?:\/|$)/.test(trimmed)
}

/** The server that a URL leads to. */
export interface UrlHost {
  /** In lower case, without brackets. */
  readonly host: string
  /** Null: the scheme's own. */
  readonly port: number | null
}

/** The host of a URL (with scheme, `user@host:path`, or `host/path` as registries are written); null where it has none. */
export function hostOf(url: string): UrlHost | null {
  const trimmed = url.trim()
  const withScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(trimmed)
  if (withScheme !== null) return authority(withScheme[1] ?? '')
  if (isSshUrl(trimmed)) return authority((/^(?:[^/:@]+@)?(\[[^\]/]*\]|[^/:[\]]+):/.exec(trimmed) ?? [])[1] ?? '')
  if (trimmed.startsWith('/') || trimmed === '') return null
  return authority(trimmed.split('/')[0] ?? '')
}

function authority(text: string): UrlHost | null {
  const match = /^(\[[^\]]+\]|[^:]+)(?::([0-9]{1,5}))?$/.exec(text.slice(text.lastIndexOf('@') + 1))
  if (match === null) return null
  const [, host = '', port] = match
  return { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: port === undefined ? null : Number(port) }
}

/**
 * True where a URL begins with a prefix and stays on its host: `https://git.example.com` is no prefix of
 * `https://git.example.com.evil.test/x`, to which Argo CD would send the credentials. Both are normalised.
 */
export function isPrefix(prefix: string, url: string): boolean {
  if (prefix === '' || !url.startsWith(prefix)) return false
  // Nothing but a scheme, or the beginning of one, would hand the credentials to everybody.
  const path = prefix.replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
  if (path === '' || /^[a-z][a-z0-9+.-]*:\/?$/.test(prefix)) return false
  if (path.includes('/')) return true
  const next = url.charAt(prefix.length)
  // A prefix that ends in its host's name: what follows must not go on with the name, nor make a user of it.
  return next === '' || next === '/' || (next === ':' && !/^[^/]*@/.test(url.slice(prefix.length)))
}
