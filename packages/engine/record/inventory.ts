// The table of what is recorded as ours.
import type { AppKey } from '@mainstay/core/app/application.ts'
import type { Inventory, InventoryEntry, InventoryState } from '@mainstay/core/inventory/inventory.ts'
import { recordedUid } from '@mainstay/core/inventory/inventory.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import type { RecordKey, RecordStore } from '../ports.ts'
import { ensureApp, findApp } from './apps.ts'
import type { Database } from './database.ts'
import type { Row } from './rows.ts'
import { integer, integerOrNull, text, textOrNull } from './rows.ts'
import type { Sql } from './sql.ts'

/** The inventory's part of the record store. */
export function inventoryRecords(
  db: Database,
): Pick<RecordStore, 'inventory' | 'putEntries' | 'removeEntries' | 'owners'> {
  return {
    inventory: async (key) => db.read((sql) => readInventory(sql, key)),
    putEntries: (key, entries) =>
      db.write((sql) => {
        const app = ensureApp(sql, key)
        for (const entry of entries) putEntry(sql, app, entry)
      }),
    removeEntries: (key, refs) =>
      db.write((sql) => {
        const app = findApp(sql, key)
        if (app !== null) for (const ref of refs) removeEntry(sql, app, ref)
      }),
    owners: async (cluster, uids, asker) => db.read((sql) => ownersOf(sql, cluster, uids, asker)),
  }
}

/** In the order of application: waves first, because a later plan counts its positions anew. */
function readInventory(sql: Sql, key: RecordKey): Inventory {
  const app = findApp(sql, key)
  if (app === null) return { entries: [] }
  const rows = sql.all(
    `SELECT * FROM inventory WHERE app = ? ORDER BY wave, position, api_group, kind, namespace, name`,
    app,
  )
  return { entries: rows.map(entryOf) }
}

function putEntry(sql: Sql, app: number, entry: InventoryEntry): void {
  const { ref, origin } = entry
  sql.run(
    `INSERT OR REPLACE INTO inventory (
       app, api_group, kind, namespace, name, api_version, state, uid, wave, position, origin_file, origin_document,
       origin_line, commit_id, source_digest, digest, adopted, prune_option, delete_option
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[app, ref.group, ref.kind, ref.namespace ?? '', ref.name, entry.apiVersion],
    ...[entry.state.kind, recordedUid(entry), entry.wave, entry.order],
    ...[origin.file, origin.document, origin.line],
    ...[entry.commit, entry.sourceDigest, entry.digest, entry.adopted ? 1 : 0, entry.prune, entry.delete],
  )
}

function removeEntry(sql: Sql, app: number, ref: ObjectRef): void {
  sql.run(
    'DELETE FROM inventory WHERE app = ? AND api_group = ? AND kind = ? AND namespace = ? AND name = ?',
    ...[app, ref.group, ref.kind, ref.namespace ?? '', ref.name],
  )
}

function ownersOf(sql: Sql, cluster: string, uids: readonly string[], asker: AppKey): ReadonlyMap<string, AppKey> {
  const rows = sql.all(
    `SELECT inventory.uid AS uid, apps.namespace AS namespace, apps.name AS name
     FROM inventory JOIN apps ON apps.id = inventory.app
     WHERE apps.cluster = ? AND inventory.uid IN (SELECT value FROM json_each(?))
       AND NOT (apps.namespace = ? AND apps.name = ?)
     ORDER BY apps.namespace DESC, apps.name DESC`,
    cluster,
    JSON.stringify(uids),
    ...[asker.namespace, asker.name],
  )
  // Where two other applications recorded one uid, the first by name is named: the same one every time.
  return new Map(rows.map((row) => [text(row, 'uid'), { namespace: text(row, 'namespace'), name: text(row, 'name') }]))
}

function entryOf(row: Row): InventoryEntry {
  return {
    ref: refOfRow(row),
    apiVersion: text(row, 'api_version'),
    state: stateOf(row),
    wave: integer(row, 'wave'),
    order: integer(row, 'position'),
    origin: {
      file: text(row, 'origin_file'),
      document: integer(row, 'origin_document'),
      line: integerOrNull(row, 'origin_line'),
    },
    commit: text(row, 'commit_id'),
    sourceDigest: text(row, 'source_digest'),
    digest: text(row, 'digest'),
    adopted: integer(row, 'adopted') === 1,
    prune: choiceOf(text(row, 'prune_option')),
    delete: choiceOf(text(row, 'delete_option')),
  }
}

/** The ref in a row with the columns `api_group`, `kind`, `namespace`, `name`. */
export function refOfRow(row: Row): ObjectRef {
  const namespace = text(row, 'namespace')
  return {
    group: text(row, 'api_group'),
    kind: text(row, 'kind'),
    namespace: namespace === '' ? null : namespace,
    name: text(row, 'name'),
  }
}

function stateOf(row: Row): InventoryState {
  const uid = textOrNull(row, 'uid')
  // The table's CHECK: without a uid the state is `intended`.
  if (uid === null) return { kind: 'intended' }
  return text(row, 'state') === 'deleting' ? { kind: 'deleting', uid } : { kind: 'applied', uid }
}

function choiceOf(value: string): 'yes' | 'no' | 'confirm' {
  if (value === 'yes' || value === 'no' || value === 'confirm') return value
  throw new TypeError(`${value} is no choice`)
}
