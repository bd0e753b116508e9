// The host keys that an SSH server shows, so that a person can compare them. Nothing is trusted by looking.
import { type KnownHost, readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import { FaultError } from '../fault.ts'
import { runProcess } from '../process/run.ts'

/** An SSH server. */
export interface SshPlace {
  readonly host: string
  readonly port: number
}

const TIMEOUT_S = 10
const OUTPUT_BYTES = 256 * 1024

/**
 * The public keys that a server shows, as lines of `known_hosts`.
 * @throws FaultError `unreachable` where it shows none, `tool-missing`, `timeout`, `cancelled`
 */
export async function shownHostKeys({ host, port }: SshPlace, signal?: AbortSignal): Promise<readonly KnownHost[]> {
  // Whatever begins with "-" would be an option.
  if (host.startsWith('-') || host === '') throw silent(host, port, 'invalid-input')
  const end = await runProcess({
    program: 'ssh-keyscan',
    args: ['-T', String(TIMEOUT_S), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', host],
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    timeoutMs: 3 * TIMEOUT_S * 1000,
    outputBytes: OUTPUT_BYTES,
    errorBytes: 0,
    ...(signal === undefined ? {} : { signal }),
  })
  switch (end.kind) {
    case 'ended': {
      const { hosts } = readKnownHosts(end.stdout.toString('utf8'))
      if (hosts.length > 0) return hosts
      throw silent(host, port, 'unreachable')
    }
    case 'cancelled':
      throw new FaultError({ kind: 'cancelled', what: 'asking for the host keys was cancelled' })
    case 'timeout':
      throw silent(host, port, 'timeout')
    case 'too-large':
      throw silent(host, port, 'too-large')
    case 'not-started':
      throw new FaultError(
        {
          kind: 'tool-missing',
          what: 'ssh-keyscan could not be started',
          why: end.error.message,
          fix: [
            'install the OpenSSH client',
            'or give the host key yourself: mainstay cert add-ssh --batch --from FILE',
          ],
        },
        { cause: end.error },
      )
  }
}

function silent(
  host: string,
  port: number,
  kind: 'invalid-input' | 'unreachable' | 'timeout' | 'too-large',
): FaultError {
  return new FaultError({
    kind,
    what: 'the host shows no SSH host key that could be read',
    where: `${host}:${port}`,
    fix: ['check the URL, and that the host can be reached from here: ssh-keyscan'],
  })
}
