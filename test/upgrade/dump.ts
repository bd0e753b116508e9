// Writes a record database as SQL text, so that yesterday's records can be kept in the repository and read as a diff.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

/**
 * SQL that makes the database again: header, tables, rows, then what hangs on tables. SQLite counts its sequences again
 * by itself.
 */
export function dumpSql(db: DatabaseSync): string {
  const schema = db.prepare(
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
  )
  const parts = schema.all().map((row) => ({ type: String(row.type), name: String(row.name), sql: String(row.sql) }))
  const tables = parts.filter((part) => part.type === 'table')
  const others = parts.filter((part) => part.type !== 'table')
  const lines = [
    ...['application_id', 'user_version'].map((name) => `PRAGMA ${name} = ${pragma(db, name)};`),
    'BEGIN;',
    ...tables.map((part) => `${part.sql};`),
    ...tables.flatMap((part) => inserts(db, part.name)),
    ...others.map((part) => `${part.sql};`),
    'COMMIT;',
  ]
  return `${lines.join('\n')}\n`
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
}

function inserts(db: DatabaseSync, table: string): readonly string[] {
  const rows = db.prepare(`SELECT * FROM ${table}`).all()
  return rows.map((row) => {
    const columns = Object.keys(row).join(', ')
    return `INSERT INTO ${table} (${columns}) VALUES (${Object.values(row).map(literal).join(', ')});`
  })
}

function literal(value: SQLOutputValue): string {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}
