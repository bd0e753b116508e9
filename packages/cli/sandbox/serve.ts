// Serves a fetch handler over HTTPS on this machine: the sandbox as kubectl and other clients reach it.
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Identity } from '@mainstay/engine/tls/x509.ts'
import type { Peer } from '@mainstay/sandbox/access/authenticate.ts'
import { NOBODY } from '@mainstay/sandbox/access/gate.ts'
import { ConnectionBroken } from '@mainstay/sandbox/faults/effect.ts'

/** What answers requests; `peer` is whom a client certificate names. */
export type FetchHandler = (request: Request, peer: Peer) => Promise<Response>

/** A running server. */
export interface Served {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string
  /** Ends open watches and stops listening. */
  readonly close: () => Promise<void>
}

/** What to serve, and where. */
export interface ServeOptions {
  readonly handler: FetchHandler
  readonly identity: Identity
  /** 0: any free port. */
  readonly port: number
  /** Requests without this bearer token are answered 401; null: the handler asks by itself who they are. */
  readonly token: string | null
  /** Certificate (PEM) of whoever signs clients' certificates; absent: nobody is asked for one. */
  readonly clientAuthority?: string
}

/** Largest body of a request, in bytes: as the API server's own limit. */
const MAX_BODY = 3 * 1024 * 1024

/** Listens on the loopback address. HTTP/2 and HTTP/1.1, as a client asks. */
export async function serve(options: ServeOptions): Promise<Served> {
  const sessions = new Set<{ destroy(): void }>()
  const server = createSecureServer(
    {
      allowHTTP1: true,
      cert: options.identity.certificate,
      key: options.identity.key,
      // Who shows none may have a token.
      ...(options.clientAuthority === undefined
        ? {}
        : { requestCert: true, rejectUnauthorized: false, ca: options.clientAuthority }),
    },
    (request, response) => {
      answer(request, response, options).catch((error: unknown) => fail(request, response, error))
    },
  )
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.on('secureConnection', (socket) => {
    sessions.add(socket)
    socket.on('close', () => sessions.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo // A TCP server that listens has an address.
  return {
    url: `https://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}

async function answer(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { handler, token }: ServeOptions,
): Promise<void> {
  const known = token === null || request.headers.authorization === `Bearer ${token}`
  if (!known) return refuse(response, 401, 'Unauthorized', 'Unauthorized')
  const url = urlOf(request.url)
  if (url === null) return refuse(response, 400, 'BadRequest', 'the path of the request is malformed')
  if (UNASKABLE.has(request.method.toUpperCase())) {
    const text = 'the server does not allow this method on the requested resource'
    return refuse(response, 405, 'MethodNotAllowed', text)
  }
  const body = await bodyOf(request)
  if (body === null) {
    const text = `Request entity too large: limit is ${MAX_BODY}`
    return refuse(response, 413, 'RequestEntityTooLarge', text)
  }
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const answered = await handler(requestOf(request, url, body, gone.signal), peerOf(request))
  response.statusCode = answered.status
  for (const [name, value] of answered.headers) response.setHeader(name, value)
  if (answered.body === null) {
    response.end()
    return
  }
  await send(answered.body, response, gone.signal)
}

/** Answers of both protocols can send their head alone; the types of one do not tell it. */
type Flushing = Http2ServerResponse & { readonly flushHeaders: () => void }

/** Sends a body piece by piece: what is sent has left when the next piece, or its failure, comes. */
async function send(body: ReadableStream<Uint8Array>, response: Http2ServerResponse, gone: AbortSignal): Promise<void> {
  // A watch has begun when its head is there, however long nothing happens in it.
  const head = response as Flushing
  head.flushHeaders()
  const reader = body.getReader()
  // One for all pieces: a promise that lives as long as a watch would keep something of each of them.
  let goOn = (): void => undefined
  gone.addEventListener('abort', () => goOn(), { once: true })
  for (;;) {
    const { done, value } = await reader.read()
    // A client that goes away ends its watch; that is no failure of the server.
    if (gone.aborted) return await reader.cancel()
    if (done) break
    await new Promise<void>((resolve) => {
      goOn = resolve
      response.write(value, () => resolve())
    })
  }
  response.end()
}

/** What nobody answers any more: the connection breaks. Anything but a fault on demand is a bug, and told as one. */
function fail(request: Http2ServerRequest, response: Http2ServerResponse, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  if (error instanceof ConnectionBroken || response.headersSent) breakConnection(request)
  else refuse(response, 500, 'InternalError', `Internal error occurred: ${why}`)
}

/** Not the stream of this request alone: a connection that breaks takes with it whatever else goes over it. */
function breakConnection(request: Http2ServerRequest): void {
  // A request of HTTP/1.1 comes in a class of its own, which has no stream.
  const stream: Http2ServerRequest['stream'] | undefined = request.stream
  if (stream === undefined) request.socket.destroy()
  else stream.session?.destroy()
}

/** Whom the certificate of a client names. */
function peerOf({ socket }: Http2ServerRequest): Peer {
  if (!(socket instanceof TLSSocket)) return NOBODY
  const { subject } = socket.getPeerCertificate()
  if (subject === undefined) return NOBODY
  if (!socket.authorized) return { kind: 'refused' }
  const groups = subject.O ?? []
  return { kind: 'certificate', name: [subject.CN].flat()[0] ?? '', groups: [groups].flat() }
}

/** Methods that a Request refuses. */
const UNASKABLE: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** What is asked for; null where it is no path: two slashes of either kind begin the name of a server. */
function urlOf(path: string): URL | null {
  return /^[/\\]{2}/.test(path) ? null : URL.parse(path, 'https://kubernetes.default.svc')
}

function requestOf(request: Http2ServerRequest, url: URL, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(':') || value === undefined || HOP_BY_HOP.has(name)) continue
    headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const { method } = request
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0
  return new Request(url, { method, headers, signal, ...(hasBody ? { body } : {}) })
}

/** Headers about one connection; a Request refuses some of them. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'te',
  'trailer',
])

/** The whole body; null where it is larger than the limit. */
async function bodyOf(request: Http2ServerRequest): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MAX_BODY) return null
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}

function refuse(response: Http2ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  response.statusCode = code
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(status))
}
