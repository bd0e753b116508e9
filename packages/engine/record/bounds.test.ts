// What is kept has an end, and a cache can be wrong: the dry-run cache by entries and bytes, plans that nobody came back to by number.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RecordStore } from '../ports.ts'
import { DATABASE_FILE } from './database.ts'
import type { DryRunBounds } from './dry-runs.ts'
import { openRecords } from './open.ts'
import { PLANS_KEPT } from './plans.ts'
import { recordFolder } from './testing/folder.ts'
import { minute, NOON, planOf, SECRET, SHOP, standingClock, trashOf } from './testing/values.ts'

let place: Awaited<ReturnType<typeof recordFolder>>
const opened: RecordStore[] = []
beforeEach(async () => {
  place = await recordFolder()
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  await place.remove()
})

function open(dryRuns: DryRunBounds): RecordStore {
  const store = openRecords({ folder: place.folder, clock: standingClock(), dryRuns })
  opened.push(store)
  return store
}

const unbounded = { entries: 1000, bytes: 1024 * 1024 }

async function kept(store: RecordStore, count: number): Promise<readonly number[]> {
  const found: number[] = []
  for (let i = 0; i < count; i++) if ((await store.dryRun('c', `d${i}`, '1')) !== null) found.push(i)
  return found
}

it('has no answer of a dry run that was changed outside or belongs to another object', async () => {
  const store = open(unbounded)
  for (const digest of ['d0', 'd1']) await store.putDryRun('c', digest, '1', { kind: 'unavailable', reason: digest })
  const records = new DatabaseSync(join(place.folder, DATABASE_FILE))
  records.exec(`UPDATE dry_runs SET sealed = (SELECT sealed FROM dry_runs WHERE digest = 'd1') WHERE digest = 'd0'`)
  expect(await kept(store, 2)).toEqual([1])
  records.exec(`UPDATE dry_runs SET sealed = x'01' WHERE digest = 'd1'`)
  records.close()
  expect(await kept(store, 2)).toEqual([])
})

it('drops the oldest dry runs when there are too many', async () => {
  const store = open({ entries: 8, bytes: 1024 * 1024 })
  for (let i = 0; i < 20; i++) await store.putDryRun('c', `d${i}`, '1', { kind: 'unavailable', reason: 'x' })
  const found = await kept(store, 20)
  expect(found.length).toBeLessThanOrEqual(8)
  expect(found.length).toBeGreaterThanOrEqual(6)
  expect(found.at(-1)).toBe(19)
  expect(found).toEqual(found.map((_, index) => 20 - found.length + index))
})

it('drops the oldest dry runs when they are too large, and counts what an earlier process left', async () => {
  const large = { kind: 'unavailable', reason: 'x'.repeat(1000) } as const
  const first = open(unbounded)
  for (let i = 0; i < 10; i++) await first.putDryRun('c', `d${i}`, '1', large)
  await first.close()
  const store = open({ entries: 1000, bytes: 5000 })
  await store.putDryRun('c', 'd10', '1', large)
  expect(await kept(store, 11)).toEqual([8, 9, 10])
})

it('keeps one answer a manifest, however often the object moves', async () => {
  const store = open({ entries: 4, bytes: 1024 * 1024 })
  await store.putDryRun('c', 'd0', '1', { kind: 'unavailable', reason: 'x' })
  for (let i = 0; i < 50; i++) await store.putDryRun('c', 'd1', String(i), { kind: 'unavailable', reason: 'x' })
  expect(await store.dryRun('c', 'd1', '49')).not.toBeNull()
  expect(await store.dryRun('c', 'd1', '48')).toBeNull()
  expect(await store.dryRun('c', 'd0', '1')).not.toBeNull()
})

it('forgets plans that nobody approved, ran or refers to, oldest first', async () => {
  const store = open(unbounded)
  const names = ['approved', 'ran', 'synced', 'destroyed', 'looked']
  for (const [index, name] of names.entries()) await store.putPlan(planOf(name), minute(index))
  await store.putApproval({ plan: 'approved', by: 'ann', at: NOON, accepts: [] })
  await store.closeRun(await store.openRun(SHOP, 'ran', 'ann', NOON), 'succeeded', NOON)
  const history = { plan: 'synced', revisions: [], application: 's', startedAt: NOON, deployedAt: NOON, by: 'ann' }
  await store.putHistory(SHOP, history, 10)
  await store.putTrash(trashOf({ plan: 'destroyed' }), SECRET)
  for (let i = 0; i < PLANS_KEPT; i++) await store.putPlan(planOf(`plan-${i}`), minute(10 + i))
  const kept = await Promise.all(names.map(async (name) => (await store.plan(name)) !== null))
  expect(kept).toEqual([true, true, true, true, false])
  expect(await store.plan('plan-0')).not.toBeNull()
})
