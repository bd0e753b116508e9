// A clock for tests: it stands still until a test moves it.
import type { SandboxClock } from '../clock.ts'

/** A clock and the means to move it. */
export interface TestClock extends SandboxClock {
  /** Goes on, and lets on the way everything happen that is due. */
  readonly advance: (ms: number) => void
}

/** Noon of the first of January 2026. */
export const START = 1_767_268_800_000

/** A clock that stands at `START`. */
export function openTestClock(): TestClock {
  let now = START
  let timers: { readonly at: number; readonly act: () => void }[] = []
  return {
    now: () => now,
    after: (ms, act) => {
      const timer = { at: now + ms, act }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    advance: (ms) => {
      const until = now + ms
      for (;;) {
        const [due] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (due === undefined) break
        timers = timers.filter((each) => each !== due)
        now = due.at
        due.act()
      }
      now = until
    },
  }
}
