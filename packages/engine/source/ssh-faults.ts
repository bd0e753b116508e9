// The faults of reaching a repository over SSH: each says what happened at which host, and what to do.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { kindOfBreak, whyBroken } from '../cluster/network-fault.ts'
import { FaultError, type FaultKind } from '../fault.ts'
import type { SshAddress } from './address.ts'
import { type HostKey, knownHostName, type SshObstacle } from './ssh-probe.ts'

/** What became of a connection. */
export type SshFailure =
  | Exclude<SshObstacle, { readonly kind: 'trusted' }>
  /** It was there and was closed before everything had come. */
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'no-key' }
  | { readonly kind: 'key-refused' }
  | { readonly kind: 'key-unusable' }

const WHAT = 'the repository cannot be read'

/** The fault for a connection that did not come about. */
export function sshFault(address: SshAddress, { origin }: RepositoryAccess, failure: SshFailure): FaultError {
  const at = knownHostName(address)
  const fault = (kind: FaultKind, why: string, ...fix: readonly string[]) =>
    new FaultError({ kind, what: WHAT, where: `repoURL: ${address.repoURL}`, why, fix })
  switch (failure.kind) {
    case 'unreachable':
      return fault(
        kindOfBreak(failure.error),
        `${at}: ${whyBroken(failure.error)}`,
        `check that ${at} is the right host and can be reached from here`,
      )
    case 'silent':
      return fault(
        'unreachable',
        `${at} accepts connections, but shows no SSH host key`,
        `check the port: does SSH listen at ${at}?`,
      )
    case 'behind-proxy':
      return fault(
        'unreachable',
        `no SSH host answers as ${at} through the proxy of ${origin}`,
        'check the address, user and password of the proxy, and that it lets connections to this port through',
        `or except the host: noProxy: ${address.host}`,
      )
    case 'unknown-host':
      return fault(
        'unauthorized',
        `nobody has said yet which key ${at} has; it shows ${shown(failure.keys)}`,
        ...trust(address),
      )
    case 'changed-host-key':
      return fault(
        'unauthorized',
        `${at} shows other keys (${shown(failure.keys)}) than the ones that are trusted (${shown(failure.known)}): it was set up anew, or somebody is in between`,
        `ask the owner of ${at} whether its key changed; if it did, take the old one away: mainstay cert rm ${address.host} --cert-type ssh`,
        ...trust(address),
      )
    case 'cut-off':
      return fault(
        'unreachable',
        `${at} closed the connection before the answer was whole`,
        'try again',
        `look into the log of ${at}`,
      )
    case 'no-key':
      return fault('unauthorized', `${at} wants a key, and there is none: ${origin}`, add(address))
    case 'key-refused':
      return fault(
        'unauthorized',
        `${at} does not take this key of ${address.user}: ${origin}`,
        `let the key's public half read the repository (a deploy key)`,
        `or write another one: ${add(address)}`,
      )
    case 'key-unusable':
      return fault(
        'invalid-input',
        `the private key cannot be read: it is damaged, or encrypted and the passphrase is missing: ${origin}`,
        `write it again: ${add(address)}`,
      )
  }
}

/** The host is right and we are let in, but the program there did not serve the repository. */
export function sshRefused(address: SshAddress, { origin }: RepositoryAccess, said: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: 'the repository does not exist, or is hidden from us',
    where: `repoURL: ${address.repoURL}`,
    why: `${address.host} let us in (${origin}) and said: ${said === '' ? 'nothing' : said}`,
    fix: [
      'check the path in repoURL',
      'let the key read the repository: each key of a host may see other repositories',
    ],
  })
}

/** No answer in time. */
export function sshTimeout(address: SshAddress, ms: number): FaultError {
  return new FaultError({
    kind: 'timeout',
    what: WHAT,
    where: `repoURL: ${address.repoURL}`,
    why: `${knownHostName(address)} gave no complete answer within ${ms / 1000} s`,
    fix: ['try again', `check that ${knownHostName(address)} can be reached from here`],
  })
}

/** A machine without OpenSSH's client. */
export function sshMissing(error: Error): FaultError {
  const fix = ['install the OpenSSH client so that `ssh -V` works', 'or use the HTTPS URL of the repository']
  return new FaultError(
    { kind: 'tool-missing', what: 'ssh could not be started', why: error.message, fix },
    { cause: error },
  )
}

function shown(keys: readonly HostKey[]): string {
  return keys.map(({ type, fingerprint }) => `${type} ${fingerprint}`).join(', ')
}

function trust({ host, port }: SshAddress): readonly string[] {
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`
  return [
    'compare the fingerprint with what the owner of the host publishes',
    `if it is the same, trust the key: ${scan} | mainstay cert add-ssh --batch`,
  ]
}

function add({ repoURL }: SshAddress): string {
  return `mainstay repo add ${repoURL} --upsert --ssh-private-key-path <file>`
}
