// A real HTTP server that answers as a test stages it: refusals, resets, half-sent lines, silence.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { anonymous, type ClusterConfig, type CredentialSource, fixedCredential } from '../config.ts'
import { type TestAuthority, testAuthority } from './certificates.ts'

/** What came in. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly httpVersion: string
  /** Common name of the client's certificate; null where it showed none. */
  readonly client: string | null
}

/** What goes out. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly text?: string | Buffer
  /** Sent piece by piece; the answer ends with it. */
  readonly chunks?: AsyncIterable<string | Buffer>
  /** The connection is torn down: before the answer, or after `text` or `chunks`. */
  readonly reset?: boolean
  /** No answer at all, until the client goes away. */
  readonly silent?: boolean
}

/** A running server. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string
  /** Everything that came in, in order. */
  readonly seen: readonly Seen[]
  /** PEM of the authority that signed the server's certificate; null without TLS. */
  readonly ca: string | null
  /** Connections accepted so far. */
  readonly connections: () => number
  close(): Promise<void>
}

/** How to serve. */
export interface FakeOptions {
  /** TLS with HTTP/2 (and HTTP/1.1 where the client prefers it). */
  readonly tls?: TestAuthority
  /** More names for the server's certificate. */
  readonly names?: readonly string[]
}

/** Starts a server on a free port of the loopback address. */
export async function fakeServer(
  answer: (seen: Seen) => Reply | Promise<Reply>,
  options: FakeOptions = {},
): Promise<FakeServer> {
  const seen: Seen[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const handle = async (request: Request, response: Response): Promise<void> => {
    const one = await readRequest(request)
    seen.push(one)
    await send(await answer(one), response)
  }
  // A client that goes away in the middle is what many tests are about.
  const listener = (request: Request, response: Response) => void handle(request, response).catch(() => undefined)
  const server = serverFor(options, listener)
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a string.
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    ca: options.tls?.ca ?? null,
    connections: () => connections,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The configuration of a client for a server. */
export function configFor(
  server: Pick<FakeServer, 'url' | 'ca'>,
  more: Partial<ClusterConfig> & { readonly credentials?: CredentialSource } = {},
): ClusterConfig {
  return {
    name: 'fake',
    server: server.url,
    trust: { ca: server.ca, serverName: null, insecure: false },
    proxy: null,
    credentials: fixedCredential(anonymous),
    impersonate: null,
    namespace: 'default',
    disableCompression: true,
    ...more,
  }
}

/** A Status object, as the API server refuses with. */
export function statusReply(code: number, reason: string, more: Record<string, unknown> = {}, headers = {}): Reply {
  const json = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message: `${reason} it is`,
    ...more,
  }
  return { status: code, json, headers }
}

/** Waits, without sleeping, until a condition holds; fails after 10 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`did not happen within 10 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

type Request = IncomingMessage | Http2ServerRequest
type Response = ServerResponse | Http2ServerResponse

function serverFor(options: FakeOptions, listener: (request: Request, response: Response) => void) {
  if (options.tls === undefined) return createServer(listener)
  const { cert, key } = options.tls.issue('server', options.names ?? [])
  return createSecureServer(
    { cert, key, ca: options.tls.ca, allowHTTP1: true, requestCert: true, rejectUnauthorized: false },
    listener,
  )
}

async function readRequest(request: Request): Promise<Seen> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = new URL(request.url ?? '/', 'http://host')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    httpVersion: request.httpVersion,
    client: clientOf(request),
  }
}

function clientOf({ socket }: Request): string | null {
  if (!(socket instanceof TLSSocket)) return null
  const { subject } = socket.getPeerCertificate()
  // Without a certificate Node gives an empty object.
  return (subject as { readonly CN?: string } | undefined)?.CN ?? null
}

async function send(reply: Reply, response: Response): Promise<void> {
  if (reply.silent === true) return
  const tear = () => {
    if (response instanceof Http2ServerResponse) response.stream.destroy()
    else response.socket?.destroy()
  }
  if (reply.reset === true && reply.text === undefined && reply.chunks === undefined) return void tear()
  const body = reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json)
  const headers = { 'content-type': 'application/json', ...reply.headers }
  if (response instanceof Http2ServerResponse) response.writeHead(reply.status ?? 200, headers)
  else response.writeHead(reply.status ?? 200, headers)
  if (reply.chunks === undefined) {
    if (reply.reset === true) return void writeSome(response, body).then(tear)
    response.end(body)
    return
  }
  if (!(response instanceof Http2ServerResponse)) response.flushHeaders()
  for await (const chunk of reply.chunks) await writeSome(response, chunk)
  if (reply.reset === true) tear()
  else response.end()
}

function writeSome(response: Response, chunk: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve())
    if (response instanceof Http2ServerResponse) response.write(chunk, 'utf8', done)
    else response.write(chunk, done)
  })
}

/** An authority shared by the tests of one file. */
export { testAuthority }
