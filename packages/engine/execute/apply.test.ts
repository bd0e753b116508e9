// Tests of one apply: what is recorded and sent, and what is refused because the world moved meanwhile.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { resourceVersionOf, uidOf } from '@mainstay/core/object/object.ts'
import { config } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import type { MemoryRequest } from './testing/memory-target.ts'
import { HAND, refused } from './testing/memory-target.ts'
import type { Bench } from './testing/world.ts'
import { benches, desiredOf, refIn, stepOf } from './testing/world.ts'

const open = benches()
const a = refIn('ConfigMap', 'a')
const CONTROLLER = { manager: 'tagger' }

/** Git moved on to another value of `a`, which we had applied; the plan that says so. */
async function changing(data: JsonObject = { a: '2' }) {
  const bench = await open()
  await bench.sync('one', [config('a', {}, { a: '1', b: '1' })])
  bench.commit('two', [config('a', {}, { b: '1', ...data })])
  return { bench, world: await bench.decide() }
}

/** Git wants `a`, which is not there; the plan that says so. */
async function creating() {
  const bench = await open()
  bench.commit('one', [config('a')])
  return { bench, world: await bench.decide() }
}

/** Does something when the executor sends its first apply, before it takes effect. */
function atFirstApply(bench: Bench, act: () => void | Promise<void>): void {
  let done = false
  bench.target.on = async (when, { verb }) => {
    if (done || when !== 'before' || verb !== 'apply') return
    done = true
    await act()
  }
}

function applies(bench: Bench): number {
  return bench.target.requests.filter((request) => request.startsWith('apply')).length
}

describe('an apply that creates', () => {
  it('is recorded as intended before it is sent, and as applied with its uid after it', async () => {
    const { bench, world } = await creating()
    let before: unknown
    atFirstApply(bench, async () => {
      before = await bench.recorded()
    })
    const ran = await bench.run(world)
    expect(before).toEqual({ 'ConfigMap/a': 'intended' })
    expect(ran.results.get(stepOf(world.plan, 'apply', 'a').id)).toEqual({ kind: 'created', uid: 'uid-1' })
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-1' })
  })

  it('that meets an object somebody made a moment before records it as theirs first, and the plan is void', async () => {
    const { bench, world } = await creating()
    bench.make(config('a', {}, { theirs: '1' }))
    const ran = await bench.run(world)
    expect([ran.outcome, ran.failed[0]?.error.fault.kind]).toEqual(['stale', 'stale-plan'])
    expect(ran.failed[0]?.error.fault.why).toContain('created by somebody else')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1', theirs: '1' })
    bench.commit('two', [config('other')])
    const { plan } = await bench.decide()
    expect(plan.verdict).toBe('needs-approval')
    expect(plan.findings.map((finding) => finding.rule)).toContain('adopted')
  })

  it('never takes a field from anybody', async () => {
    const { bench, world } = await creating()
    const sent = await requestsOf(bench, () => bench.run(world))
    expect(sent).toMatchObject([{ verb: 'apply', uid: null, resourceVersion: null, force: false }])
  })

  it('is refused where somebody made another object of the name meanwhile', async () => {
    const { bench, world } = await creating()
    atFirstApply(bench, () => void bench.make(config('a', {}, { a: 'theirs' })))
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault).toMatchObject({
      kind: 'stale-plan',
      why: expect.stringContaining('created by somebody else (uid uid-1)'),
    })
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'theirs' })
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'intended' })
  })

  it('whose answer was lost is found by the next plan and not applied again', async () => {
    const { bench, world } = await creating()
    bench.target.on = (when, { verb }) => {
      if (when === 'after' && verb === 'apply') throw refused('unreachable', 'apply', a, 'the line was cut')
    }
    expect((await bench.run(world)).outcome).toBe('failed')
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'intended' })
    bench.target.on = () => undefined
    const next = await bench.decide()
    expect(next.plan.steps).toEqual([])
    await bench.run(next)
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-1' })
  })
})

describe('an apply that changes', () => {
  it('is sent for the very object in the very version that was decided on', async () => {
    const { bench, world } = await changing()
    const before = bench.live('ConfigMap/a')
    if (before === null) throw new Error('not synced')
    const sent = await requestsOf(bench, () => bench.run(world))
    const preconditions = { uid: uidOf(before), resourceVersion: resourceVersionOf(before) }
    expect(sent).toMatchObject([{ verb: 'apply', ...preconditions, force: true }])
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '2', b: '1' })
  })

  it('is tried again where only fields moved that nobody decided on', async () => {
    const { bench, world } = await changing()
    atFirstApply(bench, () => void bench.target.edit(a, { metadata: { labels: { tag: 'x' } } }, CONTROLLER))
    const ran = await bench.run(world)
    expect([ran.outcome, applies(bench)]).toEqual(['succeeded', 2])
    expect(bench.live('ConfigMap/a')).toMatchObject({ data: { a: '2' }, metadata: { labels: { tag: 'x' } } })
  })

  it('is given up where the object moves at every try, as a conflict that names no guilt', async () => {
    const { bench, world } = await changing()
    let times = 0
    bench.target.on = (when, { verb }) => {
      if (when !== 'before' || verb !== 'apply') return
      times += 1
      bench.target.edit(a, { metadata: { labels: { tag: String(times) } } }, CONTROLLER)
    }
    const ran = await bench.run(world)
    expect([ran.outcome, times]).toEqual(['failed', 5])
    expect(ran.failed[0]?.error.fault.kind).toBe('conflict')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1', b: '1' })
  })

  it('is refused where a decided field moved, and names the field and who moved it', async () => {
    const { bench, world } = await changing()
    atFirstApply(bench, () => void bench.target.edit(a, { data: { a: 'by hand' } }))
    const ran = await bench.run(world)
    expect([ran.outcome, applies(bench)]).toEqual(['stale', 1])
    expect(ran.failed[0]?.error.fault).toMatchObject({
      kind: 'stale-plan',
      what: expect.stringContaining('ConfigMap/a'),
      why: expect.stringContaining(`data.a (${HAND.manager})`),
    })
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'by hand', b: '1' })
  })

  it('is refused where a field that was as wanted moved', async () => {
    const { bench, world } = await changing()
    atFirstApply(bench, () => void bench.target.edit(a, { data: { b: 'by hand' } }))
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault.why).toContain('data.b')
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1', b: 'by hand' })
  })

  it.each([
    ['deleted', 'it was deleted', null],
    ['deleted and made again by somebody else', 're-created by somebody else (uid uid-2)', { a: 'theirs' }],
  ] as const)('is refused where the object was %s meanwhile', async (what, why, left) => {
    const { bench, world } = await changing()
    atFirstApply(bench, () => {
      bench.target.remove(a)
      if (what !== 'deleted') bench.make(config('a', {}, { a: 'theirs' }))
    })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault.why).toContain(why)
    expect(bench.live('ConfigMap/a')?.data ?? null).toEqual(left)
  })

  it('that the cluster refuses is told in its words, and the record stays as it was', async () => {
    const { bench, world } = await changing()
    atFirstApply(bench, () => {
      throw refused('rejected', 'apply', a, 'denied by policy "no-twos"')
    })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('failed')
    expect(ran.events).toContainEqual(
      expect.objectContaining({
        kind: 'step-failed',
        why: 'denied by policy "no-twos"',
        what: 'cannot apply ConfigMap a',
      }),
    )
    expect(await bench.recorded()).toEqual({ 'ConfigMap/a': 'applied uid-1' })
  })

  it('asks for no validation where the object says so', async () => {
    const bench = await open()
    bench.commit('one', [config('a', { 'argocd.argoproj.io/sync-options': 'Validate=false' })])
    const world = await bench.decide()
    expect(await requestsOf(bench, () => bench.run(world))).toMatchObject([{ fieldValidation: 'Ignore' }])
  })

  it('is not sent with another manifest than the planned one', async () => {
    const { bench, world } = await changing()
    const wanted = desiredOf(world, 'a')
    const desired = new Map([...world.desired].map(([key]) => [key, { ...wanted, digest: 'another' }]))
    const ran = await bench.run({ ...world, desired })
    expect([ran.outcome, bench.target.requests]).toEqual(['stale', []])
  })
})

describe('an apply over a hand edit', () => {
  /** Somebody edited `a` by hand, and the plan takes it back. */
  async function reverting() {
    const bench = await open()
    await bench.sync('one', [config('a')])
    bench.clock.advance(60_000)
    bench.target.edit(a, { data: { a: 'by hand' } })
    const world = await bench.decide()
    expect(stepOf(world.plan, 'apply', 'a').changes).toMatchObject([{ path: 'data.a', handEdit: true }])
    return { bench, world }
  }

  it('has the edited object in the trash before it is sent', async () => {
    const { bench, world } = await reverting()
    let before: readonly string[] = []
    atFirstApply(bench, async () => {
      before = await bench.trashed()
    })
    await bench.run(world)
    expect(before).toEqual(['ConfigMap/a uid-1'])
    const [entry] = await bench.records.trash({ plan: world.plan.id })
    const kept = entry === undefined ? null : await bench.records.trashObject(entry.id)
    expect(kept?.data).toEqual({ a: 'by hand' })
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: '1' })
  })

  it('is not sent when the trash cannot take the object', async () => {
    const { bench, world } = await reverting()
    const full = new FaultError({ kind: 'record-failed', what: 'the disk is full' })
    await expect(bench.run(world, { records: { putTrash: () => Promise.reject(full) } })).rejects.toThrow(full)
    expect(bench.target.requests).toEqual([])
    expect(bench.live('ConfigMap/a')?.data).toEqual({ a: 'by hand' })
  })
})

/** The requests that change something, as they were sent. */
async function requestsOf(bench: Bench, act: () => Promise<unknown>): Promise<readonly MemoryRequest[]> {
  const sent: MemoryRequest[] = []
  bench.target.on = (when, request) => {
    if (when === 'before' && request.verb !== 'get' && request.verb !== 'follow') sent.push(request)
  }
  await act()
  return sent
}
