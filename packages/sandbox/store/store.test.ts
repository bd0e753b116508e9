// Revisions, history and forks of the store.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { ChangeLog } from './log.ts'
import { randomFrom } from './random.ts'
import { Store } from './store.ts'
import { entriesFrom } from './tree.ts'

const MAPS = '/configmaps'

function openStore(keep = 1000): Store {
  return new Store(randomFrom('store'), new ChangeLog({ changes: keep }, 0), { revision: 0, objects: new Map() })
}

function map(name: string, data = ''): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'a' }, data: { x: data } }
}

const names = (store: Store): readonly string[] => [...store.list(MAPS, 'a')].map(({ metadata }) => metadata.name)

describe('the store', () => {
  it('gives every change the next revision, deletions too', () => {
    const store = openStore()
    expect(store.put(MAPS, map('one')).metadata.resourceVersion).toBe('1')
    expect(store.put(MAPS, map('one', 'b')).metadata.resourceVersion).toBe('2')
    expect(store.remove(MAPS, 'a', 'one')?.metadata.resourceVersion).toBe('3')
    expect(store.remove(MAPS, 'a', 'one')).toBeNull()
    expect(store.revision).toBe(3)
  })

  it('lists a namespace in order and nothing of its neighbours', () => {
    const store = openStore()
    for (const name of ['b', 'a', 'c']) store.put(MAPS, map(name))
    store.put(MAPS, { ...map('z'), metadata: { name: 'z', namespace: 'a-b' } })
    expect(names(store)).toEqual(['a', 'b', 'c'])
    expect([...store.list(MAPS, null)].map(({ metadata }) => metadata.name)).toEqual(['z', 'a', 'b', 'c'])
  })

  it('remembers how everything was at each revision', () => {
    const store = openStore()
    for (const name of ['a', 'b', 'c']) store.put(MAPS, map(name))
    store.put('/secrets', map('s'))
    store.remove(MAPS, 'a', 'b')
    const at = (revision: number): readonly string[] | null => {
      const objects = store.objectsAt(MAPS, revision)
      return objects === null ? null : [...entriesFrom(objects)].map(([key]) => key)
    }
    expect(at(2)).toEqual(['a/a', 'a/b'])
    expect(at(4)).toEqual(['a/a', 'a/b', 'a/c'])
    expect(at(5)).toEqual(['a/a', 'a/c'])
    store.compact(3)
    expect(at(2)).toBeNull()
    expect(at(3)).toEqual(['a/a', 'a/b', 'a/c'])
    expect(store.changesAfter(2)).toBeNull()
  })

  it('forgets earlier where objects are large, and keeps what a version needs that it still knows', () => {
    const log = new ChangeLog({ changes: 1000, bytes: 100_000 }, 0)
    const store = new Store(randomFrom('large'), log, { revision: 0, objects: new Map() })
    for (let at = 0; at < 100; at++) store.put(MAPS, map('one', 'x'.repeat(10_000)))
    const kept = [...(store.changesAfter(store.compacted) ?? [])]
    expect(kept.map(({ revision }) => revision)).toEqual(kept.map((_, at) => store.compacted + at + 1))
    expect(store.compacted + kept.length).toBe(100)
    expect(kept.length).toBeGreaterThanOrEqual(8)
    expect(kept.length).toBeLessThanOrEqual(10)
    store.put(MAPS, map('one', 'x'.repeat(1_000_000)))
    expect([...(store.changesAfter(store.revision - 1) ?? [])]).toHaveLength(1)
    const small = new Store(randomFrom('small'), new ChangeLog({ changes: 1000, bytes: 100_000 }, 0), {
      revision: 0,
      objects: new Map(),
    })
    for (let at = 0; at < 100; at++) small.put(MAPS, map('one'))
    expect(small.compacted).toBe(0)
  })

  it('writes nothing into the history of a fork, also after it forgot a part of what both have', () => {
    const store = openStore()
    for (let at = 0; at < 10; at++) store.put(MAPS, map('one', String(at)))
    store.fork()
    store.put(MAPS, map('one', 'between'))
    const fork = store.fork()
    store.compact(5)
    store.put(MAPS, map('one', 'ours'))
    expect([...(fork.changesAfter(10) ?? [])].map(({ revision }) => revision)).toEqual([11])
    fork.put(MAPS, map('one', 'theirs'))
    expect([...(fork.changesAfter(10) ?? [])].map(({ object }) => object.data)).toEqual([
      { x: 'between' },
      { x: 'theirs' },
    ])
  })

  it('forgets its oldest changes by itself', () => {
    const store = openStore(1000)
    for (let at = 0; at < 5000; at++) store.put(MAPS, map('one', String(at)))
    expect(store.compacted).toBeGreaterThan(3000)
    expect(store.compacted).toBeLessThanOrEqual(4000)
    expect([...(store.changesAfter(4990) ?? [])].map(({ revision }) => revision)).toEqual([
      4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999, 5000,
    ])
  })

  it('forks into two that know nothing of each other', () => {
    const store = openStore()
    store.put(MAPS, map('both'))
    const fork = store.fork()
    store.put(MAPS, map('mine'))
    fork.put(MAPS, map('yours'))
    expect([names(store), names(fork)]).toEqual([
      ['both', 'mine'],
      ['both', 'yours'],
    ])
    const told = (of: Store): readonly string[] =>
      [...(of.changesAfter(0) ?? [])].map((each) => each.object.metadata.name)
    expect([told(store), told(fork)]).toEqual([
      ['both', 'mine'],
      ['both', 'yours'],
    ])
    expect(store.random.next()).toBe(fork.random.next())
  })

  it('tells listeners in order, also where one of them writes', () => {
    const store = openStore()
    const told: string[] = []
    store.subscribe(({ object }) => {
      if (object.metadata.name === 'first') store.put(MAPS, map('second'))
    })
    const end = store.subscribe(({ object }) => told.push(object.metadata.name))
    store.put(MAPS, map('first'))
    end()
    store.put(MAPS, map('third'))
    expect(told).toEqual(['first', 'second'])
  })

  it('takes objects of a live cluster as they are, and begins its history there', () => {
    const store = openStore()
    const live = { ...map('live'), metadata: { name: 'live', namespace: 'a', uid: 'u', resourceVersion: '700' } }
    store.load([[MAPS, live]])
    expect(store.get(MAPS, 'a', 'live')).toBe(live)
    expect([store.revision, store.compacted]).toEqual([700, 700])
    expect(store.put(MAPS, map('next')).metadata.resourceVersion).toBe('701')
  })
})
