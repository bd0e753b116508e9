// Laws of the records: whatever is put in comes back the same, opens under its own identity alone, and shows no secret.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordStore } from '../ports.ts'
import { openRecords } from './open.ts'
import { recordFolder } from './testing/folder.ts'
import { BLOG, entryOf, SHOP, standingClock, trashOf } from './testing/values.ts'
import { openVault } from './vault.ts'

let place: Awaited<ReturnType<typeof recordFolder>>
let store: RecordStore
beforeAll(async () => {
  place = await recordFolder()
  store = openRecords({ folder: place.folder, clock: standingClock() })
})
afterAll(async () => {
  await store.close()
  await place.remove()
})

const runs = { numRuns: 60 }
/** Half a surrogate pair has no UTF-8 form, so no file and no API server can hold it. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)
const int64 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value))
const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => isWellFormed(text) && !text.includes('\0'))
const key = name.filter((text) => text !== '__proto__')
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string().filter(isWellFormed),
    int64,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value
// Keys as in every parsed JSON: plain objects, compared by content.
const object: fc.Arbitrary<JsonObject> = fc.dictionary(key, json, { maxKeys: 5 }).map((each) => ({ ...each }))
const choice = fc.constantFrom('yes', 'no', 'confirm')
const small = fc.integer({ min: -1000, max: 1000 })

const entry: fc.Arbitrary<InventoryEntry> = fc.record({
  ref: fc.record({ group: fc.constantFrom('', 'apps'), kind: name, namespace: fc.option(name), name }),
  apiVersion: name,
  state: fc.oneof(
    fc.constant({ kind: 'intended' as const }),
    fc.record({ kind: fc.constantFrom('applied' as const, 'deleting' as const), uid: name }),
  ),
  wave: small,
  order: small,
  origin: fc.record({ file: name, document: fc.nat(), line: fc.option(fc.nat()) }),
  commit: name,
  sourceDigest: name,
  digest: name,
  adopted: fc.boolean(),
  prune: choice,
  delete: choice,
})

describe('round trips', () => {
  it('trash: every object comes back with every digit', async () => {
    await fc.assert(
      fc.asyncProperty(object, fc.option(entry), async (rest, recorded) => {
        const whole = { ...rest, apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } }
        const id = await store.putTrash(trashOf({ entry: recorded }), whole)
        expect(await store.trashObject(id)).toEqual(whole)
        expect((await store.trash({ key: SHOP }))[0]).toEqual({ ...trashOf({ entry: recorded }), id })
      }),
      runs,
    )
  })

  it('applications and dry runs: what is put is what is got', async () => {
    await fc.assert(
      fc.asyncProperty(name, object, async (digest, manifest) => {
        await store.putApplication(digest, manifest)
        expect(await store.application(digest)).toEqual(manifest)
        const live = { ...manifest, apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } }
        await store.putDryRun('c', digest, '1', { kind: 'accepted', object: live, warnings: [] })
        expect(await store.dryRun('c', digest, '1')).toEqual({ kind: 'accepted', object: live, warnings: [] })
      }),
      runs,
    )
  })

  it('inventory: every entry comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(entry, async (each) => {
        await store.putEntries(BLOG, [each])
        expect((await store.inventory(BLOG)).entries).toEqual([each])
        await store.removeEntries(BLOG, [each.ref])
        expect((await store.inventory(BLOG)).entries).toEqual([])
      }),
      runs,
    )
  })

  it('inventory: the order in which entries are put changes nothing', async () => {
    const entries = ['a', 'b', 'c', 'd'].map((each, order) =>
      entryOf(each, { order: order % 2, wave: order > 2 ? 1 : 0 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: 4 }), async (shuffled) => {
        const where = { ...SHOP, cluster: 'order' }
        await store.removeEntries(
          where,
          entries.map((each) => each.ref),
        )
        for (const each of shuffled) await store.putEntries(where, [each])
        expect((await store.inventory(where)).entries.map((each) => each.ref.name)).toEqual(['a', 'c', 'b', 'd'])
      }),
      runs,
    )
  })
})

describe('the vault', () => {
  const vault = openVault(new Uint8Array(32).fill(7))
  const identity = fc.array(fc.string(), { minLength: 1, maxLength: 3 })

  it('opens what it sealed, under the same identity and with the same key alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), identity, identity, (text, mine, other) => {
        fc.pre(isWellFormed(text))
        const sealed = vault.seal(text, mine)
        expect(vault.open(sealed, mine)).toBe(text)
        if (JSON.stringify(mine) !== JSON.stringify(other)) expect(() => vault.open(sealed, other)).toThrow('decrypt')
        expect(() => openVault(new Uint8Array(32).fill(8)).open(sealed, mine)).toThrow('decrypt')
      }),
    )
  })

  it('refuses sealed bytes that were changed anywhere, or cut', () => {
    const sealed = vault.seal('a secret', ['x'])
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(() => vault.open(changed, ['x'])).toThrow('cannot decrypt')
      expect(() => vault.open(sealed.subarray(0, index), ['x'])).toThrow('cannot decrypt')
    }
  })

  it('never seals alike, always marks alike', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(Buffer.from(vault.seal(a, ['x'])).equals(vault.seal(a, ['x']))).toBe(false)
        expect(vault.mask(a)).toBe(vault.mask(a))
        // Marks are shortened: unlike values may meet by chance of one in sixteen million.
        if (a !== b) expect(vault.mask(a)).not.toBe(vault.mask(b))
      }),
    )
  })
})

it('holds no secret in clear in any of its files', async () => {
  const secret = 'correct-horse-battery-staple'
  const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, stringData: { password: secret } }
  await store.putTrash(trashOf(), manifest)
  await store.putApplication('with-secret', { spec: { source: { helm: { values: `password: ${secret}` } } } })
  await store.putDryRun('c', 'with-secret', '1', { kind: 'accepted', object: manifest, warnings: [] })
  const files = readdirSync(place.folder).filter((file) => file.startsWith('records.'))
  expect(files).toContain('records.db-wal')
  for (const file of files) {
    const bytes = readFileSync(join(place.folder, file))
    expect([file, bytes.includes(secret), bytes.includes(Buffer.from(secret).toString('base64'))]).toEqual([
      file,
      false,
      false,
    ])
  }
})
