// Tokens of ServiceAccounts: shaped like the real ones, signed by the sandbox where it asks for them.
import { base64OfText } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { numberAt, stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { notFound } from '../registry/status.ts'
import { timeText } from '../schema/time.ts'
import { uuidFrom } from '../store/random.ts'
import type { Cluster, Sign, Target } from './target.ts'
import { aboutOf, liveOf } from './target.ts'

/** Who signs tokens of ServiceAccounts, and for whom they are. */
export const ISSUER = 'https://kubernetes.default.svc'
const DEFAULT_SECONDS = 3600

/** POST of a TokenRequest. */
export function requestToken(cluster: Cluster, target: Target, name: string, body: Json): JsonObject {
  const account = liveOf(cluster, target, name)
  if (account === null) throw notFound(aboutOf(target, name))
  const now = cluster.clock.now()
  const audiences = valueAt(body, 'spec', 'audiences')
  const seconds = numberAt(body, 'spec', 'expirationSeconds') ?? DEFAULT_SECONDS
  const spec: JsonObject = {
    audiences: isList(audiences) && audiences.length > 0 ? audiences : [ISSUER],
    expirationSeconds: seconds,
    boundObjectRef: valueAt(body, 'spec', 'boundObjectRef') ?? null,
  }
  const uid = stringAt(account, 'metadata', 'uid') ?? ''
  const namespace = target.namespace ?? ''
  const begin = Math.floor(now / 1000)
  const claims = {
    aud: spec.audiences ?? [],
    exp: begin + seconds,
    iat: begin,
    iss: ISSUER,
    jti: uuidFrom(cluster.store.random),
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    nbf: begin,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  const metadata = isObject(body) && isObject(body.metadata) ? body.metadata : {}
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...metadata, name, namespace, uid, creationTimestamp: timeText(now) },
    spec,
    status: { token: tokenOf(claims, cluster.sign), expirationTimestamp: timeText((begin + seconds) * 1000) },
  }
}

/** A token that says these things. Without a signature nobody believes it. */
export function tokenOf(claims: JsonObject, sign?: Sign): string {
  const part = (value: JsonObject): string =>
    base64OfText(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const text = `${part({ alg: sign === undefined ? 'none' : 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign?.(text) ?? ''}`
}

/** Whether a token is one that was signed here. */
export function isSigned(token: string, sign: Sign | undefined): boolean {
  const end = token.lastIndexOf('.')
  return sign !== undefined && end > 0 && token.slice(end + 1) === sign(token.slice(0, end))
}
