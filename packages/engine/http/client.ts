// Requests to repositories over HTTP: trust, credentials, proxy, redirects, limits, and faults by code.
import { getCACertificates } from 'node:tls'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { type Backoff, backoffMs, type Pace, systemPace } from '../cluster/backoff.ts'
import { isReset } from '../cluster/network-fault.ts'
import { checkedProxy, goesDirectly, proxyFromEnvironment } from '../cluster/proxy.ts'
import { hearStreamErrors } from '../cluster/stream-errors.ts'
import { FaultError } from '../fault.ts'
import { brokenFault, shownUrl, tooLargeFault } from './faults.ts'

/** One request; only reading is done this way, a question in a body too. */
export interface HttpRequest {
  readonly url: URL
  /** `the chart index cannot be read`: the beginning of an error. */
  readonly what: string
  readonly accept?: string
  /** Other headers, by name; they say nothing secret and go along with redirects. */
  readonly headers?: Readonly<Record<string, string>>
  /** A question that is asked by POST. It is not sent again to where a redirect leads: the redirect is the answer. */
  readonly body?: string
  /** Value of the Authorization header. It goes to the origin of `url` alone, never along with a redirect to another. */
  readonly authorization?: string | null
  /** True where `url` is on another host than the repository: our certificate is not shown there. Default false. */
  readonly elsewhere?: boolean
  /** Value of If-None-Match: an answer of 304 has no bytes. */
  readonly unlessTag?: string | null
  /** Largest answer in bytes. */
  readonly maxBytes: number
  /** For one try, in milliseconds, body included; default 30,000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Any answer but a redirect, whatever its status. */
export interface HttpAnswer {
  readonly status: number
  /** First value of a header, by its name in lower case. */
  readonly header: (name: string) => string | null
  readonly bytes: Buffer
  /** Where it came from in the end. */
  readonly url: URL
}

/** The way to the hosts of one repository. */
export interface HttpClient {
  /**
   * Follows redirects and tries again where the network or an overloaded server asks for it.
   * @throws FaultError `unreachable`, `timeout`, `too-large`, `cancelled`, `source-unreadable`
   */
  get(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

/** What may be put in place of the real thing. */
export interface HttpOptions {
  readonly pace?: Pace
  /** Where HTTPS_PROXY and NO_PROXY are read; the repository's own proxy wins. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

const CONNECT_MS = 15_000
const TIMEOUT_MS = 30_000
const MAX_REDIRECTS = 5
const TRIES = 3
const BACKOFF: Backoff = { firstMs: 200, maxMs: 5_000 }
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const OVERLOADED: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Opens nothing yet: connections are made when the first request needs one. Close it when done. */
export function openHttp(access: RepositoryAccess, options: HttpOptions = {}): HttpClient {
  hearStreamErrors()
  return new UndiciClient(access, options)
}

class UndiciClient implements HttpClient {
  readonly #access: RepositoryAccess
  readonly #pace: Pace
  readonly #env: NonNullable<HttpOptions['env']>
  readonly #dispatchers = new Map<string, Dispatcher>()
  readonly #ended = new AbortController()

  constructor(access: RepositoryAccess, options: HttpOptions) {
    this.#access = access
    this.#pace = options.pace ?? systemPace
    this.#env = options.env ?? process.env
  }

  async get(request: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt++) {
      const last = attempt + 1 >= TRIES
      try {
        const answer = await this.#follow(request)
        if (last || !OVERLOADED.has(answer.status)) return answer
      } catch (error) {
        if (last || !(error instanceof FaultError) || !isReset(error.cause)) throw error
      }
      await this.#pace.clock.sleep(backoffMs(BACKOFF, attempt, this.#pace.random()), request.signal)
    }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
  }

  async #follow(request: HttpRequest): Promise<HttpAnswer> {
    let { url } = request
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.#once(request, url)
      const follows = request.body === undefined && REDIRECTS.has(answer.status)
      const to = follows ? answer.header('location') : null
      if (to === null) return answer
      url = redirected(request, url, to)
    }
    throw new FaultError({
      kind: 'source-unreadable',
      what: request.what,
      where: shownUrl(request.url),
      why: `the server redirects more than ${MAX_REDIRECTS} times`,
      fix: ['check the URL of the repository'],
    })
  }

  async #once(request: HttpRequest, url: URL): Promise<HttpAnswer> {
    const timeoutMs = request.timeoutMs ?? TIMEOUT_MS
    const deadline = AbortSignal.timeout(timeoutMs)
    const signals = [deadline, this.#ended.signal, ...(request.signal === undefined ? [] : [request.signal])]
    try {
      const response = await this.#dispatcher(url, isOwn(request, url) && request.elsewhere !== true).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.body === undefined ? 'GET' : 'POST',
        headers: headersOf(request, url),
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: AbortSignal.any(signals),
      })
      const bytes = await readBytes(response, request)
      return { status: response.statusCode, header: (name) => first(response.headers[name]), bytes, url }
    } catch (error) {
      if (error instanceof FaultError) throw error
      if (this.#ended.signal.aborted || request.signal?.aborted === true) {
        throw new FaultError({ kind: 'cancelled', what: 'reading the repository was cancelled' }, { cause: error })
      }
      throw brokenFault(error, { what: request.what, url, timeoutMs: deadline.aborted ? timeoutMs : null })
    }
  }

  /**
   * One pool a host. Our client certificate says who we are, as a password does: it is shown to the repository's own server
   * alone (`isOwn`), never along with a redirect to another, and never over plain HTTP.
   */
  #dispatcher(url: URL, isOwn: boolean): Dispatcher {
    const key = `${isOwn ? 'own' : 'other'} ${url.origin}`
    const known = this.#dispatchers.get(key)
    if (known !== undefined) return known
    const tls = tlsOf(this.#access, url, isOwn)
    const proxy = this.#proxyFor(url)
    const limits = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000 }
    const made =
      proxy === null
        ? new Agent({ ...limits, connect: tls })
        : new ProxyAgent({ ...limits, uri: proxy, requestTls: tls, proxyTls: { timeout: CONNECT_MS } })
    this.#dispatchers.set(key, made)
    return made
  }

  #proxyFor(url: URL): string | null {
    const { proxy, noProxy, origin } = this.#access
    if (proxy === null) return proxyFromEnvironment(url, this.#env)
    return goesDirectly(url, noProxy ?? '') ? null : checkedProxy(proxy, `proxy in ${origin}`)
  }
}

/** The authorities that this machine trusts, as PEM texts. */
export function systemCertificates(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

function tlsOf({ tls }: RepositoryAccess, url: URL, isOwn: boolean) {
  if (url.protocol !== 'https:') return { timeout: CONNECT_MS }
  return {
    timeout: CONNECT_MS,
    rejectUnauthorized: !tls.insecure,
    ...(tls.insecure ? {} : { ca: tls.ca === null ? systemCertificates() : [tls.ca] }),
    ...(tls.client === null || !isOwn ? {} : { cert: tls.client.cert, key: tls.client.key }),
  }
}

/** Where a redirect leads: never from HTTPS to plain HTTP, and never to anything but a server. */
function redirected(request: HttpRequest, from: URL, to: string): URL {
  const next = URL.canParse(to, from.href) ? new URL(to, from) : null
  const allowed = next?.protocol === 'https:' || (next?.protocol === 'http:' && from.protocol === 'http:')
  if (next !== null && allowed) return next
  throw new FaultError({
    kind: 'source-unreadable',
    what: request.what,
    where: shownUrl(from),
    why: 'the server redirects to an address that is not an https URL',
    fix: ['check the URL of the repository'],
  })
}

/** False for an address that a redirect led to on another server. */
function isOwn(request: HttpRequest, url: URL): boolean {
  return url.origin === request.url.origin
}

function headersOf(request: HttpRequest, url: URL): string[] {
  const own = isOwn(request, url)
  const { accept, authorization, unlessTag } = request
  return [
    ...['user-agent', 'mainstay'],
    ...(accept === undefined ? [] : ['accept', accept]),
    ...Object.entries(request.headers ?? {}).flat(),
    ...(authorization !== undefined && authorization !== null && own ? ['authorization', authorization] : []),
    ...(unlessTag !== undefined && unlessTag !== null && own ? ['if-none-match', unlessTag] : []),
  ]
}

async function readBytes(response: Dispatcher.ResponseData, request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body) {
    // undici gives Buffers; its type says `any`.
    const bytes: Buffer = chunk
    size += bytes.length
    if (size > request.maxBytes) throw tooLargeFault(request.what, request.url, request.maxBytes)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
