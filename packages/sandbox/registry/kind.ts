// What the sandbox knows of one kind: how it is addressed, typed, filled in, judged and shown. Built-in or from a CRD.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { StructType } from '../schema/type.ts'

/** A resource of the API. */
export interface Resource {
  readonly group: string
  /** Served versions, the preferred one first. */
  readonly versions: readonly ServedVersion[]
  /** The version in which objects are kept. */
  readonly storage: string
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** Converts between served versions; the apiVersion is already set. Absent: the versions have one shape. */
  readonly convert?: (object: KubeObject, to: string) => KubeObject
  /** From a CustomResourceDefinition: no strategic merge, no update without a resource version, items name their kind. */
  readonly custom?: boolean
  readonly behaviour: Behaviour
}

/** One served version. */
export interface ServedVersion {
  readonly name: string
  readonly type: StructType
  readonly columns: readonly Column[]
  readonly subresources: {
    readonly status: boolean
    readonly scale: ScalePaths | null
    /** Others that discovery lists (`log`, `eviction`, `token`, …), with the verbs they take. */
    readonly others: readonly { readonly name: string; readonly verbs: readonly string[]; readonly kind: string }[]
  }
  /**
   * Takes away what the schema does not know and says where it was (`spec.foo`): for custom resources, whose schemas say
   * more than their `type`. Absent: by `type`.
   */
  readonly prune?: (object: KubeObject) => { readonly object: KubeObject; readonly unknown: readonly string[] }
  /** Fields that field selectors may name beside name and namespace (`selectableFields`), as `spec.color`. */
  readonly selectable?: readonly string[]
  /** The warning that every request to a deprecated version gets. */
  readonly deprecation?: string
}

/** Where a scale subresource reads and writes. */
export interface ScalePaths {
  readonly specReplicas: string
  readonly statusReplicas: string
  /** Path of the selector as text in the status; for built-in kinds it is made from `spec.selector`. */
  readonly selector: string | null
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format: string
  readonly description: string
  /** 0: always shown; higher: with `-o wide`. */
  readonly priority: number
  readonly cell: (object: KubeObject, now: number) => Json
}

/** A cause in a Status: `FieldValueInvalid` at `spec.replicas`. */
export interface Cause {
  readonly reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
  readonly field: string
  readonly message: string
}

/** The world around one request, as a behaviour may look at it. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly dryRun: boolean
  /** A v4-shaped uuid from the seed. */
  readonly uid: () => string
  /** A number in [0, 1) from the seed. */
  readonly random: () => number
  readonly get: (
    resource: { readonly group: string; readonly plural: string },
    namespace: string | null,
    name: string,
  ) => KubeObject | null
  readonly list: (
    resource: { readonly group: string; readonly plural: string },
    namespace: string | null,
  ) => readonly KubeObject[]
}

/**
 * What is special about a kind, each called where the real server's strategy would be. All pure; every one may be absent
 * in an implementation's table and then does nothing. Versioned defaults of the schema are filled in before.
 */
export interface Behaviour {
  /** Defaults that depend on other fields (`spec.strategy` of a Deployment, `targetPort` of a Service). */
  readonly fillIn?: (object: KubeObject) => KubeObject
  /** The same for what server-side apply made; absent: `fillIn`. */
  readonly fillApplied?: (object: KubeObject) => KubeObject
  /** What becomes of an object that was converted into its version; absent: nothing. */
  readonly coerce?: (object: KubeObject) => KubeObject
  /** Before a create: what a client may not set is taken away or set (`status`, `generation`). */
  readonly prepareCreate?: (object: KubeObject, around: Surroundings) => KubeObject
  readonly prepareUpdate?: (object: KubeObject, old: KubeObject, around: Surroundings) => KubeObject
  /** For the status subresource; absent: `status` from the new object, all else from the old one. */
  readonly prepareStatus?: (object: KubeObject, old: KubeObject) => KubeObject
  readonly validateCreate?: (object: KubeObject, around: Surroundings) => readonly Cause[]
  /** Immutable fields, and `validateCreate` for the new object where the real server does both. */
  readonly validateUpdate?: (object: KubeObject, old: KubeObject, around: Surroundings) => readonly Cause[]
  /** For the status subresource; absent: `validateUpdate`. */
  readonly validateStatus?: (object: KubeObject, old: KubeObject, around: Surroundings) => readonly Cause[]
  /** What is still judged of an object that says it is of another kind or version than the one that is asked for. */
  readonly validateStrange?: (object: KubeObject, old: KubeObject | null, version: string) => readonly Cause[]
  readonly warnings?: (object: KubeObject, old: KubeObject | null) => readonly string[]
  /** Gives out what is unique in the cluster (cluster IPs, node ports); causes where what was asked for is taken. */
  readonly allocate?: (
    object: KubeObject,
    old: KubeObject | null,
    around: Surroundings,
  ) => { readonly object: KubeObject; readonly causes: readonly Cause[] }
  /** When an update raises `metadata.generation`; absent: when `spec` changed. `none`: never, or the kind counts itself. */
  readonly generation?: 'spec' | 'none' | 'all-but-metadata'
  /** Seconds that a deletion waits (Pods 30, or as asked); absent: gone at once unless finalizers hold it. */
  readonly graceSeconds?: (object: KubeObject, asked: number | null) => number
  /** What becomes of dependants where a deletion does not say (batch/v1 Job: background; ReplicationController: orphan). */
  readonly defaultPropagation?: 'Background' | 'Foreground' | 'Orphan'
}

/** Looks resources up, also those that CRDs bring. */
export interface Registry {
  readonly byPlural: (group: string, version: string, plural: string) => Resource | null
  readonly byKind: (group: string, kind: string) => Resource | null
  readonly all: () => readonly Resource[]
}

/** A Status of failure, thrown inside the sandbox and written by its HTTP side. */
export interface StatusBody extends JsonObject {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: JsonObject
  readonly status: 'Failure' | 'Success'
  readonly message: string
  readonly reason: string
  readonly code: number
}
