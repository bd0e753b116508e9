// A clock that stands still until it is moved: a sandbox's time in tests.

import type { SandboxClock } from '@mainstay/sandbox/clock.ts'

/** A clock that only `advance` moves. */
export interface StillClock extends SandboxClock {
  /** Moves on by `ms` and does what was to be done until then, each at its time. */
  readonly advance: (ms: number) => void
}

/** A clock that begins at `start`, in milliseconds since the epoch. */
export function stillClock(start: number): StillClock {
  let time = start
  let count = 0
  const waiting = new Map<number, { readonly at: number; readonly act: () => void }>()
  const nextBefore = (end: number): readonly [number, { readonly at: number; readonly act: () => void }] | undefined =>
    [...waiting].filter(([, one]) => one.at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
  return {
    now: () => time,
    after(ms, act) {
      count += 1
      const id = count
      waiting.set(id, { at: time + Math.max(0, ms), act })
      return () => {
        waiting.delete(id)
      }
    },
    advance(ms) {
      const end = time + ms
      for (let next = nextBefore(end); next !== undefined; next = nextBefore(end)) {
        const [id, { at, act }] = next
        waiting.delete(id)
        time = Math.max(time, at)
        act()
      }
      time = end
    },
  }
}
