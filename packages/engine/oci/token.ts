// Gets a registry's token with the repository's credentials (https://distribution.github.io/distribution/spec/auth/token/).
import type { RepositoryAccess, RepositoryAuth } from '@mainstay/core/repository/access.ts'
import { FaultError } from '../fault.ts'
import type { HttpClient } from '../http/client.ts'
import { refusedFault, shownUrl } from '../http/faults.ts'
import type { Challenge } from './challenge.ts'
import type { OciRepository } from './reference.ts'

/** A token and how long it is good for. */
export interface Token {
  readonly token: string
  readonly seconds: number
}

/** The specification's own default, for servers that say nothing. */
const SECONDS = 60
const TOKEN_BYTES = 256 * 1024

/** What a token is asked for. */
export interface TokenRequest {
  readonly access: RepositoryAccess
  readonly http: HttpClient
  readonly repository: OciRepository
  readonly signal: AbortSignal | undefined
}

/** The Authorization header of an access; null where it has none for HTTP. */
export function basicHeader(auth: RepositoryAuth): string | null {
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`
  if (auth.kind !== 'basic') return null
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}

/**
 * A token for reading a repository, as its registry's challenge asks for it. Credentials are sent to where the registry
 * points, over HTTPS only (unless the registry itself is reached without).
 */
export async function askToken(challenge: Challenge & { kind: 'bearer' }, request: TokenRequest): Promise<Token> {
  const { access, http, repository, signal } = request
  const what = `the registry ${repository.host} gives no token`
  const url = realmOf(challenge, request, what)
  const authorization = basicHeader(access.auth)
  const answer = await http.get({
    url,
    what,
    accept: 'application/json',
    maxBytes: TOKEN_BYTES,
    authorization,
    elsewhere: url.host !== repository.host,
    ...(signal === undefined ? {} : { signal }),
  })
  if (answer.status !== 200) {
    throw refusedFault({ what, url, status: answer.status, origin: access.origin, missing: [] })
  }
  const token = readToken(answer.bytes)
  if (token !== null) return token
  throw new FaultError({
    kind: 'source-unreadable',
    what,
    where: shownUrl(url),
    why: 'its answer holds no token',
    fix: ['check that the address is that of an OCI registry'],
  })
}

function realmOf({ realm, service, scope }: Challenge & { kind: 'bearer' }, request: TokenRequest, what: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : null
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && request.access.oci.plainHttp)
  if (url === null || !allowed) {
    throw new FaultError({
      kind: 'source-unreadable',
      what,
      where: request.repository.host,
      why: 'it sends us for a token to an address that is not an https URL',
      fix: ['check that the address is that of an OCI registry'],
    })
  }
  if (service !== null) url.searchParams.set('service', service)
  url.searchParams.set('scope', scope ?? `repository:${request.repository.name}:pull`)
  return url
}

function readToken(bytes: Buffer): Token | null {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (typeof value !== 'object' || value === null) return null
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const token = fields.token ?? fields.access_token
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return null
  const seconds = fields.expires_in
  return { token, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : SECONDS }
}
