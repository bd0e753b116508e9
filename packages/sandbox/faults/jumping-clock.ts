// A clock that somebody can set: timers go on as before, as on a machine whose time is corrected.
import type { SandboxClock } from '../clock.ts'

/** A clock and the means to set it. */
export interface JumpingClock extends SandboxClock {
  /** Goes on by so much at once; back where it is negative. */
  readonly jump: (ms: number) => void
}

/** A clock that shows what another one shows, and how far it was set. */
export function jumpingClock(clock: SandboxClock): JumpingClock {
  let offset = 0
  return {
    now: () => clock.now() + offset,
    after: (ms, act) => clock.after(ms, act),
    jump: (ms) => {
      offset += ms
    },
  }
}
