// Tests of one retain: a volume keeps its data before the claim that holds it goes, or the claim stays.
import { valueAt } from '@mainstay/core/object/object.ts'
import { covers } from '@mainstay/core/plan/stale.ts'
import { config, object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import type { DecidedWorld } from './context.ts'
import { refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()
const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { accessModes: ['ReadWriteOnce'] } })
const volume = { group: '', kind: 'PersistentVolume', namespace: null, name: 'pv-1' }
const STEP = 'retain /PersistentVolume//pv-1'

/** A claim on a volume whose policy is Delete, and the plan that prunes the claim. */
async function pruning(): Promise<{ readonly bench: Bench; readonly world: DecidedWorld }> {
  const bench = await open()
  await bench.sync('one', [claim, config('stays')])
  bench.target.edit(refIn('PersistentVolumeClaim', 'data'), { spec: { volumeName: 'pv-1' } }, { manager: 'binder' })
  bench.make(object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: 'Delete' } }))
  bench.commit('two', [config('stays')])
  bench.target.requests.length = 0
  return { bench, world: await bench.decide() }
}

const policyOf = (bench: Bench) =>
  valueAt(bench.live('PersistentVolume/pv-1') ?? undefined, 'spec', 'persistentVolumeReclaimPolicy')
const sent = (bench: Bench) => bench.target.requests.filter((request) => /^(patch|delete) /.test(request))

describe('a retain', () => {
  it('keeps the data of the volume before the claim is deleted', async () => {
    const { bench, world } = await pruning()
    const ran = await bench.run(world)
    expect([ran.outcome, ran.results.get(STEP)]).toEqual(['succeeded', { kind: 'retained' }])
    expect(sent(bench)).toEqual(['patch PersistentVolume/pv-1', 'delete PersistentVolumeClaim/data'])
    expect([policyOf(bench), bench.live('PersistentVolumeClaim/data')]).toEqual(['Retain', null])
  })

  it('sends nothing where somebody did it already', async () => {
    const { bench, world } = await pruning()
    bench.target.edit(volume, { spec: { persistentVolumeReclaimPolicy: 'Retain' } })
    expect((await bench.run(world)).outcome).toBe('succeeded')
    expect(sent(bench)).toEqual(['delete PersistentVolumeClaim/data'])
  })

  it('of a volume that was made again is refused, and the claim stays', async () => {
    const { bench, world } = await pruning()
    bench.target.remove(volume)
    bench.make(object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: 'Delete' } }))
    expect((await bench.run(world)).outcome).toBe('stale')
    expect([sent(bench), bench.live('PersistentVolumeClaim/data')?.metadata.uid]).toEqual([[], 'uid-2'])
  })

  it('that is not allowed leaves the claim, and says how to go on', async () => {
    const { bench, world } = await pruning()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'patch') throw refused('forbidden', verb, ref, 'no')
    }
    const ran = await bench.run(world)
    expect([ran.outcome, bench.live('PersistentVolumeClaim/data')?.metadata.uid]).toEqual(['failed', 'uid-2'])
    const fault = ran.failed[0]?.error.fault
    expect(fault?.what).toContain('cannot be kept, so its claim stays')
    expect(fault?.fix?.join(' ')).toContain('mainstay.dev/give-up-data: "true"')
  })

  it('that was done before a crash leaves the approval good for the rest', async () => {
    const { bench, world } = await pruning()
    bench.target.edit(volume, { spec: { persistentVolumeReclaimPolicy: 'Retain' } })
    const { plan } = await bench.decide()
    expect(plan.id).not.toBe(world.plan.id)
    expect(covers(world.plan, plan)).toBe(true)
    expect(covers(plan, world.plan)).toBe(false)
  })
})
