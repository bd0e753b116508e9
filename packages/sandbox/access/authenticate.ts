// Finds out who asks: by a client certificate, by a known token, by the token of a ServiceAccount, or nobody.
import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import { numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { failure, type StatusError } from '../registry/status.ts'
import { resourceKey } from '../store/store.ts'
import type { Cluster } from '../verbs/target.ts'
import { ISSUER, isSigned } from '../verbs/token.ts'
import { ANONYMOUS, accountGroups, authenticated, type User } from './user.ts'

/** Whom a connection belongs to, as far as TLS knows. */
export type Peer =
  | { readonly kind: 'nobody' }
  /** A certificate of the cluster's authority. */
  | { readonly kind: 'certificate'; readonly name: string; readonly groups: readonly string[] }
  /** A certificate that proves nothing: out of date, or somebody else's. */
  | { readonly kind: 'refused' }

/** A user who is known by a token. */
export interface TokenUser {
  readonly token: string
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
}

/** Whom a token stands for; null for nobody. */
export type TokenLookup = (token: string) => User | null

const ACCOUNTS = resourceKey({ group: '', plural: 'serviceaccounts' })

/** Known tokens, and those of the cluster's ServiceAccounts. */
export function tokenLookup(cluster: Cluster, users: readonly TokenUser[]): TokenLookup {
  const known = new Map(users.map((each) => [each.token, authenticated(each.name, each.groups, each.uid ?? each.name)]))
  return (token) => known.get(token) ?? accountUser(cluster, token)
}

/** Who sent a request; 401 where it says somebody that nobody knows. */
export function authenticate(request: Request, peer: Peer, lookup: TokenLookup): User {
  if (peer.kind === 'certificate') return authenticated(peer.name, peer.groups)
  const token = tokenIn(request.headers.get('authorization'))
  if (token === null) {
    if (peer.kind === 'refused') throw unauthorized()
    return ANONYMOUS
  }
  const user = lookup(token)
  if (user === null) throw unauthorized()
  return user
}

function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized')
}

function tokenIn(header: string | null): string | null {
  const [scheme = '', token = ''] = (header ?? '').trim().split(/ +/)
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : null
}

/** A ServiceAccount is known as long as it is there and its token not too old. */
function accountUser(cluster: Cluster, token: string): User | null {
  if (!isSigned(token, cluster.sign)) return null
  const claims = claimsIn(token)
  if (stringAt(claims, 'iss') !== ISSUER) return null
  if ((numberAt(claims, 'exp') ?? 0) * 1000 <= cluster.clock.now()) return null
  if (!audiencesOf(claims).includes(ISSUER)) return null
  const namespace = stringAt(claims, 'kubernetes.io', 'namespace') ?? ''
  const name = stringAt(claims, 'kubernetes.io', 'serviceaccount', 'name') ?? ''
  const uid = stringAt(claims, 'kubernetes.io', 'serviceaccount', 'uid') ?? ''
  const account = cluster.store.get(ACCOUNTS, namespace, name)
  if (account === null || stringAt(account, 'metadata', 'uid') !== uid) return null
  const extra = { 'authentication.kubernetes.io/credential-id': [`JTI=${stringAt(claims, 'jti') ?? ''}`] }
  return authenticated(`system:serviceaccount:${namespace}:${name}`, accountGroups(namespace), uid, extra)
}

/** The audiences that the token of a ServiceAccount names. */
export function audiencesOf(claims: Json): readonly string[] {
  const named = valueAt(claims, 'aud')
  return isList(named) ? named.filter((each) => typeof each === 'string') : []
}

/** What the token of a ServiceAccount says; null where it is none. */
export function claimsIn(token: string): Json {
  const [, claims = ''] = token.split('.')
  const bytes = decodeBase64(padded(claims.replaceAll('-', '+').replaceAll('_', '/')))
  if (claims === '' || bytes === null) return null
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json // Whatever it is, it is JSON.
  } catch {
    return null
  }
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
