// The table of what is written down on this machine of how repositories are reached: names in clear, the rest sealed.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { AccessKind, RecordStore } from '../ports.ts'
import type { Database } from './database.ts'
import { bytes, decode, encode, text } from './rows.ts'
import type { Vault } from './vault.ts'

/** The accesses' part of the record store. */
export function accessRecords(
  db: Database,
  vault: Vault,
): Pick<RecordStore, 'putAccess' | 'removeAccess' | 'accesses'> {
  const identity = (kind: AccessKind, name: string) => ['access', kind, name]
  return {
    putAccess: (kind, name, value) =>
      db.write((sql) => {
        const sealed = vault.seal(encode(value), identity(kind, name))
        sql.run('INSERT OR REPLACE INTO accesses (kind, name, sealed) VALUES (?, ?, ?)', kind, name, sealed)
      }),
    removeAccess: (kind, name) =>
      db.write((sql) => sql.run('DELETE FROM accesses WHERE kind = ? AND name = ?', kind, name) > 0),
    accesses: async (kind) =>
      db.read((sql) =>
        sql.all('SELECT * FROM accesses WHERE kind = ? ORDER BY name', kind).map((row) => {
          const name = text(row, 'name')
          const value = decode<JsonObject>(vault.open(bytes(row, 'sealed'), identity(kind, name)), `access ${name}`)
          return { name, value }
        }),
      ),
  }
}
