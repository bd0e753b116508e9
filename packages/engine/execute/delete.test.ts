// Tests of one delete: trash and record before the request, the uid as precondition, and no forgotten refusal.
import { TRACKING_ANNOTATION } from '@mainstay/core/app/tracking.ts'
import { config } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn, SYNC, stepOf } from './testing/world.ts'

const open = benches()
const a = refIn('ConfigMap', 'a')
const finalizers = ['example.com/hold']

/** Git dropped `a`, which we had applied; the plan that deletes it. */
async function dropping() {
  const bench = await open()
  await bench.sync('one', [config('a'), config('stays')])
  bench.commit('two', [config('stays')])
  const world = await bench.decide()
  return { bench, world, step: stepOf(world.plan, 'delete', 'a') }
}

/** Does something when the DELETE is sent, before it takes effect. */
function atDelete(bench: Bench, act: () => void | Promise<void>): void {
  bench.target.on = async (when, { verb }) => {
    if (when === 'before' && verb === 'delete') await act()
  }
}

const denied = refused('rejected', 'delete', a, 'admission webhook "keep.example.com" denied the request')

describe('before a DELETE is sent', () => {
  it('its object is in the trash and its record says that it is deleting', async () => {
    const { bench, world, step } = await dropping()
    const seen: unknown[] = []
    atDelete(bench, async () => {
      seen.push(await bench.trashed(), (await bench.recorded())['ConfigMap/a'])
    })
    const ran = await bench.run(world)
    expect(seen).toEqual([['ConfigMap/a uid-1'], 'deleting uid-1'])
    expect(ran.results.get(step.id)).toEqual({ kind: 'deleted' })
    expect([bench.live('ConfigMap/a'), await bench.recorded()]).toEqual([null, { 'ConfigMap/stays': 'applied uid-2' }])
  })

  it('it is looked whether somebody protected the object since the plan was made', async () => {
    const { bench, world } = await dropping()
    bench.target.edit(a, { metadata: { annotations: { 'mainstay.dev/protect': 'true' } } })
    const ran = await bench.run(world)
    expect([ran.outcome, bench.target.requests.some((request) => request.startsWith('delete'))]).toEqual([
      'stale',
      false,
    ])
    expect([bench.live('ConfigMap/a')?.metadata.uid, await bench.trashed()]).toEqual(['uid-1', []])
  })

  it('it is looked whether another application took the object over since', async () => {
    const { bench, world } = await dropping()
    const { cluster } = bench.key
    const entry = (await bench.records.inventory(bench.key)).entries.find(({ ref }) => ref.name === 'a')
    if (entry === undefined) throw new Error('it was recorded')
    bench.target.on = async (when, { verb }) => {
      if (when === 'after' || verb !== 'get') return
      await bench.records.putEntries({ app: { namespace: 'argocd', name: 'blog' }, cluster }, [entry])
      await bench.records.removeEntries(bench.key, [entry.ref])
    }
    const ran = await bench.run(world)
    expect(ran.failed[0]?.error.fault.why).toBe('application argocd/blog took it over')
    expect(bench.live('ConfigMap/a')?.metadata.uid).toBe('uid-1')
  })

  it('the trash has the object as it is now, not as it was planned', async () => {
    const { bench, world } = await dropping()
    bench.target.edit(a, { data: { late: 'change' } })
    await bench.run(world)
    const [entry] = await bench.records.trash({ key: bench.key })
    const kept = entry === undefined ? null : await bench.records.trashObject(entry.id)
    expect(kept?.data).toEqual({ a: '1', late: 'change' })
  })

  it.each([
    ['trash', { putTrash: () => Promise.reject(new FaultError({ kind: 'record-failed', what: 'the disk is full' })) }],
    [
      'inventory',
      { putEntries: () => Promise.reject(new FaultError({ kind: 'record-failed', what: 'the disk is full' })) },
    ],
  ])('a failing write to the %s stops it', async (_, records) => {
    const { bench, world } = await dropping()
    await expect(bench.run(world, { records })).rejects.toThrow('the disk is full')
    expect(bench.live('ConfigMap/a')).not.toBeNull()
    expect(bench.target.requests).not.toContain('delete ConfigMap/a')
    expect((await bench.records.runs(bench.key))[0]?.outcome).toBe('failed')
  })

  it('an object that only its mark proves to be ours is recorded first', async () => {
    const bench = await open()
    await bench.sync('one', [config('stays')])
    bench.make(config('a', { [TRACKING_ANNOTATION]: 'shop:/ConfigMap:shop/a' }))
    bench.commit('two', [config('stays')])
    let before: unknown
    atDelete(bench, async () => {
      before = (await bench.recorded())['ConfigMap/a']
    })
    await bench.run(await bench.decide())
    expect(before).toBe('deleting uid-2')
  })
})

describe('a DELETE', () => {
  it.each(['foreground', 'background'] as const)('cascades as the deletion says: %s', async (cascade) => {
    const { bench } = await dropping()
    const sent: unknown[] = []
    bench.target.on = (when, request) => {
      if (when === 'before' && request.verb === 'delete') sent.push(request)
    }
    await bench.run(await bench.decide({ kind: 'delete', cascade }))
    expect(sent).toMatchObject([
      { uid: 'uid-2', cascade },
      { uid: 'uid-1', cascade },
    ])
  })

  it('is not sent for an object that is gone: its record leaves', async () => {
    const { bench, world, step } = await dropping()
    bench.target.remove(a)
    const ran = await bench.run(world)
    expect([ran.outcome, ran.results.get(step.id)]).toEqual(['succeeded', { kind: 'already-gone' }])
    expect(bench.target.requests).toEqual(['get ConfigMap/a'])
    expect(await bench.recorded()).toEqual({ 'ConfigMap/stays': 'applied uid-2' })
  })

  it('whose answer was lost is settled by the next run, without another one', async () => {
    const { bench, world } = await dropping()
    bench.target.on = (when, { verb }) => {
      if (when === 'after' && verb === 'delete') throw refused('timeout', 'delete', a, 'no answer')
    }
    expect((await bench.run(world)).outcome).toBe('failed')
    expect((await bench.recorded())['ConfigMap/a']).toBe('deleting uid-1')
    bench.target.on = () => undefined
    const next = await bench.decide()
    expect(next.plan).toMatchObject({ steps: [], records: [{ kind: 'forget' }] })
    await bench.run(next)
    expect(await bench.recorded()).toEqual({ 'ConfigMap/stays': 'applied uid-2' })
  })
})

describe('an object that was made again by somebody else', () => {
  const theirs = config('a', {}, { a: 'theirs' })

  it('between plan and run survives: the run is stale and touches nothing', async () => {
    const { bench, world } = await dropping()
    bench.target.remove(a)
    bench.make(theirs)
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault.why).toContain('uid uid-1 → uid-3')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'theirs' })
    expect([bench.target.requests, await bench.trashed()]).toEqual([['get ConfigMap/a'], []])
  })

  it('at the last moment survives too, by the precondition of the request', async () => {
    const { bench, world } = await dropping()
    atDelete(bench, () => {
      bench.target.remove(a)
      bench.make(theirs)
    })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault).toMatchObject({ kind: 'stale-plan', why: expect.stringContaining('uid-3') })
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'theirs' })
    // What was destroyed, by whomever, is in the trash: it was put there before the request.
    expect(await bench.trashed()).toEqual(['ConfigMap/a uid-1'])
  })

  it('is not deleted by the next plan: nothing proves that it is ours', async () => {
    const { bench, world } = await dropping()
    atDelete(bench, () => {
      bench.target.remove(a)
      bench.make(theirs)
    })
    await bench.run(world)
    bench.target.on = () => undefined
    const next = await bench.decide()
    expect(next.plan.steps).toEqual([])
  })
})

// fluxcd/kustomize-controller#1664: the inventory had moved on although the deletes had failed.
describe('a rejected DELETE', () => {
  it('leaves the object recorded as deleting, and the run names who refused', async () => {
    const { bench, world, step } = await dropping()
    atDelete(bench, () => {
      throw denied
    })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('failed')
    expect(ran.failed).toMatchObject([{ step: step.id, error: { fault: { kind: 'rejected' } } }])
    expect(ran.events).toContainEqual(
      expect.objectContaining({ kind: 'step-failed', why: expect.stringContaining('keep.example.com') }),
    )
    expect((await bench.recorded())['ConfigMap/a']).toBe('deleting uid-1')
    expect(bench.live('ConfigMap/a')).not.toBeNull()
  })

  it('is sent again by the next run, also for another commit, until the object is gone', async () => {
    const { bench, world } = await dropping()
    atDelete(bench, () => {
      throw denied
    })
    await bench.run(world)
    bench.commit('three', [config('stays'), config('new')])
    expect((await bench.run(await bench.decide())).outcome).toBe('failed')
    expect((await bench.recorded())['ConfigMap/a']).toBe('deleting uid-1')
    bench.target.on = () => undefined
    const ran = await bench.run(await bench.decide())
    expect([ran.outcome, bench.live('ConfigMap/a')]).toEqual(['succeeded', null])
    expect(await bench.recorded()).toEqual({ 'ConfigMap/new': 'applied uid-3', 'ConfigMap/stays': 'applied uid-2' })
  })

  it('is kept in mind while pruning is off', async () => {
    const { bench, world } = await dropping()
    atDelete(bench, () => {
      throw denied
    })
    await bench.run(world)
    bench.target.on = () => undefined
    await bench.run(await bench.decide({ ...SYNC, prune: false }))
    expect((await bench.recorded())['ConfigMap/a']).toBe('deleting uid-1')
  })
})

describe('an object with finalizers', () => {
  it('is terminating after the DELETE: its record stays until it is seen gone', async () => {
    const { bench, world, step } = await dropping()
    bench.target.edit(a, { metadata: { finalizers } })
    const ran = bench.run(world, {
      onEvent: (event) => {
        // The controller that holds it lets go once we wait for it.
        if (event.kind === 'step-progress') bench.target.edit(a, { metadata: { finalizers: null } })
      },
    })
    const { outcome, results } = await ran
    expect([outcome, results.get(step.id)]).toEqual(['succeeded', { kind: 'terminating' }])
    expect(await bench.recorded()).toEqual({ 'ConfigMap/stays': 'applied uid-2' })
  })
})
