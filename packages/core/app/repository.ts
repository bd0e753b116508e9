// Which repository a URL means: one repository has many spellings, and changing the spelling changes nothing.

/** Ports that the scheme implies. */
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['https', '443'],
  ['http', '80'],
  ['ssh', '22'],
  ['git', '9418'],
])

/**
 * The identity of a Git repository, for comparing, never for connecting: `git.example.com/ops/shop`. The host is in
 * lower case; user and password, the scheme, its default port, `.git` and trailing slashes are left out, so the https,
 * ssh and `git@host:path` forms of one repository are equal. A local path stays one: `file:/srv/git/shop`.
 */
export function repositoryIdentity(url: string): string {
  const trimmed = url.trim()
  const withScheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(.*)$/.exec(trimmed)
  if (withScheme !== null) {
    const [, scheme = '', authority = '', path = ''] = withScheme
    return identityOf(scheme.toLowerCase(), authority, path)
  }
  // git@host:path, the form of scp: no slash before the first colon, and more than a drive letter.
  const scp = /^((?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:[\]]{2,})):(?!\/\/)(.*)$/.exec(trimmed)
  if (scp === null) return `file:${tidyPath(trimmed)}`
  const [, authority = '', path = ''] = scp
  return identityOf('ssh', authority, `/${path}`)
}

/** A path inside a repository in one spelling: `./apps//shop/` is `apps/shop`, the root is empty. */
export function tidySourcePath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

function identityOf(scheme: string, authority: string, path: string): string {
  if (scheme === 'file') return `file:${tidyPath(path)}`
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const port = DEFAULT_PORTS.get(scheme)
  const place = port !== undefined && host.endsWith(`:${port}`) ? host.slice(0, -port.length - 1) : host
  const prefix = scheme === 'oci' ? 'oci:' : ''
  return `${prefix}${place}${tidyPath(path)}`
}

/** Without doubled and trailing slashes and without `.git` at the end. */
function tidyPath(path: string): string {
  return path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '')
}
