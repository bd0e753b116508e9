// Repositories over SSH: OpenSSH connects, we speak Git's protocol through it, Git fetches through the same connection.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { checkedProxy, goesDirectly } from '../cluster/proxy.ts'
import { type ProcessEnd, runProcess } from '../process/run.ts'
import type { SshAddress } from './address.ts'
import { type RefScope, readAdvertisement, readRefs, refsQuestion } from './advertisement.ts'
import { strangeAnswer } from './faults.ts'
import { ignoreMissing } from './files.ts'
import { cancelled, firstLine, type GitCommand, type Way } from './git.ts'
import type { RemoteRef } from './parse.ts'
import { FLUSH, PacketError, packets } from './pkt-line.ts'
import type { Transport } from './remote.ts'
import type { RunFolder } from './run-folder.ts'
import { SSH_CONFIG, sshEnvironment, sshFiles } from './ssh-config.ts'
import type { SshConnections } from './ssh-connections.ts'
import { sshFault, sshMissing, sshRefused, sshTimeout } from './ssh-faults.ts'
import { sshObstacle } from './ssh-probe.ts'

/** What a transport over SSH needs. */
export interface SshTransportOptions {
  readonly access: RepositoryAccess
  readonly files: RunFolder
  readonly connections: SshConnections
  /** Milliseconds for one question. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly observe: ((command: GitCommand) => void) | undefined
}

const MAX_REFS = 128 * 1024 * 1024
const STDERR_BYTES = 4096
const CONNECT_SECONDS = 15
/** OpenSSH ends with this code where it failed itself; any other is that of the program over there. */
const OWN_FAILURE = 255

interface Talk {
  readonly folder: string
  readonly objectFormat: string
  readonly scope: RefScope
}

/** Reaches one repository over SSH. */
export class SshTransport implements Transport {
  readonly #address: SshAddress
  readonly #options: SshTransportOptions
  readonly #proxy: string | null
  #objectFormat = 'sha1'

  /** @throws FaultError `invalid-input` where the proxy is not one */
  constructor(address: SshAddress, options: SshTransportOptions) {
    this.#address = address
    this.#options = options
    this.#proxy = proxyFor(address, options.access)
  }

  refs(scope: RefScope): Promise<readonly RemoteRef[]> {
    return this.#withFiles(async (folder) => {
      const started = performance.now()
      let code: number | null = null
      try {
        const refs = await this.#refs({ folder, objectFormat: this.#objectFormat, scope })
        code = 0
        return refs
      } finally {
        const args = ['ls-remote', '--', this.#address.url]
        this.#options.observe?.({ args, milliseconds: performance.now() - started, code })
      }
    })
  }

  reach<T>(work: (way: Way) => Promise<T>): Promise<T> {
    return this.#withFiles((folder) =>
      work({
        url: this.#address.url,
        protocol: 'ssh',
        config: [],
        // A constant: what differs comes from the environment, and the shell takes it as one word.
        env: {
          GIT_SSH_COMMAND: 'exec ssh -F "$MAINSTAY_SSH_CONFIG"',
          GIT_SSH_VARIANT: 'ssh',
          MAINSTAY_SSH_CONFIG: join(folder, SSH_CONFIG),
          ...sshEnvironment(this.#proxy),
        },
        isSecret: this.#proxy !== null,
      }),
    )
  }

  async #withFiles<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const { access, connections, files, timeoutMs } = this.#options
    // The program that leads through a proxy ends with the command that it was started for.
    const socket = this.#proxy === null ? await connections.socketFor(this.#address, access) : null
    const connectSeconds = Math.max(1, Math.min(CONNECT_SECONDS, Math.ceil(timeoutMs / 1000)))
    const viaProxy = this.#proxy !== null
    return files.withFiles((folder) => sshFiles(access, folder, { connectSeconds, socket, viaProxy }), work)
  }

  async #refs(talk: Talk): Promise<readonly RemoteRef[]> {
    // The answer to the question does not depend on what the server says first, so both go in one breath.
    const end = await this.#ssh(talk.folder, [], this.#command(), refsQuestion(talk.objectFormat, talk.scope) + FLUSH)
    if (end.kind !== 'ended') throw await this.#unfinished(end)
    try {
      const stream = packets([end.stdout], MAX_REFS)
      const advertised = await readAdvertisement(stream)
      // In the old protocol the question is none, and what the server ends with says nothing.
      if (advertised.kind === 'refs') return advertised.refs
      if (advertised.objectFormat !== talk.objectFormat) {
        this.#objectFormat = advertised.objectFormat
        return await this.#refs({ ...talk, objectFormat: advertised.objectFormat })
      }
      return await readRefs(stream)
    } catch (error) {
      if (!(error instanceof PacketError)) throw error
      throw await this.#refused(talk.folder, end, error)
    }
  }

  /** What the server is to run. Its shell reads this, as Git's own clients rely on. */
  #command(): string {
    return `git-upload-pack '${this.#address.path.replaceAll(/['!]/g, "'\\$&'")}'`
  }

  #ssh(folder: string, options: readonly string[], command: string | null, stdin: string): Promise<ProcessEnd> {
    const { signal, timeoutMs } = this.#options
    const { user, host, port } = this.#address
    const target = ['-p', String(port), '--', `${user}@${host}`]
    const config = ['-F', join(folder, SSH_CONFIG)]
    return runProcess({
      program: 'ssh',
      args: [...config, ...options, ...target, ...(command === null ? [] : [command])],
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LC_ALL: 'C',
        GIT_PROTOCOL: 'version=2',
        ...sshEnvironment(this.#proxy),
      },
      stdin,
      timeoutMs,
      outputBytes: MAX_REFS,
      errorBytes: STDERR_BYTES,
      signal,
    })
  }

  async #unfinished(end: Exclude<ProcessEnd, { kind: 'ended' }>) {
    const { access, connections, timeoutMs } = this.#options
    switch (end.kind) {
      case 'cancelled':
        return cancelled()
      case 'not-started':
        return sshMissing(end.error)
      case 'too-large':
        return strangeAnswer(this.#address, `the list of refs has more than ${MAX_REFS} bytes`)
      case 'timeout': {
        const socket = await connections.socketFor(this.#address, access)
        // A connection that hangs would make everybody hang who shares it.
        if (socket !== null) await connections.end(socket)
        return sshTimeout(this.#address, timeoutMs)
      }
    }
  }

  /** No whole answer came: the server's program refused, or there was no connection. */
  async #refused(folder: string, end: Extract<ProcessEnd, { kind: 'ended' }>, error: PacketError) {
    const { access, signal, timeoutMs } = this.#options
    if (end.code !== OWN_FAILURE) {
      const said = end.stdout.length > 0 ? error.message : firstLine(end.stderr)
      return end.code === 0 ? strangeAnswer(this.#address, error.message) : sshRefused(this.#address, access, said)
    }
    if (end.stdout.length > 0) return sshFault(this.#address, access, { kind: 'cut-off' })
    const limits = { signal, timeoutMs: Math.min(timeoutMs, CONNECT_SECONDS * 1000) }
    const obstacle = await sshObstacle(this.#address, access, folder, {
      ...limits,
      keys: () => this.#keysThroughProxy(folder),
    })
    if (signal.aborted) return cancelled()
    if (obstacle.kind !== 'trusted') return sshFault(this.#address, access, obstacle)
    if (await this.#logsIn(folder)) return sshFault(this.#address, access, { kind: 'cut-off' })
    if (access.auth.kind !== 'ssh-key') return sshFault(this.#address, access, { kind: 'no-key' })
    const isUsable = await this.#keyIsUsable(folder)
    return sshFault(this.#address, access, { kind: isUsable ? 'key-refused' : 'key-unusable' })
  }

  /** Whether the server takes our key at all: a connection that runs nothing. */
  async #logsIn(folder: string): Promise<boolean> {
    const socket = join(folder, 's')
    const own = ['-o', `ControlPath=${socket}`, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=no', '-f', '-N']
    const end = await this.#ssh(folder, own, null, '')
    await this.#options.connections.end(socket)
    return end.kind === 'ended' && end.code === 0
  }

  /** The key that the host shows behind the proxy, as OpenSSH writes it down; null where there is no proxy. */
  async #keysThroughProxy(folder: string): Promise<string | null> {
    if (this.#proxy === null) return null
    const seen = join(folder, 'seen')
    const trusting = ['-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile=${seen}`]
    const alone = ['-o', 'PreferredAuthentications=none', '-o', 'ControlMaster=no', '-o', 'ControlPath=none']
    await this.#ssh(folder, [...trusting, ...alone], 'true', '')
    return (await readFile(seen, 'utf8').catch(ignoreMissing)) ?? ''
  }

  /** Whether OpenSSH can read our key without a passphrase. */
  async #keyIsUsable(folder: string): Promise<boolean> {
    const { signal, timeoutMs } = this.#options
    const args = ['-y', '-P', '', '-f', join(folder, 'key')]
    const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' }
    const limits = { timeoutMs, outputBytes: MAX_REFS, errorBytes: 0, signal }
    const end = await runProcess({ program: 'ssh-keygen', args, cwd: folder, env, ...limits })
    return end.kind === 'ended' && end.code === 0
  }
}

/** The proxy that is written for the repository; those of the environment are for HTTP. */
function proxyFor({ host, port }: SshAddress, { noProxy, origin, proxy }: RepositoryAccess): string | null {
  if (proxy === null) return null
  const shown = host.includes(':') ? `[${host}]` : host
  if (goesDirectly(new URL(`ssh://${shown}:${port}`), noProxy ?? '')) return null
  return checkedProxy(proxy, `proxy in ${origin}`)
}
