// Repositories over HTTPS: refs are asked for by requests of our own, whose answers have codes; Git fetches.
import { Buffer } from 'node:buffer'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { checkedProxy, goesDirectly, proxyFromEnvironment } from '../cluster/proxy.ts'
import { FaultError } from '../fault.ts'
import { type HttpAnswer, type HttpClient, systemCertificates } from '../http/client.ts'
import { refusedFault } from '../http/faults.ts'
import type { HttpAddress } from './address.ts'
import { type RefScope, readAdvertisement, readRefs, refsQuestion } from './advertisement.ts'
import { notSmart, plainCredentials, strangeAnswer } from './faults.ts'
import { cancelled, type GitCommand, type Way } from './git.ts'
import type { RemoteRef } from './parse.ts'
import { PacketError, packets } from './pkt-line.ts'
import type { Transport } from './remote.ts'
import type { RunFolder } from './run-folder.ts'

/** What a transport over HTTPS needs. */
export interface HttpTransportOptions {
  readonly access: RepositoryAccess
  readonly http: HttpClient
  readonly files: RunFolder
  /** Milliseconds for one question. */
  readonly timeoutMs: number
  /** Milliseconds without a byte until a fetch is given up. */
  readonly stallMs: number
  readonly signal: AbortSignal
  readonly observe: ((command: GitCommand) => void) | undefined
}

const MAX_REFS = 128 * 1024 * 1024
const WHAT = 'the repository cannot be read'
const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement'
const RESULT = 'application/x-git-upload-pack-result'
const VERSION_2 = { 'git-protocol': 'version=2' }

/** Where the repository really is, and how it wants to be asked. */
interface Found {
  /** After redirects. */
  readonly base: URL
  /** Null where the server speaks only the old protocol, in which its first words are the refs. */
  readonly objectFormat: string | null
}

interface Question {
  readonly base: URL
  readonly objectFormat: string
  readonly scope: RefScope
}

/** Reaches one repository over HTTPS. */
export class HttpTransport implements Transport {
  readonly #address: HttpAddress
  readonly #options: HttpTransportOptions
  readonly #authorization: string | null
  #found: Found | null = null

  /** @throws FaultError `invalid-input` where credentials would go over the network in clear */
  constructor(address: HttpAddress, options: HttpTransportOptions) {
    this.#address = address
    this.#options = options
    this.#authorization = authorizationOf(address, options.access)
    const { tls, origin } = options.access
    if (this.#authorization !== null && !address.encrypted && !tls.insecure) throw plainCredentials(address, origin)
  }

  async refs(scope: RefScope): Promise<readonly RemoteRef[]> {
    const started = performance.now()
    let code: number | null = null
    try {
      const refs = await this.#refs(scope)
      code = 0
      return refs
    } catch (error) {
      if (error instanceof PacketError) throw strangeAnswer(this.#address, error.message)
      throw error
    } finally {
      const args = ['ls-remote', '--', this.#address.url]
      this.#options.observe?.({ args, milliseconds: performance.now() - started, code })
    }
  }

  reach<T>(work: (way: Way) => Promise<T>): Promise<T> {
    const { tls } = this.#options.access
    const ca = tls.ca ?? trustedHere()
    const own: Record<string, string> =
      tls.client === null ? {} : { 'cert.pem': tls.client.cert, 'key.pem': tls.client.key }
    return this.#options.files.withFiles(
      () => ({ 'ca.pem': ca, ...own }),
      async (folder) => {
        // Where the repository moved to is known from our own question; Git itself follows no redirect.
        if (this.#found === null) await this.refs('branches and tags')
        return work(this.#way(folder))
      },
    )
  }

  async #refs(scope: RefScope): Promise<readonly RemoteRef[]> {
    if (this.#found !== null && this.#found.objectFormat !== null) {
      const answer = await this.#ask({ base: this.#found.base, objectFormat: this.#found.objectFormat, scope })
      if (answer.status === 200) return this.#listed(answer)
    }
    // Moved, or refused: the first question tells which.
    this.#found = null
    const answer = await this.#get()
    const base = new URL(answer.url)
    base.pathname = base.pathname.replace(/\/info\/refs$/, '')
    base.search = ''
    const advertised = await readAdvertisement(packets([answer.bytes], MAX_REFS))
    if (advertised.kind === 'refs') {
      this.#found = { base, objectFormat: null }
      return advertised.refs
    }
    if (!advertised.lists) throw strangeAnswer(this.#address, 'the server offers no list of refs')
    const refs = await this.#listed(
      this.#expected(await this.#ask({ base, objectFormat: advertised.objectFormat, scope })),
    )
    this.#found = { base, objectFormat: advertised.objectFormat }
    return refs
  }

  async #get(): Promise<HttpAnswer> {
    const url = new URL(`${this.#address.url}/info/refs?service=git-upload-pack`)
    const answer = this.#expected(
      await this.#send({ url, accept: '*/*', headers: VERSION_2, authorization: this.#authorization }),
    )
    if (answer.header('content-type')?.split(';')[0]?.trim() !== ADVERTISEMENT) throw notSmart(this.#address)
    return answer
  }

  #ask({ base, objectFormat, scope }: Question): Promise<HttpAnswer> {
    const headers = { ...VERSION_2, 'content-type': 'application/x-git-upload-pack-request' }
    const url = new URL(`${base.href}/git-upload-pack`)
    return this.#send({
      url,
      accept: RESULT,
      headers,
      body: refsQuestion(objectFormat, scope),
      authorization: this.#isOwn(url) ? this.#authorization : null,
      elsewhere: !this.#isOwn(url),
    })
  }

  #send(request: Omit<Parameters<HttpClient['get']>[0], 'what' | 'maxBytes' | 'timeoutMs' | 'signal'>) {
    const { timeoutMs, signal } = this.#options
    if (signal.aborted) throw cancelled()
    return this.#options.http.get({ ...request, what: WHAT, maxBytes: MAX_REFS, timeoutMs, signal })
  }

  #expected(answer: HttpAnswer): HttpAnswer {
    if (answer.status === 200) return answer
    const { origin } = this.#options.access
    const { status, url } = answer
    const missing = [
      `check repoURL: ${this.#address.url}`,
      'a private repository is hidden like this from who may not read it: mainstay repo add <url> --username <name> --password-stdin',
    ]
    throw refusedFault({ what: WHAT, url, status, origin, missing })
  }

  #listed(answer: HttpAnswer): Promise<readonly RemoteRef[]> {
    if (answer.header('content-type')?.split(';')[0]?.trim() !== RESULT) throw notSmart(this.#address)
    return readRefs(packets([answer.bytes], MAX_REFS))
  }

  #isOwn(url: URL): boolean {
    return url.origin === new URL(this.#address.url).origin
  }

  #way(folder: string): Way {
    const base = this.#found?.base ?? new URL(this.#address.url)
    const url = base.href.replace(/\/+$/, '')
    const { tls } = this.#options.access
    const isOwn = this.#isOwn(base)
    const authorization = isOwn ? this.#authorization : null
    const client = isOwn ? tls.client : null
    const proxy = this.#proxyFor(base)
    const config: (readonly [string, string])[] = [
      ['http.followRedirects', 'false'],
      ['http.sslVerify', String(!tls.insecure)],
      ['http.sslCAInfo', `${folder}/ca.pem`],
      ...(tls.ca === null ? [] : ([['http.sslCAPath', folder]] as const)),
      ...(client === null
        ? []
        : ([
            ['http.sslCert', `${folder}/cert.pem`],
            ['http.sslKey', `${folder}/key.pem`],
          ] as const)),
      ['http.proxy', proxy ?? ''],
      // As our own questions: at once, not after a refusal.
      ['http.proxyAuthMethod', 'basic'],
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', String(Math.max(1, Math.round(this.#options.stallMs / 1000)))],
      ...(authorization === null ? [] : ([[`http.${url}.extraHeader`, `Authorization: ${authorization}`]] as const)),
    ]
    const protocol = base.protocol === 'https:' ? 'https' : 'http'
    return { url, protocol, config, env: {}, isSecret: authorization !== null || client !== null || proxy !== null }
  }

  #proxyFor(url: URL): string | null {
    const { proxy, noProxy, origin } = this.#options.access
    if (proxy === null) return proxyFromEnvironment(url, process.env)
    return goesDirectly(url, noProxy ?? '') ? null : checkedProxy(proxy, `proxy in ${origin}`)
  }
}

/** Value of the Authorization header. A key for SSH says nothing here. */
function authorizationOf(address: HttpAddress, { auth, origin }: RepositoryAccess): string | null {
  switch (auth.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${auth.username || address.user || ''}:${auth.password}`).toString('base64')}`
    case 'bearer':
      return `Bearer ${auth.token}`
    case 'github-app':
      throw new FaultError({
        kind: 'unsupported',
        what: WHAT,
        where: address.url,
        why: `${origin} is a GitHub App whose token was not asked for`,
        fix: [
          'use a token of a user or of the repository instead: mainstay repo add <url> --username <name> --password-stdin',
        ],
      })
    case 'ssh-key':
    case 'none':
      return null
  }
}

let certificates: string | null = null

/** The same authorities that our own requests trust, so that Git gives the same answer. */
function trustedHere(): string {
  certificates ??= systemCertificates().join('\n')
  return certificates
}
