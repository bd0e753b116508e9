// The key of the records: made once, for its owner alone, never replaced while something is sealed with it.
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordStore } from '../ports.ts'
import { KEY_FILE, openKey } from './key.ts'
import { openRecords } from './open.ts'
import { faultOf } from './testing/faults.ts'
import { recordFolder } from './testing/folder.ts'
import { SECRET, standingClock, trashOf } from './testing/values.ts'

let place: Awaited<ReturnType<typeof recordFolder>>
const opened: RecordStore[] = []
beforeEach(async () => {
  place = await recordFolder()
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  await place.remove()
})

const open = (): RecordStore => {
  const store = openRecords({ folder: place.folder, clock: standingClock() })
  opened.push(store)
  return store
}
const keyFile = (): string => join(place.folder, KEY_FILE)

/** A closed folder; `sealed` puts one object into its trash. */
async function leave(options: { readonly sealed: boolean }): Promise<void> {
  const store = open()
  if (options.sealed) await store.putTrash(trashOf(), SECRET)
  await store.close()
}

describe('the key file', () => {
  it('is made on first use with 32 random bytes that only its owner can read', async () => {
    await leave({ sealed: false })
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600)
    const first = await readFile(keyFile(), 'utf8')
    expect(first).toMatch(/^[0-9a-f]{64}\n$/)
    await leave({ sealed: false })
    expect(await readFile(keyFile(), 'utf8')).toBe(first)
    expect((await readdir(place.folder)).filter((name) => name.startsWith('records.key'))).toEqual([KEY_FILE])
  })

  it.each([0o640, 0o604, 0o660, 0o644])('is refused when others can read it (mode %o)', async (mode) => {
    await leave({ sealed: true })
    await chmod(keyFile(), mode)
    const fault = await faultOf(open)
    expect(fault).toMatchObject({ kind: 'record-failed', where: keyFile() })
    expect(fault.why).toContain(`0${mode.toString(8)}`)
    expect(fault.fix[0]).toBe(`chmod 600 ${keyFile()}`)
  })

  it('is not replaced while something is sealed with it', async () => {
    await leave({ sealed: true })
    await rm(keyFile())
    expect(await faultOf(open)).toMatchObject({
      kind: 'record-failed',
      what: 'the key of the records is missing',
      why: '1 records are encrypted with it',
    })
    await expect(stat(keyFile())).rejects.toThrow('ENOENT')
  })

  it('is made anew while nothing is sealed', async () => {
    await leave({ sealed: false })
    await rm(keyFile())
    const store = open()
    const id = await store.putTrash(trashOf(), SECRET)
    expect(await store.trashObject(id)).toEqual(SECRET)
  })

  it.each(['', 'zz', `${'a'.repeat(63)}\n`, `${'A'.repeat(64)}\n`, `${'a'.repeat(64)}\n\n`])(
    'is refused when it is malformed: %j',
    async (text) => {
      await leave({ sealed: true })
      await writeFile(keyFile(), text)
      const fault = await faultOf(open)
      expect(fault.what).toBe('the key of the records is malformed')
      if (text !== '') expect(JSON.stringify(fault)).not.toContain(text.trim())
    },
  )

  it('is refused when it is the key of other records', async () => {
    await leave({ sealed: true })
    await writeFile(keyFile(), `${'0'.repeat(64)}\n`)
    expect((await faultOf(open)).what).toBe('this is not the key these records were written with')
  })

  it('is refused when it is a link or a folder', async () => {
    await leave({ sealed: true })
    await rename(keyFile(), `${keyFile()}.real`)
    await symlink(`${keyFile()}.real`, keyFile())
    expect(await faultOf(open)).toMatchObject({ kind: 'record-failed', why: 'it is a link' })
    await rm(keyFile())
    await mkdir(keyFile(), { mode: 0o700 })
    expect((await faultOf(open)).what).toBe('the key of the records is not a file')
  })

  it('is one and the same for two that make it at the same time', async () => {
    await mkdir(place.folder, { mode: 0o700 })
    let other: Buffer | null = null
    // Between looking and making, somebody else makes it.
    const mine = openKey(place.folder, () => {
      other ??= openKey(place.folder, () => 0)
      return 0
    })
    expect(other).toEqual(mine)
  })
})
