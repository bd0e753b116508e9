// Keeps today's records for tomorrow: `node test/upgrade/write.ts`, once, before a migration is added.
// Writes records-vN.sql (the database), .key (its key) and .json (what readers get), and never over a file that exists.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { stringifyJson } from '@mainstay/engine/json/stringify.ts'
import type { RecordStore } from '@mainstay/engine/ports.ts'
import { MIGRATIONS } from '@mainstay/engine/record/migrations.ts'
import { openRecords } from '@mainstay/engine/record/open.ts'
import {
  entryOf,
  minute,
  NOON,
  planOf,
  SECRET,
  SHOP,
  standingClock,
  trashOf,
} from '@mainstay/engine/record/testing/values.ts'
import { ASKED, contentsOf } from './contents.ts'
import { dumpSql } from './dump.ts'

/** One of everything that can be recorded. */
async function fill(store: RecordStore): Promise<void> {
  await store.putEntries(SHOP, [
    entryOf('web', { wave: 1, order: 2, adopted: true, prune: 'no' }),
    entryOf('db', { state: { kind: 'deleting', uid: 'uid-db' }, origin: { file: 'db.yaml', document: 2, line: null } }),
    entryOf('new', { state: { kind: 'intended' }, order: 1 }),
    entryOf('x', { ref: { group: '', kind: 'Namespace', namespace: null, name: "o'shop" } }),
  ])
  await store.putAccess('repository', 'https://git.example.com/a', { password: 'hunter2' })
  await store.putApplication(ASKED.digest, {
    metadata: { name: 'shop' },
    spec: { source: { helm: { values: 'a: 1' } } },
  })
  await store.putPlan(planOf('1111aaaa'), minute(1))
  await store.putPlan(planOf('2222bbbb', SHOP.app, { intent: { kind: 'restore', entries: ['t'] } }), minute(2))
  await store.putApproval({ plan: '1111aaaa', by: 'ann', at: minute(3), accepts: ['precious-kind core/x'] })
  const run = await store.openRun(SHOP, '1111aaaa', 'ann', minute(4))
  await store.appendEvents(run, [
    { kind: 'run-started', at: minute(4), plan: '1111aaaa', by: 'ann' },
    { kind: 'step-done', at: minute(4), step: 'apply x', result: { kind: 'created', uid: 'u' } },
  ])
  await store.closeRun(run, 'succeeded', minute(5))
  const revisions = [{ commit: 'c0ffee', subject: 'first', author: 'ann', committedAt: NOON }]
  const synced = { plan: '1111aaaa', revisions, application: ASKED.digest, startedAt: minute(4), deployedAt: minute(5) }
  await store.putHistory(SHOP, { ...synced, by: 'ann' }, 1)
  await store.putHistory(SHOP, { ...synced, by: 'bob' }, 1)
  await store.putTrash(trashOf({ plan: '1111aaaa' }), SECRET)
  await store.putTrash(trashOf({ plan: '1111aaaa', entry: null }), { ...SECRET, data: {} })
  const answer = { kind: 'accepted', object: SECRET, warnings: ['deprecated'] } as const
  await store.putDryRun(SHOP.cluster, ASKED.manifest, ASKED.resourceVersion, answer)
}

const folder = await mkdtemp(join(tmpdir(), 'upgrade-'))
try {
  const store = openRecords({ folder, clock: standingClock() })
  await fill(store)
  const contents = await contentsOf(store)
  await store.close()
  const db = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
  const target = new URL(`records-v${MIGRATIONS.length}`, import.meta.url).pathname
  // The machine that wrote it is nobody's business.
  const sql = dumpSql(db).replace(/(INSERT INTO runs .*, )\d+, '[^']*'(, '2026)/g, "$14711, 'host-1'$2")
  db.close()
  await writeFile(`${target}.sql`, sql, { flag: 'wx' })
  await writeFile(`${target}.key`, await readFile(join(folder, 'records.key')), { flag: 'wx' })
  await writeFile(`${target}.json`, `${stringifyJson(contents, { indent: 2 })}\n`, { flag: 'wx' })
} finally {
  await rm(folder, { recursive: true })
}
