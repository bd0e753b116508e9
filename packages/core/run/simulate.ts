// The world as a plan leaves it when every step succeeds: what tests hold the planner to.
import type { DesiredObject, DesiredSet } from '../desired/desired.ts'
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts'
import { recordedUid } from '../inventory/inventory.ts'
import type { Wish } from '../inventory/transitions.ts'
import { commitOf, confirmApplied, intend, isIn } from '../inventory/transitions.ts'
import type { LiveSet } from '../live/live.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { uidOf } from '../object/object.ts'
import type { ObjectRef, RefKey } from '../object/ref.ts'
import { refKey } from '../object/ref.ts'
import type { Plan } from '../plan/plan.ts'

/** The cluster and the records after a run. */
export interface SimulatedWorld {
  readonly live: LiveSet
  readonly inventory: Inventory
}

/** The world in which a plan is carried out. */
export interface SimulatedStart extends SimulatedWorld {
  readonly desired: DesiredSet
}

/**
 * Carries a plan out on values. An applied object becomes its manifest with the identity of the live object (or a new
 * uid, made of its ref); fields that only the cluster holds are left where they are, at the top level. Deleted objects
 * are gone at once, and so is what they own.
 */
export function simulate(plan: Plan, start: SimulatedStart): SimulatedWorld {
  const desired = new Map(start.desired.objects.map((each) => [refKey(each.ref), each]))
  const objects = new Map(start.live.objects)
  const absent = new Set(start.live.absent)
  const entries = new Map(start.inventory.entries.map((entry) => [refKey(entry.ref), entry]))
  const order = new Map(start.desired.objects.map((each, at) => [refKey(each.ref), at]))
  const wish = (each: DesiredObject, adopted: boolean): Wish => ({
    desired: each,
    order: order.get(refKey(each.ref)) ?? 0,
    commit: commitOf(start.desired) ?? '',
    sourceDigest: start.desired.sourceDigest,
    adopted,
  })
  for (const record of plan.records) {
    if (record.kind === 'transfer') continue // Another application's entry leaves; ours comes with the apply.
    const each = desired.get(refKey(record.ref))
    if (record.kind !== 'adopt') entries.delete(refKey(record.ref))
    else if (each !== undefined) put(entries, wish(each, false), record.uid)
  }
  for (const step of plan.steps) {
    if (step.kind === 'apply') {
      const key = refKey(step.ref)
      const each = desired.get(key)
      if (each === undefined) continue
      const object = applied(each.manifest, objects.get(key) ?? null, step.ref)
      objects.set(key, object)
      absent.delete(key)
      put(entries, wish(each, step.verb === 'adopt'), uidOf(object) ?? '')
    }
    if (step.kind === 'delete') {
      for (const gone of collect(step.uid, objects)) {
        objects.delete(gone)
        absent.add(gone)
      }
      entries.delete(refKey(step.ref))
    }
  }
  return { live: { ...start.live, objects, absent }, inventory: { entries: [...entries.values()] } }
}

function put(entries: Map<RefKey, InventoryEntry>, wish: Wish, uid: string): void {
  const key = refKey(wish.desired.ref)
  const before = entries.get(key) ?? null
  const known = before !== null && (before.state.kind === 'intended' || recordedUid(before) === uid) ? before : null
  const intended = intend(wish, known !== null && isIn(known, 'deleting') ? null : known)
  entries.set(key, confirmApplied(intended, wish, uid))
}

function applied(manifest: KubeObject, live: KubeObject | null, ref: ObjectRef): KubeObject {
  const uid = live === null ? `uid-of-${refKey(ref)}` : (uidOf(live) ?? '')
  const kept: JsonObject = live ?? {}
  return { ...kept, ...manifest, metadata: { ...(live?.metadata ?? {}), ...manifest.metadata, uid } }
}

/** The object with this uid and everything that is owned by what goes. */
function collect(uid: string, objects: ReadonlyMap<RefKey, KubeObject>): readonly RefKey[] {
  const uids = new Set([uid])
  const gone = new Set<RefKey>()
  for (let before = -1; before !== gone.size; ) {
    before = gone.size
    for (const [key, object] of objects) {
      const own = uidOf(object) ?? ''
      const owners = ownersOf(object)
      if (!uids.has(own) && !(owners.length > 0 && owners.every((owner) => uids.has(owner)))) continue
      uids.add(own)
      gone.add(key)
    }
  }
  return [...gone]
}

function ownersOf(object: KubeObject): readonly string[] {
  const owners = object.metadata.ownerReferences
  if (!Array.isArray(owners)) return []
  return owners.map((owner: unknown) =>
    typeof owner === 'object' && owner !== null && 'uid' in owner && typeof owner.uid === 'string' ? owner.uid : '',
  )
}
