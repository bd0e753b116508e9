// Faults in the place of an answer: errors of an overloaded or broken server, connections that break, refusals by Roles.
import { forbidden } from '../access/forbidden.ts'
import { respondFailure } from '../http/respond.ts'
import { failure } from '../registry/status.ts'
import { ConnectionBroken, type Effect, type Passing, plainResponse, type Stage } from './effect.ts'
import type { Fault, When } from './fault.ts'

type Refuse = Extract<Fault, { readonly kind: 'refuse' }>

/** An error in the place of the answer. */
export function refuse(fault: Refuse): Effect {
  return {
    concerns: () => true,
    strike: async (passing) => {
      if (fault.when === 'after') await carryOut(passing)
      return refusal(fault, passing.request)
    },
  }
}

/** A connection that breaks without an answer. */
export function drop(when: When): Effect {
  return {
    concerns: () => true,
    strike: async (passing) => {
      if (when === 'after') await carryOut(passing)
      throw new ConnectionBroken('before the answer')
    },
  }
}

/** Not allowed, in the words of the real server. */
export function forbid(user: string): Effect {
  return {
    concerns: () => true,
    strike: async ({ request, wish }) => respondFailure(forbidden(user, wish), request),
  }
}

/** A later answer. */
export function delay(fault: Extract<Fault, { readonly kind: 'latency' }>, { clock, random }: Stage): Effect {
  return {
    concerns: () => true,
    strike: async ({ request, next }) => {
      const ms = fault.ms + (fault.jitterMs === 0 ? 0 : Math.floor(random.next() * (fault.jitterMs + 1)))
      await waited(clock, ms, request.signal)
      return next(request)
    },
  }
}

/** A clock that is set. */
export function setClock(ms: number, { jump }: Stage): Effect {
  return {
    concerns: () => jump !== null,
    strike: ({ request, next }) => {
      jump?.(ms)
      return next(request)
    },
  }
}

/** Until the time is over, or nobody waits any more. */
function waited(clock: Stage['clock'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      cancel()
      reject(new ConnectionBroken('while it waited'))
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', gone)
      resolve()
    })
    if (signal.aborted) gone()
    else signal.addEventListener('abort', gone, { once: true })
  })
}

async function carryOut({ request, next }: Passing): Promise<void> {
  const { body } = await next(request)
  await body?.cancel()
}

/** What the real server says in such a case, unless other words are wanted. */
function refusal({ status, retryAfter, message }: Refuse, request: Request): Response {
  const seconds = retryAfter === null ? {} : { retryAfterSeconds: retryAfter }
  switch (status) {
    case 429:
      // The part of the server that counts requests knows no Status.
      return plainResponse(429, `${message ?? 'Too many requests, please try again later.'}\n`, retryAfter)
    case 500: {
      const why = message ?? 'etcdserver: request timed out'
      const details = { causes: [{ message: why }], ...seconds }
      return respondFailure(
        failure(500, 'InternalError', `Internal error occurred: ${why}`, details, retryAfter),
        request,
      )
    }
    case 503: {
      const text = message ?? 'the server is currently unable to handle the request'
      return respondFailure(failure(503, 'ServiceUnavailable', text, seconds, retryAfter), request)
    }
    case 504: {
      const text = `Timeout: ${message ?? 'request did not complete within requested timeout - context deadline exceeded'}`
      return respondFailure(failure(504, 'Timeout', text, seconds, retryAfter), request)
    }
  }
}
