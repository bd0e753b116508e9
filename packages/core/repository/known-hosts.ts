// Reads OpenSSH's `known_hosts` line by line: who is meant, which key, whether it was taken back.
import { decodeBase64, encodeUtf8 } from '../object/base64.ts'

/** `@revoked`: never this key. `@cert-authority`: keys that this one signed. */
export type KnownHostMarker = 'revoked' | 'cert-authority' | null

/** One line that says something. */
export interface KnownHost {
  readonly marker: KnownHostMarker
  /** Names and patterns as written, split at commas; one hashed name (`|1|salt|hash`) stays as it is. */
  readonly hosts: readonly string[]
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, … */
  readonly keyType: string
  /** The public key in base64. */
  readonly key: string
  readonly comment: string
  /** The line as it is kept. */
  readonly line: string
  /** From 1. */
  readonly number: number
}

/** A line that OpenSSH would pass over, and why. */
export interface UnreadableLine {
  readonly number: number
  readonly why: string
}

/** What the core may not compute itself. */
export interface HostHashes {
  /** SHA-256 of bytes in base64. */
  sha256(bytes: Uint8Array): string
  /** HMAC-SHA-1 in base64: names in hashed lines are hidden by it. */
  hmacSha1(key: Uint8Array, text: string): string
}

/** A whole file. Comments and empty lines say nothing. Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export function readKnownHosts(text: string): {
  readonly hosts: readonly KnownHost[]
  readonly unreadable: readonly UnreadableLine[]
} {
  const hosts: KnownHost[] = []
  const unreadable: UnreadableLine[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const read = readLine(line, index + 1)
    if (typeof read === 'string') unreadable.push({ number: index + 1, why: read })
    else hosts.push(read)
  }
  return { hosts, unreadable }
}

function readLine(line: string, number: number): KnownHost | string {
  const words = line.split(/[ \t]+/)
  const marked = words[0]?.startsWith('@') === true ? words.shift() : undefined
  const marker = markerOf(marked)
  if (marker === undefined) return `${marked} is no marker: @revoked and @cert-authority are`
  const [hosts = '', keyType = '', key = '', ...comment] = words
  if (key === '') return 'a line has a host, a type of key and a key'
  if (!/^[a-z][a-z0-9@.-]*$/.test(keyType)) return 'the type of the key cannot be read'
  const bytes = decodeBase64(key)
  if (bytes === null || !startsWithName(bytes, keyType)) return `the key is not a key of the type ${keyType}`
  return { marker, hosts: hosts.split(','), keyType, key, comment: comment.join(' '), line, number }
}

function markerOf(word: string | undefined): KnownHostMarker | undefined {
  switch (word) {
    case undefined:
      return null
    case '@revoked':
      return 'revoked'
    case '@cert-authority':
      return 'cert-authority'
    default:
      return undefined
  }
}

/** A public key begins with the name of its type (RFC 4253, section 6.6): a key that was cut or mixed up does not. */
function startsWithName(bytes: Uint8Array, name: string): boolean {
  const expected = encodeUtf8(name)
  const length = ((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
  if (length !== expected.length || bytes.length <= 4 + length) return false
  return expected.every((byte, index) => bytes[4 + index] === byte)
}

/** The fingerprint as OpenSSH shows it: `SHA256:…`. */
export function fingerprintOf({ key }: Pick<KnownHost, 'key'>, hashes: Pick<HostHashes, 'sha256'>): string {
  return `SHA256:${hashes.sha256(decodeBase64(key) ?? new Uint8Array()).replace(/=+$/, '')}`
}

/** The name by which a host is looked up: `host`, or `[host]:port` for another port than 22. */
export function knownHostName(host: string, port: number | null): string {
  return port === null || port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

/**
 * True where a line is about a host, by its name as `knownHostName` writes it: a name, a pattern with `*` and `?`, or a
 * hash of the name. A pattern with `!` that fits takes the host out of the line.
 */
export function isAbout({ hosts }: Pick<KnownHost, 'hosts'>, name: string, hashes: HostHashes): boolean {
  const positive = hosts.filter((each) => !each.startsWith('!'))
  const negative = hosts.filter((each) => each.startsWith('!')).map((each) => each.slice(1))
  if (negative.some((each) => fits(each, name, hashes))) return false
  return positive.some((each) => fits(each, name, hashes))
}

function fits(pattern: string, name: string, hashes: HostHashes): boolean {
  if (!pattern.startsWith('|')) return glob(pattern.toLowerCase(), name.toLowerCase())
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(pattern) ?? []
  const key = salt === undefined ? null : decodeBase64(salt)
  return key !== null && hashes.hmacSha1(key, name) === hash
}

/** `*` for any text, `?` for one character. Goes back to the last star only, so that no pattern takes long. */
function glob(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let index = 0
  while (index < text.length) {
    const wanted = pattern.charAt(at)
    if (wanted === '*') {
      star = at++
      resume = index
    } else if (at < pattern.length && (wanted === '?' || wanted === text.charAt(index))) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++resume
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}
