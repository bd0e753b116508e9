// The table of objects as they were before a destructive step: who, what and when in clear, the object sealed.
import { randomBytes } from 'node:crypto'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { RecordKey, RecordStore, TrashEntry } from '../ports.ts'
import { ensureApp, keyOf } from './apps.ts'
import type { Database } from './database.ts'
import { refOfRow } from './inventory.ts'
import type { Row } from './rows.ts'
import { bytes, decode, encode, text, textOrNull } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Vault } from './vault.ts'

/** The trash's part of the record store. */
export function trashRecords(db: Database, vault: Vault): Pick<RecordStore, 'putTrash' | 'trash' | 'trashObject'> {
  return {
    putTrash(entry, object) {
      const whole = { ...entry, id: randomBytes(8).toString('hex') }
      return db.write((sql) => putTrash(sql, vault, whole, object))
    },
    trash: async (filter) => db.read((sql) => readTrash(sql, filter)),
    trashObject: async (id) => db.read((sql) => readObject(sql, vault, id)),
  }
}

/** Everything that says which object this is, so that a sealed object cannot be moved under another name. */
function identityOf(entry: TrashEntry): readonly string[] {
  const { key } = entry
  return ['trash', entry.id, key.cluster, key.app.namespace, key.app.name, refKey(entry.ref), entry.uid]
}

function putTrash(sql: Sql, vault: Vault, entry: TrashEntry, object: KubeObject): string {
  const { ref } = entry
  sql.run(
    `INSERT INTO trash (
       id, app, api_group, kind, namespace, name, api_version, uid, plan, step, at, by, entry, sealed
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[entry.id, ensureApp(sql, entry.key), ref.group, ref.kind, ref.namespace ?? '', ref.name, entry.apiVersion],
    ...[entry.uid, entry.plan, entry.step, entry.at, entry.by, entry.entry === null ? null : encode(entry.entry)],
    vault.seal(encode(object), identityOf(entry)),
  )
  return entry.id
}

const SELECT = `
  SELECT trash.*, apps.cluster AS cluster, apps.namespace AS app_namespace, apps.name AS app_name
  FROM trash JOIN apps ON apps.id = trash.app`

/** Newest first. */
function readTrash(sql: Sql, filter: { readonly key?: RecordKey; readonly plan?: string }): readonly TrashEntry[] {
  const { key, plan } = filter
  const rows = sql.all(
    `${SELECT}
     WHERE (?1 IS NULL OR (apps.cluster = ?1 AND apps.namespace = ?2 AND apps.name = ?3))
       AND (?4 IS NULL OR trash.plan = ?4)
     ORDER BY trash.seq DESC`,
    ...[key?.cluster ?? null, key?.app.namespace ?? null, key?.app.name ?? null, plan ?? null],
  )
  return rows.map(entryOf)
}

function readObject(sql: Sql, vault: Vault, id: string): KubeObject | null {
  const row = sql.get(`${SELECT} WHERE trash.id = ?`, id)
  if (row === undefined) return null
  return decode<KubeObject>(vault.open(bytes(row, 'sealed'), identityOf(entryOf(row))), `trash ${id}`)
}

function entryOf(row: Row): TrashEntry {
  const entry = textOrNull(row, 'entry')
  return {
    id: text(row, 'id'),
    key: keyOf(row),
    ref: refOfRow(row),
    apiVersion: text(row, 'api_version'),
    uid: text(row, 'uid'),
    plan: text(row, 'plan'),
    step: text(row, 'step'),
    at: text(row, 'at'),
    by: text(row, 'by'),
    entry: entry === null ? null : decode<InventoryEntry>(entry, `trash ${text(row, 'id')}`),
  }
}
