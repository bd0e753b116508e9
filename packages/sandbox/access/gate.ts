// Stands before every request: finds out who asks and as whom, lets through what is allowed, and writes it down.
import { respondFailure } from '../http/respond.ts'
import { StatusError } from '../registry/status.ts'
import { randomFrom, uuidFrom } from '../store/random.ts'
import type { Cluster, Sign } from '../verbs/target.ts'
import { attributesOf } from './attributes.ts'
import { type AuditEvent, auditEvent, isWrite } from './audit.ts'
import { authenticate, type Peer, type TokenLookup, type TokenUser, tokenLookup } from './authenticate.ts'
import { forbidden } from './forbidden.ts'
import { impersonated } from './impersonate.ts'
import { decide } from './rbac.ts'
import { ADMINISTRATOR, ANONYMOUS, type User } from './user.ts'

/** Who may come in. */
export interface AccessOptions {
  readonly users: readonly TokenUser[]
  /** Signs the tokens of ServiceAccounts, with a secret that nobody else has. */
  readonly sign: Sign
  /** Told of every request when it is answered. */
  readonly audit?: (event: AuditEvent) => void
}

/** Who carries out a request, and what is known of others. */
export interface Caller {
  readonly user: User
  readonly lookup: TokenLookup
}

/** The caller in a sandbox that asks nobody who they are. */
export const ANYBODY: Caller = { user: ADMINISTRATOR, lookup: () => null }

/** Nobody: what a connection without a certificate comes from. */
export const NOBODY: Peer = { kind: 'nobody' }

/** A request on its way in. */
export type Gate = (request: Request, peer: Peer, next: (caller: Caller) => Promise<Response>) => Promise<Response>

/** A gate for a cluster. */
export function openGate(cluster: Cluster, { users, audit }: AccessOptions): Gate {
  const lookup = tokenLookup(cluster, users)
  // Of the seed, but no uid again.
  const ids = randomFrom(`audit ${uuidFrom(cluster.store.random.fork())}`)
  return async (request, peer, next) => {
    const url = new URL(request.url)
    const wish = attributesOf(request.method, url)
    const received = cluster.clock.now()
    const body = audit !== undefined && isWrite(wish) ? request.clone().text() : null
    let [user, as] = [ANONYMOUS, ANONYMOUS]
    let response: Response
    try {
      user = authenticate(request, peer, lookup)
      as = impersonated(cluster.store, user, request, wish)
      const decision = decide(cluster.store, as, wish)
      if (!decision.allowed) throw forbidden(as.name, wish, decision.reason)
      response = await next({ user: as, lookup })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      response = respondFailure(error, request)
    }
    if (audit === undefined) return response
    const id = uuidFrom(ids)
    const audited = { id, request, url, wish, user, as, body: body === null ? null : await body, received }
    audit(await auditEvent(audited, response, cluster.clock.now()))
    return identified(response, id)
  }
}

/** An answer names its entry in the log. */
function identified(response: Response, id: string): Response {
  const headers = new Headers(response.headers)
  headers.set('audit-id', id)
  return new Response(response.body, { status: response.status, headers })
}
