// What every step of a run is given: the plan's inputs as they were decided, and the ports to act through.
import type { AppKey } from '@mainstay/core/app/application.ts'
import type { FieldChange } from '@mainstay/core/compare/drift.ts'
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef, RefKey } from '@mainstay/core/object/ref.ts'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import type { Clock, RecordKey, RecordStore } from '../ports.ts'
import type { ExecuteTarget } from './target.ts'

/** What is known of an object that a restore brings back. */
export interface Restored {
  /**
   * The fields that we owned (`fieldsV1`), so that identity fields which Git never had (clusterIP, volumeName) do not
   * become ours; a later sync would try to take them away.
   */
  readonly owned: JsonObject
  /** Its inventory entry of then; null where there was none. */
  readonly entry: InventoryEntry | null
}

/** The world a plan was decided on, as far as carrying it out needs it. */
export interface DecidedWorld {
  readonly plan: Plan
  /** Real manifests (secrets in clear) of everything the plan applies, by ref. */
  readonly desired: ReadonlyMap<RefKey, DesiredObject>
  /** Live objects as they were compared. */
  readonly live: ReadonlyMap<RefKey, KubeObject>
  readonly inventory: ReadonlyMap<RefKey, InventoryEntry>
  /** `DesiredSet.sourceDigest`, for the inventory. */
  readonly sourceDigest: string
  /** Commit that the desired objects come from; null for a restore. */
  readonly commit: string | null
  /** An earlier run of this plan was interrupted, and this one takes it up. */
  readonly resumed: boolean
  /** For restores: what each object was when it was destroyed. */
  readonly restored: ReadonlyMap<RefKey, Restored>
  /**
   * Compares one object again as planning did: the fields an apply would change now. Used when an object moved between
   * plan and request, to tell a status update (go on) from a change of a decided field (refuse).
   */
  readonly redecide: (desired: DesiredObject, live: KubeObject) => Promise<readonly FieldChange[]>
  /**
   * The manifest to be sent for an object that exists as `live`: with what `RespectIgnoreDifferences=true` leaves as it
   * is. Planning asked its dry run with the same one.
   */
  readonly manifestFor: (desired: DesiredObject, live: KubeObject) => KubeObject
  /** Types of the wanted objects, to hand over fields of client-side apply. */
  readonly schema: SchemaLookup
}

/** An object that comes from another application. */
export interface Transferred {
  readonly from: AppKey
  /** Null where that application let go of it meanwhile. */
  readonly entry: InventoryEntry | null
}

/** Ports of one run. */
export interface RunPorts {
  readonly target: ExecuteTarget
  readonly records: RecordStore
  readonly clock: Clock
}

/** Everything a step sees. */
export interface StepContext extends DecidedWorld, RunPorts {
  readonly key: RecordKey
  readonly by: string
  /** Ends waiting. Requests are not cut off by it: a write that was sent is seen to its answer. */
  readonly signal: AbortSignal
  /** For requests: never fires, so that cancelling a run leaves no write with an unknown end. */
  readonly requests: AbortSignal
  /** Objects that this plan takes over, with what the other application recorded of them. */
  readonly transferred: ReadonlyMap<RefKey, Transferred>
  /** Journals what a running step waits for. */
  readonly progress: (step: string, message: string) => Promise<void>
  /** Position of each applied ref in the plan's order, for the inventory. */
  readonly orderOf: (ref: ObjectRef) => number
}
