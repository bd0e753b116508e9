// Yesterday's records, read by today's code: every version that was ever published opens and gives its readers the same.
import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { parseJson } from '@mainstay/engine/json/parse.ts'
import { MIGRATIONS } from '@mainstay/engine/record/migrations.ts'
import { openRecords } from '@mainstay/engine/record/open.ts'
import { entryOf, minute, SHOP, standingClock } from '@mainstay/engine/record/testing/values.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contentsOf } from './contents.ts'
import { dumpSql } from './dump.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const versions = readdirSync(here)
  .map((name) => /^records-v(\d+)\.sql$/.exec(name)?.[1])
  .filter((version) => version !== undefined)
  .map(Number)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upgrade-'))
})
afterEach(() => rm(folder, { recursive: true }))

const fixture = (version: number, ending: string): Promise<string> =>
  readFile(join(here, `records-v${version}.${ending}`), 'utf8')

/** Makes the folder that Mainstay left behind in that version. */
async function restore(version: number): Promise<void> {
  const db = new DatabaseSync(join(folder, 'records.db'))
  db.exec(await fixture(version, 'sql'))
  db.close()
  await writeFile(join(folder, 'records.key'), await fixture(version, 'key'), { mode: 0o600 })
}

it('has a fixture of every published version', () => {
  expect(versions.sort((a, b) => a - b)).toEqual(MIGRATIONS.map((_, index) => index + 1))
})

it.each(versions)('reads everything that version %i recorded', async (version) => {
  await restore(version)
  const store = openRecords({ folder, clock: standingClock() })
  try {
    expect(await contentsOf(store)).toEqual(parseJson(await fixture(version, 'json'), 'fixture'))
  } finally {
    await store.close()
  }
})

it.each(versions)('goes on from version %i, and keeps a copy where it had to be changed', async (version) => {
  await restore(version)
  const store = openRecords({ folder, clock: standingClock() })
  try {
    await store.putEntries(SHOP, [entryOf('later')])
    const run = await store.openRun(SHOP, '2222bbbb', 'bob', minute(9))
    await store.closeRun(run, 'succeeded', minute(10))
    expect((await store.runs(SHOP)).map((each) => each.plan)).toEqual(['2222bbbb', '1111aaaa'])
  } finally {
    await store.close()
  }
  const copies = (await readdir(folder)).filter((name) => name.startsWith('records.db.v'))
  expect(copies).toEqual(version < MIGRATIONS.length ? [`records.db.v${version}`] : [])
})

it('dumps a database so that nothing of it is lost', async () => {
  const text = await fixture(versions[0] ?? 1, 'sql')
  const db = new DatabaseSync(':memory:')
  db.exec(text)
  expect(dumpSql(db)).toBe(text)
  db.close()
})
