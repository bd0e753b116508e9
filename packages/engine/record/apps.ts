// The row that every record of an application in a cluster hangs on.
import type { RecordKey } from '../ports.ts'
import type { Row } from './rows.ts'
import { integer, text } from './rows.ts'
import type { Sql } from './sql.ts'

/** Number of the application's row; null where nothing was ever recorded for it. */
export function findApp(sql: Sql, key: RecordKey): number | null {
  const row = sql.get(
    'SELECT id FROM apps WHERE cluster = ? AND namespace = ? AND name = ?',
    key.cluster,
    key.app.namespace,
    key.app.name,
  )
  return row === undefined ? null : integer(row, 'id')
}

/** Number of the application's row; made where it is missing. For use inside a write. */
export function ensureApp(sql: Sql, key: RecordKey): number {
  const found = findApp(sql, key)
  if (found !== null) return found
  const row = sql.get(
    'INSERT INTO apps (cluster, namespace, name) VALUES (?, ?, ?) RETURNING id',
    key.cluster,
    key.app.namespace,
    key.app.name,
  )
  return integer(row ?? {}, 'id')
}

/** The key in a row that was joined with `apps` as `cluster`, `app_namespace`, `app_name`. */
export function keyOf(row: Row): RecordKey {
  return {
    app: { namespace: text(row, 'app_namespace'), name: text(row, 'app_name') },
    cluster: text(row, 'cluster'),
  }
}

/** Applications of which anything is left in the records. */
export function recordedApps(sql: Sql): readonly RecordKey[] {
  const rows = sql.all(
    `SELECT cluster, namespace AS app_namespace, name AS app_name FROM apps
     WHERE EXISTS (SELECT 1 FROM inventory WHERE app = apps.id)
        OR EXISTS (SELECT 1 FROM plans WHERE app = apps.id)
        OR EXISTS (SELECT 1 FROM runs WHERE app = apps.id)
        OR EXISTS (SELECT 1 FROM history WHERE app = apps.id)
        OR EXISTS (SELECT 1 FROM trash WHERE app = apps.id)
     ORDER BY cluster, namespace, name`,
  )
  return rows.map(keyOf)
}
