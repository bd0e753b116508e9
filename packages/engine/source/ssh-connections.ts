// Connections over SSH that many questions share: one login for a host and key instead of one for each question.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { runProcess } from '../process/run.ts'
import type { SshAddress } from './address.ts'
import { ignoreMissing } from './files.ts'
import type { RunFolder } from './run-folder.ts'
import { socketName } from './ssh-config.ts'

/** Bytes that the path of a socket may have: the system's limit less what OpenSSH adds while it makes one. */
const MAX_PATH = 80
const END_MS = 5_000

/** The shared connections of one source. OpenSSH opens them when they are needed and ends them after a minute unused. */
export class SshConnections {
  readonly #files: RunFolder
  readonly #sockets = new Set<string>()

  constructor(files: RunFolder) {
    this.#files = files
  }

  /** Where the connection to a host with this access has its socket; null where sockets cannot be made. */
  async socketFor(address: SshAddress, access: RepositoryAccess): Promise<string | null> {
    // A shared connection is a process that belongs to nobody; as the first process we would have to bury it, and cannot.
    if (process.pid === 1) return null
    const path = join(await this.#files.path(), socketName(address, access))
    if (Buffer.byteLength(path) > MAX_PATH) return null
    this.#sockets.add(path)
    return path
  }

  /** Ends a connection, so that the next question makes a new one. */
  async end(socket: string): Promise<void> {
    if ((await lstat(socket).catch(ignoreMissing)) === undefined) return
    // The host's name is asked for by OpenSSH, and means nothing here.
    const args = ['-F', '/dev/null', '-o', `ControlPath=${socket.replaceAll('%', '%%')}`, '-O', 'exit', 'shared']
    const env = { PATH: process.env.PATH, HOME: await this.#files.path(), LC_ALL: 'C' }
    await runProcess({ program: 'ssh', args, cwd: '/', env, timeoutMs: END_MS, outputBytes: 4096, errorBytes: 0 })
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => this.end(socket)))
    this.#sockets.clear()
  }
}
