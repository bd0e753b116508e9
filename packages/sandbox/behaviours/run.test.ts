// Controllers are told whom to look at, soon, in order, and again where a write was refused.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { conflict } from '../registry/status.ts'
import { openSandbox } from '../sandbox.ts'
import { openTestClock } from '../testing/clock.ts'
import { type Controller, placeOf, subjectOf } from './controller.ts'

function map(name: string, data: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data }
}

/** Copies every ConfigMap `x` to `x-copy`. */
const copying: Controller = {
  name: 'copying',
  follows: [{ resource: '/configmaps', subjects: (object) => [subjectOf(object)] }],
  reconcile: (subject, { world }) => {
    const { namespace, name } = placeOf(subject)
    const place = { apiVersion: 'v1', kind: 'ConfigMap', namespace }
    const original = world.get({ ...place, name })
    if (original === null || name.endsWith('-copy') || world.get({ ...place, name: `${name}-copy` })) return null
    world.create(map(`${name}-copy`))
    return null
  },
}

function names(world: ReturnType<typeof openSandbox>['world']): readonly string[] {
  return world.list('v1', 'ConfigMap', 'default').map((each) => each.metadata.name)
}

describe('controllers', () => {
  it('look at what is there and at what comes, when time goes on', () => {
    const clock = openTestClock()
    const sandbox = openSandbox({ clock, seed: 1, controllers: [copying] })
    sandbox.world.create(map('a'))
    expect(names(sandbox.world)).toEqual(['a'])
    clock.advance(100)
    sandbox.world.create(map('b'))
    clock.advance(100)
    expect(names(sandbox.world)).toEqual(['a', 'a-copy', 'b', 'b-copy'])
    expect(sandbox.waiting()).toBe(0)
  })

  it('go on in a copy by themselves, and stop with it', () => {
    const clock = openTestClock()
    const sandbox = openSandbox({ clock, seed: 1, controllers: [copying] })
    clock.advance(100)
    const copy = sandbox.fork()
    const other = sandbox.fork()
    copy.world.create(map('c'))
    other.world.create(map('d'))
    other.close()
    clock.advance(100)
    expect(names(copy.world)).toEqual(['c', 'c-copy'])
    expect(names(other.world)).toEqual(['d'])
    expect(names(sandbox.world)).toEqual([])
  })

  it('try a refused write again, each time later', () => {
    const clock = openTestClock()
    const times: number[] = []
    const refused: Controller = {
      ...copying,
      name: 'refused',
      reconcile: (_subject, { now }) => {
        times.push(now)
        if (times.length < 4) throw conflict({ group: '', resource: 'configmaps', name: 'a' }, 'changed')
        return null
      },
    }
    const sandbox = openSandbox({ clock, seed: 1, controllers: [refused] })
    clock.advance(100)
    sandbox.world.create(map('a'))
    clock.advance(1000)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(times).toHaveLength(4)
    expect(gaps).toEqual([10, 15, 25])
  })

  it('look at a part of much at a time, in order, and wait until all is done', () => {
    const clock = openTestClock()
    const looked: string[] = []
    const noting: Controller = {
      ...copying,
      name: 'noting',
      reconcile: (subject) => {
        looked.push(placeOf(subject).name)
        return null
      },
    }
    const sandbox = openSandbox({ clock, seed: 1, controllers: [noting] })
    clock.advance(100)
    const all = Array.from({ length: 450 }, (_, index) => `m-${index}`)
    for (const name of all) sandbox.world.create(map(name))
    clock.advance(5)
    expect(looked).toHaveLength(200)
    expect(sandbox.waiting()).toBe(250)
    // It came last, so it waits behind the others.
    sandbox.world.create(map('a-late-one'))
    clock.advance(5)
    expect(sandbox.waiting()).toBe(51)
    clock.advance(5)
    expect(sandbox.waiting()).toBe(0)
    expect(looked).toEqual([...all, 'a-late-one'])
  })

  it('look again after the time they name, unless a change comes first', () => {
    const clock = openTestClock()
    const times: number[] = []
    const watching: Controller = {
      ...copying,
      name: 'watching',
      reconcile: (_subject, { now }) => {
        times.push(now)
        return times.length < 3 ? 1000 : null
      },
    }
    const sandbox = openSandbox({ clock, seed: 1, controllers: [watching] })
    clock.advance(100)
    const a = sandbox.world.create(map('a'))
    const start = clock.now()
    clock.advance(500)
    sandbox.world.update({ ...a, data: { changed: 'yes' } })
    clock.advance(5000)
    expect(times.map((time) => time - start)).toEqual([5, 505, 1510])
  })
})
