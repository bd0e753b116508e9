// The ports of the engine: what planning and execution need from the outside, so that each has more than one implementation.
import type { AppKey } from '@mainstay/core/app/application.ts'
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { Revision } from '@mainstay/core/desired/desired.ts'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import type { Inventory, InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import type { Approval, ClusterIdentity, Plan } from '@mainstay/core/plan/plan.ts'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RunOutcome, StepEvent } from '@mainstay/core/run/run.ts'

/** The time, injected so that tests move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`; rejects with a `cancelled` fault when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Which application in which cluster a record belongs to. `cluster` is `ClusterIdentity.id`. */
export interface RecordKey {
  readonly app: AppKey
  readonly cluster: string
}

/** One successful sync, as `app history` lists it. */
export interface HistoryEntry {
  readonly id: number
  readonly plan: string
  readonly revisions: readonly Revision[]
  /** Digest of the Application's spec; `RecordStore.application` has the manifest. */
  readonly application: string
  readonly startedAt: string
  readonly deployedAt: string
  readonly by: string
}

/** An object as it was before a destructive step. The object itself is encrypted at rest. */
export interface TrashEntry {
  readonly id: string
  readonly key: RecordKey
  readonly ref: ObjectRef
  readonly apiVersion: string
  readonly uid: string
  readonly plan: string
  readonly step: string
  /** RFC 3339. */
  readonly at: string
  readonly by: string
  /** What its inventory entry said, so that a restore records it the same way; null where there was none. */
  readonly entry: InventoryEntry | null
}

/** One run of a plan. */
export interface RunRecord {
  readonly id: string
  readonly key: RecordKey
  readonly plan: string
  readonly by: string
  readonly startedAt: string
  readonly endedAt: string | null
  /** Null while it runs, and after a crash until the next run of the key takes it over (as `cancelled`). */
  readonly outcome: RunOutcome | null
  /** True for an open run whose process is gone: nobody will end it but the next run. */
  readonly interrupted: boolean
}

/** What is written down of how repositories are reached: of one, of many, of SSH hosts, of hosts' certificates. */
export type AccessKind = 'repository' | 'prefix' | 'ssh-hosts' | 'tls-host'

/** What we remember. Every method fails with a `record-failed` fault and leaves nothing half-written. */
export interface RecordStore {
  /** Inventory of one application in order of application; empty where nothing was ever recorded. */
  inventory(key: RecordKey): Promise<Inventory>
  /** Inserts or replaces entries by ref. */
  putEntries(key: RecordKey, entries: readonly InventoryEntry[]): Promise<void>
  /** Removes entries: only for objects that were seen gone, or knowingly released. */
  removeEntries(key: RecordKey, refs: readonly ObjectRef[]): Promise<void>
  /**
   * Which other application than `asker` recorded each of these uids as its own, in this cluster. A transfer that was
   * cut off leaves an object recorded twice: then each of the two is told of the other.
   */
  owners(cluster: string, uids: readonly string[], asker: AppKey): Promise<ReadonlyMap<string, AppKey>>
  /** Applications with anything recorded, in any cluster. */
  keys(): Promise<readonly RecordKey[]>

  /** Keeps an Application manifest under the digest of its spec (idempotent). */
  putApplication(digest: string, manifest: JsonObject): Promise<void>
  application(digest: string): Promise<JsonObject | null>

  putPlan(plan: Plan, at: string): Promise<void>
  /** By full id. */
  plan(id: string): Promise<Plan | null>
  /** Ids of stored plans that begin with a prefix, newest first: people type the first digits. */
  planIds(prefix: string): Promise<readonly string[]>

  putApproval(approval: Approval): Promise<void>
  approvals(plan: string): Promise<readonly Approval[]>

  /**
   * Opens a run and returns its id. While another run of the key is open and its process lives, this is refused with a
   * `conflict` fault that says by whom and since when. A run whose process is gone is ended as `cancelled` (its journal
   * says so), and can no longer be written to.
   */
  openRun(key: RecordKey, plan: string, by: string, at: string): Promise<string>
  appendEvents(run: string, events: readonly StepEvent[]): Promise<void>
  closeRun(run: string, outcome: RunOutcome, at: string): Promise<void>
  runs(key: RecordKey): Promise<readonly RunRecord[]>
  events(run: string): Promise<readonly StepEvent[]>

  putHistory(key: RecordKey, entry: Omit<HistoryEntry, 'id'>, limit: number): Promise<HistoryEntry>
  history(key: RecordKey): Promise<readonly HistoryEntry[]>

  /** Stores the object encrypted, before the destructive request is sent. Returns the entry's id. */
  putTrash(entry: Omit<TrashEntry, 'id'>, object: KubeObject): Promise<string>
  /** Newest first. */
  trash(filter: { readonly key?: RecordKey; readonly plan?: string }): Promise<readonly TrashEntry[]>
  trashObject(id: string): Promise<KubeObject | null>

  /** Dry-run answers by (cluster, desired digest, live resourceVersion or 'none'); encrypted like the trash. */
  dryRun(cluster: string, digest: string, resourceVersion: string): Promise<DryRun | null>
  putDryRun(cluster: string, digest: string, resourceVersion: string, answer: DryRun): Promise<void>

  /** Writes down how something is reached, in the place of what was written under this name; sealed. */
  putAccess(kind: AccessKind, name: string, value: JsonObject): Promise<void>
  /** False where nothing was written under this name. */
  removeAccess(kind: AccessKind, name: string): Promise<boolean>
  /** In order of names. */
  accesses(kind: AccessKind): Promise<readonly { readonly name: string; readonly value: JsonObject }[]>

  /** A keyed, stable mark for a secret value (HMAC-SHA-256 with the record key, shortened). */
  mask(value: string): string
  close(): Promise<void>
}

/** One kind to be listed, in the version to be spoken. */
export interface ListRequest {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Null: all namespaces, or cluster scope. */
  readonly namespace: string | null
  /** Only metadata (`PartialObjectMetadata`): for objects that are looked at but not compared. */
  readonly metadataOnly: boolean
  /** In the form of Kubernetes: `app in (a,b)`. Absent: all objects. */
  readonly labelSelector?: string
}

/** The read side of a cluster, as planning needs it. Failures are FaultErrors; a failed list is never an empty one. */
export interface ClusterReader {
  identity(signal?: AbortSignal): Promise<ClusterIdentity>
  /** The version of the API server, as it calls itself: `v1.36.3`. */
  version(signal?: AbortSignal): Promise<string>
  /** Kinds as discovery shows them, kept for the life of the reader unless `fresh`. */
  kinds(options: { readonly fresh: boolean; readonly signal?: AbortSignal }): Promise<KindTable>
  /** Types of the given group-versions; a group-version without a published schema answers null for its kinds. */
  schemas(
    groupVersions: readonly { readonly group: string; readonly version: string }[],
    signal?: AbortSignal,
  ): Promise<SchemaLookup>
  /** All pages, whole or a fault. */
  list(request: ListRequest, signal?: AbortSignal): Promise<readonly KubeObject[]>
  /** Null only where the server says that this object does not exist. */
  get(
    address: { readonly ref: ObjectRef; readonly apiVersion: string },
    signal?: AbortSignal,
  ): Promise<KubeObject | null>
  /** The server's judgement of an apply that is not carried out; the only request of planning with a write verb. */
  dryRun(manifest: KubeObject, options: { readonly validate: boolean; readonly signal?: AbortSignal }): Promise<DryRun>
  /**
   * Whether the server would take the manifest of an object that exists as a new one: its fields are good, only the
   * change is refused. Nothing is created.
   */
  creatable(manifest: KubeObject, signal?: AbortSignal): Promise<boolean>
}

/** Who says how repositories are reached. */
export interface RepositoryAccesses {
  /**
   * How a repository is reached on behalf of a project (null: of none in particular). What was written for exactly this
   * URL wins over the longest prefix, and the project's own over what is for everybody. A repository that nobody wrote
   * anything about is reached without credentials.
   * @throws FaultError `invalid-input` where what was written cannot be understood; it names the Secret and the key
   */
  accessOf(repoURL: string, project: string | null, signal?: AbortSignal): Promise<RepositoryAccess>
}
