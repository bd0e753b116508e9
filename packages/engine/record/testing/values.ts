// Sample records for the tests of record stores.
import type { AppKey } from '@mainstay/core/app/application.ts'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { PLAN_SCHEMA } from '@mainstay/core/plan/plan.ts'
import type { Clock, RecordKey, TrashEntry } from '../../ports.ts'

export const NOON = '2026-03-01T12:00:00.000Z'

/** A clock that stands at noon until it is moved. */
export function standingClock(): Clock & { move(ms: number): void } {
  let now = Date.parse(NOON)
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing in the records waits')),
    move(ms) {
      now += ms
    },
  }
}

/** The instant so many minutes after noon. */
export function minute(count: number): string {
  return new Date(Date.parse(NOON) + count * 60_000).toISOString()
}

export const SHOP: RecordKey = { app: { namespace: 'argocd', name: 'shop' }, cluster: 'cluster-1' }
export const BLOG: RecordKey = { app: { namespace: 'argocd', name: 'blog' }, cluster: 'cluster-1' }

export function refOfName(name: string): ObjectRef {
  return { group: 'apps', kind: 'Deployment', namespace: 'shop', name }
}

export function entryOf(name: string, change: Partial<InventoryEntry> = {}): InventoryEntry {
  return {
    ref: refOfName(name),
    apiVersion: 'apps/v1',
    state: { kind: 'applied', uid: `uid-${name}` },
    wave: 0,
    order: 0,
    origin: { file: 'shop/web.yaml', document: 1, line: 3 },
    commit: 'c0ffee',
    sourceDigest: 'source-1',
    digest: 'digest-1',
    adopted: false,
    prune: 'yes',
    delete: 'confirm',
    ...change,
  }
}

export function planOf(id: string, app: AppKey = SHOP.app, change: Partial<Plan> = {}): Plan {
  return {
    schema: PLAN_SCHEMA,
    id,
    app,
    project: 'default',
    intent: { kind: 'sync', prune: true, only: [], revision: null },
    cluster: { id: 'cluster-1', name: 'test', server: 'https://127.0.0.1:6443' },
    namespace: 'shop',
    revisions: [{ commit: 'c0ffee', subject: 'first', author: 'ann', committedAt: NOON }],
    basis: { application: 'spec-1', desired: 'desired-1', inventory: 'inventory-1', gaps: [] },
    steps: [],
    records: [],
    findings: [],
    verdict: 'proceed',
    totals: { objects: 0, same: 0, create: 0, update: 0, delete: 0, kept: 0, unseen: 0 },
    ...change,
  }
}

/** An object with a secret and with integers that a double cannot hold. */
export const SECRET: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'shop', uid: 'uid-db', generation: 9223372036854775807n },
  data: { password: 'aHVudGVyMg==' },
}

export function trashOf(change: Partial<Omit<TrashEntry, 'id'>> = {}): Omit<TrashEntry, 'id'> {
  return {
    key: SHOP,
    ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'db' },
    apiVersion: 'v1',
    uid: 'uid-db',
    plan: 'plan-1',
    step: 'delete Secret/shop/db',
    at: NOON,
    by: 'ann',
    entry: entryOf('db'),
    ...change,
  }
}
