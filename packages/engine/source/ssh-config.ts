// OpenSSH's configuration for one repository: nothing of the user's, one key, known hosts only, no questions.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { SshAddress } from './address.ts'

/** Names of the files beside each other in a private folder. */
export const SSH_CONFIG = 'config'
const KEY = 'key'
const KNOWN_HOSTS = 'known_hosts'

/** How connections are made. */
export interface SshSettings {
  /** Seconds until a connection must be there. */
  readonly connectSeconds: number
  /** Where a connection that several commands share has its socket; null: each makes its own. */
  readonly socket: string | null
  /** True where a proxy stands between: then `sshEnvironment` must be that of the process. */
  readonly viaProxy: boolean
}

/** The files that OpenSSH needs, by name. The folder they will be in must be known: OpenSSH takes no relative paths. */
export function sshFiles(access: RepositoryAccess, folder: string, settings: SshSettings): Record<string, string> {
  const { auth, hostKeys } = access
  const key = auth.kind === 'ssh-key' ? auth.privateKey : null
  const unchecked = hostKeys.kind === 'unchecked'
  const lines = [
    'Host *',
    `IdentityFile ${key === null ? 'none' : quoted(`${folder}/${KEY}`)}`,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    'PreferredAuthentications publickey',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'BatchMode yes',
    `StrictHostKeyChecking ${unchecked ? 'no' : 'yes'}`,
    `UserKnownHostsFile ${unchecked ? '/dev/null' : quoted(`${folder}/${KNOWN_HOSTS}`)}`,
    'GlobalKnownHostsFile /dev/null',
    'UpdateHostKeys no',
    'CheckHostIP no',
    'CanonicalizeHostname no',
    'ForwardAgent no',
    'ForwardX11 no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'EscapeChar none',
    'SendEnv GIT_PROTOCOL',
    'LogLevel ERROR',
    // A constant: what differs comes from the environment, and the shell takes each as one word.
    ...(settings.viaProxy ? ['ProxyCommand "$MAINSTAY_NODE" "$MAINSTAY_SSH_TUNNEL" %h %p'] : []),
    `ConnectTimeout ${settings.connectSeconds}`,
    'ConnectionAttempts 1',
    'ServerAliveInterval 15',
    'ServerAliveCountMax 3',
    ...(settings.socket === null
      ? ['ControlMaster no', 'ControlPath none']
      : ['ControlMaster auto', `ControlPath ${quoted(settings.socket)}`, 'ControlPersist 60']),
  ]
  return {
    [SSH_CONFIG]: `${lines.join('\n')}\n`,
    [KNOWN_HOSTS]: hostKeys.kind === 'known' ? `${hostKeys.knownHosts.replaceAll('\r\n', '\n')}\n` : '',
    // OpenSSH takes no key without a line break at its end, nor one with those of Windows.
    ...(key === null ? {} : { [KEY]: `${key.replaceAll('\r\n', '\n').trimEnd()}\n` }),
  }
}

/** What the environment of OpenSSH must say to get through a proxy. Its URL may hold a password. */
export function sshEnvironment(proxy: string | null): Readonly<Record<string, string>> {
  if (proxy === null) return {}
  const program = fileURLToPath(new URL('./ssh-tunnel.ts', import.meta.url))
  return { MAINSTAY_NODE: process.execPath, MAINSTAY_SSH_TUNNEL: program, MAINSTAY_SSH_PROXY: proxy }
}

/** Name of the socket that all repositories of one host share which are reached with the same key and the same trust. */
export function socketName({ user, host, port }: SshAddress, access: RepositoryAccess): string {
  const { auth, hostKeys, noProxy, proxy } = access
  const parts = JSON.stringify([user, host, port, auth, hostKeys, proxy, noProxy])
  return createHash('sha256').update(parts).digest('hex').slice(0, 12)
}

/** A path as OpenSSH reads it: "%" would begin a token. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}
