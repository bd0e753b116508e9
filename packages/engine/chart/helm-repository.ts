// Reads a Helm repository: its index, asked for again only when it changed, and the archives of its charts.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { ArchiveStore } from '../archive/store.ts'
import { sha256Of } from '../archive/store.ts'
import { FaultError } from '../fault.ts'
import type { HttpAnswer, HttpClient } from '../http/client.ts'
import { refusedFault, shownUrl } from '../http/faults.ts'
import { basicHeader } from '../oci/token.ts'
import { shownAddress } from '../source/address.ts'
import type { ChartRef } from '../source/source.ts'
import { type ChartIndex, type ChartVersion, readChartIndex } from './index-file.ts'

/** Bytes of the largest index. The largest public ones have some 20 MB. */
const INDEX_BYTES = 128 * 1024 * 1024
/** Bytes of one chart's archive. */
export const CHART_BYTES = 50 * 1024 * 1024

/** One Helm repository, asked with one access. */
export class HelmRepository {
  readonly #base: URL
  readonly #access: RepositoryAccess
  readonly #http: HttpClient
  #last: { readonly tag: string | null; readonly digest: string; readonly index: ChartIndex } | null = null

  /** @throws FaultError `invalid-input` where the URL is not one of HTTP */
  constructor(repoURL: string, access: RepositoryAccess, http: HttpClient) {
    this.#base = baseOf(repoURL)
    this.#access = access
    this.#http = http
  }

  /** The index as it is now. */
  async index(signal?: AbortSignal): Promise<ChartIndex> {
    const url = new URL('index.yaml', this.#base)
    const what = 'the index of the Helm repository cannot be read'
    const answer = await this.#http.get({
      url,
      what,
      maxBytes: INDEX_BYTES,
      timeoutMs: 60_000,
      authorization: basicHeader(this.#access.auth),
      unlessTag: this.#last?.tag ?? null,
      ...(signal === undefined ? {} : { signal }),
    })
    if (answer.status === 304 && this.#last !== null) return this.#last.index
    if (answer.status !== 200) throw this.#refused(answer, what, [`check that ${shownUrl(url)} is there`])
    const digest = sha256Of(answer.bytes)
    const same = this.#last?.digest === digest ? this.#last.index : null
    const index = same ?? readChartIndex(answer.bytes.toString('utf8'), shownUrl(url))
    this.#last = { tag: answer.header('etag'), digest, index }
    return index
  }

  /** The versions of a chart. */
  async versions(chart: string, signal?: AbortSignal): Promise<readonly ChartVersion[]> {
    const found = (await this.index(signal)).get(chart)
    if (found !== undefined) return found
    throw new FaultError({
      kind: 'not-found',
      what: `the chart "${chart}" does not exist`,
      where: `chart in ${shownUrl(this.#base)}`,
      why: 'the index of the repository does not name it',
      fix: ['check the name of the chart: helm search repo'],
    })
  }

  /**
   * The archive of a version, which has the digest that the index tells. The repository's credentials go to other hosts
   * only where the source passes them on.
   */
  async archive(chart: ChartRef, version: ChartVersion, store: ArchiveStore, signal?: AbortSignal): Promise<Buffer> {
    const download = () => this.#fetch(chart, version, signal)
    return version.digest === null
      ? download()
      : store.get({ repository: this.#base.href, access: this.#access.origin }, version.digest, download)
  }

  async #fetch(chart: ChartRef, version: ChartVersion, signal: AbortSignal | undefined): Promise<Buffer> {
    const what = `the chart ${chart.name} ${version.version} cannot be fetched`
    const url = this.#addressOf(version, what)
    const own = url.origin === this.#base.origin
    const answer = await this.#http.get({
      url,
      what,
      maxBytes: CHART_BYTES,
      timeoutMs: 120_000,
      authorization: own || chart.passCredentials ? basicHeader(this.#access.auth) : null,
      elsewhere: !own && !chart.passCredentials,
      ...(signal === undefined ? {} : { signal }),
    })
    if (answer.status !== 200)
      throw this.#refused(answer, what, ['the index names it, but it is not there: ask who runs the repository'])
    const digest = sha256Of(answer.bytes)
    if (version.digest === null || version.digest === digest) return answer.bytes
    throw new FaultError({
      kind: 'source-unreadable',
      what: `the chart ${chart.name} ${version.version} is not what the index promises`,
      where: shownUrl(url),
      why: `it has the SHA-256 ${digest}, and the index says ${version.digest}`,
      fix: ['publish the chart and its index again', 'if nobody did: do not deploy from this repository'],
    })
  }

  #addressOf({ url }: ChartVersion, what: string): URL {
    const address = URL.canParse(url, this.#base.href) ? new URL(url, this.#base) : null
    if (address?.protocol === 'https:' || (address?.protocol === 'http:' && this.#base.protocol === 'http:'))
      return address
    throw new FaultError({
      kind: 'unsupported',
      what,
      where: shownUrl(this.#base),
      why: 'the index names an address that is not an https URL',
      fix: ['publish the chart beside the index, or use the registry itself: repoURL without a scheme, and enableOCI'],
    })
  }

  #refused({ status, url }: HttpAnswer, what: string, missing: readonly string[]): FaultError {
    return refusedFault({ what, url, status, origin: this.#access.origin, missing })
  }
}

function baseOf(repoURL: string): URL {
  const url = URL.canParse(repoURL) ? new URL(repoURL) : null
  if (
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === ''
  ) {
    if (!url.pathname.endsWith('/')) url.pathname += '/'
    return url
  }
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the address of the Helm repository cannot be read',
    where: `repoURL: ${url === null ? shownAddress(repoURL.slice(0, 200)) : shownUrl(url)}`,
    why: 'it is not an https URL without user and password',
    fix: [
      'write it like https://charts.example.com',
      'credentials: mainstay repo add <url> --type helm --username <name>',
    ],
  })
}
