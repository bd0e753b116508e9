// Tests of what an apply does about ownership: fields of client-side apply, ignored fields, and restored identity.
import { managedFieldsOf } from '@mainstay/core/diff/fields.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { LAST_APPLIED } from '@mainstay/core/object/secret.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { config, object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()

/** What our server-side apply owns of an object. */
function owned(live: KubeObject | null): JsonObject | undefined {
  const entries = live === null ? [] : managedFieldsOf(live)
  return entries.find(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply')?.fieldsV1
}

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

describe('a restored object', () => {
  const web = object('v1', 'Service', 'web', { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } })
  const server = { manager: 'kube-apiserver' }

  /** `web` had got an address from the cluster and was deleted; the intent that brings it back. */
  async function lost(): Promise<{ readonly bench: Bench; readonly intent: Intent }> {
    const bench = await open()
    await bench.sync('one', [web, config('stays')])
    bench.target.edit(refIn('Service', 'web'), { spec: { clusterIP: '10.0.0.7' } }, server)
    bench.commit('two', [config('stays')])
    expect((await bench.run(await bench.decide())).outcome).toBe('succeeded')
    const [entry] = await bench.records.trash({ key: bench.key })
    bench.target.requests.length = 0
    return { bench, intent: { kind: 'restore', entries: [entry?.id ?? ''] } }
  }

  it('comes back with its identity, and we own of it what we had owned', async () => {
    const { bench, intent } = await lost()
    const ran = await bench.run(await bench.decide(intent))
    expect([ran.outcome, bench.target.requests]).toEqual(['succeeded', ['apply Service/web', 'patch Service/web']])
    expect(bench.live('Service/web')?.spec).toMatchObject({ clusterIP: '10.0.0.7', ports: [{ port: 80 }] })
    expect(owned(bench.live('Service/web'))?.['f:spec']).not.toHaveProperty('f:clusterIP')
    const { entries } = await bench.records.inventory(bench.key)
    expect(entries.find(({ ref }) => ref.name === 'web')?.origin.file).toBe('apps/web.yaml')
  })

  it('keeps its identity at the next sync that wants it', async () => {
    const { bench, intent } = await lost()
    await bench.run(await bench.decide(intent))
    await bench.sync('three', [{ ...web, metadata: { name: 'web', labels: { tier: 'front' } } }, config('stays')])
    expect(bench.live('Service/web')).toMatchObject({
      metadata: { labels: { tier: 'front' } },
      spec: { clusterIP: '10.0.0.7' },
    })
  })

  it('that a controller touches at once is let go of in its newest version', async () => {
    const { bench, intent } = await lost()
    let times = 0
    bench.target.on = (when, { verb, ref }) => {
      if (when !== 'before' || verb !== 'patch' || times === 2) return
      times += 1
      bench.target.edit(ref, { metadata: { labels: { seen: String(times) } } }, { manager: 'tagger' })
    }
    expect((await bench.run(await bench.decide(intent))).outcome).toBe('succeeded')
    expect(owned(bench.live('Service/web'))?.['f:spec']).not.toHaveProperty('f:clusterIP')
  })

  it('that is deleted again at once leaves nothing to let go of', async () => {
    const { bench, intent } = await lost()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'patch') {
        bench.target.remove(ref)
        bench.make(web)
        throw refused('conflict', 'patch', ref, 'its uid is another one')
      }
    }
    const ran = await bench.run(await bench.decide(intent))
    expect(ran.outcome).toBe('succeeded')
    expect(owned(bench.live('Service/web'))).toBeUndefined()
  })
})
