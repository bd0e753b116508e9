// How long to wait before trying again: exponential, capped, and partly by chance.
import { systemClock } from '../clock.ts'
import type { Clock } from '../ports.ts'

/** Time and chance as one port, so that waiting can be tested without waiting. */
export interface Pace {
  readonly clock: Clock
  /** At least 0, below 1. */
  readonly random: () => number
}

/** The machine's own time and chance. */
export const systemPace: Pace = { clock: systemClock, random: () => Math.random() }

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
