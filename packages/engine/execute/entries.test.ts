// Tests of what the inventory says of an object before and after the executor acts on it.
import { TRACKING_ANNOTATION } from '@mainstay/core/app/tracking.ts'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { config } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { adoptedEntry, appliedEntry, deletingEntry, intendedEntry } from './entries.ts'
import { benches, desiredOf, refIn, stepOf } from './testing/world.ts'

const open = benches()

/** Git wants `a`, which was recorded as `before` says and is there with `there`. */
async function deciding(given: { readonly synced: boolean; readonly gone?: true; readonly foreign?: true }) {
  const bench = await open()
  if (given.synced) await bench.sync('one', [config('first'), config('a')])
  if (given.gone) bench.target.remove(refIn('ConfigMap', 'a'))
  if (given.foreign) bench.make(config('a'))
  bench.commit('two', [config('first'), config('a', {}, { a: '2' })])
  const world = await bench.decide()
  return { bench, world, step: stepOf(world.plan, 'apply', 'a'), desired: desiredOf(world, 'a') }
}

const ours = (entries: readonly InventoryEntry[]) => entries.find((entry) => entry.ref.name === 'a')

describe('before an apply', () => {
  it('an object that is not there is intended, at its place among everything that is wanted', async () => {
    const { bench, world, step, desired } = await deciding({ synced: false })
    const entry = intendedEntry(step, desired, bench.context(world))
    const commit = world.plan.revisions[0]?.commit
    expect(entry).toMatchObject({ state: { kind: 'intended' }, order: 0, commit, digest: step.digest, adopted: false })
    const first = stepOf(world.plan, 'apply', 'first')
    expect(intendedEntry(first, desiredOf(world, 'first'), bench.context(world)).order).toBe(1)
  })

  it('an object that we applied stays applied as it was: an update makes nothing uncertain', async () => {
    const { bench, world, step, desired } = await deciding({ synced: true })
    const before = ours((await bench.records.inventory(bench.key)).entries)
    expect(before?.state).toEqual({ kind: 'applied', uid: step.uid })
    expect(intendedEntry(step, desired, bench.context(world))).toEqual(before)
  })

  it('an entry of a dead object says nothing of the new one', async () => {
    const { bench, world, step, desired } = await deciding({ synced: true, gone: true })
    expect(step.uid).toBeNull()
    expect(intendedEntry(step, desired, bench.context(world)).state).toEqual({ kind: 'intended' })
  })
})

describe('after an apply', () => {
  it('it is applied with the uid of the answer, by the commit that wanted it', async () => {
    const { bench, world, step, desired } = await deciding({ synced: true })
    const entry = appliedEntry(step, desired, 'uid-9', bench.context(world))
    const commit = world.plan.revisions[0]?.commit
    expect(entry).toMatchObject({ state: { kind: 'applied', uid: 'uid-9' }, commit, digest: desired.digest })
  })

  it('an object that somebody else had made is adopted, and stays so', async () => {
    const { bench, world, step, desired } = await deciding({ synced: false, foreign: true })
    expect(step.verb).toBe('adopt')
    const entry = appliedEntry(step, desired, 'uid-1', bench.context(world))
    expect(entry.adopted).toBe(true)
    const inventory = new Map([[refKey(entry.ref), entry]])
    const again = appliedEntry({ ...step, verb: 'update' }, desired, 'uid-1', bench.context({ ...world, inventory }))
    expect(again.adopted).toBe(true)
  })

  it('a restored object is wanted by the commit that last wanted it, and adopted if it had been', async () => {
    const { bench, world, step, desired } = await deciding({ synced: false })
    const then = appliedEntry(step, desired, 'uid-1', bench.context({ ...world, commit: 'then', sourceDigest: 'then' }))
    const restored = new Map([[refKey(step.ref), { owned: {}, entry: { ...then, adopted: true } }]])
    const entry = appliedEntry(step, desired, 'uid-2', bench.context({ ...world, commit: null, restored }))
    expect(entry).toMatchObject({ commit: 'then', sourceDigest: 'then', adopted: true })
  })

  it('an object from another application is adopted if it had been there, and not because it moves', async () => {
    const { bench, world, step, desired } = await deciding({ synced: false, foreign: true })
    const entry = appliedEntry(step, desired, 'uid-1', bench.context(world))
    const from = { namespace: 'argocd', name: 'blog' }
    for (const adopted of [true, false]) {
      const transferred = new Map([[refKey(step.ref), { from, entry: { ...entry, adopted } }]])
      expect(appliedEntry(step, desired, 'uid-1', bench.context(world, { transferred })).adopted).toBe(adopted)
    }
  })
})

describe('without a request', () => {
  it('an object that is as wanted is recorded as applied, and an adopted one stays adopted', async () => {
    const { bench, world, step, desired } = await deciding({ synced: true })
    const context = bench.context(world)
    expect(adoptedEntry(desired, 'uid-1', context)).toMatchObject({ adopted: false, digest: desired.digest })
    const before = { ...appliedEntry(step, desired, 'uid-1', context), adopted: true }
    const inventory = new Map([[refKey(desired.ref), before]])
    expect(adoptedEntry(desired, 'uid-1', bench.context({ ...world, inventory })).adopted).toBe(true)
  })
})

describe('before a delete', () => {
  it('what we applied is deleting by the uid it was applied with, and otherwise as it was', async () => {
    const bench = await open()
    await bench.sync('one', [config('a'), config('b')])
    bench.commit('two', [config('b')])
    const world = await bench.decide()
    const step = stepOf(world.plan, 'delete', 'a')
    const before = ours((await bench.records.inventory(bench.key)).entries)
    expect(deletingEntry(step, bench.context(world))).toEqual({ ...before, state: { kind: 'deleting', uid: step.uid } })
  })

  it('what only its mark proves is recorded now, as adopted', async () => {
    const bench = await open()
    const mark = { [TRACKING_ANNOTATION]: 'shop:/ConfigMap:shop/a' }
    await bench.sync('one', [config('b')])
    bench.make(config('a', mark))
    bench.commit('two', [config('b')])
    const world = await bench.decide()
    const step = stepOf(world.plan, 'delete', 'a')
    expect(step.proof.kind).toBe('tracking')
    const entry = deletingEntry(step, bench.context(world))
    expect(entry).toMatchObject({ ref: step.ref, state: { kind: 'deleting', uid: step.uid }, adopted: true })
  })

  it('an entry of another uid lends its place, never its uid', async () => {
    const bench = await open()
    await bench.sync('one', [config('a'), config('b')])
    bench.commit('two', [config('b')])
    const world = await bench.decide()
    const step = { ...stepOf(world.plan, 'delete', 'a'), uid: 'uid-9' }
    const entry = deletingEntry(step, bench.context(world))
    expect(entry.state).toEqual({ kind: 'deleting', uid: 'uid-9' })
    expect(entry.origin.file).toBe('apps/a.yaml')
  })
})
