// Tests of one wait: until healthy or gone, within its time, naming what is missing; the clock is in the test's hand.
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { config, deployment } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { until } from './testing/clock.ts'
import type { MemoryTarget } from './testing/memory-target.ts'
import type { Bench, Ran, RunChange } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()
const web = refIn('Deployment', 'web', 'apps')
const a = refIn('ConfigMap', 'a')
const CONTROLLER = { manager: 'kube-controller-manager', subresource: 'status' }
const AWAY: Intent = { kind: 'delete', cascade: 'background' }

/** The deployment's controller reports. */
function report(target: MemoryTarget, ready: number, ref = web): void {
  const counts = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: ready }
  target.edit(ref, { status: counts }, CONTROLLER)
}

/** A run under way, with what it has told so far. */
interface Running {
  readonly bench: Bench
  readonly ran: Promise<Ran>
  readonly told: readonly string[]
}

async function start(bench: Bench, intent?: Intent, change: RunChange = {}): Promise<Running> {
  const told: string[] = []
  const ran = bench.run(await bench.decide(intent), {
    ...change,
    onEvent: (event) => {
      if (event.kind === 'step-progress') told.push(event.message)
    },
  })
  return { bench, ran, told }
}

/** A run that waits for two deployments. */
async function waiting(change: RunChange = {}): Promise<Running> {
  const bench = await open()
  bench.commit('one', [deployment('web'), deployment('worker')])
  const running = await start(bench, undefined, change)
  await until(() => running.told.length === 2)
  return running
}

/** A run that waits until an object with a finalizer is gone. */
async function leaving(): Promise<Running> {
  const bench = await open()
  await bench.sync('one', [config('a')])
  bench.target.edit(a, { metadata: { finalizers: ['example.com/hold'] } })
  const running = await start(bench, AWAY)
  await until(() => running.told.length === 1)
  return running
}

describe('waiting for health', () => {
  it('ends when every object is healthy, and tells what it waits for whenever that changes', async () => {
    const { bench, ran, told } = await waiting()
    report(bench.target, 0)
    report(bench.target, 0, refIn('Deployment', 'worker', 'apps'))
    bench.target.edit(web, { metadata: { labels: { tag: 'x' } } })
    report(bench.target, 1)
    report(bench.target, 1, refIn('Deployment', 'worker', 'apps'))
    const { outcome, results } = await ran
    expect([outcome, results.get('wait sync/0/90 wait')]).toEqual(['succeeded', { kind: 'healthy' }])
    expect(told).toEqual([
      'Deployment/web: Progressing, its controller has not seen it yet',
      'Deployment/worker: Progressing, its controller has not seen it yet',
      'Deployment/web: Progressing, 0 of 1 new pods are available',
      'Deployment/worker: Progressing, 0 of 1 new pods are available',
    ])
    expect(bench.clock.sleeping).toBe(0)
  })

  it('takes a suspended object as it is', async () => {
    const { bench, ran } = await waiting()
    bench.target.edit(web, { spec: { paused: true } })
    report(bench.target, 1, refIn('Deployment', 'worker', 'apps'))
    expect((await ran).outcome).toBe('succeeded')
  })

  it('waits again for an object that falls back before the others are well', async () => {
    const { bench, ran, told } = await waiting()
    report(bench.target, 1)
    report(bench.target, 0)
    report(bench.target, 1, refIn('Deployment', 'worker', 'apps'))
    await until(() => told.length === 3)
    report(bench.target, 1)
    expect([(await ran).outcome, told[2]]).toEqual([
      'succeeded',
      'Deployment/web: Progressing, 0 of 1 new pods are available',
    ])
  })

  it('is over when its time is, and names what is missing and nothing else', async () => {
    const { bench, ran } = await waiting()
    report(bench.target, 1, refIn('Deployment', 'worker', 'apps'))
    await until(() => bench.clock.sleeping === 1)
    bench.clock.advance(599_999)
    report(bench.target, 0)
    bench.clock.advance(1)
    const { outcome, failed } = await ran
    expect(outcome).toBe('failed')
    expect(failed.map(({ error }) => error.fault)).toMatchObject([
      {
        kind: 'timeout',
        what: 'not healthy within 600 s',
        why: 'Deployment/web: Progressing, 0 of 1 new pods are available',
      },
    ])
  })

  it('says of an object that vanished that it does not exist', async () => {
    const { bench, ran, told } = await waiting()
    bench.target.remove(web)
    await until(() => told.length === 3)
    expect(told[2]).toBe('Deployment/web: does not exist')
    bench.clock.advance(600_000)
    expect((await ran).failed[0]?.error.fault.why).toContain('Deployment/web: does not exist')
  })
})

describe('waiting until gone', () => {
  it('ends when the object is gone, and its record leaves', async () => {
    const { bench, ran, told } = await leaving()
    expect(told).toEqual(['ConfigMap/a: still there, finalizers: example.com/hold'])
    bench.target.edit(a, { metadata: { finalizers: null } })
    const { outcome, results } = await ran
    expect([outcome, results.get('wait prune/0/40 config gone')]).toEqual(['succeeded', { kind: 'gone' }])
    expect(await bench.recorded()).toEqual({})
  })

  it('does not wait for an object that somebody makes under the same name: what was deleted is gone', async () => {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.target.on = (when, { verb }) => {
      if (when === 'before' && verb === 'follow') bench.make(config('a', {}, { a: 'theirs' }))
    }
    const ran = await bench.run(await bench.decide(AWAY))
    expect([ran.outcome, bench.clock.sleeping]).toEqual(['succeeded', 0])
    expect([await bench.recorded(), bench.live('ConfigMap/a')?.data]).toEqual([{}, { a: 'theirs' }])
  })

  it('is over when its time is: the finalizer is named and the record stays', async () => {
    const { bench, ran } = await leaving()
    bench.clock.advance(600_000)
    const { outcome, failed } = await ran
    expect(outcome).toBe('failed')
    expect(failed[0]?.error.fault).toMatchObject({
      kind: 'timeout',
      what: 'not gone within 600 s',
      why: 'ConfigMap/a: still there, finalizers: example.com/hold',
    })
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'deleting uid-1' })
  })
})

describe('a wait that cannot go on', () => {
  it('ends with the run when that is cancelled, and leaves nobody asleep', async () => {
    const stop = new AbortController()
    const { bench, ran } = await waiting({ signal: stop.signal })
    stop.abort()
    const { outcome, failed } = await ran
    expect(outcome).toBe('cancelled')
    expect(failed.map(({ error }) => error.fault.kind)).toEqual(['cancelled'])
    expect(bench.clock.sleeping).toBe(0)
  })

  it('fails as its following fails, and leaves nobody asleep', async () => {
    const bench = await open()
    const lost = new FaultError({ kind: 'forbidden', what: 'cannot watch Deployments' })
    bench.commit('one', [deployment('web')])
    bench.target.on = (_, { verb }) => {
      if (verb === 'follow') throw lost
    }
    const { outcome, failed } = await (await start(bench)).ran
    expect([outcome, failed.map(({ error }) => error)]).toEqual(['failed', [lost]])
    expect(bench.clock.sleeping).toBe(0)
  })

  it('stops the run when what it waits for cannot be recorded', async () => {
    const bench = await open()
    const full = new FaultError({ kind: 'record-failed', what: 'the disk is full' })
    bench.commit('one', [deployment('web')])
    const running = await start(bench, undefined, {
      records: {
        appendEvents: (run, events) =>
          events.some((event) => event.kind === 'step-progress')
            ? Promise.reject(full)
            : bench.records.appendEvents(run, events),
      },
    })
    await expect(running.ran).rejects.toThrow(full)
    expect(bench.clock.sleeping).toBe(0)
  })
})
