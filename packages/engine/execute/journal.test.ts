// Tests of the journal: durable before it is shown, in order, together where possible, and no silence about a failure.
import type { StepEvent } from '@mainstay/core/run/run.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { NOON } from '../record/testing/values.ts'
import { openJournal } from './journal.ts'

const event = (step: string): StepEvent => ({ kind: 'step-started', at: NOON, step })
const stepsOf = (events: readonly StepEvent[]) => events.map((each) => ('step' in each ? each.step : each.kind))

/** Records whose appends end when the test says so. */
function heldRecords() {
  const appends: { readonly steps: readonly string[]; readonly end: () => void; readonly fail: (e: Error) => void }[] =
    []
  return {
    appends,
    appendEvents: (_run: string, events: readonly StepEvent[]) =>
      new Promise<void>((end, fail) => {
        appends.push({ steps: stepsOf(events), end, fail })
      }),
  }
}

/** Lets everything happen that is not held. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a journal', () => {
  it('shows an event and goes on only when the event is durable', async () => {
    const records = heldRecords()
    const shown: StepEvent[] = []
    const journal = openJournal(records, 'run-1', (each) => shown.push(each))
    let written = false
    const write = journal.write(event('a')).then(() => {
      written = true
    })
    await settled()
    expect([records.appends.length, shown, written]).toEqual([1, [], false])
    records.appends[0]?.end()
    await write
    expect(stepsOf(shown)).toEqual(['a'])
  })

  it('appends what comes together together, and what comes meanwhile next, all in order', async () => {
    const records = heldRecords()
    const shown: StepEvent[] = []
    const journal = openJournal(records, 'run-1', (each) => shown.push(each))
    const writes = ['a', 'b', 'c'].map((step) => journal.write(event(step)))
    await settled()
    writes.push(journal.write(event('d')), journal.write(event('e')))
    await settled()
    expect(records.appends.map(({ steps }) => steps)).toEqual([['a', 'b', 'c']])
    records.appends[0]?.end()
    await settled()
    expect(records.appends.map(({ steps }) => steps)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
    records.appends[1]?.end()
    await Promise.all(writes)
    expect(stepsOf(shown)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('tells a failed append to everybody who waited for it, shows nothing of it, and goes on', async () => {
    const records = heldRecords()
    const shown: StepEvent[] = []
    const journal = openJournal(records, 'run-1', (each) => shown.push(each))
    const full = new FaultError({ kind: 'record-failed', what: 'the disk is full' })
    const lost = Promise.allSettled(['a', 'b'].map((step) => journal.write(event(step))))
    await settled()
    records.appends[0]?.fail(full)
    expect(await lost).toEqual([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ])
    const next = journal.write(event('c'))
    await settled()
    records.appends[1]?.end()
    await next
    expect(stepsOf(shown)).toEqual(['c'])
  })
})
