// What becomes of recorded objects that a list, or discovery, does not show.
import { findLive, type LiveSet } from '@mainstay/core/live/live.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import { exampleKinds } from '@mainstay/core/testing/examples.ts'
import { desired, recorded } from '@mainstay/core/testing/world.ts'
import { expect, it } from 'vitest'
import { heldClock } from '../execute/testing/clock.ts'
import { MemoryReader } from '../execute/testing/memory-reader.ts'
import { MemoryTarget } from '../execute/testing/memory-target.ts'
import { FaultError } from '../fault.ts'
import { confirmMissing } from './confirm.ts'

const config = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
})
const widget: KubeObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w1', namespace: 'shop' } }
const registration: KubeObject = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.example.com' },
}

/** A reader that counts what it is asked by name. */
class CountingReader extends MemoryReader {
  asked = 0
  failure: FaultError | null = null

  override get(address: Parameters<MemoryReader['get']>[0]): ReturnType<MemoryReader['get']> {
    this.asked += 1
    return this.failure === null ? super.get(address) : Promise.reject(this.failure)
  }
}

/** A look that saw all of the namespace and no object; `there` answers to its name all the same. */
async function look(
  missing: readonly KubeObject[],
  there: readonly KubeObject[],
): Promise<{ readonly reader: CountingReader; readonly live: () => Promise<LiveSet> }> {
  const target = new MemoryTarget(heldClock())
  const uids = new Map(there.map((each) => [each, String(target.create(each).metadata.uid)]))
  const reader = new CountingReader(target)
  const entries = missing.map((each) => recorded(desired(each), { kind: 'applied', uid: uids.get(each) ?? 'uid-old' }))
  const seen = missing.map((each) => ({ group: refOf(each).group, kind: each.kind, namespace: 'shop' }))
  const live: LiveSet = { objects: new Map(), seen, absent: new Set(), gaps: [] }
  const looked = { reader, kinds: exampleKinds(), inventory: { entries }, live }
  return { reader, live: () => confirmMissing(looked) }
}

const answer = async (live: LiveSet, object: KubeObject) => findLive(live, refOf(object))

it('leaves alone what is gone, and asks once for it', async () => {
  const a = config('a')
  const { reader, live } = await look([a], [])
  expect(await answer(await live(), a)).toEqual({ kind: 'absent' })
  expect(reader.asked).toBe(1)
})

it('distrusts a whole list that misses an object which answers to its name', async () => {
  const [a, b] = [config('a'), config('b')]
  const { live } = await look([a, b], [a])
  const after = await live()
  for (const each of [a, b, config('new')]) {
    const reason = "the server's list misses ConfigMap/a, which answers to its name"
    expect(await answer(after, each)).toEqual({ kind: 'unseen', reason })
  }
})

it('takes an object that somebody made anew under the name for another one', async () => {
  const a = config('a')
  const { live } = await look([a], [config('a')])
  expect(await answer(await live(), a)).toEqual({ kind: 'absent' })
})

it('does not know what it could not ask', async () => {
  const a = config('a')
  const { reader, live } = await look([a], [])
  reader.failure = new FaultError({ kind: 'unreachable', what: 'cannot read ConfigMap/a', why: 'connection lost' })
  expect(await answer(await live(), a)).toEqual({ kind: 'unseen', reason: 'connection lost' })
})

it('distrusts discovery that misses a whole group which is registered', async () => {
  const { live } = await look([widget], [registration])
  const reason = 'the API group is registered (v1.example.com) and its kinds are not served'
  expect(await answer(await live(), widget)).toEqual({ kind: 'unseen', reason })
})

it('believes that a kind is gone when nobody registers its group any more', async () => {
  const { live } = await look([widget], [])
  expect(await answer(await live(), widget)).toEqual({ kind: 'absent' })
})

it('asks for a few objects of each list, not for all', async () => {
  const many = Array.from({ length: 100 }, (_, n) => config(`c${n}`))
  const { reader, live } = await look(many, [])
  await live()
  expect(reader.asked).toBe(5)
})
