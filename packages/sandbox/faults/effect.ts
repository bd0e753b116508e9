// What every fault is made of: it sees a request on its way and may answer in the place of what comes behind it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Attributes } from '../access/attributes.ts'
import type { Peer } from '../access/authenticate.ts'
import type { SandboxClock } from '../clock.ts'
import type { Random } from '../store/random.ts'

/** One request on its way. */
export interface Passing {
  readonly request: Request
  /** Who sends it, where TLS says so. */
  readonly peer: Peer | undefined
  readonly url: URL
  readonly wish: Attributes
  /** What the server (with the faults behind this one) answers. */
  readonly next: (request: Request) => Promise<Response>
}

/** A server as it was, which answers reads. */
export type Past = (request: Request, peer: Peer | undefined) => Promise<Response>

/** What faults work with. */
export interface Stage {
  readonly clock: SandboxClock
  readonly random: Random
  /** Keeps the server as it is now. */
  readonly keep: () => Past
  /** Moves the clock of the server; null where nobody can. */
  readonly jump: ((ms: number) => void) | null
}

/** A fault at work. */
export interface Effect {
  /** True for a request that it can do anything to. */
  readonly concerns: (passing: Passing) => boolean
  readonly strike: (passing: Passing) => Promise<Response>
  /** What an earlier strike entails for a request, whatever the rule selects; null: nothing. */
  readonly entails?: (passing: Passing) => Promise<Response> | null
}

/**
 * The connection broke. In one process this is what a `fetch` throws; whoever serves the sandbox to others breaks the
 * connection when it meets this.
 */
export class ConnectionBroken extends TypeError {
  constructor(where: string) {
    super(`the connection broke ${where}`)
    this.name = 'ConnectionBroken'
  }
}

/** A failure as the API server writes it. */
export function statusResponse(body: JsonObject & { readonly code: number }, retryAfter: number | null): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  if (retryAfter !== null) headers.set('retry-after', String(retryAfter))
  return new Response(`${JSON.stringify(body)}\n`, { status: body.code, headers })
}

/** Words that a part of the server says which knows no Status. */
export function plainResponse(status: number, text: string, retryAfter: number | null = null): Response {
  const headers = new Headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  if (retryAfter !== null) headers.set('retry-after', String(retryAfter))
  return new Response(text, { status, headers })
}
