// A clock that stands still until a test moves it; sleeping only moves its own time on.
import { FaultError } from '../../fault.ts'
import type { Clock } from '../../ports.ts'
import type { Pace } from '../backoff.ts'

/** A clock in a test's hand. */
export interface TestClock extends Clock {
  /** Moves time on. */
  advance(ms: number): void
  /** The sleeps asked for so far, in milliseconds. */
  readonly sleeps: readonly number[]
}

/** A clock at 2026-01-01 whose sleeps end at once in real time, in order. */
export function testClock(): TestClock {
  let now = Date.UTC(2026, 0, 1)
  const sleeps: number[] = []
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
    },
    sleep: async (ms, signal) => {
      refuseAborted(signal)
      sleeps.push(ms)
      now += ms
      // One turn of the event loop, so that a server in the same process can answer between two tries.
      await new Promise((resolve) => setImmediate(resolve))
      refuseAborted(signal)
    },
    sleeps,
  }
}

/** A test clock with chance always in the middle. */
export function testPace(clock: TestClock = testClock()): Pace & { readonly clock: TestClock } {
  return { clock, random: () => 0.5 }
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new FaultError({ kind: 'cancelled', what: 'the operation was cancelled' })
}
