// What an edge (command, endpoint, controller) can ask of the engine: one small interface over the whole pipeline.
import type { AppKey, Application } from '@mainstay/core/app/application.ts'
import type { Comparison, FieldChange } from '@mainstay/core/compare/drift.ts'
import type { Revision } from '@mainstay/core/desired/desired.ts'
import type { Health } from '@mainstay/core/health/health.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import type { Approval, ClusterIdentity, Intent, Plan } from '@mainstay/core/plan/plan.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import type { RunOutcome, StepEvent } from '@mainstay/core/run/run.ts'
import type { HistoryEntry, RunRecord, TrashEntry } from '../ports.ts'
import type { Repositories } from '../repository/repositories.ts'

/** Where an Application is read from: a file, or the cluster that has the CRD. */
export type ApplicationAddress =
  /** `name` chooses among several Applications in the file. */
  | { readonly kind: 'file'; readonly file: string; readonly name: string | null }
  /** `namespace` null: the control plane's. */
  | { readonly kind: 'cluster'; readonly name: string; readonly namespace: string | null }

/** An Application as read, with what its reading had to say. */
export interface LoadedApplication {
  readonly application: Application
  /** The manifest as written, without status and server fields: what the records keep. */
  readonly manifest: JsonObject
  /** Digest of its spec: equal digests, equal intent. */
  readonly digest: string
  readonly findings: readonly Finding[]
  /** File or cluster, for messages. */
  readonly from: string
}

/** A plan request: what is wanted (a revision other than the spec's is part of the intent). */
export interface PlanRequest {
  readonly intent: Intent
  readonly signal?: AbortSignal
}

/** A plan and what it was made of, so that it can be shown in detail and run. */
export interface Planned {
  readonly plan: Plan
  readonly loaded: LoadedApplication
  readonly comparison: Comparison
}

/** One object of an application as `app resources` and `app get` list it. */
export interface ResourceState {
  readonly ref: ObjectRef
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown'
  readonly health: Health | null
  readonly wave: number
  /** Live but not in Git, and ours. */
  readonly requiresPruning: boolean
  readonly uid: string | null
}

/** The state of an application now. */
export interface AppState {
  readonly loaded: LoadedApplication
  readonly cluster: ClusterIdentity
  readonly revisions: readonly Revision[]
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown'
  readonly health: Health
  readonly resources: readonly ResourceState[]
  readonly findings: readonly Finding[]
}

/** Both sides of one object for a diff; Secrets are masked. Null: it is not on that side. */
export interface ObjectDiff {
  readonly ref: ObjectRef
  readonly kind: 'missing' | 'changed' | 'surplus' | 'same' | 'unseen' | 'foreign'
  /** As it is, without managedFields and server bookkeeping. */
  readonly live: KubeObject | null
  /** As it would be after an apply. */
  readonly desired: KubeObject | null
  /** For a changed object: each field that differs, with whoever put the live value there. */
  readonly changes: readonly FieldChange[]
}

/** What a run came to. */
export interface RunResult {
  readonly run: string | null
  readonly outcome: RunOutcome
  readonly message: string
  readonly failed: readonly { readonly step: string; readonly what: string; readonly why: string | null }[]
  /** Objects by what became of them: created, configured, unchanged, deleted, … */
  readonly counts: Readonly<Record<string, number>>
}

export interface RunOptions {
  readonly by: string
  readonly signal: AbortSignal
  readonly onEvent: (event: StepEvent) => void
}

/** What `app wait` waits for. */
export interface WaitRequest {
  readonly sync: boolean
  readonly health: boolean
  /** Until nothing of the application is left. */
  readonly deleted: boolean
  readonly timeoutS: number
  readonly signal: AbortSignal
  readonly onState: (state: AppState) => void
}

/** The engine as an edge sees it. Every method throws only FaultError for expected failures. */
export interface Session {
  loadApplication(address: ApplicationAddress): Promise<LoadedApplication>
  /** Makes a plan and stores it. Never writes to the cluster but for dry runs. */
  plan(loaded: LoadedApplication, request: PlanRequest): Promise<Planned>
  /**
   * Runs exactly this plan or refuses because the world moved (`stale-plan`), because nobody consented
   * (`needs-approval`) or because a rule forbids it (`blocked`).
   */
  run(plan: Plan, options: RunOptions): Promise<RunResult>
  /** Finds a stored plan by id or unique prefix (≥ 6 digits); `not-found` or `invalid-input` faults otherwise. */
  findPlan(prefix: string): Promise<Plan>
  /** Stored plans, newest first, of one application (by name and namespace) or of all; at most `limit`. */
  plans(filter: { readonly app?: AppKey; readonly limit: number }): Promise<readonly Plan[]>
  /** Checks a plan that came from a file: shape, digest. */
  readPlan(text: string, where: string): Plan
  /** Records consent to a stored plan; refused for blocked plans. */
  approve(plan: Plan, by: string): Promise<Approval>
  approvals(plan: Plan): Promise<readonly Approval[]>
  state(
    loaded: LoadedApplication,
    options: { readonly signal?: AbortSignal; readonly revision?: string },
  ): Promise<AppState>
  diff(loaded: LoadedApplication, options: { readonly revision?: string }): Promise<readonly ObjectDiff[]>
  /** Rendered from Git (`git`) or as the cluster holds them (`live`); Secrets masked. */
  manifests(
    loaded: LoadedApplication,
    source: 'git' | 'live',
    options: { readonly revision?: string },
  ): Promise<readonly KubeObject[]>
  wait(
    loaded: LoadedApplication,
    request: WaitRequest,
  ): Promise<{ readonly reached: boolean; readonly state: AppState }>
  history(loaded: LoadedApplication): Promise<readonly HistoryEntry[]>
  runs(
    loaded: LoadedApplication,
  ): Promise<readonly { readonly record: RunRecord; readonly events: readonly StepEvent[] }[]>
  trash(filter: { readonly app?: AppKey; readonly plan?: string }): Promise<readonly TrashEntry[]>
  /** The object as it was, Secrets masked. `id` may be a unique prefix. */
  trashObject(id: string): Promise<{ readonly entry: TrashEntry; readonly object: KubeObject }>
  /** The API server of the chosen context: its version, name and address. */
  server(): Promise<{ readonly version: string; readonly context: string; readonly server: string }>
  /** The application that trash entries belong to, as it was last recorded, so that a restore needs no file. */
  applicationOf(entries: readonly TrashEntry[]): Promise<LoadedApplication>
  /** How repositories are reached, and whom among their hosts to trust. */
  readonly repositories: Repositories
  close(): Promise<void>
}

/** How a session is opened. */
export interface SessionOptions {
  /** Folder of the records and caches; made with mode 0700 where missing. */
  readonly home: string
  /** Path, or null for KUBECONFIG and the default place. */
  readonly kubeconfig: string | null
  readonly context: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** The control plane's namespace; `argocd` by default. */
  readonly controlPlaneNamespace: string
}
