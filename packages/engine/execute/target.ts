// The cluster as the executor sees it: the few requests a run sends, each with its precondition.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'

/** An object to be addressed: its identity and the version to speak. */
export interface Address {
  readonly ref: ObjectRef
  readonly apiVersion: string
}

/** One server-side apply. */
export interface ApplyRequest {
  /** The manifest; `uid` and `resourceVersion` are added as preconditions where given. */
  readonly manifest: KubeObject
  readonly uid: string | null
  readonly resourceVersion: string | null
  /**
   * Take over fields that other managers own. Only for an object that was seen and decided on: a create never forces,
   * so an object that somebody else made in between is a conflict and not overwritten.
   */
  readonly force: boolean
  /** `Strict` refuses unknown and duplicate fields; `Ignore` is Argo CD's `Validate=false`. */
  readonly fieldValidation: 'Strict' | 'Ignore'
}

/** What an apply came to. */
export interface Applied {
  readonly object: KubeObject
  /** True when the object did not exist before this request. */
  readonly created: boolean
  readonly warnings: readonly string[]
}

/**
 * The write side of a cluster and the reads it needs. Failures are FaultErrors: `conflict` where a precondition did
 * not hold, `rejected` where the server refused the content, `forbidden`, `unreachable`, `timeout`.
 */
export interface ExecuteTarget {
  /** The object, or null only where the server says that this object does not exist. */
  get(address: Address, signal: AbortSignal): Promise<KubeObject | null>
  apply(request: ApplyRequest, signal: AbortSignal): Promise<Applied>
  /** Merge patch with uid and resourceVersion as preconditions inside the patch. */
  mergePatch(address: Address, patch: JsonObject, signal: AbortSignal): Promise<KubeObject>
  /** DELETE with the uid as precondition. `terminating`: accepted, finalizers still run. */
  delete(
    address: Address,
    options: { readonly uid: string; readonly cascade: 'foreground' | 'background' | 'orphan' },
    signal: AbortSignal,
  ): Promise<'gone' | 'terminating'>
  /**
   * Follows objects until `settled` answers true for all that were seen, or the signal fires. `onChange` gets null
   * for an object that is gone. Every address is reported at least once.
   */
  follow(
    addresses: readonly Address[],
    onChange: (address: Address, object: KubeObject | null) => 'go-on' | 'stop',
    signal: AbortSignal,
  ): Promise<void>
}
