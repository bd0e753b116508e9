// Tests of what a run changes in the records beside its steps: adoptions, releases, transfers, and what was seen gone.
import { TRACKING_ANNOTATION } from '@mainstay/core/app/tracking.ts'
import { config } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn, SYNC } from './testing/world.ts'

const open = benches()
const a = refIn('ConfigMap', 'a')
const NOBODY = { namespace: '', name: '' }

describe('the records alone', () => {
  it('take in an object that is as wanted and carries our mark; nothing is sent', async () => {
    const bench = await open()
    bench.commit('one', [config('a')])
    bench.make(config('a', { [TRACKING_ANNOTATION]: 'shop:/ConfigMap:shop/a' }))
    const ran = await bench.run(await bench.decide())
    expect([ran.outcome, bench.target.requests]).toEqual(['succeeded', []])
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-1' })
  })

  it('learn of the commit that wants an object as it is', async () => {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.commit('two', [config('a')])
    const world = await bench.decide()
    await bench.run(world)
    const { entries } = await bench.records.inventory(bench.key)
    expect(entries).toMatchObject([{ commit: world.commit, state: { kind: 'applied', uid: 'uid-1' } }])
    expect(bench.target.requests).toEqual([])
  })

  it('forget an object that nobody wants and that is gone', async () => {
    const bench = await open()
    await bench.sync('one', [config('a'), config('stays')])
    bench.target.remove(a)
    bench.commit('two', [config('stays')])
    await bench.run(await bench.decide())
    expect([await bench.recorded(), bench.target.requests]).toEqual([{ 'ConfigMap/stays': 'applied uid-2' }, []])
  })

  it('let go of everything when an application is forgotten; its objects stay', async () => {
    const bench = await open()
    await bench.sync('one', [config('a')])
    const ran = await bench.run(await bench.decide({ kind: 'delete', cascade: 'none' }))
    expect([ran.outcome, await bench.recorded(), bench.target.requests]).toEqual(['succeeded', {}, []])
    expect(bench.live('ConfigMap/a')).not.toBeNull()
  })
})

describe('an object that moves here from another application', () => {
  /** `a` was applied by another application and is wanted by shop now. */
  async function moving(other = 'blog') {
    const bench = await open()
    await bench.sync('one', [config('a')], { metadata: { name: other } })
    const from = bench.key
    bench.commit('two', [config('a')])
    const world = await bench.decide()
    expect(world.plan.records).toMatchObject([{ kind: 'transfer', uid: 'uid-1', from: { name: other } }])
    return { bench, world, from }
  }

  const ownersOf = async (bench: Bench) => [
    ...(await bench.records.owners(bench.key.cluster, ['uid-1'], NOBODY)).values(),
  ]
  const namesIn = async (bench: Bench, key: Bench['key']) =>
    (await bench.records.inventory(key)).entries.map(({ ref }) => ref.name)

  it('is the other one’s until the apply is answered, and ours alone then', async () => {
    const { bench, world, from } = await moving()
    let before: unknown
    bench.target.on = async (when, { verb }) => {
      if (when === 'before' && verb === 'apply') before = await namesIn(bench, from)
    }
    const ran = await bench.run(world)
    expect([ran.outcome, before, await namesIn(bench, from)]).toEqual(['succeeded', ['a'], []])
    expect(await ownersOf(bench)).toEqual([bench.key.app])
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-1' })
    expect(bench.live('ConfigMap/a')?.metadata.uid).toBe('uid-1')
  })

  it('stays the other one’s where the apply is refused', async () => {
    const { bench, world, from } = await moving()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'apply') throw refused('rejected', verb, ref, 'denied')
    }
    expect((await bench.run(world)).outcome).toBe('failed')
    expect([await namesIn(bench, from), await ownersOf(bench)]).toEqual([['a'], [from.app]])
  })

  it.each(['blog', 'zoo'])(
    'is ours alone in the end where a crash left it recorded twice (other: %s)',
    async (other) => {
      const { bench, world, from } = await moving(other)
      const { entries } = await bench.records.inventory(from)
      await bench.run(world)
      await bench.records.putEntries(from, entries)
      const again = await bench.decide()
      expect(again.plan.records).toMatchObject([{ kind: 'transfer', uid: 'uid-1', from: { name: other } }])
      const ran = await bench.run(again)
      expect([ran.outcome, await namesIn(bench, from)]).toEqual(['succeeded', []])
      expect(await ownersOf(bench)).toEqual([bench.key.app])
    },
  )

  it('is not adopted by moving: whoever made it first decides', async () => {
    const { bench, world } = await moving()
    await bench.run(world)
    expect((await bench.records.inventory(bench.key)).entries).toMatchObject([{ adopted: false }])
  })
})

describe('what was deleted', () => {
  const finalizers = ['example.com/hold']

  /** A plan that deletes `a`, which a finalizer holds; the wait is over at once. */
  async function held() {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.target.edit(a, { metadata: { finalizers } })
    const world = await bench.decide({ kind: 'delete', cascade: 'background' })
    const run = () =>
      bench.run(world, {
        onEvent: (event) => {
          if (event.kind === 'step-progress') bench.clock.advance(600_000)
        },
      })
    return { bench, run }
  }

  it('and is not gone stays recorded as deleting', async () => {
    const { bench, run } = await held()
    expect((await run()).outcome).toBe('failed')
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'deleting uid-1' })
  })

  it('and was seen gone at the last look leaves, though the wait for it had given up', async () => {
    const { bench, run } = await held()
    let deleted = false
    bench.target.on = (when, { verb }) => {
      if (verb === 'delete') deleted = true
      if (when === 'before' && verb === 'get' && deleted) bench.target.edit(a, { metadata: { finalizers: null } })
    }
    await run()
    expect(await bench.recorded()).toEqual({})
  })

  it('and cannot be seen stays recorded as deleting: not seen is not gone', async () => {
    const { bench, run } = await held()
    let deleted = false
    bench.target.on = (when, { verb, ref }) => {
      if (verb === 'delete') deleted = true
      if (when === 'before' && verb === 'get' && deleted) {
        bench.target.edit(a, { metadata: { finalizers: null } })
        throw refused('unreachable', 'get', ref, 'no route')
      }
    }
    await run()
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'deleting uid-1' })
  })
})

describe('an object that is replaced', () => {
  const fixed = (value: string) => ({ ...config('a', {}, { a: value }), immutable: true })

  /** `a` cannot be changed in place, and somebody asked for its replacement. */
  async function replacing() {
    const bench = await open()
    await bench.sync('one', [fixed('1')])
    bench.commit('two', [fixed('2')])
    const world = await bench.decide({ ...SYNC, force: true })
    expect(world.plan.steps.map(({ kind }) => kind)).toEqual(['delete', 'wait', 'apply'])
    return { bench, world }
  }

  it('is recorded as it was until its end, as deleting until it is gone, as intended until it is there again, and is in the trash', async () => {
    const { bench, world } = await replacing()
    const seen: unknown[] = []
    bench.target.on = async (when, { verb }) => {
      if (when === 'before') seen.push([verb, await bench.recorded()])
    }
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('succeeded')
    expect(seen).toEqual([
      ['get', { 'ConfigMap/a': 'applied uid-1' }],
      ['delete', { 'ConfigMap/a': 'deleting uid-1' }],
      ['follow', { 'ConfigMap/a': 'intended' }],
      ['apply', { 'ConfigMap/a': 'intended' }],
    ])
    expect([await bench.recorded(), await bench.trashed()]).toEqual([
      { 'ConfigMap/a': 'applied uid-2' },
      ['ConfigMap/a uid-1'],
    ])
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '2' })
  })

  it('is created by the next run where the first one could only delete it', async () => {
    const { bench, world } = await replacing()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'apply') throw refused('unreachable', verb, ref, 'no route')
    }
    expect((await bench.run(world)).outcome).toBe('failed')
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'intended' })
    bench.target.on = () => undefined
    expect((await bench.run(await bench.decide())).outcome).toBe('succeeded')
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-2' })
  })
})
