// What becomes of what is owned.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import { collector } from './collector.ts'

interface Stage {
  readonly sandbox: Sandbox
  readonly world: Sandbox['world']
  readonly clock: TestClock
}

function open(): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, controllers: [collector] })
  for (const name of ['shop', 'other']) {
    sandbox.world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  return { sandbox, world: sandbox.world, clock }
}

function owner(object: KubeObject, block = true): JsonObject {
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', blockOwnerDeletion: block }
}

function map(name: string, owners: readonly JsonObject[] = [], namespace = 'shop'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ownerReferences: [...owners] } }
}

const at = (name: string, namespace = 'shop') => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name })

/** The names that are left, each with the names of its owners. */
function left(world: Sandbox['world']): readonly string[] {
  return world.list('v1', 'ConfigMap', 'shop').map(({ metadata }) => {
    const owners = (metadata.ownerReferences ?? []) as readonly JsonObject[]
    return [metadata.name, ...owners.map((each) => String(each.name))].join(' < ')
  })
}

function chain({ world }: Stage): void {
  const top = world.create(map('top'))
  const middle = world.create(map('middle', [owner(top)]))
  world.create(map('bottom', [owner(middle, false)]))
}

describe('what is owned', () => {
  it('goes after its owner in the background', () => {
    const stage = open()
    const { world, clock } = stage
    chain(stage)
    world.delete(at('top'), { propagation: 'Background' })
    expect(left(world)).toEqual(['bottom < middle', 'middle < top'])
    clock.advance(100)
    expect(left(world)).toEqual([])
  })

  it('goes before an owner that waits in the foreground', () => {
    const stage = open()
    const { world, clock } = stage
    chain(stage)
    clock.advance(100)
    const gone: string[] = []
    world.subscribe(({ type, object }) => {
      if (type === 'DELETED') gone.push(object.metadata.name)
    })
    world.delete(at('top'), { propagation: 'Foreground' })
    clock.advance(100)
    expect(gone).toEqual(['middle', 'bottom', 'top'])
  })

  it('holds an owner in the foreground as long as a finalizer holds it', () => {
    const { world, clock } = open()
    const top = world.create(map('top'))
    const held = map('held', [owner(top)])
    world.create({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } })
    world.delete(at('top'), { propagation: 'Foreground' })
    clock.advance(1000)
    expect(left(world)).toEqual(['held < top', 'top'])
    const live = world.get(at('held'))
    if (live === null) throw new Error('it is held')
    world.update({ ...live, metadata: { ...live.metadata, finalizers: [] } })
    clock.advance(100)
    expect(left(world)).toEqual([])
  })

  it('is released by an owner that orphans it', () => {
    const stage = open()
    const { world, clock } = stage
    chain(stage)
    world.delete(at('top'), { propagation: 'Orphan' })
    clock.advance(100)
    expect(left(world)).toEqual(['bottom < middle', 'middle'])
  })

  it('stays as long as one of its owners is there, without the other', () => {
    const { world, clock } = open()
    const [a, b] = [world.create(map('a')), world.create(map('b'))]
    world.create(map('both', [owner(a), owner(b)]))
    world.delete(at('a'))
    clock.advance(100)
    expect(left(world)).toEqual(['b', 'both < b'])
    world.delete(at('b'))
    clock.advance(100)
    expect(left(world)).toEqual([])
  })

  it('goes where its owner never was, or has another uid, or is in another namespace', () => {
    const { world, clock } = open()
    const other = world.create(map('other', [], 'other'))
    const here = world.create(map('here'))
    world.create(map('never', [{ ...owner(here), name: 'nobody' }]))
    world.create(map('renewed', [{ ...owner(here), uid: '00000000-0000-4000-8000-000000000000' }]))
    world.create(map('across', [owner(other)]))
    clock.advance(100)
    expect(left(world)).toEqual(['here'])
    const [told] = world.list('v1', 'Event')
    expect([told?.reason, told?.involvedObject]).toMatchObject(['OwnerRefInvalidNamespace', { name: 'across' }])
  })

  it('stays where nobody serves the kind of its owner', () => {
    const { world, clock } = open()
    const here = world.create(map('here'))
    world.create(map('odd', [{ ...owner(here), apiVersion: 'example.com/v1', kind: 'Thing' }]))
    clock.advance(120_000)
    expect(left(world)).toEqual(['here', 'odd < here'])
  })

  it('goes also where everybody owns everybody', () => {
    const { world, clock } = open()
    const a = world.create(map('a'))
    const b = world.create(map('b', [owner(a)]))
    world.update({ ...a, metadata: { ...a.metadata, ownerReferences: [owner(b)] } })
    world.delete(at('a'), { propagation: 'Foreground' })
    clock.advance(1000)
    expect(left(world)).toEqual([])
  })

  it('goes also where it was loaded from a live cluster', () => {
    const from = open()
    chain(from)
    const objects = from.world.list('v1', 'ConfigMap', 'shop')
    const { sandbox, world, clock } = open()
    sandbox.load(objects)
    clock.advance(100)
    world.delete(at('top'))
    clock.advance(100)
    expect(left(world)).toEqual([])
  })

  it('goes in copies, each for itself', () => {
    const stage = open()
    chain(stage)
    stage.clock.advance(100)
    const copy = stage.sandbox.fork()
    copy.world.delete(at('top'))
    stage.clock.advance(100)
    expect([left(copy.world), left(stage.world).length]).toEqual([[], 3])
  })
})
