// Tests of a whole run: order, barriers, bounds, and how it ends when something fails or somebody stops it.
import type { StepEvent } from '@mainstay/core/run/run.ts'
import { config, deployment, object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import type { RecordStore } from '../ports.ts'
import { CONCURRENCY } from './execute.ts'
import { until } from './testing/clock.ts'
import type { Hook } from './testing/memory-target.ts'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()
const full = new FaultError({ kind: 'record-failed', what: 'the disk is full' })
const service = (name: string) => object('v1', 'Service', name, { spec: { ports: [{ port: 80 }] } })

/** Refuses the writes about objects of these names. */
function refusing(...names: readonly string[]): Hook {
  return (when, { verb, ref }) => {
    if (when === 'before' && verb !== 'get' && names.includes(ref.name)) throw refused('rejected', verb, ref, 'denied')
  }
}

/** An event as `kind step`, short enough to compare lists of them. */
function told(events: readonly StepEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === 'run-started') return event.kind
    if (event.kind === 'run-ended') return `${event.kind} ${event.outcome}`
    return `${event.kind} ${event.step}`
  })
}

async function runOf(bench: Bench) {
  const [run] = await bench.records.runs(bench.key)
  if (run === undefined) throw new Error('nothing was run')
  return { ...run, events: await bench.records.events(run.id) }
}

describe('a run that comes after another one', () => {
  it('does nothing where that one changed the records that the plan was made on, and says so', async () => {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.commit('two', [config('a', {}, { a: '2' }), config('b')])
    const world = await bench.decide()
    const same = await bench.decide()
    expect((await bench.run(world)).outcome).toBe('succeeded')
    bench.target.requests.length = 0
    const runs = (await bench.records.runs(bench.key)).length
    await expect(bench.run(same)).rejects.toMatchObject({
      fault: { kind: 'stale-plan', what: expect.stringContaining('another run changed what is recorded') },
    })
    expect([bench.target.requests, (await bench.records.runs(bench.key)).length]).toEqual([[], runs])
  })
})

describe('the journal of a run', () => {
  /** One object to change, one to create after it, one to delete last. */
  async function three(): Promise<Bench> {
    const bench = await open()
    await bench.sync('one', [config('a'), config('old')])
    bench.commit('two', [config('a', {}, { a: '2' }), service('web')])
    return bench
  }

  it('has each step between its start and its end, group after group, and the end of the run last', async () => {
    const bench = await three()
    const { events } = await bench.run(await bench.decide())
    expect(told(events)).toEqual([
      'run-started',
      'step-started apply /ConfigMap/shop/a',
      'step-done apply /ConfigMap/shop/a',
      'step-started apply /Service/shop/web',
      'step-done apply /Service/shop/web',
      'step-started delete /ConfigMap/shop/old',
      'step-done delete /ConfigMap/shop/old',
      'step-started wait prune/0/40 config gone',
      'step-done wait prune/0/40 config gone',
      'run-ended succeeded',
    ])
  })

  it('is what was shown, event by event, and is closed with the outcome', async () => {
    const bench = await three()
    const { events, run } = await bench.run(await bench.decide())
    const record = await runOf(bench)
    expect([record.id, record.outcome, record.by]).toEqual([run, 'succeeded', 'Ana'])
    expect(record.events).toEqual(events)
  })

  it('announces a step before its first request, and tells its end after its last', async () => {
    const bench = await three()
    const world = await bench.decide()
    const seen: unknown[] = []
    bench.target.on = async (when, { verb, ref }) => {
      if (verb === 'apply') seen.push([when, ref.name, told((await runOf(bench)).events).at(-1)])
    }
    await bench.run(world)
    expect(seen).toEqual([
      ['before', 'a', 'step-started apply /ConfigMap/shop/a'],
      ['after', 'a', 'step-started apply /ConfigMap/shop/a'],
      ['before', 'web', 'step-started apply /Service/shop/web'],
      ['after', 'web', 'step-started apply /Service/shop/web'],
    ])
  })

  it('comes after the records of everything that will be created', async () => {
    const bench = await open()
    bench.commit('one', [config('a'), service('web')])
    const world = await bench.decide()
    const seen: unknown[] = []
    await bench.run(world, {
      records: {
        appendEvents: async (run, events) => {
          if (told(events)[0]?.startsWith('step-started')) seen.push(await bench.recorded())
          await bench.records.appendEvents(run, events)
        },
      },
    })
    expect(seen[0]).toEqual({ 'ConfigMap/a': 'intended', 'Service/web': 'intended' })
  })
})

describe('after a step failed', () => {
  it('the other steps of its group still run, and no later group starts', async () => {
    const bench = await open()
    await bench.sync('zero', [config('old'), config('a')])
    bench.commit('one', [config('a', {}, { a: '2' }), config('b'), config('c'), service('web')])
    bench.target.on = refusing('b')
    const ran = await bench.run(await bench.decide())
    expect([ran.outcome, ran.message]).toEqual(['failed', '1 steps failed, 2 done'])
    expect(ran.failed.map(({ step }) => step)).toEqual(['apply /ConfigMap/shop/b'])
    expect(await bench.recorded()).toEqual({
      'ConfigMap/a': 'applied uid-1',
      'ConfigMap/b': 'intended',
      'ConfigMap/c': 'applied uid-3',
      'ConfigMap/old': 'applied uid-2',
      'Service/web': 'intended',
    })
    expect([bench.live('Service/web'), bench.live('ConfigMap/old') === null]).toEqual([null, false])
  })

  it('every failure of its group is reported', async () => {
    const bench = await open()
    bench.commit('one', [config('a'), config('b'), config('c')])
    bench.target.on = refusing('a', 'c')
    const { failed } = await bench.run(await bench.decide())
    expect(failed.map(({ step }) => step)).toEqual(['apply /ConfigMap/shop/a', 'apply /ConfigMap/shop/c'])
  })

  it('nothing is deleted while a wave is not healthy', async () => {
    const bench = await open()
    await bench.sync('zero', [config('old')])
    bench.commit('one', [deployment('web')])
    const { outcome } = await bench.run(await bench.decide(), {
      onEvent: ({ kind }) => {
        if (kind === 'step-progress') bench.clock.advance(600_000)
      },
    })
    expect([outcome, bench.live('ConfigMap/old') === null]).toEqual(['failed', false])
  })

  it('a moved world outranks every other failure', async () => {
    const bench = await open()
    await bench.sync('zero', [config('a'), config('b')])
    bench.commit('one', [config('a', {}, { a: '2' }), config('b', {}, { a: '2' })])
    const world = await bench.decide()
    bench.target.edit(refIn('ConfigMap', 'b'), { data: { a: 'by hand' } })
    bench.target.on = refusing('a')
    const ran = await bench.run(world)
    expect([ran.outcome, ran.message]).toEqual(['stale', 'the world moved; 0 steps were done, 2 refused'])
  })
})

describe('steps that may run side by side', () => {
  const many = Array.from({ length: CONCURRENCY + 5 }, (_, at) => config(`c${at}`))

  it.each([
    [3, 3],
    [undefined, CONCURRENCY],
  ])('are at most as many as allowed: %s', async (concurrency, most) => {
    const bench = await open()
    bench.commit('one', many)
    const world = await bench.decide()
    let started = 0
    let now = 0
    let top = 0
    bench.target.on = async (when, { verb }) => {
      if (verb !== 'apply') return
      now += when === 'before' ? 1 : -1
      top = Math.max(top, now)
      if (when === 'after') return
      started += 1
      // Until every other step that may start has started.
      await until(() => now >= most || started === many.length)
    }
    const ran = await bench.run(world, concurrency === undefined ? {} : { concurrency })
    expect([ran.outcome, ran.results.size, top]).toEqual(['succeeded', many.length, most])
  })
})

describe('an abort', () => {
  it('lets the running steps finish, starts no other, and leaves the run cancelled', async () => {
    const bench = await open()
    bench.commit('one', [config('a'), config('b'), config('c'), service('web')])
    const stop = new AbortController()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'apply' && ref.name === 'a') stop.abort()
    }
    const ran = await bench.run(await bench.decide(), { signal: stop.signal, concurrency: 2 })
    expect([ran.outcome, ran.message]).toEqual(['cancelled', 'cancelled after 2 steps'])
    expect(told(ran.events).toSorted()).toEqual([
      'run-ended cancelled',
      'run-started',
      'step-done apply /ConfigMap/shop/a',
      'step-done apply /ConfigMap/shop/b',
      'step-started apply /ConfigMap/shop/a',
      'step-started apply /ConfigMap/shop/b',
    ])
    expect((await runOf(bench)).outcome).toBe('cancelled')
    expect((await bench.recorded())['ConfigMap/c']).toBe('intended')
  })

  it('before the run starts nothing at all', async () => {
    const bench = await open()
    bench.commit('one', [config('a')])
    const ran = await bench.run(await bench.decide(), { signal: AbortSignal.abort() })
    expect([ran.outcome, bench.target.requests]).toEqual(['cancelled', []])
  })
})

describe('records that fail', () => {
  /** Two groups; the n-th append of events fails, and only that one. */
  async function failingAt(n: number) {
    const bench = await open()
    bench.commit('one', [config('a'), service('web')])
    let appends = 0
    const records: Partial<RecordStore> = {
      appendEvents: (run, events) => {
        appends += 1
        return appends === n ? Promise.reject(full) : bench.records.appendEvents(run, events)
      },
    }
    return { bench, run: bench.run(await bench.decide(), { records }) }
  }

  it.each([
    [1, 'its start', []],
    [2, 'the start of a step', []],
    [3, 'the end of a step', ['apply ConfigMap/a']],
    [4, 'the start of the next step', ['apply ConfigMap/a']],
  ])('stop the run at append %i, %s: what was not announced is not done', async (n, _, requests) => {
    const { bench, run } = await failingAt(n)
    await expect(run).rejects.toBe(full)
    expect(bench.target.requests).toEqual(requests)
    expect((await runOf(bench)).outcome).toBe('failed')
  })

  it('and take not even the last event do not leave the run open: the next one starts', async () => {
    const bench = await open()
    bench.commit('one', [config('a')])
    const world = await bench.decide()
    await expect(bench.run(world, { records: { appendEvents: () => Promise.reject(full) } })).rejects.toBe(full)
    expect((await bench.run(world)).outcome).toBe('succeeded')
  })

  it('when what will be created cannot be noted, nothing is created', async () => {
    const bench = await open()
    bench.commit('one', [config('a')])
    const run = bench.run(await bench.decide(), { records: { putEntries: () => Promise.reject(full) } })
    await expect(run).rejects.toBe(full)
    expect(bench.target.requests).toEqual([])
  })
})

describe('a run', () => {
  it('that meets a bug ends as failed, tells the bug, and lets the steps beside it finish', async () => {
    const bench = await open()
    bench.commit('one', [config('a'), config('b'), service('web')])
    const bug = new TypeError('undefined is not a function')
    bench.target.on = (when, { ref }) => {
      if (when === 'before' && ref.name === 'a') throw bug
    }
    await expect(bench.run(await bench.decide())).rejects.toBe(bug)
    const { outcome, events } = await runOf(bench)
    expect([outcome, told(events).at(-1)]).toEqual(['failed', 'run-ended failed'])
    expect(told(events)).toContain('step-done apply /ConfigMap/shop/b')
    expect(bench.live('Service/web')).toBeNull()
  })

  it('that meets a bug starts no step that has not begun, also of the same group', async () => {
    const bench = await open()
    bench.commit('one', [config('a'), config('b')])
    const bug = new TypeError('undefined is not a function')
    bench.target.on = () => {
      throw bug
    }
    await expect(bench.run(await bench.decide(), { concurrency: 1 })).rejects.toBe(bug)
    expect(bench.target.requests).toEqual(['apply ConfigMap/a'])
  })

  it('is refused while another one of the application is under way, before anything is done', async () => {
    const bench = await open()
    bench.commit('one', [config('a')])
    const world = await bench.decide()
    await bench.records.openRun(bench.key, 'plan-1', 'Ana', '2026-03-01T11:00:00.000Z')
    await expect(bench.run(world)).rejects.toMatchObject({ fault: { kind: 'conflict' } })
    expect([bench.target.requests, await bench.recorded()]).toEqual([[], {}])
  })
})
