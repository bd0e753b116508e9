// Tests of what a restored object gets back beside its fields: the ownership that we had of it, and no more.
import { managedFieldsOf } from '@mainstay/core/diff/fields.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { FIELD_MANAGER } from '@mainstay/core/object/manager.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
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

  it('that somebody made anew at once is not ours to let go of', async () => {
    const { bench, intent } = await lost()
    const entry = { manager: FIELD_MANAGER, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' }
    const managedFields = [{ ...entry, fieldsV1: { 'f:spec': { 'f:type': {} } } }]
    let times = 0
    bench.target.on = (when, { verb, ref }) => {
      if (when !== 'before' || verb !== 'patch') return
      times += 1
      if (times > 1) return
      bench.target.remove(ref)
      bench.make(web)
      bench.target.edit(ref, { metadata: { managedFields } })
    }
    const ran = await bench.run(await bench.decide(intent))
    expect([ran.outcome, times]).toEqual(['succeeded', 1])
    expect(owned(bench.live('Service/web'))).toEqual({ 'f:spec': { 'f:type': {} } })
  })

  describe('that was brought back by a run that ended before it let go', () => {
    /** The first run of the restore could not patch. */
    async function halfWay() {
      const { bench, intent } = await lost()
      bench.target.on = (when, { verb, ref }) => {
        if (when === 'before' && verb === 'patch') throw refused('unreachable', verb, ref, 'the line was cut')
      }
      expect((await bench.run(await bench.decide(intent))).outcome).toBe('failed')
      expect(owned(bench.live('Service/web'))?.['f:spec']).toHaveProperty('f:clusterIP')
      bench.target.on = () => undefined
      bench.target.requests.length = 0
      return { bench, world: await bench.decide(intent) }
    }

    it('is let go of by the run that takes the plan up, though no step is left', async () => {
      const { bench, world } = await halfWay()
      expect(world.plan.steps).toEqual([])
      const ran = await bench.run({ ...world, resumed: true })
      expect([ran.outcome, bench.target.requests]).toEqual(['succeeded', ['patch Service/web']])
      expect(owned(bench.live('Service/web'))?.['f:spec']).not.toHaveProperty('f:clusterIP')
    })

    it('is let go of once: a third run finds nothing to do', async () => {
      const { bench, world } = await halfWay()
      await bench.run({ ...world, resumed: true })
      bench.target.requests.length = 0
      await bench.run({ ...(await bench.decide(world.plan.intent)), resumed: true })
      expect(bench.target.requests).toEqual([])
    })

    it('is left alone by another plan: what stands there may be somebody else’s doing', async () => {
      const { bench, world } = await halfWay()
      await bench.run({ ...world, resumed: false })
      expect(bench.target.requests).toEqual([])
    })
  })
})
