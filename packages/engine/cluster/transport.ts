// Sends requests to one API server: credentials, time-outs, size limits, repeats where the server or the network asks for them.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { FaultError, isFault } from '../fault.ts'
import engine from '../package.json' with { type: 'json' }
import { type Backoff, backoffMs, type Pace, systemPace } from './backoff.ts'
import { ClusterFault } from './cluster-fault.ts'
import { type ClientCertificate, type ClusterConfig, type Credential, checkedHeaderValue } from './config.ts'
import { type Dispatchers, openDispatchers } from './dispatchers.ts'
import { isReset, networkFault } from './network-fault.ts'
import { valueHider } from './secret-words.ts'
import { refusalFault } from './status.ts'
import { hearStreamErrors } from './stream-errors.ts'

/** What a request is for: counted by it, and what may be sent again depends on it. */
export type Verb = 'get' | 'list' | 'watch' | 'discover' | 'apply' | 'dry-run' | 'create' | 'patch' | 'delete'

/** One request. */
export interface ApiRequest {
  readonly verb: Verb
  readonly method: string
  /** Path below the server's URL, with query, already encoded. */
  readonly path: string
  /** `cannot list Deployments`: the beginning of an error. */
  readonly what: string
  /** The object or collection, for the error; default: path without query. */
  readonly where?: string
  readonly accept?: string
  readonly body?: { readonly type: string; readonly text: string }
  /** The request or its answer holds values of Secrets: the server's words about values are hidden in errors. */
  readonly secret?: boolean
  /** For one try, in milliseconds, body included; default 30,000. */
  readonly timeoutMs?: number
  /** Largest answer, decompressed; default 64 MiB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** An answer with a status of 200 to 299. */
export interface ApiAnswer {
  readonly status: number
  readonly contentType: string
  /** Texts of the Warning headers. */
  readonly warnings: readonly string[]
  readonly text: string
}

/** Requests sent so far, every try counted. */
export interface RequestCounts {
  readonly total: number
  readonly byVerb: Readonly<Partial<Record<Verb, number>>>
  /** Tries beyond the first of a request. */
  readonly repeats: number
}

/** The way to one API server. Every failure is a FaultError; most are a `ClusterFault` with the server's refusal. */
export interface Transport {
  readonly config: ClusterConfig
  readonly pace: Pace
  send(request: ApiRequest): Promise<ApiAnswer>
  /** A watch: resolves when the server has accepted it; the chunks end when the server ends it. Repeated only after 401, with another credential. */
  open(request: ApiRequest): Promise<AsyncIterable<Uint8Array>>
  counts(): RequestCounts
  /** Ends all connections; requests under way fail as `cancelled`. */
  close(): Promise<void>
}

/** Bounds of a transport; for tests and for slow links. */
export interface TransportOptions {
  readonly pace?: Pace
  /** Longest time that one request may spend waiting between tries, in milliseconds; default 60,000. */
  readonly patienceMs?: number
}

const defaults = { timeoutMs: 30_000, maxBytes: 64 * 1024 * 1024, patienceMs: 60_000 }
/** Tries of a read that the network or an overloaded server broke. */
const readTries = 5
const backoff: Backoff = { firstMs: 200, maxMs: 10_000 }
const userAgent = `mainstay/${engine.version}`
const unzip = promisify(gunzip)

/** Opens the way; nothing is sent before the first request. */
export function openTransport(config: ClusterConfig, options: TransportOptions = {}): Transport {
  hearStreamErrors()
  return new HttpTransport(config, options)
}

class HttpTransport implements Transport {
  readonly config: ClusterConfig
  readonly pace: Pace
  readonly #patienceMs: number
  readonly #prefix: string
  readonly #impersonation: readonly string[]
  readonly #byVerb = new Map<Verb, number>()
  readonly #ended = new AbortController()
  #repeats = 0
  #certificate: ClientCertificate | null = null
  #dispatchers: Dispatchers | null = null

  constructor(config: ClusterConfig, options: TransportOptions) {
    this.config = config
    this.pace = options.pace ?? systemPace
    this.#patienceMs = options.patienceMs ?? defaults.patienceMs
    this.#prefix = new URL(config.server).pathname.replace(/\/$/, '')
    this.#impersonation = impersonationHeaders(config)
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    let waited = 0
    let renewed = false
    for (let attempt = 0; ; attempt += 1) {
      const credential = await this.config.credentials.current()
      try {
        return await this.#once(request, credential)
      } catch (error) {
        if (isFault(error, 'unauthorized') && !renewed && (await this.config.credentials.refused(credential))) {
          renewed = true
        } else {
          const waitMs = delayBeforeRepeat(error, request, attempt, this.pace.random())
          if (waitMs === null || waited + waitMs > this.#patienceMs) throw error
          waited += waitMs
          await this.pace.clock.sleep(waitMs, this.#signal(request))
        }
        this.#repeats += 1
      }
    }
  }

  async open(request: ApiRequest): Promise<AsyncIterable<Uint8Array>> {
    const credential = await this.config.credentials.current()
    try {
      return await this.#openOnce(request, credential)
    } catch (error) {
      if (!isFault(error, 'unauthorized') || !(await this.config.credentials.refused(credential))) throw error
      this.#repeats += 1
      return this.#openOnce(request, await this.config.credentials.current())
    }
  }

  async #openOnce(request: ApiRequest, credential: Credential): Promise<AsyncIterable<Uint8Array>> {
    const deadline = deadlineOf(request.timeoutMs ?? defaults.timeoutMs)
    const signal = AbortSignal.any([deadline.signal, this.#signal(request)])
    try {
      const response = await this.#dispatch(request, credential, signal, 'watches')
      if (response.statusCode !== 200) await this.#refuse(request, response)
      return this.#chunks(request, response.body)
    } catch (error) {
      throw this.#faultOf(error, request, deadline.expired)
    } finally {
      deadline.clear()
    }
  }

  counts(): RequestCounts {
    const byVerb = Object.fromEntries(this.#byVerb)
    return { total: [...this.#byVerb.values()].reduce((sum, n) => sum + n, 0), byVerb, repeats: this.#repeats }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    const open = this.#dispatchers
    this.#dispatchers = null
    if (open !== null) await Promise.all([open.requests.destroy(), open.watches.destroy()])
  }

  async #once(request: ApiRequest, credential: Credential): Promise<ApiAnswer> {
    const deadline = deadlineOf(request.timeoutMs ?? defaults.timeoutMs)
    const signal = AbortSignal.any([deadline.signal, this.#signal(request)])
    try {
      const response = await this.#dispatch(request, credential, signal, 'requests')
      if (response.statusCode < 200 || response.statusCode > 299) await this.#refuse(request, response)
      return {
        status: response.statusCode,
        contentType: textHeader(response.headers, 'content-type') ?? '',
        warnings: warningsFor(request, response.headers.warning),
        text: await readText(response, request.maxBytes ?? defaults.maxBytes, request),
      }
    } catch (error) {
      throw this.#faultOf(error, request, deadline.expired)
    } finally {
      deadline.clear()
    }
  }

  #dispatch(request: ApiRequest, credential: Credential, signal: AbortSignal, kind: keyof Dispatchers) {
    this.#byVerb.set(request.verb, (this.#byVerb.get(request.verb) ?? 0) + 1)
    return this.#dispatchersFor(credential)[kind].request({
      origin: new URL(this.config.server).origin,
      path: `${this.#prefix}${request.path}`,
      method: request.method,
      headers: this.#headers(request, credential),
      body: request.body?.text ?? null,
      signal,
    })
  }

  /** Connections belong to the certificate they were made with; a renewed one gets new connections. */
  #dispatchersFor({ certificate }: Credential): Dispatchers {
    if (this.#ended.signal.aborted) throw closed()
    if (this.#dispatchers === null || this.#certificate !== certificate) {
      // The old ones end by themselves when the requests on them have ended.
      void this.#dispatchers?.requests.close()
      void this.#dispatchers?.watches.close()
      this.#dispatchers = openDispatchers(this.config, certificate)
      this.#certificate = certificate
    }
    return this.#dispatchers
  }

  #headers(request: ApiRequest, credential: Credential): string[] {
    const compressed = request.verb !== 'watch' && !this.config.disableCompression
    return [
      ...['user-agent', userAgent, 'accept', request.accept ?? 'application/json'],
      ...(compressed ? ['accept-encoding', 'gzip'] : []),
      ...(credential.authorization === null ? [] : ['authorization', credential.authorization]),
      ...(request.body === undefined ? [] : ['content-type', request.body.type]),
      ...this.#impersonation,
    ]
  }

  async #refuse(request: ApiRequest, response: Dispatcher.ResponseData): Promise<never> {
    const refused = {
      what: request.what,
      where: whereOf(request),
      secret: request.secret ?? false,
      hide: hiderFor(request),
      writes: request.method !== 'GET',
      status: response.statusCode,
      retryAfter: textHeader(response.headers, 'retry-after'),
      body: await readText(response, 1024 * 1024, request),
      cluster: this.config.name,
    }
    throw refusalFault(refused, this.pace.clock.now())
  }

  async *#chunks(request: ApiRequest, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      throw this.#faultOf(error, request, () => false)
    }
  }

  #faultOf(error: unknown, request: ApiRequest, expired: () => boolean): unknown {
    if (error instanceof FaultError) return error
    const { what } = request
    const server = this.config.server
    if (this.#ended.signal.aborted) return closed()
    if (request.signal?.aborted === true) return new ClusterFault({ kind: 'cancelled', what: `${what}: cancelled` })
    if (expired()) {
      const why = `no complete answer within ${(request.timeoutMs ?? defaults.timeoutMs) / 1000} s`
      return new ClusterFault({
        kind: 'timeout',
        what,
        where: server,
        why,
        fix: ['check the network and the API server'],
      })
    }
    return networkFault(error, { what, server, viaProxy: this.config.proxy !== null })
  }

  #signal(request: ApiRequest): AbortSignal {
    return request.signal === undefined ? this.#ended.signal : AbortSignal.any([this.#ended.signal, request.signal])
  }
}

/**
 * How long to wait before the same request is sent again; null: not at all.
 * 429 means that the server did not begin, so even a write may come again. A read may come again after a broken
 * connection and from a server that cannot answer now; a write may not: whether it was carried out is unknown.
 */
function delayBeforeRepeat(error: unknown, request: ApiRequest, attempt: number, random: number): number | null {
  if (!(error instanceof ClusterFault)) return null
  const { status, retryAfterMs } = error.refusal
  const asked = retryAfterMs === null ? 0 : retryAfterMs + Math.min(1000, retryAfterMs) * random
  const wait = Math.max(asked, backoffMs(backoff, attempt, random))
  if (status === 429) return wait
  if (request.method !== 'GET' || attempt + 1 >= readTries) return null
  if (status === 503 || status === 504 || status === 502) return wait
  return status === null && isReset(error) ? wait : null
}

async function readText(response: Dispatcher.ResponseData, maxBytes: number, request: ApiRequest): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body) {
    // undici gives Buffers; its type says `any`.
    const bytes: Buffer = chunk
    size += bytes.length
    if (size > maxBytes) throw tooLarge(request, maxBytes)
    chunks.push(bytes)
  }
  const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
  if (textHeader(response.headers, 'content-encoding') !== 'gzip') return whole.toString('utf8')
  try {
    return (await unzip(whole, { maxOutputLength: maxBytes })).toString('utf8')
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(request, maxBytes)
    const why = 'its compressed answer is broken'
    throw new ClusterFault(
      { kind: 'unreachable', what: request.what, where: whereOf(request), why },
      {},
      { cause: error },
    )
  }
}

function warningsFor(request: ApiRequest, header: string | string[] | undefined): readonly string[] {
  return header === undefined ? [] : warningsOf([header].flat()).map(hiderFor(request))
}

/** What a server says about a request with a Secret may quote it. */
function hiderFor(request: ApiRequest): (text: string) => string {
  if (request.secret !== true || request.body === undefined) return (text) => text
  return valueHider(request.body.text)
}

function tooLarge(request: ApiRequest, maxBytes: number): ClusterFault {
  const why = `the answer is larger than ${maxBytes} bytes`
  return new ClusterFault({ kind: 'too-large', what: request.what, where: whereOf(request), why })
}

function whereOf(request: ApiRequest): string {
  return request.where ?? request.path.replace(/\?.*$/, '')
}

function closed(): ClusterFault {
  return new ClusterFault({ kind: 'cancelled', what: 'the connection to the cluster was closed' })
}

interface Deadline {
  readonly signal: AbortSignal
  readonly expired: () => boolean
  readonly clear: () => void
}

function deadlineOf(ms: number): Deadline {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), ms)
  return { signal: controller.signal, expired: () => controller.signal.aborted, clear: () => clearTimeout(timer) }
}

function textHeader(headers: Dispatcher.ResponseData['headers'], name: string): string | null {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** `299 - "text"`, several in one header or in many. RFC 7234, section 5.5. */
function warningsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replaceAll(/\\(.)/g, '$1')),
  )
}

function impersonationHeaders({ impersonate, name }: ClusterConfig): readonly string[] {
  if (impersonate === null) return []
  const pairs: (readonly [string, string])[] = [
    ['impersonate-user', impersonate.user],
    ...(impersonate.uid === null ? [] : [['impersonate-uid', impersonate.uid] as const]),
    ...impersonate.groups.map((group) => ['impersonate-group', group] as const),
    ...[...impersonate.extra].flatMap(([key, values]) =>
      values.map((value) => [`impersonate-extra-${encodeURIComponent(key)}`, value] as const),
    ),
  ]
  return pairs.flatMap(([header, value]) => [header, checkedHeaderValue(value, `${header} of context ${name}`)])
}
