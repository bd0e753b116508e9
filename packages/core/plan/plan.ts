// The Plan: everything that will be done, as a value that can be printed, stored, approved elsewhere and replayed.
import type { AppKey } from '../app/application.ts'
import type { FieldChange, Proof } from '../compare/drift.ts'
import type { Origin, Revision } from '../desired/desired.ts'
import type { Impact } from '../impact/impact.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Finding, Verdict } from '../policy/finding.ts'

/** Version of the plan's shape; a plan of another version is refused, never guessed at. */
export const PLAN_SCHEMA = 'mainstay.dev/plan/v1'

/** What somebody asked for. The plan follows from it and from the three inputs alone. */
export type Intent =
  /**
   * Make the cluster as Git says. Without `prune`, surplus objects are listed and kept. `only` = a selective sync.
   * `revision` overrides the first source's `targetRevision` (as asked: a branch stays a branch); null = as the spec says.
   */
  | {
      readonly kind: 'sync'
      readonly prune: boolean
      readonly only: readonly Selector[]
      readonly revision: string | null
      /** Replace, as two visible steps, what cannot be changed in place. Absent: only where the object says Force=true. */
      readonly force?: true
    }
  /** As sync, to a recorded earlier revision. */
  | { readonly kind: 'rollback'; readonly history: number; readonly prune: boolean }
  /** The person's request to remove the application: `none` forgets it and keeps every object. */
  | { readonly kind: 'delete'; readonly cascade: 'foreground' | 'background' | 'none' }
  /** Bring trash entries back with their identity. */
  | { readonly kind: 'restore'; readonly entries: readonly string[] }

/** `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME` of the argocd CLI; `*` matches anything, `!` excludes. */
export interface Selector {
  readonly exclude: boolean
  readonly group: string
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
}

/** Which cluster: the id is the uid of its kube-system namespace, so a rebuilt cluster is another one. */
export interface ClusterIdentity {
  readonly id: string
  readonly name: string
  readonly server: string
}

/** Fields every step has. */
interface StepBase {
  /** Stable inside a plan: `apply apps/Deployment/shop/web`. */
  readonly id: string
  /** The barrier group it belongs to; a group is finished when all its steps are. */
  readonly group: string
  /** Groups that must be finished before it starts (groups, not steps: a plan of n steps stays of size n). */
  readonly after: readonly string[]
  /** Deletions of the sync phase are followed by a create of the same object: it is replaced. */
  readonly phase: 'sync' | 'prune'
  readonly wave: number
  /** One line: why this step is there. */
  readonly why: string
}

/** Create or update one object by server-side apply. The manifest is found again by origin and digest. */
export interface ApplyStep extends StepBase {
  readonly kind: 'apply'
  readonly ref: ObjectRef
  readonly apiVersion: string
  readonly origin: Origin
  readonly digest: string
  /** `adopt`: it exists and carries no mark of ours yet. */
  readonly verb: 'create' | 'update' | 'adopt'
  /** Uid of the live object; null for a create. */
  readonly uid: string | null
  readonly changes: readonly FieldChange[]
}

/** Wait until objects are healthy, or gone. */
export interface WaitStep extends StepBase {
  readonly kind: 'wait'
  readonly refs: readonly ObjectRef[]
  readonly until: 'healthy' | 'gone'
  readonly timeoutS: number
}

/** Delete one object: unproven deletes cannot be written down. */
export interface DeleteStep extends StepBase {
  readonly kind: 'delete'
  readonly ref: ObjectRef
  readonly apiVersion: string
  /** Sent as precondition: an object re-created by somebody else survives. */
  readonly uid: string
  readonly proof: Proof
  readonly cascade: 'foreground' | 'background' | 'orphan'
  readonly impact: readonly Impact[]
}

/**
 * Free a released PersistentVolume of its dead claim's uid so that the restored claim binds to the same volume.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
export interface RebindStep extends StepBase {
  readonly kind: 'rebind'
  readonly ref: ObjectRef
  readonly uid: string
  readonly claim: { readonly namespace: string; readonly name: string; readonly uid: string }
}

/**
 * Set a volume's reclaim policy to Retain before its claim (or it itself) is deleted, so that its data outlive a deletion
 * that was approved by mistake (argoproj/argo-cd#9853).
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/change-pv-reclaim-policy/
 */
export interface RetainStep extends StepBase {
  readonly kind: 'retain'
  readonly ref: ObjectRef
  readonly uid: string
}

export type Step = ApplyStep | WaitStep | DeleteStep | RebindStep | RetainStep

/** An entry that only changes our own records: nothing is sent to the cluster. */
export type RecordChange =
  /** The live object is already as Git says and is ours by its mark: remember it. */
  | { readonly kind: 'adopt'; readonly ref: ObjectRef; readonly uid: string }
  /** Seen gone: the entry leaves. */
  | { readonly kind: 'forget'; readonly ref: ObjectRef }
  /** Another application's entry moves here with the apply of the object: nothing is deleted (invariant 10). */
  | { readonly kind: 'transfer'; readonly ref: ObjectRef; readonly uid: string; readonly from: AppKey }
  /** Kept in the cluster, no longer managed (non-cascading delete, `Prune=false`). */
  | { readonly kind: 'release'; readonly ref: ObjectRef; readonly why: string }

/** What the plan was decided on. Equal inputs give equal bases; anything else is named when a plan is stale. */
export interface Basis {
  /** Digest of the Application's spec; the manifest is kept in the records under it. */
  readonly application: string
  /** Digest over refs and digests of all desired objects. */
  readonly desired: string
  /** Digest over the inventory. */
  readonly inventory: string
  /** What could not be seen when it was made. */
  readonly gaps: readonly string[]
}

/** Counts for the one-line total. */
export interface Totals {
  readonly objects: number
  readonly same: number
  readonly create: number
  readonly update: number
  readonly delete: number
  /** Surplus objects that stay (no prune, protected, kept). */
  readonly kept: number
  readonly unseen: number
  /** Objects that are wanted and on their way out: they can be created again only when they are gone. Absent: none. */
  readonly ending?: number
}

/** A plan. `id` is the digest of the canonical JSON of everything else. */
export interface Plan {
  readonly schema: typeof PLAN_SCHEMA
  readonly id: string
  readonly app: AppKey
  readonly project: string
  readonly intent: Intent
  readonly cluster: ClusterIdentity
  /** Destination namespace, for printing refs short; null where the application names none. */
  readonly namespace: string | null
  /** One per source; empty for deletions and restores. */
  readonly revisions: readonly Revision[]
  readonly basis: Basis
  readonly steps: readonly Step[]
  readonly records: readonly RecordChange[]
  readonly findings: readonly Finding[]
  readonly verdict: Verdict
  readonly totals: Totals
}

/** Consent to one digest (invariant 8). */
export interface Approval {
  readonly plan: string
  readonly by: string
  /** RFC 3339. */
  readonly at: string
  /** The findings that were shown and accepted: `rule` + ref key. */
  readonly accepts: readonly string[]
}
