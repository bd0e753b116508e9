// A clock that stands still until a test moves it; sleeps end when its time comes, in real time at once.
import type { Clock } from '../clock.ts'

/** A clock in a test's hand. */
export interface TestClock extends Clock {
  /** Moves time on. */
  advance(ms: number): void
  /** The sleeps asked for so far, in milliseconds. */
  readonly sleeps: readonly number[]
}

/** A clock at 2026-01-01 whose sleeps only move its own time on: waiting code runs at once, in order. */
export function testClock(random = 0.5): TestClock {
  let now = Date.UTC(2026, 0, 1)
  const sleeps: number[] = []
  return {
    now: () => now,
    random: () => random,
    advance: (ms) => {
      now += ms
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      sleeps.push(ms)
      now += ms
      // One turn of the event loop, so that a server in the same process can answer between two tries.
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
    sleeps,
  }
}
