// The sandbox's clock for people: real time, from the outside of the command.
import type { SandboxClock } from '@mainstay/sandbox/clock.ts'
import type { Io } from '../io.ts'

/** The longest time that one timer can wait; a longer one would go off at once. */
const LONGEST_MS = 2 ** 31 - 1

/** The clock on the wall. */
export function wallClock(io: Pick<Io, 'now' | 'after'>): SandboxClock {
  return { now: () => io.now(), after: (ms, act) => waitFor(io, Math.max(0, ms), act) }
}

/** Waits in pieces that a timer can hold. */
function waitFor(io: Pick<Io, 'after'>, ms: number, act: () => void): () => void {
  if (ms <= LONGEST_MS) return io.after(ms, act)
  let cancel = io.after(LONGEST_MS, () => {
    cancel = waitFor(io, ms - LONGEST_MS, act)
  })
  return () => cancel()
}
