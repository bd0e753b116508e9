// What Git says should run: manifests with their origin, whole or a fault, never a part.
import type { KubeObject } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'

/** Where a manifest was written: enough to name it in an error. */
export interface Origin {
  /** Path inside the repository, or the name of a trash entry. */
  readonly file: string
  /** 1-based number of the document in the file. */
  readonly document: number
  /** 1-based line of the document's first key; null where the tool that rendered it does not tell. */
  readonly line: number | null
}

/** One object that should exist, ready to be applied: namespace filled in, tracking stamped. */
export interface DesiredObject {
  readonly ref: ObjectRef
  readonly manifest: KubeObject
  readonly origin: Origin
  /** `argocd.argoproj.io/sync-wave`, else `helm.sh/hook-weight`, else 0. */
  readonly wave: number
  /** Effective options: the resource's own over the application's. */
  readonly options: ResourceOptions
  /** Digest of the masked canonical manifest: equal digests, equal intent. */
  readonly digest: string
}

/** Sync options of one object after the resource level won over the application level (Argo CD's names in brackets). */
export interface ResourceOptions {
  /** `Prune=` true, false or confirm. */
  readonly prune: 'yes' | 'no' | 'confirm'
  /** `Delete=` true, false or confirm; `helm.sh/resource-policy: keep` is `no`. */
  readonly delete: 'yes' | 'no' | 'confirm'
  /** `Replace=true`: never a side effect here; becomes two visible steps or a finding. */
  readonly replace: boolean
  /** `Force=true`. */
  readonly force: boolean
  /** `Validate=false` turns strict field validation off. */
  readonly validate: boolean
  /** `SkipDryRunOnMissingResource=true`: the kind may appear during the sync. */
  readonly skipDryRunOnMissing: boolean
  /** `PruneLast=true`. */
  readonly pruneLast: boolean
  /** `compare-options: IgnoreExtraneous`. */
  readonly ignoreExtraneous: boolean
  /** `argocd.argoproj.io/ignore-healthcheck: "true"`. */
  readonly ignoreHealth: boolean
}

/** An object that carries a hook annotation: not part of the compared state. */
export interface HookObject {
  readonly ref: ObjectRef
  readonly origin: Origin
  readonly phases: readonly string[]
}

/** The commit (or chart version, digest) that the manifests came from. */
export interface Revision {
  /** Full commit id. */
  readonly commit: string
  readonly subject: string
  readonly author: string
  /** RFC 3339. */
  readonly committedAt: string
}

/**
 * Everything the revision wants. It exists only when all sources rendered completely; a failed render is a fault and
 * there is no DesiredSet at all.
 */
export interface DesiredSet {
  readonly objects: readonly DesiredObject[]
  readonly hooks: readonly HookObject[]
  /** One per source, in the order of the application's sources; empty only for a deletion or a restore. */
  readonly revisions: readonly Revision[]
  /** Digest of the source part of the application's spec (identity of repository, path, parameters). */
  readonly sourceDigest: string
}
