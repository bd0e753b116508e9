// Time and chance as a port, so that back-off, expiry and time-outs can be tested without waiting.
import { setTimeout as delay } from 'node:timers/promises'

/** Source of time and randomness for everything that waits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted before. Does not keep the process alive alone. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** At least 0, below 1. */
  random(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
  random: () => Math.random(),
}

/** Bounds of an exponential back-off. */
export interface Backoff {
  /** First wait, in milliseconds. */
  readonly firstMs: number
  /** Longest wait, in milliseconds. */
  readonly maxMs: number
}

/**
 * Milliseconds to wait before try number `attempt` (0 = first repeat): doubling, capped, and with half of it random,
 * so that many clients that lost the same server do not come back in step.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: number): number {
  const whole = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt, 30))
  return whole / 2 + (whole / 2) * random
}
