// Tests of one rebind: a released volume is freed of its dead claim, and of no other, before the claim comes back.

import { valueAt } from '@mainstay/core/object/object.ts'
import type { Intent } from '@mainstay/core/plan/plan.ts'
import { config, object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import type { DecidedWorld } from './context.ts'
import type { Bench } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()
const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { accessModes: ['ReadWriteOnce'] } })
const volume = { group: '', kind: 'PersistentVolume', namespace: null, name: 'pv-1' }
const BINDER = { manager: 'kube-controller-manager' }
const STEP = 'rebind /PersistentVolume//pv-1'

function makeVolume(bench: Bench, uid: string): void {
  const claimRef = { namespace: 'shop', name: 'data', uid, resourceVersion: '7' }
  bench.make(object('v1', 'PersistentVolume', 'pv-1', { spec: { claimRef }, status: { phase: 'Released' } }), BINDER)
}

/** The claim was bound, deleted by a plan, and its volume kept; the plan that restores the claim. */
async function restoring(): Promise<{ readonly bench: Bench; readonly world: DecidedWorld }> {
  const bench = await open()
  await bench.sync('one', [claim, config('stays')])
  bench.target.edit(refIn('PersistentVolumeClaim', 'data'), { spec: { volumeName: 'pv-1' } }, BINDER)
  bench.commit('two', [config('stays')])
  await bench.run(await bench.decide())
  makeVolume(bench, 'uid-1')
  bench.target.requests.length = 0
  const [entry] = await bench.records.trash({ key: bench.key })
  const intent: Intent = { kind: 'restore', entries: [entry?.id ?? ''] }
  return { bench, world: await bench.decide(intent) }
}

const claimOf = (bench: Bench) => valueAt(bench.live('PersistentVolume/pv-1') ?? undefined, 'spec', 'claimRef')

describe('a rebind', () => {
  it('frees the volume of the dead claim and keeps it for the claim by name, before that comes back', async () => {
    const { bench, world } = await restoring()
    const ran = await bench.run(world)
    expect([ran.outcome, ran.results.get(STEP)]).toEqual(['succeeded', { kind: 'rebound' }])
    expect(claimOf(bench)).toEqual({ namespace: 'shop', name: 'data' })
    expect(bench.target.requests.slice(0, 3)).toEqual([
      'get PersistentVolume/pv-1',
      'patch PersistentVolume/pv-1',
      'apply PersistentVolumeClaim/data',
    ])
    expect(bench.live('PersistentVolumeClaim/data')?.spec).toMatchObject({ volumeName: 'pv-1' })
  })

  it('that was done before is done, and sends nothing', async () => {
    const { bench, world } = await restoring()
    bench.target.edit(volume, { spec: { claimRef: { uid: null, resourceVersion: null } } })
    const ran = await bench.run(world)
    expect([ran.outcome, ran.results.get(STEP)]).toEqual(['succeeded', { kind: 'rebound' }])
    expect(bench.target.requests).not.toContain('patch PersistentVolume/pv-1')
  })

  it.each<readonly [string, (bench: Bench) => void]>([
    ['was deleted', (bench: Bench) => bench.target.remove(volume)],
    [
      'was made again',
      (bench: Bench) => {
        bench.target.remove(volume)
        makeVolume(bench, 'uid-1')
      },
    ],
    ['went to another claim', (bench: Bench) => bench.target.edit(volume, { spec: { claimRef: { uid: 'uid-9' } } })],
  ])('of a volume that %s is refused, and the claim does not come back without it', async (_, move) => {
    const { bench, world } = await restoring()
    move(bench)
    const before = bench.live('PersistentVolume/pv-1')
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault).toMatchObject({ kind: 'stale-plan', what: expect.stringContaining('pv-1') })
    expect(bench.live('PersistentVolume/pv-1')).toEqual(before)
    expect(bench.live('PersistentVolumeClaim/data')).toBeNull()
  })

  it('looks again where only the status moved at the last moment', async () => {
    const { bench, world } = await restoring()
    let moved = false
    bench.target.on = (when, { verb }) => {
      if (moved || when !== 'before' || verb !== 'patch') return
      moved = true
      bench.target.edit(volume, { status: { message: 'seen' } }, BINDER)
    }
    const ran = await bench.run(world)
    expect([moved, ran.outcome]).toEqual([true, 'succeeded'])
    expect(claimOf(bench)).not.toHaveProperty('uid')
  })

  it('does not overwrite a volume that changes at the last moment', async () => {
    const { bench, world } = await restoring()
    bench.target.on = (when, { verb }) => {
      if (when === 'before' && verb === 'patch') {
        bench.target.edit(volume, { spec: { claimRef: { uid: 'uid-9' } } }, BINDER)
      }
    }
    const ran = await bench.run(world)
    expect([ran.outcome, ran.failed[0]?.error.fault.kind]).toEqual(['stale', 'stale-plan'])
    expect(claimOf(bench)).toMatchObject({ uid: 'uid-9' })
    expect(bench.live('PersistentVolumeClaim/data')).toBeNull()
  })
})
