// Tests of what goes to the trash before a destructive request: the object as it is, with all that a restore needs.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { config, object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import type { Bench } from './testing/world.ts'
import { benches } from './testing/world.ts'
import { keepInTrash } from './trash.ts'

const open = benches()

function liveOf(bench: Bench, name: string): KubeObject {
  const found = bench.live(name)
  if (found === null) throw new Error(`there is no ${name}`)
  return found
}

describe('the trash', () => {
  it('has the whole object, who destroyed it, when, by which step, and what was recorded of it', async () => {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.clock.advance(90_000)
    const world = await bench.decide()
    const live = liveOf(bench, 'ConfigMap/a')
    const id = await keepInTrash('delete a', live, bench.context(world))
    const { entries } = await bench.records.inventory(bench.key)
    expect(await bench.records.trash({ key: bench.key })).toEqual([
      {
        id,
        key: bench.key,
        ref: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
        apiVersion: 'v1',
        uid: 'uid-1',
        plan: world.plan.id,
        step: 'delete a',
        at: '2026-03-01T12:01:30.000Z',
        by: 'Ana',
        entry: entries[0],
      },
    ])
    expect(await bench.records.trashObject(id)).toEqual(live)
  })

  it('has an object that nobody recorded, too', async () => {
    const bench = await open()
    bench.make(config('a'))
    await keepInTrash('delete a', liveOf(bench, 'ConfigMap/a'), bench.context(await bench.decide()))
    expect(await bench.records.trash({ key: bench.key })).toMatchObject([{ uid: 'uid-1', entry: null }])
  })

  it('has a Secret in no readable form', async () => {
    const bench = await open()
    bench.make(object('v1', 'Secret', 'db', { data: { password: 'aHVudGVyMg==' } }))
    await keepInTrash('delete db', liveOf(bench, 'Secret/db'), bench.context(await bench.decide()))
    for (const file of await readdir(bench.folder, { withFileTypes: true })) {
      if (!file.isFile()) continue
      const bytes = await readFile(join(bench.folder, file.name), 'latin1')
      expect([file.name, /aHVudGVyMg|hunter2/.test(bytes)]).toEqual([file.name, false])
    }
  })

  it('that cannot take the object says so to whoever is about to destroy it', async () => {
    const bench = await open()
    bench.make(config('a'))
    const full = new FaultError({ kind: 'record-failed', what: 'the disk is full' })
    const records = { ...bench.records, putTrash: () => Promise.reject(full) }
    const context = bench.context(await bench.decide(), { records })
    await expect(keepInTrash('delete a', liveOf(bench, 'ConfigMap/a'), context)).rejects.toBe(full)
  })
})
