// The system clock: the only place in the engine that asks the operating system for the time.
import { FaultError } from './fault.ts'
import type { Clock } from './ports.ts'

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled())
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(cancelled())
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  },
}

/** An instant as the records keep it: RFC 3339 in UTC with milliseconds. */
export function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}

function cancelled(): FaultError {
  return new FaultError({ kind: 'cancelled', what: 'the operation was cancelled' })
}
