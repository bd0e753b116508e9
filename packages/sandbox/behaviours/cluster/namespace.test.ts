// A namespace that ends: when its content goes, what its status says, and what holds it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import { clusterControllers } from './all.ts'

interface Stage {
  readonly sandbox: Sandbox
  readonly clock: TestClock
}

function open(): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, controllers: clusterControllers() })
  sandbox.world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  clock.advance(100)
  return { sandbox, clock }
}

const namespace = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: 'shop' }

function map(name: string, finalizers: readonly string[] = []): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop', finalizers: [...finalizers] } }
}

function pod(name: string): KubeObject {
  const containers = [{ name: 'main', image: 'example.com/web:1' }]
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: { containers } }
}

function names(world: Sandbox['world'], kind: string): readonly string[] {
  return world.list('v1', kind, 'shop').map((each) => each.metadata.name)
}

function told(world: Sandbox['world']): readonly string[] {
  const conditions = objectsAt(world.get(namespace) ?? {}, 'status', 'conditions')
  return conditions.map(
    (each) => `${String(each.type)} ${String(each.status)} ${String(each.reason)}: ${String(each.message)}`,
  )
}

describe('a namespace that is deleted', () => {
  it('keeps its content for five seconds, then is gone with everything', () => {
    const { sandbox, clock } = open()
    const { world } = sandbox
    world.create(map('web'))
    world.delete(namespace)
    clock.advance(4900)
    expect(names(world, 'ConfigMap')).toEqual(['kube-root-ca.crt', 'web'])
    clock.advance(200)
    expect(world.get(namespace)).toBeNull()
    expect([names(world, 'ConfigMap'), names(world, 'ServiceAccount')]).toEqual([[], []])
    expect(sandbox.waiting()).toBe(0)
  })

  it('says who holds what, and goes soon after that is let go', () => {
    const { sandbox, clock } = open()
    const { world } = sandbox
    world.create(map('held', ['example.com/hold']))
    world.create(map('twice', ['example.com/hold', 'example.com/b']))
    world.delete(namespace)
    clock.advance(6000)
    expect(told(world)).toEqual([
      'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered',
      'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed',
      'NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization',
      'NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances',
      'NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/b in 1 resource instances, example.com/hold in 2 resource instances',
    ])
    clock.advance(60_000)
    for (const each of world.list('v1', 'ConfigMap', 'shop')) {
      world.update({ ...each, metadata: { ...each.metadata, finalizers: [] } })
    }
    clock.advance(9000)
    expect(world.get(namespace)).toBeNull()
  })

  it('waits for its Pods before anything else goes', () => {
    const { sandbox, clock } = open()
    const { world } = sandbox
    world.create(map('web'))
    const { metadata } = world.create(pod('web'))
    world.put({
      ...(world.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' }) ?? pod('web')),
      metadata: { ...metadata, finalizers: ['example.com/hold'] },
    })
    world.delete(namespace)
    clock.advance(30_000)
    expect(names(world, 'ConfigMap')).toEqual(['kube-root-ca.crt', 'web'])
    expect(told(world).at(-1)).toContain('All content-preserving finalizers finished')
    world.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' })
    clock.advance(20_000)
    expect(world.get(namespace)).toBeNull()
  })

  it('goes in a copy that was made meanwhile as well', () => {
    const { sandbox, clock } = open()
    sandbox.world.delete(namespace)
    clock.advance(2000)
    const copy = sandbox.fork()
    clock.advance(4000)
    expect([copy.world.get(namespace), sandbox.world.get(namespace)]).toEqual([null, null])
  })
})

describe('every namespace', () => {
  it('gets back its account and its certificate', () => {
    const { sandbox, clock } = open()
    const { world } = sandbox
    world.delete({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'default' })
    const certificate = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'kube-root-ca.crt' }
    const before = world.get(certificate)
    if (before === null) throw new Error('there is no certificate')
    world.update({ ...before, data: { 'ca.crt': 'another' } })
    clock.advance(100)
    expect(names(world, 'ServiceAccount')).toEqual(['default'])
    expect(world.get(certificate)?.data).toEqual(before.data)
  })
})
