// The file under the records: modes, versions, migrations, damage, and writers that share a transaction.
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { DATABASE_FILE, openDatabase } from './database.ts'
import { MIGRATIONS, type Migration } from './migrations.ts'
import { integer, text } from './rows.ts'
import { faultOf } from './testing/faults.ts'
import { recordFolder } from './testing/folder.ts'
import { standingClock } from './testing/values.ts'

const ONE: Migration = { name: 'one', sql: 'CREATE TABLE a (x TEXT NOT NULL) STRICT' }
const TWO: Migration = { name: 'two', sql: 'ALTER TABLE a ADD COLUMN y INTEGER' }

let place: Awaited<ReturnType<typeof recordFolder>>
const opened: Database[] = []
beforeEach(async () => {
  place = await recordFolder()
})
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close()
  await place.remove()
})

function open(migrations: readonly Migration[] = MIGRATIONS): Database {
  const db = openDatabase(place.folder, standingClock(), migrations)
  opened.push(db)
  return db
}

const fileOf = (): string => join(place.folder, DATABASE_FILE)
const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
const digest = async (): Promise<string> =>
  createHash('sha256')
    .update(await readFile(fileOf()))
    .digest('hex')

/** Leaves a closed database with these steps taken and one row in it. */
async function leave(migrations: readonly Migration[]): Promise<void> {
  const db = open(migrations)
  await db.write((sql) => sql.run("INSERT INTO a (x) VALUES ('kept')"))
  await db.close()
}

describe('modes', () => {
  it('makes a folder for its owner alone, and files nobody else can read', async () => {
    const db = open()
    await db.write((sql) => sql.run("INSERT INTO settings (name, value) VALUES ('a', 'b')"))
    expect(await mode(place.folder)).toBe(0o700)
    for (const name of await readdir(place.folder))
      expect([name, await mode(join(place.folder, name))]).toEqual([name, 0o600])
  })

  it('narrows a database that others could read', async () => {
    await open().close()
    await chmod(fileOf(), 0o644)
    open()
    expect(await mode(fileOf())).toBe(0o600)
  })

  it('refuses a folder that others can write to', async () => {
    await mkdir(place.folder)
    await chmod(place.folder, 0o777)
    expect(await faultOf(open)).toMatchObject({
      kind: 'record-failed',
      what: 'others can write to the folder of the records',
      fix: [`chmod 700 ${place.folder}`],
    })
  })

  it('says so when the folder cannot be made', async () => {
    await writeFile(place.folder, 'a file')
    expect(await faultOf(open)).toMatchObject({ kind: 'record-failed', where: place.folder })
  })
})

describe('migrations', () => {
  it('takes the missing steps and keeps a copy of what was there', async () => {
    await leave([ONE])
    const db = open([ONE, TWO])
    await db.write((sql) => sql.run("INSERT INTO a (x, y) VALUES ('new', 2)"))
    expect(db.read((sql) => sql.all('SELECT x, y FROM a')).map((row) => ({ ...row }))).toEqual([
      { x: 'kept', y: null },
      { x: 'new', y: 2 },
    ])
    const copy = `${fileOf()}.v1`
    expect(await mode(copy)).toBe(0o600)
    const old = new DatabaseSync(copy, { readOnly: true })
    expect(
      old
        .prepare('SELECT * FROM a')
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([{ x: 'kept' }])
    expect(integer(old.prepare('PRAGMA user_version').get() ?? {}, 'user_version')).toBe(1)
    old.close()
  })

  it('keeps the copy under another name where somebody else takes the first, and nothing half made', async () => {
    await leave([ONE])
    // Not there for who looks, taken for who makes it: as a name is that another process takes in between.
    await symlink(join(place.folder, 'nowhere'), `${fileOf()}.v1`)
    open([ONE, TWO])
    const names = (await readdir(place.folder)).filter((name) => name.startsWith('records.db.v1'))
    expect(names.toSorted()).toEqual(['records.db.v1', 'records.db.v1.2'])
    expect(await mode(`${fileOf()}.v1.2`)).toBe(0o600)
  })

  it('leaves the database as it was when a step fails', async () => {
    await leave([ONE])
    const broken: Migration = { name: 'broken', sql: 'ALTER TABLE a ADD COLUMN y INTEGER; SELECT * FROM missing' }
    expect(await faultOf(() => open([ONE, broken]))).toMatchObject({ kind: 'record-failed' })
    const db = open([ONE])
    expect(db.read((sql) => sql.all('SELECT * FROM a')).map((row) => ({ ...row }))).toEqual([{ x: 'kept' }])
  })

  it('refuses a step that leaves rows without their parents', async () => {
    await leave([ONE])
    const tables = 'CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE c (p INTEGER REFERENCES p (id)) STRICT'
    const orphan: Migration = { name: 'orphan', sql: `${tables}; INSERT INTO c VALUES (7)` }
    await expect(async () => open([ONE, orphan])).rejects.toThrow('leaves rows without their parents')
    expect(open([ONE]).read((each) => each.all('SELECT * FROM a'))).toHaveLength(1)
  })

  it('refuses a database of a newer version and leaves it alone', async () => {
    await leave([ONE, TWO])
    const before = await digest()
    const fault = await faultOf(() => open([ONE]))
    expect(fault).toMatchObject({ kind: 'unsupported', where: fileOf() })
    expect(fault.what).toContain('version 2 of the database, this one knows 1')
    expect(await digest()).toBe(before)
  })

  it('refuses a database whose past is not the one known here', async () => {
    await leave([ONE])
    const edited: Migration = { ...ONE, sql: 'CREATE TABLE a (x TEXT NOT NULL, z TEXT) STRICT' }
    expect(await faultOf(() => open([edited]))).toMatchObject({
      kind: 'record-failed',
      what: 'step 1 of the record database is not the one this program knows',
    })
  })

  it('refuses the database of another program', async () => {
    await mkdir(place.folder)
    const other = new DatabaseSync(fileOf())
    other.exec('CREATE TABLE theirs (x)')
    other.close()
    const before = await digest()
    expect((await faultOf(open)).what).toContain('another program')
    expect(await digest()).toBe(before)
  })

  it('holds rows to their parents once it is open', async () => {
    const db = open()
    const orphan = db.write((sql) => sql.run("INSERT INTO events (run, seq, body) VALUES ('none', 1, '{}')"))
    await expect(orphan).rejects.toThrow('FOREIGN KEY constraint failed')
  })

  it('gives the published steps tables that hold what they should and no more', () => {
    const tables = open().read((sql) => sql.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    const loose = tables.filter(
      (row) => !text(row, 'name').startsWith('sqlite_') && !text(row, 'sql').includes('STRICT'),
    )
    expect(loose).toEqual([])
  })
})

describe('damage', () => {
  const damage = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
    await leave([ONE])
    const db = open([ONE])
    await db.write((sql) => {
      for (let i = 0; i < 500; i++) sql.run('INSERT INTO a (x) VALUES (?)', 'x'.repeat(200))
    })
    await db.close()
    await writeFile(fileOf(), change(await readFile(fileOf())))
    return digest()
  }

  it.each([
    ['is no database', () => Buffer.from('not a database at all, but long enough to be looked at'.repeat(40))],
    ['lost its end', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    [
      'was overwritten in the middle',
      (bytes: Buffer) => {
        bytes.fill(0xa5, 3 * 4096, 6 * 4096)
        return bytes
      },
    ],
  ])('refuses a file that %s, and leaves it as it is', async (_name, change) => {
    const before = await damage(change)
    const fault = await faultOf(() => open([ONE]))
    expect(fault).toMatchObject({
      kind: 'record-failed',
      what: 'the record database is damaged; it was left as it is',
      where: fileOf(),
    })
    expect(fault.fix).not.toEqual([])
    expect(await digest()).toBe(before)
  })
})

describe('writers that share a transaction', () => {
  it('undoes what failed alone and keeps the rest', async () => {
    const db = open([ONE])
    const outcomes = await Promise.allSettled([
      db.write((sql) => sql.run("INSERT INTO a (x) VALUES ('first')")),
      db.write((sql) => {
        sql.run("INSERT INTO a (x) VALUES ('half')")
        sql.run('INSERT INTO a (x) VALUES (NULL)')
      }),
      db.write((sql) => sql.run("INSERT INTO a (x) VALUES ('last')")),
    ])
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(db.read((sql) => sql.all('SELECT x FROM a')).map((row) => row.x)).toEqual(['first', 'last'])
  })

  it('fails all of them with a fault when the transaction cannot begin', async () => {
    const db = open([ONE])
    const other = new DatabaseSync(fileOf())
    other.exec('BEGIN IMMEDIATE')
    db.read((sql) => sql.all('PRAGMA busy_timeout = 0'))
    try {
      expect(await faultOf(() => db.write((sql) => sql.run("INSERT INTO a (x) VALUES ('x')")))).toMatchObject({
        kind: 'record-failed',
        what: 'another process is writing the records',
      })
    } finally {
      other.close()
    }
    await db.write((sql) => sql.run("INSERT INTO a (x) VALUES ('later')"))
    expect(db.read((sql) => sql.all('SELECT x FROM a')).map((row) => row.x)).toEqual(['later'])
  })

  it('lets an error that is no fault through, so that a bug is seen as one', async () => {
    const db = open([ONE])
    const bug = db.write(() => {
      throw new TypeError('a bug')
    })
    await expect(bug).rejects.toThrow(TypeError)
  })
})
