// A Git server over SSH for tests, in process, on a free port: it lets in the keys it knows and runs git-upload-pack.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import { type KeyPair, newKey } from './keys.ts'
import type { TestRepository } from './repository.ts'

/** What a server does with a session in place of serving it; null: it serves it. */
export type SshAnswer =
  /** Nothing is answered, ever. */
  | { readonly kind: 'hang' }
  /** So many bytes of the true answer, then the connection is closed. */
  | { readonly kind: 'cut'; readonly bytes: number }
  | { readonly kind: 'exit'; readonly code: number; readonly stderr: string }
  | null

/** A running server. */
export interface SshServer {
  readonly port: number
  /** The key it shows, as OpenSSH shows it. */
  readonly fingerprint: string
  /** Its line of `known_hosts`. */
  readonly knownHosts: string
  /** Logins so far. */
  logins(): number
  /** The URL of a repository on this machine. */
  urlOf(repository: Pick<TestRepository, 'path'>): string
  /** From now on sessions are judged by this first; it is given the command. */
  answer(judge: (command: string) => SshAnswer): void
  close(): Promise<void>
}

/** How a server is set up. */
export interface SshServerOptions {
  /** Public keys that are let in. */
  readonly letIn: readonly string[]
  /** Port to listen on; 0 for a free one. */
  readonly port?: number
  readonly hostKey?: KeyPair
}

/** Starts a server for every repository of this machine on the loopback address. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const hostKey = options.hostKey ?? newKey()
  const letIn = options.letIn.map(blobOf)
  const connections = new Set<Connection>()
  const children = new Set<ChildProcess>()
  let closed: Promise<void> | null = null
  let logins = 0
  let judge: (command: string) => SshAnswer = () => null
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    connections.add(client)
    client.on('error', () => {})
    client.on('close', () => connections.delete(client))
    client.on('authentication', (login) => {
      const isKnown = login.method === 'publickey' && letIn.some((blob) => blob.equals(login.key.data))
      if (isKnown) login.accept()
      else login.reject(['publickey'])
    })
    client.on('ready', () => {
      logins++
      client.on('session', (accept) => {
        const environment: Record<string, string> = {}
        const session = accept()
        session.on('env', (acceptEnv, _, { key, val }) => {
          environment[key] = val
          acceptEnv?.()
        })
        session.on('exec', (acceptExec, _, { command }) => {
          serve({ channel: acceptExec(), client, command, environment, children, answer: judge(command) })
        })
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  const [type = '', blob = ''] = hostKey.public.split(' ')
  return {
    port,
    fingerprint: `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`,
    knownHosts: `[127.0.0.1]:${port} ${type} ${blob}`,
    logins: () => logins,
    urlOf: ({ path }) => `ssh://git@127.0.0.1:${port}${path}`,
    answer: (next) => {
      judge = next
    },
    close() {
      closed ??= new Promise<void>((resolve) => {
        for (const child of children) child.kill('SIGKILL')
        for (const client of connections) client.end()
        server.close(() => resolve())
      })
      return closed
    },
  }
}

function blobOf(publicKey: string): Buffer {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
}

interface Session {
  readonly channel: ServerChannel
  readonly client: Connection
  readonly command: string
  readonly environment: Readonly<Record<string, string>>
  readonly children: Set<ChildProcess>
  readonly answer: SshAnswer
}

function serve({ channel, client, command, environment, children, answer }: Session): void {
  if (answer?.kind === 'hang') return
  const [, path] = /^git-upload-pack '(.*)'$/.exec(command) ?? []
  if (answer?.kind === 'exit' || path === undefined) {
    channel.stderr.write(answer?.kind === 'exit' ? answer.stderr : 'this is no command for you\n')
    channel.exit(answer?.kind === 'exit' ? answer.code : 128)
    channel.end()
    return
  }
  const child = spawn('git', ['upload-pack', path.replaceAll("'\\''", "'").replaceAll("'\\!'", '!')], {
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'uploadpack.allowFilter',
      GIT_CONFIG_VALUE_1: 'true',
      ...(environment.GIT_PROTOCOL === undefined ? {} : { GIT_PROTOCOL: environment.GIT_PROTOCOL }),
    },
  })
  children.add(child)
  child.stdin.on('error', () => {})
  channel.on('error', () => {})
  channel.pipe(child.stdin)
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk))
  let sent = 0
  child.stdout.on('data', (chunk: Buffer) => {
    if (answer?.kind === 'cut' && sent + chunk.length > answer.bytes) {
      channel.write(chunk.subarray(0, Math.max(0, answer.bytes - sent)), () => client.end())
      child.kill('SIGKILL')
      return
    }
    sent += chunk.length
    channel.write(chunk)
  })
  child.on('close', (code) => {
    children.delete(child)
    channel.exit(code ?? 1)
    channel.end()
  })
}
