// What every record store must do: one suite, run against each implementation.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { ApplyStep } from '@mainstay/core/plan/plan.ts'
import type { StepEvent } from '@mainstay/core/run/run.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { isFault } from '../fault.ts'
import type { RecordStore } from '../ports.ts'
import { BLOG, entryOf, minute, NOON, planOf, refOfName, SECRET, SHOP, trashOf } from './testing/values.ts'

/** One place that records are kept in, for one test. */
export interface RecordPlace {
  /** Opens a store on the place; a second one is what another process would open. */
  open(): RecordStore
  remove(): Promise<void>
}

/** Runs the suite against one implementation. */
export function recordContract(name: string, makePlace: () => Promise<RecordPlace>): void {
  const places: RecordPlace[] = []
  const stores: RecordStore[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close()
    for (const place of places.splice(0)) await place.remove()
  })

  async function place(): Promise<() => RecordStore> {
    const made = await makePlace()
    places.push(made)
    return () => {
      const store = made.open()
      stores.push(store)
      return store
    }
  }

  const fresh = async (): Promise<RecordStore> => (await place())()

  describe(`${name}: accesses`, () => {
    it('keeps what was written last under a name, in order of names, for whoever opens the records later', async () => {
      const open = await place()
      const store = open()
      expect(await store.accesses('repository')).toEqual([])
      await store.putAccess('repository', 'https://git.example.com/b', { password: 'old' })
      await store.putAccess('repository', 'https://git.example.com/a', { password: 'hunter2' })
      await store.putAccess('prefix', 'https://git.example.com/a', { password: 'of a prefix' })
      await store.putAccess('repository', 'https://git.example.com/b', { password: 'new' })
      expect(await open().accesses('repository')).toEqual([
        { name: 'https://git.example.com/a', value: { password: 'hunter2' } },
        { name: 'https://git.example.com/b', value: { password: 'new' } },
      ])
    })

    it('removes what is named and says whether it was there', async () => {
      const store = await fresh()
      await store.putAccess('tls-host', 'git.example.com', { pem: 'x' })
      expect(await store.removeAccess('ssh-hosts', 'git.example.com')).toBe(false)
      expect(await store.removeAccess('tls-host', 'git.example.com')).toBe(true)
      expect(await store.removeAccess('tls-host', 'git.example.com')).toBe(false)
      expect(await store.accesses('tls-host')).toEqual([])
    })
  })

  describe(`${name}: inventory`, () => {
    it('is empty where nothing was recorded', async () => {
      const store = await fresh()
      expect(await store.inventory(SHOP)).toEqual({ entries: [] })
      expect(await store.keys()).toEqual([])
    })

    it('keeps every field, and comes back in order of application', async () => {
      const store = await fresh()
      const late = entryOf('late', { wave: 1, order: 0, adopted: true, prune: 'no' })
      const second = entryOf('second', { order: 2, state: { kind: 'intended' } })
      const first = entryOf('first', { order: 1, state: { kind: 'deleting', uid: 'u' } })
      const clusterWide = entryOf('x', {
        ref: { group: '', kind: 'Namespace', namespace: null, name: 'shop' },
        order: 0,
        origin: { file: 'ns.yaml', document: 2, line: null },
      })
      await store.putEntries(SHOP, [late, second, first, clusterWide])
      expect((await store.inventory(SHOP)).entries).toEqual([clusterWide, first, second, late])
    })

    it('replaces an entry by ref, and removes only what is named', async () => {
      const store = await fresh()
      await store.putEntries(SHOP, [entryOf('a', { state: { kind: 'intended' } }), entryOf('b', { order: 1 })])
      await store.putEntries(SHOP, [entryOf('a', { digest: 'digest-2' })])
      expect((await store.inventory(SHOP)).entries.map((each) => each.digest)).toEqual(['digest-2', 'digest-1'])
      await store.removeEntries(SHOP, [refOfName('a'), refOfName('never-there')])
      expect((await store.inventory(SHOP)).entries).toEqual([entryOf('b', { order: 1 })])
    })

    it('keeps applications and clusters apart', async () => {
      const store = await fresh()
      await store.putEntries(SHOP, [entryOf('a')])
      await store.putEntries(BLOG, [entryOf('b')])
      await store.putEntries({ ...SHOP, cluster: 'cluster-2' }, [entryOf('c')])
      await store.removeEntries(BLOG, [refOfName('a')])
      expect((await store.inventory(SHOP)).entries).toEqual([entryOf('a')])
      expect(await store.keys()).toEqual([BLOG, SHOP, { ...SHOP, cluster: 'cluster-2' }])
    })

    it('tells which application recorded a uid, in this cluster alone', async () => {
      const store = await fresh()
      await store.putEntries(SHOP, [entryOf('a'), entryOf('b', { state: { kind: 'intended' } })])
      await store.putEntries({ ...BLOG, cluster: 'cluster-2' }, [entryOf('c')])
      const owners = await store.owners('cluster-1', ['uid-a', 'uid-b', 'uid-c', 'uid-d'], BLOG.app)
      expect([...owners]).toEqual([['uid-a', SHOP.app]])
      expect([...(await store.owners('cluster-1', [], BLOG.app))]).toEqual([])
    })

    it('tells each of two applications that recorded one uid of the other', async () => {
      const store = await fresh()
      await store.putEntries(SHOP, [entryOf('a')])
      await store.putEntries(BLOG, [entryOf('a')])
      expect([...(await store.owners('cluster-1', ['uid-a'], SHOP.app))]).toEqual([['uid-a', BLOG.app]])
      expect([...(await store.owners('cluster-1', ['uid-a'], BLOG.app))]).toEqual([['uid-a', SHOP.app]])
      await store.removeEntries(BLOG, [refOfName('a')])
      expect([...(await store.owners('cluster-1', ['uid-a'], SHOP.app))]).toEqual([])
    })
  })

  describe(`${name}: plans and approvals`, () => {
    it('gives a plan back as it was stored, bigints included', async () => {
      const store = await fresh()
      const change = {
        path: 'spec.x',
        op: 'set',
        from: 9223372036854775807n,
        to: 1,
        by: null,
        handEdit: false,
      } as const
      const step: ApplyStep = {
        ...{ kind: 'apply', id: 'apply x', group: 'g', after: [], phase: 'sync', wave: 0, why: 'changed' },
        ...{ ref: refOfName('x'), apiVersion: 'apps/v1', origin: { file: 'x.yaml', document: 1, line: null } },
        ...{ digest: 'd', verb: 'update', uid: 'u', changes: [change] },
      }
      const plan = planOf('aaaa1', SHOP.app, { steps: [step] })
      await store.putPlan(plan, NOON)
      expect(await store.plan('aaaa1')).toEqual(plan)
      expect(await store.plan('aaaa')).toBeNull()
    })

    it('finds plans by the first digits, newest first, and takes the digits literally', async () => {
      const store = await fresh()
      await store.putPlan(planOf('aab1'), minute(1))
      await store.putPlan(planOf('aac2'), minute(2))
      await store.putPlan(planOf('b3'), minute(3))
      expect(await store.planIds('aa')).toEqual(['aac2', 'aab1'])
      expect(await store.planIds('%')).toEqual([])
      expect(await store.planIds('')).toEqual(['b3', 'aac2', 'aab1'])
    })

    it('takes a plan that is made again as the same plan, made later', async () => {
      const store = await fresh()
      await store.putPlan(planOf('a1'), minute(1))
      await store.putPlan(planOf('a2'), minute(2))
      await store.putPlan(planOf('a1'), minute(3))
      expect(await store.planIds('a')).toEqual(['a1', 'a2'])
    })

    it('keeps the last word of each approver', async () => {
      const store = await fresh()
      await store.putApproval({ plan: 'p', by: 'ann', at: minute(1), accepts: ['rule x'] })
      await store.putApproval({ plan: 'p', by: 'bob', at: minute(2), accepts: [] })
      await store.putApproval({ plan: 'p', by: 'ann', at: minute(3), accepts: ['rule x', 'rule y'] })
      await store.putApproval({ plan: 'q', by: 'ann', at: minute(3), accepts: [] })
      expect(await store.approvals('p')).toEqual([
        { plan: 'p', by: 'bob', at: minute(2), accepts: [] },
        { plan: 'p', by: 'ann', at: minute(3), accepts: ['rule x', 'rule y'] },
      ])
      expect(await store.approvals('unknown')).toEqual([])
    })

    it('keeps the newest manifest of a spec', async () => {
      const store = await fresh()
      const manifest = { metadata: { name: 'shop' }, spec: { source: { helm: { values: 'password: x' } } } }
      await store.putApplication('spec-1', manifest)
      await store.putApplication('spec-1', manifest)
      expect(await store.application('spec-1')).toEqual(manifest)
      await store.putApplication('spec-1', { ...manifest, metadata: { name: 'shop', finalizers: ['f'] } })
      expect(await store.application('spec-1')).toEqual({ ...manifest, metadata: { name: 'shop', finalizers: ['f'] } })
      expect(await store.application('spec-2')).toBeNull()
    })
  })

  describe(`${name}: runs`, () => {
    it('records a run with its journal from beginning to end', async () => {
      const store = await fresh()
      const run = await store.openRun(SHOP, 'plan-1', 'ann', minute(1))
      const started: StepEvent = { kind: 'run-started', at: minute(1), plan: 'plan-1', by: 'ann' }
      const step: StepEvent = { kind: 'step-started', at: minute(1), step: 'apply x' }
      await store.appendEvents(run, [started])
      await store.appendEvents(run, [step, { ...step, step: 'apply y' }])
      const record = { id: run, key: SHOP, plan: 'plan-1', by: 'ann', startedAt: minute(1) }
      expect(await store.runs(SHOP)).toEqual([{ ...record, endedAt: null, outcome: null, interrupted: false }])
      await store.closeRun(run, 'failed', minute(2))
      expect(await store.runs(SHOP)).toEqual([{ ...record, endedAt: minute(2), outcome: 'failed', interrupted: false }])
      expect(await store.events(run)).toEqual([started, step, { ...step, step: 'apply y' }])
    })

    it('refuses a second run while one is open, and says by whom and since when', async () => {
      const open = await place()
      const store = open()
      const run = await store.openRun(SHOP, 'plan-1', 'ann', minute(1))
      for (const other of [store, open()]) {
        const error = await other.openRun(SHOP, 'plan-2', 'bob', minute(2)).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        expect(isFault(error, 'conflict')).toBe(true)
        expect(String(error)).toContain('ann')
        expect(String(error)).toContain(minute(1))
      }
      await store.openRun(BLOG, 'plan-3', 'bob', minute(2))
      await store.closeRun(run, 'succeeded', minute(3))
      await store.openRun(SHOP, 'plan-2', 'bob', minute(4))
      expect((await store.runs(SHOP)).map((each) => each.plan)).toEqual(['plan-2', 'plan-1'])
    })

    it('takes over a run whose store was closed without ending it', async () => {
      const open = await place()
      const first = open()
      const run = await first.openRun(SHOP, 'plan-1', 'ann', minute(1))
      await first.close()
      const second = open()
      expect((await second.runs(SHOP))[0]).toMatchObject({ outcome: null, interrupted: true })
      const next = await second.openRun(SHOP, 'plan-1', 'bob', minute(2))
      expect(await second.runs(SHOP)).toMatchObject([
        { id: next, outcome: null, interrupted: false },
        { id: run, outcome: 'cancelled', interrupted: false },
      ])
      expect((await second.events(run)).at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' })
      const late = second.appendEvents(run, [{ kind: 'step-started', at: minute(3), step: 'x' }])
      await expect(late).rejects.toSatisfy((error) => isFault(error, 'record-failed'))
    })

    it('refuses to end or journal a run that has ended', async () => {
      const store = await fresh()
      const run = await store.openRun(SHOP, 'plan-1', 'ann', NOON)
      await store.closeRun(run, 'succeeded', NOON)
      await expect(store.closeRun(run, 'failed', NOON)).rejects.toSatisfy((error) => isFault(error, 'record-failed'))
      await expect(store.appendEvents('none', [])).rejects.toSatisfy((error) => isFault(error, 'record-failed'))
    })
  })

  describe(`${name}: history`, () => {
    const entry = { plan: 'p', revisions: [], application: 'spec-1', startedAt: NOON, deployedAt: NOON, by: 'ann' }

    it('counts up, keeps the newest, and never gives a number twice', async () => {
      const store = await fresh()
      for (const by of ['a', 'b', 'c', 'd']) await store.putHistory(SHOP, { ...entry, by }, 2)
      expect((await store.history(SHOP)).map((each) => [each.id, each.by])).toEqual([
        [2, 'c'],
        [3, 'd'],
      ])
      expect(await store.putHistory(SHOP, entry, 0)).toMatchObject({ id: 4 })
      expect(await store.history(SHOP)).toEqual([])
      expect(await store.putHistory(SHOP, entry, 10)).toMatchObject({ id: 5 })
      expect(await store.history(SHOP)).toEqual([{ ...entry, id: 5 }])
      expect(await store.history(BLOG)).toEqual([])
    })
  })

  describe(`${name}: trash`, () => {
    it('gives the object back with every digit, and its entry as it was', async () => {
      const store = await fresh()
      const id = await store.putTrash(trashOf(), SECRET)
      expect(await store.trash({})).toEqual([{ ...trashOf(), id }])
      expect(await store.trashObject(id)).toEqual(SECRET)
      expect(await store.trashObject('none')).toBeNull()
    })

    it('lists newest first, by application and by plan', async () => {
      const store = await fresh()
      const a = await store.putTrash(trashOf({ plan: 'p1' }), SECRET)
      const b = await store.putTrash(trashOf({ plan: 'p2', entry: null }), SECRET)
      const c = await store.putTrash(trashOf({ plan: 'p1', key: BLOG }), SECRET)
      const ids = async (filter: Parameters<RecordStore['trash']>[0]): Promise<readonly string[]> =>
        (await store.trash(filter)).map((each) => each.id)
      expect(await ids({})).toEqual([c, b, a])
      expect(await ids({ key: SHOP })).toEqual([b, a])
      expect(await ids({ plan: 'p1' })).toEqual([c, a])
      expect(await ids({ key: SHOP, plan: 'p1' })).toEqual([a])
    })
  })

  describe(`${name}: dry runs and marks`, () => {
    const accepted: DryRun = { kind: 'accepted', object: SECRET, warnings: ['deprecated'] }

    it('answers for exactly the cluster, manifest and resourceVersion that were asked about', async () => {
      const store = await fresh()
      await store.putDryRun('c1', 'd1', '7', accepted)
      expect(await store.dryRun('c1', 'd1', '7')).toEqual(accepted)
      expect(await store.dryRun('c1', 'd1', '8')).toBeNull()
      expect(await store.dryRun('c2', 'd1', '7')).toBeNull()
      expect(await store.dryRun('c1', 'd2', '7')).toBeNull()
      const refused: DryRun = { kind: 'refused', refusal: { reason: 'Invalid', message: 'no', fields: [] } }
      await store.putDryRun('c1', 'd1', 'none', refused)
      expect(await store.dryRun('c1', 'd1', 'none')).toEqual(refused)
    })

    it('marks equal values alike, in every store of the place, and tells nothing of them', async () => {
      const open = await place()
      const { mask } = open()
      expect(mask('hunter2')).toMatch(/^••••[0-9a-f]{6}$/)
      expect(mask('hunter2')).toBe(mask('hunter2'))
      expect(mask('hunter2')).not.toBe(mask('hunter3'))
      expect(open().mask('hunter2')).toBe(mask('hunter2'))
      const elsewhere = await fresh()
      expect(elsewhere.mask('hunter2')).not.toBe(mask('hunter2'))
    })
  })

  describe(`${name}: closing`, () => {
    it('finishes what was begun and refuses what comes later', async () => {
      const open = await place()
      const store = open()
      const written = store.putEntries(SHOP, [entryOf('a')])
      await store.close()
      await store.close()
      await written
      await expect(store.inventory(SHOP)).rejects.toSatisfy((error) => isFault(error, 'record-failed'))
      await expect(store.putEntries(SHOP, [])).rejects.toSatisfy((error) => isFault(error, 'record-failed'))
      expect((await open().inventory(SHOP)).entries).toHaveLength(1)
    })
  })
}
