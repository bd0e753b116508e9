// A clock that stands until a test moves it: who sleeps wakes when it was moved far enough.
import { FaultError } from '../../fault.ts'
import type { Clock } from '../../ports.ts'
import { NOON } from '../../record/testing/values.ts'

/** A clock in a test's hand. */
export interface HeldClock extends Clock {
  /** Moves time on and wakes those whose time has come. */
  advance(ms: number): void
  /** How many sleep now. */
  readonly sleeping: number
}

/** A clock that stands at noon. */
export function heldClock(): HeldClock {
  let now = Date.parse(NOON)
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        const onAbort = (): void => {
          sleepers.delete(sleeper)
          reject(new FaultError({ kind: 'cancelled', what: 'the operation was cancelled' }))
        }
        if (signal?.aborted === true) onAbort()
        else signal?.addEventListener('abort', onAbort, { once: true })
      }),
    advance(ms) {
      now += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
    get sleeping() {
      return sleepers.size
    },
  }
}

/** Waits until a condition holds, one turn of the event loop after the other. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
