// Stands between the program and the API server and breaks what a replay tells it to; everything else passes through.
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http'
import { createServer, request as send } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { issue } from '@mainstay/engine/tls/x509.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import { kubeconfigText } from '../cluster/users.ts'

/** A request as faults choose it. */
export interface Passing {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Last part of a collection's path: `configmaps`. Null for a single object and for discovery. */
  readonly collection: string | null
  readonly write: boolean
}

/** Which requests a fault is about. */
export type Where = (request: Passing) => boolean

/** The faults that can be put in. Each stays until `clear`. */
export interface Faults {
  /** Leads through here, as the administrator. */
  readonly kubeconfig: string
  /** The server refuses these requests. */
  readonly fail: (where: Where, code: number, reason: string, message: string) => void
  /** Connections break in the middle of these answers. */
  readonly reset: (where: Where) => void
  /** The server does what it is asked, and its answers are lost on the way. */
  readonly lose: (where: Where) => void
  /** These collections come back complete, valid and empty. */
  readonly emptyList: (plural: string, times?: number) => void
  /** Every write but dry runs fails, as with a full etcd. */
  readonly readOnly: () => void
  /** The group is missing from discovery and nobody answers for it. */
  readonly dropGroup: (group: string) => void
  /** The group is in discovery as one whose server does not answer. */
  readonly staleGroup: (group: string) => void
  /** Does something right before the first of these requests passes. */
  readonly before: (where: Where, act: () => Promise<void>) => void
  /** No connection comes about. */
  readonly cut: () => Promise<void>
  /** Takes all faults back. */
  readonly clear: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What a fault does with a request: answers it, or lets it go on (perhaps with another answer). */
interface Fault {
  readonly where: Where
  readonly act: (request: Passing, response: ServerResponse) => Promise<'answered' | 'passes' | 'lost' | Rewrite>
}

type Rewrite = (body: string) => string

/** Opens the way through. */
export async function openFaults(cluster: SharedCluster): Promise<Faults> {
  const identity = issue(cluster.authority, { commonName: 'faults', use: 'server', names: ['127.0.0.1'] })
  const faults: Fault[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) => {
    pass(request, response, faults, cluster).catch(() => response.destroy())
  })
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, '127.0.0.1', done))
  const stop = (): Promise<void> => {
    const stopped = new Promise<void>((done) => server.close(() => done()))
    for (const socket of sockets) socket.destroy()
    return stopped
  }
  await listen(0)
  const { port } = server.address() as AddressInfo // A TCP server that listens has an address.
  const credential = { token: cluster.tokens.admin }
  const text = kubeconfigText(`https://127.0.0.1:${port}`, cluster.authority.certificate, 'admin', credential)
  const kubeconfig = join(cluster.folder, `faults-${randomBytes(6).toString('hex')}.kubeconfig`)
  await writeFile(kubeconfig, text, { mode: 0o600 })
  return {
    kubeconfig,
    ...kindsOf((fault) => faults.push(fault)),
    cut: stop,
    clear: async () => {
      faults.length = 0
      if (!server.listening) await listen(port)
    },
    close: async () => {
      if (server.listening) await stop()
    },
  }
}

function kindsOf(put: (fault: Fault) => void): Omit<Faults, 'kubeconfig' | 'cut' | 'clear' | 'close'> {
  const fail: Faults['fail'] = (where, code, reason, message) =>
    put({ where, act: async (_, response) => refuse(response, code, reason, message) })
  return {
    fail,
    reset: (where) =>
      put({
        where,
        act: async (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
          response.write('{"kind":"List","items":[', () => response.destroy())
          return 'answered'
        },
      }),
    lose: (where) => put({ where, act: async () => 'lost' }),
    emptyList: (plural, times = Number.POSITIVE_INFINITY) => {
      let left = times
      put({
        where: ({ method, collection }) => method === 'GET' && collection === plural && left-- > 0,
        act: async () => (body) => JSON.stringify({ ...(JSON.parse(body) as object), items: [] }),
      })
    },
    readOnly: () => {
      const message = 'etcdserver: mvcc: database space exceeded'
      fail(({ write }) => write, 500, 'InternalError', message)
    },
    dropGroup: (group) => {
      put({ where: isDiscovery, act: async () => (body) => withoutGroup(body, group) })
      fail(({ path }) => path.startsWith(`/apis/${group}/`), 404, 'NotFound', 'the server could not find the resource')
    },
    staleGroup: (group) => {
      put({ where: isDiscovery, act: async () => (body) => withStaleGroup(body, group) })
      const message = 'the server is currently unable to handle the request'
      fail(({ path }) => path.startsWith(`/apis/${group}/`), 503, 'ServiceUnavailable', message)
    },
    before: (where, act) => {
      let done = false
      put({
        where: (request) => !done && where(request),
        act: async () => {
          done = true
          await act()
          return 'passes'
        },
      })
    },
  }
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  faults: readonly Fault[],
  cluster: SharedCluster,
): Promise<void> {
  const passing = passingOf(request)
  let rewrite: Rewrite | 'lost' | null = null
  for (const fault of faults) {
    if (!fault.where(passing)) continue
    const done = await fault.act(passing, response)
    if (done === 'answered') return
    if (done !== 'passes') rewrite = done
  }
  await forward(request, response, rewrite, cluster)
}

function passingOf(request: IncomingMessage): Passing {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://server')
  const method = request.method ?? 'GET'
  const parts = pathname.split('/').slice(pathname.startsWith('/api/') ? 3 : 4)
  const rest = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(2) : parts
  const collection = rest.length === 1 ? (rest[0] ?? null) : null
  const write = method !== 'GET' && method !== 'HEAD' && searchParams.get('dryRun') === null
  return { method, path: pathname, query: searchParams, collection, write }
}

/** Sends the request on and gives the answer back, rewritten where a fault wants that. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  rewrite: Rewrite | 'lost' | null,
  cluster: SharedCluster,
): Promise<void> {
  const { hostname, port } = new URL(cluster.url)
  const { host: _, 'accept-encoding': encoding, ...headers } = request.headers
  const options: RequestOptions = {
    ...{ hostname, port, method: request.method, path: request.url, ca: cluster.authority.certificate },
    // What is rewritten has to be readable.
    headers: rewrite === null && encoding !== undefined ? { ...headers, 'accept-encoding': encoding } : headers,
  }
  return new Promise((resolve, reject) => {
    const onward = send(options, (answer) => {
      if (rewrite === 'lost') {
        answer.resume().on('end', () => resolve(void response.destroy()))
        return
      }
      if (rewrite === null) {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response).on('finish', resolve)
        return
      }
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const { 'content-length': _length, ...kept } = answer.headers
        const text = Buffer.concat(chunks).toString('utf8')
        response.writeHead(answer.statusCode ?? 502, kept)
        response.end(answer.statusCode === 200 ? rewrite(text) : text, resolve)
      })
    })
    onward.on('error', reject)
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): 'answered' {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(status))
  return 'answered'
}

function isDiscovery({ path }: Passing): boolean {
  return path === '/apis'
}

/** An APIGroupDiscoveryList, as far as faults change it. */
interface Groups {
  readonly items: readonly {
    readonly metadata: { readonly name: string }
    readonly versions: readonly { readonly version: string }[]
  }[]
}

function withoutGroup(body: string, group: string): string {
  const groups = JSON.parse(body) as Groups // Asked for in this form by the program.
  return JSON.stringify({ ...groups, items: groups.items.filter((each) => each.metadata.name !== group) })
}

function withStaleGroup(body: string, group: string): string {
  const groups = JSON.parse(body) as Groups // As above.
  const items = groups.items.map((each) => {
    if (each.metadata.name !== group) return each
    return { ...each, versions: each.versions.map(({ version }) => ({ version, freshness: 'Stale' })) }
  })
  return JSON.stringify({ ...groups, items })
}
