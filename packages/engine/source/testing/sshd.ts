// OpenSSH's own server for tests, where it is on this machine: one process a connection, as the user who runs the tests.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { type KeyPair, newKey } from './keys.ts'
import type { TestRepository } from './repository.ts'

/** A running server. */
export interface Sshd {
  /** Its line of `known_hosts`. */
  readonly knownHosts: string
  /** The URL of a repository on this machine. */
  urlOf(repository: Pick<TestRepository, 'path'>): string
  close(): Promise<void>
}

/** Where sshd is, or why it cannot be used. */
export function findSshd(): { readonly path: string } | { readonly missing: string } {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const path = folders.map((folder) => join(folder, 'sshd')).find((one) => one.startsWith('/') && existsSync(one))
  if (path === undefined) return { missing: 'sshd is not on this machine (package openssh-server)' }
  const setup = prepare(newKey().public)
  // What it needs beside itself (a user, a folder in /run for root) is seen only when it is tried.
  const { status, stderr } = spawnSync(path, ['-t', '-f', setup.config], { encoding: 'utf8' })
  setup.remove()
  return status === 0 ? { path } : { missing: `sshd cannot run here: ${stderr.trim().split('\n', 1)[0]}` }
}

/** Starts it on a free port of the loopback address. */
export async function startSshd(path: string, letIn: KeyPair): Promise<Sshd> {
  const setup = prepare(letIn.public)
  const children = new Set<ChildProcess>()
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn(path, ['-i', '-f', setup.config], { stdio: [socket, socket, 'ignore'] })
    children.add(child)
    child.once('exit', () => children.delete(child))
    // The child has the connection now.
    child.once('spawn', () => socket.destroy())
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  return {
    knownHosts: `[127.0.0.1]:${port} ${setup.hostKey.public}`,
    urlOf: ({ path: folder }) => `ssh://${userInfo().username}@127.0.0.1:${port}${folder}`,
    async close() {
      await new Promise((resolve) => server.close(resolve))
      for (const child of children) child.kill('SIGTERM')
      setup.remove()
    },
  }
}

function prepare(letIn: string): { readonly config: string; readonly hostKey: KeyPair; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-sshd-'))
  const hostKey = newKey()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('host_key'), hostKey.private, { mode: 0o600 })
  writeFileSync(at('authorized_keys'), `${letIn}\n`, { mode: 0o600 })
  const lines = [
    `HostKey ${at('host_key')}`,
    `AuthorizedKeysFile ${at('authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AcceptEnv GIT_PROTOCOL',
    'SetEnv GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=uploadpack.allowFilter GIT_CONFIG_VALUE_0=true',
    'LogLevel QUIET',
  ]
  writeFileSync(at('config'), `${lines.join('\n')}\n`)
  chmodSync(folder, 0o700)
  return { config: at('config'), hostKey, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
