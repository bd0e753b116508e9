// Lines of OpenSSH's known_hosts: for listing, adding and removing; whether a host is the right one OpenSSH itself decides.

/** One line that trusts a key. */
export interface KnownHost {
  /** Names and patterns, as written; a hashed name stays hashed. */
  readonly hosts: readonly string[]
  /** `@cert-authority`, `@revoked`, or null. */
  readonly marker: string | null
  /** `ssh-ed25519`. */
  readonly type: string
  /** The key in Base64. */
  readonly key: string
  /** The whole line. */
  readonly line: string
}

/** A line that cannot be read. */
export interface BadLine {
  readonly line: number
  readonly what: string
}

const KEY_TYPE =
  /^(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)(?:-cert-v\d+@openssh\.com)?$/

/** Reads a file; empty lines and comments are no lines of hosts. */
export function readKnownHosts(text: string): {
  readonly hosts: readonly KnownHost[]
  readonly bad: readonly BadLine[]
} {
  const hosts: KnownHost[] = []
  const bad: BadLine[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const words = line.split(/\s+/)
    const marker = words[0]?.startsWith('@') === true ? (words.shift() ?? null) : null
    const [names = '', type = '', key = ''] = words
    const what = problemOf(marker, type, key)
    if (what === null) hosts.push({ hosts: names.split(','), marker, type, key, line })
    else bad.push({ line: index + 1, what })
  }
  return { hosts, bad }
}

function problemOf(marker: string | null, type: string, key: string): string | null {
  if (marker !== null && marker !== '@cert-authority' && marker !== '@revoked') return `${marker} is no known marker`
  if (!KEY_TYPE.test(type)) return 'the second word is no type of key: a line is "host type key"'
  return /^[A-Za-z0-9+/]{40,}={0,2}$/.test(key) ? null : 'the third word is no key in Base64'
}
