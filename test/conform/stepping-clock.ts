// A clock that stands still until it is stepped; then the next timer is due.

/** A clock of a sandbox. */
export interface SteppingClock {
  readonly now: () => number
  readonly after: (ms: number, act: () => void) => () => void
  /** Goes on by a second, and by whatever is due until then. */
  readonly step: () => void
}

/** A clock that begins at a whole second. */
export function openSteppingClock(start = Date.UTC(2026, 0, 1)): SteppingClock {
  let now = start
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
    step: () => {
      const until = now + 1000
      for (;;) {
        const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        timers = timers.filter((each) => each !== due)
        now = Math.max(now, due.at)
        due.act()
      }
      now = until
    },
  }
}
