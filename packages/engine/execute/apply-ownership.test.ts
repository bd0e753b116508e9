// Tests of what an apply does about ownership: fields of client-side apply, and fields that ignore rules leave to others.
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import { LAST_APPLIED } from '@mainstay/core/object/secret.ts'
import { config } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()

describe('fields that client-side apply put there', () => {
  const mark = { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/a' }

  /** `a` was applied client-side with `a` and `b`; Git wants only `a` now. */
  async function leftover(): Promise<Bench> {
    const bench = await open()
    const before = config('a', mark, { a: '1', b: '1' })
    const text = JSON.stringify({ ...before, metadata: { name: 'a', namespace: 'shop', annotations: mark } })
    bench.make(config('a', { ...mark, [LAST_APPLIED]: text }, { a: '1', b: '1' }), { manager: FIELD_MANAGER })
    bench.commit('two', [config('a')])
    return bench
  }

  it('become ours before the apply that takes them away', async () => {
    const bench = await leftover()
    const world = await bench.decide()
    expect(world.plan.steps).toMatchObject([{ changes: [{ path: 'data.b', op: 'remove' }] }])
    const ran = await bench.run(world)
    expect([ran.outcome, bench.target.requests]).toEqual(['succeeded', ['patch ConfigMap/a', 'apply ConfigMap/a']])
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1' })
  })

  it('are taken away also where the object moved between plan and apply', async () => {
    const bench = await leftover()
    const world = await bench.decide()
    bench.target.edit(refIn('ConfigMap', 'a'), { metadata: { labels: { tag: 'x' } } }, { manager: 'tagger' })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('succeeded')
    expect(bench.live('ConfigMap/a')).toMatchObject({ data: { a: '1' }, metadata: { labels: { tag: 'x' } } })
  })

  it('are taken away by the next run where the first one ended between the two requests', async () => {
    const bench = await leftover()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'apply') throw refused('unreachable', verb, ref, 'the line was cut')
    }
    expect((await bench.run(await bench.decide())).outcome).toBe('failed')
    bench.target.on = () => undefined
    expect((await bench.run(await bench.decide())).outcome).toBe('succeeded')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1' })
  })
})

describe('a field that ignore rules leave to others', () => {
  const spec = {
    syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
    ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: ['/data/a'] }],
  }

  it('is sent as it stands, so that it stays', async () => {
    const bench = await open()
    await bench.sync('one', [config('a', {}, { a: '1', b: '1' })], { spec })
    bench.target.edit(refIn('ConfigMap', 'a'), { data: { a: 'theirs' } })
    bench.commit('two', [config('a', {}, { a: '1', b: '2' })], { spec })
    const ran = await bench.run(await bench.decide())
    expect(ran.outcome).toBe('succeeded')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'theirs', b: '2' })
  })
})
