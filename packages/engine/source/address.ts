// Reads `repoURL` of a Git repository: a folder on this machine, HTTPS, or SSH. Everything else is refused by name.
import { createHash } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { repositoryIdentity } from '@mainstay/core/app/repository.ts'
import { FaultError } from '../fault.ts'

interface Named {
  /** As the Application writes it. */
  readonly repoURL: string
  /** What Git is given; without user and password. */
  readonly url: string
  /** Names the mirror: equal for all spellings of the same repository, HTTPS and SSH among them. */
  readonly id: string
}

/** A folder on this machine. */
export interface FileAddress extends Named {
  readonly kind: 'file'
  /** Absolute path. */
  readonly path: string
}

/** A server that speaks Git's smart protocol over HTTP. */
export interface HttpAddress extends Named {
  readonly kind: 'https'
  /** False for `http://`: nothing secret may go there unless somebody wrote that this is wanted. */
  readonly encrypted: boolean
  /** The user that the URL names; null where it names none. */
  readonly user: string | null
}

/** A server that runs `git-upload-pack` for us over SSH. */
export interface SshAddress extends Named {
  readonly kind: 'ssh'
  readonly user: string
  /** Name or IP address, without brackets. */
  readonly host: string
  readonly port: number
  /** As the server is given it: absolute, or relative to the user's home where the URL was `host:path`. */
  readonly path: string
}

/** A repository that can be read. */
export type Address = FileAddress | HttpAddress | SshAddress

/**
 * Reads an absolute path, or a URL: `file://`, `https://`, `http://`, `ssh://`, `git@host:path`.
 * @throws FaultError `invalid-input`, `unsupported`; a password in the URL is never shown
 */
export function parseAddress(repoURL: string): Address {
  // Git's configuration, its protocols and those of its transports are made of lines.
  if (/\p{Cc}/u.test(repoURL)) throw refused(repoURL, 'invalid-input', 'it has a control character')
  if (isAbsolute(repoURL)) return fileAddress(repoURL, repoURL)
  const helper = /^([A-Za-z0-9+.-]+)::/.exec(repoURL)?.[1]
  if (helper !== undefined) throw refused(repoURL, 'unsupported', `"${helper}::" would run a program on this machine`)
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(repoURL)?.[1]?.toLowerCase() ?? null
  if (scheme === 'file') return fileAddress(repoURL, localPath(repoURL))
  if (scheme !== null && repoURL.slice(scheme.length).startsWith('://')) return remoteAddress(repoURL, scheme)
  return scpAddress(repoURL)
}

/** A URL as it may be shown: what could be a password in it is left out. */
export function shownAddress(repoURL: string): string {
  const [, scheme = '', authority = '', path = ''] = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/|)([^/]*)(.*)$/s.exec(repoURL) ?? []
  // A password with a slash in it ends what could be the host: then everything up to the last "@" may belong to it.
  const isBroken = scheme !== '' && !authority.includes('@') && !/^(?:[^:]*|\[[^\]]*\])(?::\d*)?$/.test(authority)
  const text = isBroken && path.includes('@') ? `${authority}${path}` : authority
  const shown = text.replace(/^([^:@]*):.*@/s, '$1@') + (text === authority ? path : '')
  return `${scheme}${shown}`.replace(/\p{Cc}/gu, '?')
}

function remoteAddress(repoURL: string, scheme: string): Address {
  switch (scheme) {
    case 'https':
    case 'http':
      return httpAddress(repoURL, scheme === 'https')
    case 'ssh':
    case 'git+ssh':
    case 'ssh+git':
      return sshUrl(repoURL)
    case 'git':
      throw refused(repoURL, 'unsupported', 'git:// neither proves who answers nor hides what is read')
    default:
      throw refused(repoURL, 'unsupported', `repositories over ${scheme} cannot be read`)
  }
}

function fileAddress(repoURL: string, path: string): FileAddress {
  if (/\p{Cc}/u.test(path)) throw refused(repoURL, 'invalid-input', 'the path has a control character')
  const whole = resolve(path)
  const url = pathToFileURL(whole).href
  return { kind: 'file', repoURL, url, path: whole, id: idOf(url) }
}

function localPath(repoURL: string): string {
  try {
    return fileURLToPath(new URL(repoURL).href.replace(/^file:\/\/localhost\//i, 'file:///'))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw refused(repoURL, 'invalid-input', 'a file URL has the form file:///absolute/path, without a host')
  }
}

function httpAddress(repoURL: string, encrypted: boolean): HttpAddress {
  const parsed = parsedUrl(repoURL)
  if (parsed.search !== '' || parsed.hash !== '') {
    throw refused(repoURL, 'invalid-input', 'the URL of a repository has no "?" and no "#"')
  }
  const url = `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`
  const user = decoded(repoURL, parsed.username)
  return { kind: 'https', repoURL, url, encrypted, user: user === '' ? null : user, id: remoteId(url) }
}

function sshUrl(repoURL: string): SshAddress {
  const parsed = parsedUrl(repoURL)
  if (parsed.search !== '' || parsed.hash !== '') {
    throw refused(repoURL, 'invalid-input', 'the URL of a repository has no "?" and no "#"')
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const path = decoded(repoURL, parsed.pathname)
  // "/~user/…" is a path in the home of a user, as Git reads it.
  const place = { user: decoded(repoURL, parsed.username), host, port: Number(parsed.port || 22) }
  return sshAddress(repoURL, { ...place, path: path.startsWith('/~') ? path.slice(1) : path })
}

function scpAddress(repoURL: string): SshAddress {
  const match = /^(?:([^/:@]*)@)?(\[[^\]/]*\]|[^/:[\]]{2,}):(?!\/\/)(.+)$/.exec(repoURL)
  if (match === null) throw refused(repoURL, 'invalid-input', 'it is neither a URL nor an absolute path')
  const [, user = '', host = '', path = ''] = match
  if (user === '' && path.includes('@')) throw refused(repoURL, 'invalid-input', 'it seems to hold a password')
  return sshAddress(repoURL, { user, host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: 22, path })
}

type SshPlace = Pick<SshAddress, 'user' | 'host' | 'port' | 'path'>

/** Whatever begins with "-" could be taken for an option by a program on the way, here or there. */
function sshAddress(repoURL: string, place: SshPlace): SshAddress {
  const user = place.user === '' ? 'git' : place.user
  const { host, port, path } = place
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(user)) throw refused(repoURL, 'invalid-input', 'the user is not a name')
  const isHost = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?$/.test(host)
  const isAddress = host.includes(':') && /^[0-9a-f:.]+$/.test(host)
  if (!isHost && !isAddress) throw refused(repoURL, 'invalid-input', 'the host is neither a name nor an IP address')
  if (path.replace(/^\/+/, '') === '') throw refused(repoURL, 'invalid-input', 'it names a host without a repository')
  if (path.startsWith('-')) throw refused(repoURL, 'invalid-input', 'the path begins with "-"')
  const shownHost = isAddress ? `[${host}]` : host
  const absolute = path.startsWith('/') || path.startsWith('~')
  const encodedPath = encodeURI(path).replace(/[?#]/g, encodeURIComponent)
  const url = absolute
    ? `ssh://${user}@${shownHost}:${port}/${encodedPath.replace(/^\//, '')}`
    : `${user}@${shownHost}:${path}`
  // Below the home of a user another one has another repository; `git` is the user of hosts that have but one.
  const home = user !== 'git' && !path.startsWith('/') && !path.startsWith('~') ? `${user}@` : ''
  return { kind: 'ssh', repoURL, url, id: idOf(`git ${home}${repositoryIdentity(repoURL)}`), user, host, port, path }
}

/** A URL without a password: that belongs where it is encrypted, not into every Application and every message. */
function parsedUrl(repoURL: string): URL {
  const parsed = URL.canParse(repoURL) ? new URL(repoURL) : null
  if (parsed === null || parsed.hostname === '') throw refused(repoURL, 'invalid-input', 'it is not a URL with a host')
  if (parsed.pathname.replaceAll('/', '') === '') {
    throw refused(repoURL, 'invalid-input', 'it names a host without a repository')
  }
  if (parsed.password === '') return parsed
  const bare = shownAddress(repoURL).replace(/\/\/[^/]*@/, '//')
  const user = decoded(repoURL, parsed.username) || '<name>'
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the URL of the repository holds a password',
    where: `repoURL: ${shownAddress(repoURL)}`,
    why: 'whoever may read the Application or a message about it could read the password',
    fix: [
      `keep it encrypted: mainstay repo add ${bare} --username ${user} --password-stdin`,
      `then write the URL without it: repoURL: ${bare}`,
      'and give the user another password: this one was readable',
    ],
  })
}

function decoded(repoURL: string, text: string): string {
  try {
    const plain = decodeURIComponent(text)
    if (!/\p{Cc}/u.test(plain)) return plain
  } catch (error) {
    if (!(error instanceof URIError)) throw error
  }
  throw refused(repoURL, 'invalid-input', 'it has an encoded character that no repository has')
}

function remoteId(url: string): string {
  return idOf(`git ${repositoryIdentity(url)}`)
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}

function refused(repoURL: string, kind: 'unsupported' | 'invalid-input', why: string): FaultError {
  return new FaultError({
    kind,
    what: 'the repository cannot be read',
    where: `repoURL: ${shownAddress(repoURL)}`,
    why,
    fix: ['write it as https://host/path, ssh://git@host/path, git@host:path or file:///path/to/repository'],
  })
}
