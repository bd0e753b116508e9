// Waiting for work that others wait for, too: one who gives up ends the own wait, never the work.
import { FaultError } from '../fault.ts'

/**
 * The result of shared work for one caller.
 * @throws FaultError `cancelled` when this caller's signal fires first
 */
export async function sharedWait<T>(work: Promise<T>, what: string, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new FaultError({ kind: 'cancelled', what: `${what} was cancelled` }))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Whoever still waits hears of a failure; where nobody does, nobody needs to.
    work.catch(() => {})
  }
}
