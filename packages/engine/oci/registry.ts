// Asks one repository of an OCI registry: tags, manifests and blobs, each checked against its digest.
import { createHash } from 'node:crypto'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { ArchiveOrigin } from '../archive/store.ts'
import { FaultError } from '../fault.ts'
import type { HttpAnswer, HttpClient } from '../http/client.ts'
import { refusedFault, shownUrl } from '../http/faults.ts'
import type { Clock } from '../ports.ts'
import { type Challenge, readChallenges } from './challenge.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { isDigest, type OciRepository } from './reference.ts'
import { askToken, basicHeader } from './token.ts'

/** What is needed to ask. */
export interface RegistryOptions {
  readonly access: RepositoryAccess
  readonly http: HttpClient
  readonly clock: Clock
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  // Only to say that an index cannot be deployed.
  'application/vnd.oci.image.index.v1+json',
].join(', ')
const MANIFEST_BYTES = 4 * 1024 * 1024
const MAX_PAGES = 100
const MAX_TAGS = 50_000

/** One repository of a registry, asked with one access. */
export class Registry {
  readonly #repository: OciRepository
  readonly #options: RegistryOptions
  /** The last token and when it ends, in milliseconds since the epoch. */
  #token: { readonly header: string; readonly until: number } | null = null

  constructor(repository: OciRepository, options: RegistryOptions) {
    this.#repository = repository
    this.#options = options
  }

  /** What an archive of it is kept under. */
  get origin(): ArchiveOrigin {
    const { host, name } = this.#repository
    return { repository: `oci://${host}/${name}`, access: this.#options.access.origin }
  }

  /** All tags, in the registry's order. */
  async tags(signal?: AbortSignal): Promise<readonly string[]> {
    const tags: string[] = []
    const what = 'the tags of the artifact cannot be listed'
    let url: URL | null = this.#url('tags/list?n=1000')
    for (let page = 0; url !== null; page++) {
      const answer: HttpAnswer = await this.#get(url, { what, accept: 'application/json', signal })
      if (answer.status !== 200) throw this.#refused(answer, what)
      tags.push(...tagsIn(answer, what))
      if (page >= MAX_PAGES || tags.length > MAX_TAGS) throw tooMany(url, what)
      url = nextPage(answer, url, what)
    }
    return tags
  }

  /** The manifest behind a tag or digest; null where the registry has none. */
  async manifest(reference: string, signal?: AbortSignal): Promise<Manifest | null> {
    const what = 'the artifact cannot be read'
    const url = this.#url(`manifests/${reference}`)
    const answer = await this.#get(url, { what, accept: MANIFEST_TYPES, signal, maxBytes: MANIFEST_BYTES })
    if (answer.status === 404) return null
    if (answer.status !== 200) throw this.#refused(answer, what)
    const digest = digestOf(answer.bytes)
    if (isDigest(reference) && digest !== reference) throw wrongDigest(answer.url, reference, digest)
    return readManifest(answer.bytes, digest, shownUrl(url))
  }

  /** The bytes of a blob, which are those of its digest or a fault. */
  async blob(digest: string, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
    const what = 'the content of the artifact cannot be read'
    const answer = await this.#get(this.#url(`blobs/${digest}`), { what, signal, maxBytes, timeoutMs: 120_000 })
    if (answer.status !== 200) throw this.#refused(answer, what)
    const found = digestOf(answer.bytes)
    if (found !== digest) throw wrongDigest(answer.url, digest, found)
    return answer.bytes
  }

  #url(rest: string): URL {
    const { host, name } = this.#repository
    return new URL(`${this.#options.access.oci.plainHttp ? 'http' : 'https'}://${host}/v2/${name}/${rest}`)
  }

  async #get(url: URL, request: Ask): Promise<HttpAnswer> {
    const { http } = this.#options
    const { signal, ...rest } = request
    const whole = { maxBytes: MANIFEST_BYTES, ...rest, url, ...(signal === undefined ? {} : { signal }) }
    const first = await http.get({ ...whole, authorization: this.#known() })
    // A host that the registry redirects to has no say in where our credentials go.
    if (first.status !== 401 || first.url.origin !== url.origin) return first
    const header = await this.#answer(first, whole)
    return header === null ? first : http.get({ ...whole, authorization: header })
  }

  /** What can be sent before the registry asks. */
  #known(): string | null {
    const { access, clock } = this.#options
    if (this.#token !== null && clock.now() < this.#token.until) return this.#token.header
    return access.forceBasicAuth ? basicHeader(access.auth) : null
  }

  /** The header that a registry's challenge asks for; null where we have nothing to say. */
  async #answer(refusal: HttpAnswer, request: Ask): Promise<string | null> {
    const { access, clock, http } = this.#options
    const challenges = readChallenges(refusal.header('www-authenticate') ?? '')
    // Without credentials only a token can be asked for, in whatever order the registry names its ways.
    const challenge: Challenge | undefined =
      access.auth.kind === 'none' ? challenges.find(({ kind }) => kind === 'bearer') : challenges[0]
    if (challenge === undefined) return null
    if (challenge.kind === 'basic') return basicHeader(access.auth)
    const token = await askToken(challenge, { access, http, repository: this.#repository, signal: request.signal })
    const header = `Bearer ${token.token}`
    // Asked anew a little early, so that a token does not end on its way.
    this.#token = { header, until: clock.now() + Math.max(0, token.seconds - 10) * 1000 }
    return header
  }

  #refused({ status, url }: HttpAnswer, what: string): FaultError {
    const { origin } = this.#options.access
    const missing = [`check that ${this.#repository.name} is a repository of ${this.#repository.host}`]
    return refusedFault({ what, url, status, origin, missing })
  }
}

interface Ask {
  readonly what: string
  readonly accept?: string
  readonly maxBytes?: number
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

function tagsIn(answer: HttpAnswer, what: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(answer.bytes.toString('utf8'))
    const tags = typeof value === 'object' && value !== null && 'tags' in value ? value.tags : undefined
    // A repository without tags says null.
    if (tags === null) return []
    if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw notUnderstood(answer.url, what, 'its list of tags is not what the specification says')
}

/** The next page of a list, by the Link header: on the same server only. */
function nextPage(answer: HttpAnswer, from: URL, what: string): URL | null {
  const link = /<([^>]*)>[^,]*;\s*rel="?next"?/.exec(answer.header('link') ?? '')?.[1]
  if (link === undefined) return null
  if (URL.canParse(link, from.href)) {
    const next = new URL(link, from.href)
    if (next.origin === from.origin) return next
  }
  throw notUnderstood(from, what, 'the next page of its list is on another server')
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function wrongDigest(url: URL, wanted: string, found: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'the content of the artifact is not what was asked for',
    where: shownUrl(url),
    why: `it has the digest ${found}, and ${wanted} was asked for`,
    fix: ['try again', 'if it stays so, the registry or something on the way changes contents: do not deploy from it'],
  })
}

function tooMany(url: URL, what: string): FaultError {
  const why = `it has more than ${MAX_TAGS} tags`
  return new FaultError({ kind: 'too-large', what, where: shownUrl(url), why, fix: ['name one tag, or a digest'] })
}

function notUnderstood(url: URL, what: string, why: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what,
    where: shownUrl(url),
    why,
    fix: ['check that the address is that of an OCI registry'],
  })
}
