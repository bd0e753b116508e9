// Tests of carrying a plan out on values.
import { expect, it } from 'vitest'
import { recordedUid } from '../inventory/inventory.ts'
import { uidOf } from '../object/object.ts'
import { makePlan } from '../plan/make.ts'
import { config, deployment, live, object } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import { simulate } from './simulate.ts'

const pod = live(
  object('v1', 'Pod', 'p', { metadata: { uid: 'p', ownerReferences: [{ uid: 'uid-apps/Deployment/shop/old' }] } }),
)

it('makes what is wanted, removes what is not with what it owns, and records both', () => {
  const input = planInput({
    same: [config('same')],
    desired: [config('new'), config('changed', {}, { a: '2' })],
    ours: [config('changed'), deployment('old')],
    live: [pod],
    gone: [config('gone')],
  })
  const before = input.live.objects.size
  const world = simulate(makePlan(input), input)
  expect([...world.live.objects.keys()].sort()).toEqual([
    '/ConfigMap/shop/changed',
    '/ConfigMap/shop/new',
    '/ConfigMap/shop/same',
  ])
  expect(world.live.objects.get('/ConfigMap/shop/changed')?.data).toEqual({ a: '2' })
  expect(world.live.absent.has('apps/Deployment/shop/old')).toBe(true)
  const entries = new Map(world.inventory.entries.map((entry) => [entry.ref.name, entry]))
  expect([...entries.keys()].sort()).toEqual(['changed', 'new', 'same'])
  for (const [name, entry] of entries) {
    const object = world.live.objects.get(`/ConfigMap/shop/${name}`)
    expect(recordedUid(entry)).toBe(object === undefined ? null : uidOf(object))
  }
  expect(input.live.objects.size).toBe(before)
})

it('remembers that an object was there before us', () => {
  const input = planInput({ desired: [config('a')], live: [live(config('a', {}, { a: 'theirs' }))] })
  expect(simulate(makePlan(input), input).inventory.entries[0]?.adopted).toBe(true)
})
