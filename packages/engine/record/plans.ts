// The tables of plans, approvals, and the Application manifests that plans were made for.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Approval, Plan } from '@mainstay/core/plan/plan.ts'
import type { RecordStore } from '../ports.ts'
import { ensureApp } from './apps.ts'
import type { Database } from './database.ts'
import { bytes, decode, encode, integer, text } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Vault } from './vault.ts'

/**
 * How many plans of one application are kept that nobody approved, ran or refers to: looking at an application makes
 * plans, and nobody comes back to the hundredth last look.
 */
export const PLANS_KEPT = 100

/** The plans' part of the record store. */
export function planRecords(
  db: Database,
  vault: Vault,
): Pick<RecordStore, 'putApplication' | 'application' | 'putPlan' | 'plan' | 'planIds' | 'putApproval' | 'approvals'> {
  return {
    putApplication: (digest, manifest) => db.write((sql) => putApplication(sql, vault, digest, manifest)),
    application: async (digest) => db.read((sql) => readApplication(sql, vault, digest)),
    putPlan: (plan, at) => db.write((sql) => putPlan(sql, plan, at)),
    plan: async (id) => db.read((sql) => readPlan(sql, id)),
    planIds: async (prefix) => db.read((sql) => planIds(sql, prefix)),
    putApproval: (approval) => db.write((sql) => putApproval(sql, approval)),
    approvals: async (plan) => db.read((sql) => readApprovals(sql, plan)),
  }
}

/** The newest manifest of a spec wins: what is not part of the digest (labels, finalizers) may have changed. */
function putApplication(sql: Sql, vault: Vault, digest: string, manifest: JsonObject): void {
  const json = encode(manifest)
  const row = sql.get('SELECT sealed FROM applications WHERE digest = ?', digest)
  if (row !== undefined && vault.open(bytes(row, 'sealed'), ['application', digest]) === json) return
  sql.run(
    'INSERT OR REPLACE INTO applications (digest, sealed) VALUES (?, ?)',
    digest,
    vault.seal(json, ['application', digest]),
  )
}

function readApplication(sql: Sql, vault: Vault, digest: string): JsonObject | null {
  const row = sql.get('SELECT sealed FROM applications WHERE digest = ?', digest)
  if (row === undefined) return null
  return decode<JsonObject>(vault.open(bytes(row, 'sealed'), ['application', digest]), `application ${digest}`)
}

/** A plan that is made again is the same plan: only its time moves, so that it is found as a new one. */
function putPlan(sql: Sql, plan: Plan, at: string): void {
  const app = ensureApp(sql, { app: plan.app, cluster: plan.cluster.id })
  sql.run(
    `INSERT INTO plans (id, app, at, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)`,
    ...[plan.id, app, at, encode(plan)],
  )
  const count = integer(sql.get('SELECT count(*) AS count FROM plans WHERE app = ?', app) ?? {}, 'count')
  if (count > PLANS_KEPT) forgetOldPlans(sql, app)
}

function forgetOldPlans(sql: Sql, app: number): void {
  sql.run(
    `DELETE FROM plans WHERE app = ?1
       AND id NOT IN (SELECT id FROM plans WHERE app = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2)
       AND NOT EXISTS (SELECT 1 FROM approvals WHERE plan = plans.id)
       AND NOT EXISTS (SELECT 1 FROM runs WHERE plan = plans.id)
       AND NOT EXISTS (SELECT 1 FROM history WHERE plan = plans.id)
       AND NOT EXISTS (SELECT 1 FROM trash WHERE plan = plans.id)`,
    app,
    PLANS_KEPT,
  )
}

function readPlan(sql: Sql, id: string): Plan | null {
  const row = sql.get('SELECT body FROM plans WHERE id = ?', id)
  return row === undefined ? null : decode<Plan>(text(row, 'body'), `plan ${id}`)
}

/** By prefix without patterns: a `%` that somebody types stands for itself. */
function planIds(sql: Sql, prefix: string): readonly string[] {
  const rows = sql.all('SELECT id FROM plans WHERE substr(id, 1, length(?1)) = ?1 ORDER BY at DESC, rowid DESC', prefix)
  return rows.map((row) => text(row, 'id'))
}

/** Who approves a plan again replaces the earlier word: it was given for more, or for fewer, findings. */
function putApproval(sql: Sql, approval: Approval): void {
  sql.run(
    'INSERT OR REPLACE INTO approvals (plan, by, at, accepts) VALUES (?, ?, ?, ?)',
    ...[approval.plan, approval.by, approval.at, encode(approval.accepts)],
  )
}

function readApprovals(sql: Sql, plan: string): readonly Approval[] {
  return sql.all('SELECT * FROM approvals WHERE plan = ? ORDER BY at, by', plan).map((row) => ({
    plan: text(row, 'plan'),
    by: text(row, 'by'),
    at: text(row, 'at'),
    accepts: decode<readonly string[]>(text(row, 'accepts'), `approval of plan ${plan}`),
  }))
}
