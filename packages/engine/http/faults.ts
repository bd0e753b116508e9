// The faults of requests to repositories: each says which address, what came of it, and what to do.
import { isUntrusted, kindOfBreak, whyBroken } from '../cluster/network-fault.ts'
import { FaultError, type FaultKind } from '../fault.ts'

/** A URL as it may be shown: without user, password and query (registries sign addresses there). */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

/** A connection that could not be made or broke. */
export interface BrokenConnection {
  readonly what: string
  readonly url: URL
  /** The time limit in milliseconds where it ran out; null where something else happened. */
  readonly timeoutMs: number | null
}

/** The fault for a connection that failed, by the error's code. */
export function brokenFault(error: unknown, { what, url, timeoutMs }: BrokenConnection): FaultError {
  const where = shownUrl(url)
  if (timeoutMs !== null) {
    const why = `no complete answer within ${timeoutMs / 1000} s`
    return new FaultError({ kind: 'timeout', what, where, why, fix: [reach(url)] }, { cause: error })
  }
  const fix = isUntrusted(error)
    ? [
        `if the host has a certificate of its own authority, trust that: mainstay cert add-tls ${url.hostname} --from <file>`,
      ]
    : [reach(url)]
  return new FaultError({ kind: kindOfBreak(error), what, where, why: whyBroken(error), fix }, { cause: error })
}

/** An answer that was larger than allowed. */
export function tooLargeFault(what: string, url: URL, maxBytes: number): FaultError {
  return new FaultError({
    kind: 'too-large',
    what,
    where: shownUrl(url),
    why: `the answer is larger than ${maxBytes} bytes`,
    fix: ['use a smaller chart or artifact'],
  })
}

/** An answer that is no success. */
export interface RefusedAnswer {
  readonly what: string
  readonly url: URL
  readonly status: number
  /** Where the credentials were written: `RepositoryAccess.origin`. */
  readonly origin: string
  /** What to do where nothing is found. */
  readonly missing: readonly string[]
}

/** The fault for a refusal, by its status. */
export function refusedFault({ what, url, status, origin, missing }: RefusedAnswer): FaultError {
  const where = shownUrl(url)
  const host = url.host
  const fault = (kind: FaultKind, why: string, fix: readonly string[]) =>
    new FaultError({ kind, what, where, why, fix })
  switch (status) {
    case 401:
      return fault('unauthorized', `${host} does not take these credentials: ${origin} (401)`, [
        'write the right ones: mainstay repo add <url> --upsert --username <name> --password-stdin',
      ])
    case 403:
      return fault('forbidden', `${host} refuses to show this to us: ${origin} (403)`, [
        'let the user or token read the repository',
      ])
    case 404:
    case 410:
      return fault('not-found', `${host} has nothing there (${status})`, missing)
    default:
      return fault('source-unreadable', `${host} answered ${status}`, [reach(url)])
  }
}

function reach(url: URL): string {
  return `check that ${url.origin} is the right address and can be reached from here`
}
