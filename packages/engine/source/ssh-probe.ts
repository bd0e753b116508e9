// Why a connection over SSH did not come about: found out by what can be looked at, not by what OpenSSH says.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { runProcess } from '../process/run.ts'
import type { SshAddress } from './address.ts'

/** What stands in the way. */
export type SshObstacle =
  /** `error`: what connecting ended in. */
  | { readonly kind: 'unreachable'; readonly error: unknown }
  /** Something listens there, and gives no host key. */
  | { readonly kind: 'silent' }
  /** The proxy does not lead to a host that speaks SSH. */
  | { readonly kind: 'behind-proxy' }
  | { readonly kind: 'unknown-host'; readonly keys: readonly HostKey[] }
  | { readonly kind: 'changed-host-key'; readonly keys: readonly HostKey[]; readonly known: readonly HostKey[] }
  /** The host is the right one. */
  | { readonly kind: 'trusted' }

/** A public key of a host. */
export interface HostKey {
  readonly type: string
  /** As OpenSSH shows it: `SHA256:…`. */
  readonly fingerprint: string
}

interface Key extends HostKey {
  readonly base64: string
}

const OUTPUT_BYTES = 1024 * 1024

/** How long may be looked, and what stands in the way. */
export interface ProbeLimits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Lines of `known_hosts` that the host shows behind a proxy, nothing where it cannot be reached; null: no proxy. */
  readonly keys: () => Promise<string | null>
}

/** Looks at the host. `folder` holds the access's files (`ssh-config.ts`). */
export async function sshObstacle(
  address: SshAddress,
  { hostKeys }: RepositoryAccess,
  folder: string,
  limits: ProbeLimits,
): Promise<SshObstacle> {
  const behindProxy = await limits.keys()
  const error = behindProxy === null ? await connectionError(address, limits) : null
  if (error !== null) return { kind: 'unreachable', error }
  if (behindProxy === '') return { kind: 'behind-proxy' }
  if (hostKeys.kind === 'unchecked') return { kind: 'trusted' }
  const shown = behindProxy === null ? await scan(address, folder, limits) : keysIn(behindProxy)
  if (shown.length === 0) return { kind: 'silent' }
  const known = await knownKeys(address, folder, limits)
  const isKnown = shown.some((key) => known.some(({ base64 }) => base64 === key.base64))
  const isVouchedFor = known.some(({ type }) => type.startsWith('@'))
  if (isKnown || isVouchedFor) return { kind: 'trusted' }
  return known.length === 0 ? { kind: 'unknown-host', keys: shown } : { kind: 'changed-host-key', keys: shown, known }
}

/** The name of a host in `known_hosts`. */
export function knownHostName({ host, port }: Pick<SshAddress, 'host' | 'port'>): string {
  return port === 22 ? host : `[${host}]:${port}`
}

function connectionError(
  { host, port }: SshAddress,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    socket.setTimeout(timeoutMs, () => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
    })
    socket.once('error', (error) => resolve(error))
    socket.once('connect', () => {
      socket.destroy()
      resolve(null)
    })
  })
}

/** The keys that the host shows. */
async function scan(
  { host, port }: SshAddress,
  folder: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Key[]> {
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)))
  const args = ['-T', seconds, '-p', String(port), '-t', 'ed25519,ecdsa,rsa', host]
  return keysIn(await output('ssh-keyscan', args, folder, { timeoutMs: timeoutMs * 2, signal }))
}

/** The keys that are written down for the host, hashed names and patterns included. */
async function knownKeys(
  address: SshAddress,
  folder: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Key[]> {
  const args = ['-F', knownHostName(address), '-f', `${folder}/known_hosts`]
  return keysIn(await output('ssh-keygen', args, folder, limits))
}

async function output(
  program: string,
  args: readonly string[],
  folder: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' }
  const run = { program, args, cwd: folder, env, timeoutMs, outputBytes: OUTPUT_BYTES, errorBytes: 0, signal }
  const end = await runProcess(run)
  return end.kind === 'ended' ? end.stdout.toString('utf8') : ''
}

/** Keys in the form of `known_hosts`; a marker (`@cert-authority`, `@revoked`) becomes part of the type. */
function keysIn(text: string): readonly Key[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return []
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') ? `${words.shift()} ` : ''
    const [, type, base64] = words
    if (type === undefined || base64 === undefined || marker === '@revoked ') return []
    return [{ type: marker + type, base64, fingerprint: fingerprintOf(base64) }]
  })
}

function fingerprintOf(base64: string): string {
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
