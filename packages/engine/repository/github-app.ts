// Tokens of a GitHub App: asked for with a signed statement, kept until shortly before they end.
import { createHash, createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import type { RepositoryAccess, RepositoryAuth } from '@mainstay/core/repository/access.ts'
import { FaultError } from '../fault.ts'
import { type HttpAnswer, type HttpClient, openHttp } from '../http/client.ts'
import { refusedFault } from '../http/faults.ts'
import type { Clock } from '../ports.ts'
import { sharedWait } from './wait.ts'

type App = RepositoryAuth & { readonly kind: 'github-app' }

/** A token that stands for the App in one installation. */
export interface InstallationToken {
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** The API of github.com. */
export const DEFAULT_API = 'https://api.github.com'
/** GitHub takes statements of at most ten minutes; ours begin a minute ago for clocks that differ. */
const STATEMENT_S = 540
const SKEW_S = 60
/** A token lives for an hour; it is renewed before a long fetch could outlive it. */
const RENEW_MS = 10 * 60_000
const ANSWER_BYTES = 1024 * 1024

/** Tokens by App and installation. */
export class GithubApps {
  readonly #clock: Clock
  readonly #tokens = new Map<string, Promise<InstallationToken>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A token that is good for a while. @throws FaultError `invalid-input`, `unauthorized`, `not-found`, … */
  async token(repoURL: string, app: App, access: RepositoryAccess, signal?: AbortSignal): Promise<InstallationToken> {
    const wait = <T>(work: Promise<T>) => sharedWait(work, 'asking GitHub for a token', signal)
    // The key is part of it: whoever only knows the numbers of an App has no part in its token.
    const proof = createHash('sha256').update(app.privateKey).digest('hex')
    const place = app.installationId ?? ownerAndName(repoURL)
    const key = JSON.stringify([app.baseUrl, app.appId, place, proof])
    const asked = this.#tokens.get(key)
    const known = asked && (await wait(asked.catch(() => undefined)))
    if (known !== undefined && known.until - RENEW_MS > this.#clock.now()) return known
    const newer = this.#tokens.get(key)
    // Somebody else saw that it ends and asks already.
    if (newer !== undefined && newer !== asked) return wait(newer)
    const asking = this.#ask(repoURL, app, access)
    this.#tokens.set(key, asking)
    return wait(asking)
  }

  async #ask(repoURL: string, app: App, access: RepositoryAccess): Promise<InstallationToken> {
    checkApi(app, access)
    const http = openHttp({ ...access, auth: { kind: 'none' }, tls: { ...access.tls, client: null } })
    const asking = { http, app, origin: access.origin, statement: this.#statement(app, access.origin) }
    try {
      const installation = app.installationId ?? (await installationOf(repoURL, asking))
      const what = 'GitHub gives no token for the App'
      const answer = await ask(`/app/installations/${installation}/access_tokens`, what, asking, '{}')
      const { token, expires_at: expires } = fieldsOf(answer)
      const until = typeof expires === 'string' ? Date.parse(expires) : Number.NaN
      if (typeof token === 'string' && token !== '' && !Number.isNaN(until)) return { token, until }
      throw notUnderstood(what, app)
    } finally {
      await http.close()
    }
  }

  /** A statement that we are the App, signed with its key (RFC 7519, RS256). */
  #statement(app: App, origin: string): string {
    const now = Math.floor(this.#clock.now() / 1000)
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iat: now - SKEW_S, exp: now + STATEMENT_S - SKEW_S, iss: String(app.appId) }
    const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
    const signature = createSign('RSA-SHA256').update(text).sign(privateKeyOf(app, origin), 'base64url')
    return `${text}.${signature}`
  }
}

/** What we send there stands for the App itself for minutes. */
function checkApi({ baseUrl }: App, { origin, tls }: RepositoryAccess): void {
  if (baseUrl === null) return
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && tls.insecure)) return
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the address of the GitHub Enterprise server cannot be used',
    where: `${origin}: githubAppEnterpriseBaseUrl`,
    why: 'it is not an https URL',
    fix: ['write it like https://github.example.com/api/v3'],
  })
}

function privateKeyOf({ privateKey }: App, origin: string): KeyObject {
  try {
    const key = createPrivateKey(privateKey)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // Whatever Node says of the key may quote it.
  }
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the private key of the GitHub App cannot be used',
    where: origin,
    why: 'it is not an RSA key in PEM form without a passphrase',
    fix: ['write the key that GitHub gave for the App: mainstay repo add <url> --github-app-private-key-path <file>'],
  })
}

interface Asking {
  readonly http: HttpClient
  readonly app: App
  readonly origin: string
  readonly statement: string
}

async function installationOf(repoURL: string, asking: Asking): Promise<number> {
  const what = 'the installation of the GitHub App cannot be found'
  const { owner, name } = ownerAndName(repoURL)
  const { id } = fieldsOf(
    await ask(`/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`, what, asking),
  )
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id
  throw notUnderstood(what, asking.app)
}

/** `https://github.com/org/repo.git`, `git@github.com:org/repo`. */
function ownerAndName(repoURL: string): { readonly owner: string; readonly name: string } {
  const match = /[/:]([^/:]+)\/([^/]+?)(?:\.git)?\/*$/.exec(repoURL)
  if (match !== null) return { owner: match[1] ?? '', name: match[2] ?? '' }
  throw new FaultError({
    kind: 'invalid-input',
    what: 'the URL names no repository of GitHub',
    where: 'repoURL',
    fix: ['write it like https://github.com/org/repo'],
  })
}

async function ask(
  path: string,
  what: string,
  { http, app, origin, statement }: Asking,
  body?: string,
): Promise<HttpAnswer> {
  const answer = await http.get({
    url: new URL(`${(app.baseUrl ?? DEFAULT_API).replace(/\/+$/, '')}${path}`),
    what,
    accept: 'application/vnd.github+json',
    headers: {
      'x-github-api-version': '2022-11-28',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    authorization: `Bearer ${statement}`,
    maxBytes: ANSWER_BYTES,
    ...(body === undefined ? {} : { body }),
  })
  if (answer.status >= 200 && answer.status < 300) return answer
  const missing = [
    'install the App for the organisation of this repository',
    'check githubAppID and githubAppInstallationID',
  ]
  throw refusedFault({ what, url: answer.url, status: answer.status, origin, missing })
}

function fieldsOf({ bytes }: HttpAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function notUnderstood(what: string, app: App): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what,
    where: app.baseUrl ?? DEFAULT_API,
    why: 'its answer is not what the API promises',
    fix: ['check githubAppEnterpriseBaseUrl: it ends in /api/v3'],
  })
}
