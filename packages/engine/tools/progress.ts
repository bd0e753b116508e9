// Shows a person how a tool comes to be: one live line on a terminal, a plain line now and then elsewhere.

import type { ToolEvent } from './context.ts'

/** Where progress is written; `live` is true for a terminal that can redraw a line. */
export interface ProgressTarget {
  readonly write: (text: string) => void
  readonly live: boolean
  /** Milliseconds of a steady clock. */
  readonly now: () => number
}

/** A listener for `ToolContext.onEvent`, and `end`, which leaves the cursor on a fresh line. */
export interface ProgressView {
  readonly onEvent: (event: ToolEvent) => void
  readonly end: () => void
}

/** Between two plain lines about the same work, in ms. */
const plainEveryMs = 15_000
/** Between two redraws of the live line, in ms. */
const liveEveryMs = 100

/** Starts a view. Events that end or explain something are always shown; running counts only now and then. */
export function progressView(target: ProgressTarget): ProgressView {
  const begun = new Map<string, number>()
  let shown = Number.NEGATIVE_INFINITY
  let open = false
  const erase = (): void => {
    if (open) target.write('\r\u001b[2K')
    open = false
  }
  return {
    onEvent(event) {
      const now = target.now()
      const work = `${event.kind} ${event.tool}`
      const first = !begun.has(work)
      const start = begun.get(work) ?? now
      begun.set(work, start)
      const line = lineOf(event, now - start)
      if (!isRunning(event)) {
        erase()
        target.write(`${line}\n`)
      } else if (target.live) {
        if (!first && now - shown < liveEveryMs) return
        erase()
        target.write(line)
        open = true
        shown = now
      } else if (first || now - shown >= plainEveryMs) {
        target.write(`${line}\n`)
        shown = now
      }
    },
    end: erase,
  }
}

function isRunning(event: ToolEvent): boolean {
  return event.kind === 'downloading' || event.kind === 'building'
}

function lineOf(event: ToolEvent, elapsedMs: number): string {
  const elapsed = `${Math.floor(elapsedMs / 60_000)}m${String(Math.floor(elapsedMs / 1000) % 60).padStart(2, '0')}s`
  switch (event.kind) {
    case 'waiting':
      return `${event.tool}: waiting for ${event.owner}, which is making it`
    case 'downloading': {
      const total = event.total === null ? '' : ` of ${mebibytes(event.total)}`
      return `${event.tool}: downloading the release, ${mebibytes(event.bytes)}${total} MiB`
    }
    case 'release-failed':
      return `${event.tool}: no release (${event.why}), so it is built`
    case 'building':
      return `${event.tool}: building, ${event.packages} packages, ${elapsed}  ${event.at.slice(0, 60)}`
    case 'ready':
      return `${event.tool}: ready, ${event.path}`
  }
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1)
}
