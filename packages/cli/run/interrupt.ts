// Ctrl-C and time limits for work that writes: first stop in good order, only then at once.
import type { Io } from '../io.ts'

/** Conventional exit code of a process that Ctrl-C ended. */
const INTERRUPTED = 130

/** How work may be ended from outside. */
export interface Limits {
  /** Seconds; null: no limit. */
  readonly timeoutS: number | null
  /** What the first Ctrl-C does, in words: `Stopping after the steps that are running.` */
  readonly stopping: string
  /** Tells the person about it. */
  readonly note: (text: string) => void
}

/**
 * Does work under a signal that Ctrl-C or the time limit fires: the work then ends after what is running. A second
 * Ctrl-C ends the process at once; the journal knows what was begun.
 */
export async function interruptible<T>(
  io: Pick<Io, 'onInterrupt' | 'after' | 'quit'>,
  limits: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  let asked = false
  const forget = io.onInterrupt(() => {
    if (asked) return io.quit(INTERRUPTED)
    asked = true
    limits.note(`${limits.stopping} Ctrl-C again stops at once.`)
    stop.abort()
  })
  const cancelLimit =
    limits.timeoutS === null
      ? () => {}
      : io.after(limits.timeoutS * 1000, () => {
          limits.note(`The time limit of ${limits.timeoutS} s is over. ${limits.stopping}`)
          stop.abort()
        })
  try {
    return await work(stop.signal)
  } finally {
    cancelLimit()
    forget()
  }
}
