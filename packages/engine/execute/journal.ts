// The journal of one run: an event is durable before the step it announces is carried out.
import type { StepEvent } from '@mainstay/core/run/run.ts'
import type { RecordStore } from '../ports.ts'

/** Appends events of one run. Events written while an append is under way share the next one (group commit). */
export interface Journal {
  /** Resolves when the event is durable; only then is it shown to the caller's `onEvent`. */
  write(event: StepEvent): Promise<void>
}

interface Pending {
  readonly event: StepEvent
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/** Opens the journal of a run. A failed append fails every write that was waiting for it. */
export function openJournal(
  records: Pick<RecordStore, 'appendEvents'>,
  run: string,
  onEvent: (event: StepEvent) => void,
): Journal {
  let pending: Pending[] = []
  let flushing = false

  async function flush(): Promise<void> {
    flushing = true
    while (pending.length > 0) {
      const batch = pending
      pending = []
      try {
        await records.appendEvents(
          run,
          batch.map((each) => each.event),
        )
        for (const each of batch) {
          onEvent(each.event)
          each.done()
        }
      } catch (error) {
        for (const each of batch) each.failed(error)
      }
    }
    flushing = false
  }

  return {
    write(event) {
      return new Promise((done, failed) => {
        pending.push({ event, done, failed })
        // A microtask later, so that steps which start together share one transaction.
        if (!flushing) {
          flushing = true
          queueMicrotask(() => void flush())
        }
      })
    },
  }
}
