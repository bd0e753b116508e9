// A Git server over HTTPS for tests: Node in front, Git's own `http-backend` behind, and what can go wrong on demand.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Authority, createAuthority, type Identity, issue } from '../../tls/x509.ts'
import type { TestRepository } from './repository.ts'

/** What a server does with a request in place of serving it; null: it serves it. */
export type Answer =
  | { readonly kind: 'status'; readonly code: number }
  | { readonly kind: 'page'; readonly html: string }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Nothing is answered, ever. */
  | { readonly kind: 'hang' }
  /** So many bytes of the true answer, then the connection is closed. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The true answer, in small pieces with a pause of so many milliseconds between them. */
  | { readonly kind: 'slow'; readonly pauseMs: number }
  | null

/** A request as it came. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  /** Who asks: `git/…` or `mainstay`. */
  readonly agent: string
}

/** How a server is set up. */
export interface GitServerOptions {
  /** Value of the Authorization header that is taken; null: everybody is let in. */
  readonly authorization?: string | null
  /** Its certificate; by default one for 127.0.0.1 and localhost from an authority of its own. */
  readonly identity?: (authority: Authority) => Identity
  /** False: over plain HTTP. */
  readonly encrypted?: boolean
  /** Certificates of this authority are asked of clients. */
  readonly clients?: Authority
  /** Git's protocol: 0 for a server that knows only the old one. */
  readonly protocol?: 0 | 2
}

/** A running server. */
export interface GitServer {
  readonly origin: string
  /** PEM of the authority that its certificate is from. */
  readonly ca: string
  readonly asked: readonly Asked[]
  /** Requests that are not answered yet. */
  inFlight(): number
  /** The URL of a repository on this machine. */
  urlOf(repository: Pick<TestRepository, 'path'>): string
  /** From now on requests are judged by this first. */
  answer(judge: (asked: Asked) => Answer): void
  close(): Promise<void>
}

/** Starts a server for every repository of this machine, on a free port of the loopback address. */
export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const authority = createAuthority(`Mainstay test ${randomUUID()}`)
  const identity =
    options.identity?.(authority) ??
    issue(authority, { commonName: 'git', use: 'server', names: ['127.0.0.1', 'localhost'] })
  const asked: Asked[] = []
  const backends = new Set<ChildProcess>()
  let closed: Promise<void> | null = null
  let inFlight = 0
  let judge: (one: Asked) => Answer = () => null
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { authorization = null } = request.headers
    const agent = request.headers['user-agent'] ?? ''
    const one = { method: request.method ?? '', path: request.url ?? '', authorization, agent }
    asked.push(one)
    inFlight++
    response.once('close', () => inFlight--)
    const wanted = options.authorization ?? null
    const answer = judge(one) ?? (wanted !== null && authorization !== wanted ? { kind: 'status', code: 401 } : null)
    reply(request, response, answer, { protocol: options.protocol ?? 2, backends })
  }
  const encrypted = options.encrypted ?? true
  const mutual = options.clients === undefined ? {} : { requestCert: true, ca: [options.clients.certificate] }
  const server = encrypted
    ? createServer({ cert: identity.certificate, key: identity.key, ...mutual }, listener)
    : createPlainServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  const origin = `${encrypted ? 'https' : 'http'}://127.0.0.1:${port}`
  return {
    origin,
    ca: authority.certificate,
    asked,
    inFlight: () => inFlight,
    urlOf: ({ path }) => `${origin}${path}`,
    answer: (next) => {
      judge = next
    },
    close() {
      closed ??= new Promise<void>((resolve) => {
        for (const child of backends) child.kill('SIGKILL')
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}

interface Backend {
  readonly protocol: 0 | 2
  readonly backends: Set<ChildProcess>
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer, backend: Backend): void {
  switch (answer?.kind) {
    case 'status':
      response.writeHead(answer.code, answer.code === 401 ? { 'www-authenticate': 'Basic realm="git"' } : {}).end()
      return
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end(answer.html)
      return
    case 'redirect':
      response.writeHead(301, { location: answer.to }).end()
      return
    case 'hang':
      return
    default:
      serve(request, response, answer ?? null, backend)
  }
}

let backendPath: string | null = null

/** Git's CGI program itself: started as `git http-backend` it would be a process more for every request. */
function httpBackend(): string {
  backendPath ??= join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  return backendPath
}

/** Runs Git's CGI program: its headers, an empty line, its body. */
function serve(request: IncomingMessage, response: ServerResponse, answer: Answer, backend: Backend): void {
  const url = new URL(request.url ?? '', 'http://server')
  const protocol = request.headers['git-protocol']
  const child = spawn(httpBackend(), [], {
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'uploadpack.allowFilter',
      GIT_CONFIG_VALUE_1: 'true',
      GIT_CONFIG_KEY_2: 'uploadpack.allowAnySHA1InWant',
      GIT_CONFIG_VALUE_2: String(backend.protocol === 0),
      GIT_PROJECT_ROOT: '/',
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      ...(typeof protocol === 'string' && backend.protocol === 2 ? { GIT_PROTOCOL: protocol } : {}),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  backend.backends.add(child)
  child.once('close', () => backend.backends.delete(child))
  child.stdin.on('error', () => {})
  request.pipe(child.stdin)
  pass(child.stdout, response, answer).catch(() => response.destroy())
}

async function pass(from: AsyncIterable<Buffer>, response: ServerResponse, answer: Answer): Promise<void> {
  let head: Buffer | null = Buffer.alloc(0)
  let sent = 0
  for await (const chunk of from) {
    let body = chunk
    if (head !== null) {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) continue
      writeHead(response, head.toString('latin1', 0, end))
      body = head.subarray(end + 4)
      head = null
    }
    if (answer?.kind === 'cut' && sent + body.length > answer.bytes) {
      response.write(body.subarray(0, Math.max(0, answer.bytes - sent)), () => response.destroy())
      return
    }
    sent += body.length
    if (answer?.kind === 'slow') await slowly(body, response, answer.pauseMs)
    else response.write(body)
  }
  response.end()
}

async function slowly(body: Buffer, response: ServerResponse, pauseMs: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 16_384) {
    response.write(body.subarray(at, at + 16_384))
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200
  for (const line of head.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2)
    if (name.toLowerCase() === 'status') status = Number(value.split(' ')[0])
    else response.setHeader(name, value)
  }
  response.writeHead(status)
}

/** Value of the Authorization header for a user and password. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
