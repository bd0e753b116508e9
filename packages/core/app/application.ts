// An Argo CD Application as the core reads it: every field of argoproj.io/v1alpha1, in typed form.
import type { Json, JsonObject } from '../object/json.ts'

/** Identity of an application: its namespace in the control plane and its name. */
export interface AppKey {
  readonly namespace: string
  readonly name: string
}

/** Sync options, ignore rules, sources: the whole `Application` that planning needs. */
export interface Application {
  readonly key: AppKey
  readonly project: string
  readonly destination: Destination
  /** In the order of `spec.sources`, or the one of `spec.source`. Never empty. */
  readonly sources: readonly Source[]
  readonly syncPolicy: SyncPolicy
  readonly ignoreDifferences: readonly IgnoreRule[]
  /** How many history entries are kept; 0 = none. Default 10. */
  readonly revisionHistoryLimit: number
  readonly info: readonly { readonly name: string; readonly value: string }[]
  /** Finalizers decide what deletion of the Application cascades to. */
  readonly cascade: 'foreground' | 'background' | 'none'
  /** Refs that `status.resources` names: what Argo CD managed before us, a hint where to look. */
  readonly reported: readonly ReportedResource[]
  /** Annotations of the Application that change planning (`compare-options`, `skip-reconcile`, …), as written. */
  readonly annotations: Readonly<Record<string, string>>
}

/** One entry of `status.resources`. */
export interface ReportedResource {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
}

/** Where the objects go: exactly one of server and name. */
export type Destination =
  | { readonly kind: 'server'; readonly server: string; readonly namespace: string | null }
  | { readonly kind: 'name'; readonly name: string; readonly namespace: string | null }

/** One source. `tool` is what the spec asks for explicitly; detection happens where the files are. */
export interface Source {
  readonly repoURL: string
  readonly path: string | null
  readonly chart: string | null
  /** `HEAD` where the spec is silent. */
  readonly targetRevision: string
  readonly tagPrefix: string | null
  /** Name by which other sources refer to files of this one. */
  readonly ref: string | null
  readonly name: string | null
  readonly tool: SourceTool
}

/** Explicit tool settings; `detect` where the spec names none. */
export type SourceTool =
  | { readonly kind: 'detect' }
  | { readonly kind: 'directory'; readonly directory: DirectoryOptions }
  | { readonly kind: 'helm'; readonly helm: HelmOptions }
  | { readonly kind: 'kustomize'; readonly kustomize: KustomizeOptions }
  | { readonly kind: 'plugin'; readonly plugin: PluginOptions }

export interface DirectoryOptions {
  readonly recurse: boolean
  readonly include: string | null
  readonly exclude: string | null
  readonly disableExtensionFilter: boolean
  readonly jsonnet: {
    readonly extVars: readonly JsonnetVar[]
    readonly tlas: readonly JsonnetVar[]
    readonly libs: readonly string[]
  } | null
}

export interface JsonnetVar {
  readonly name: string
  readonly value: string
  readonly code: boolean
}

export interface HelmOptions {
  readonly valueFiles: readonly string[]
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly forceString: boolean }[]
  readonly fileParameters: readonly { readonly name: string; readonly path: string }[]
  readonly values: string | null
  readonly valuesObject: JsonObject | null
  readonly releaseName: string | null
  readonly version: string | null
  readonly passCredentials: boolean
  readonly ignoreMissingValueFiles: boolean
  readonly skipCrds: boolean
  readonly skipTests: boolean
  readonly skipSchemaValidation: boolean
  readonly namespace: string | null
  readonly kubeVersion: string | null
  readonly apiVersions: readonly string[]
}

export interface KustomizeOptions {
  readonly namePrefix: string | null
  readonly nameSuffix: string | null
  readonly images: readonly string[]
  readonly replicas: readonly { readonly name: string; readonly count: number | string }[]
  readonly commonLabels: Readonly<Record<string, string>>
  readonly commonAnnotations: Readonly<Record<string, string>>
  readonly commonAnnotationsEnvsubst: boolean
  readonly forceCommonLabels: boolean
  readonly forceCommonAnnotations: boolean
  readonly labelWithoutSelector: boolean
  readonly labelIncludeTemplates: boolean
  readonly namespace: string | null
  readonly patches: readonly JsonObject[]
  readonly components: readonly string[]
  readonly ignoreMissingComponents: boolean
  readonly version: string | null
  readonly kubeVersion: string | null
  readonly apiVersions: readonly string[]
}

export interface PluginOptions {
  readonly name: string | null
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly parameters: readonly Json[]
}

export interface SyncPolicy {
  /** Null where `spec.syncPolicy.automated` is absent; `automated: {}` is enabled (trap T02). */
  readonly automated: {
    readonly enabled: boolean
    readonly prune: boolean
    readonly selfHeal: boolean
    readonly allowEmpty: boolean
  } | null
  readonly options: SyncOptions
  readonly retry: Retry | null
  readonly managedNamespaceMetadata: {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  } | null
}

/** `spec.syncPolicy.syncOptions`, parsed. Resource-level annotations win where both exist. */
export interface SyncOptions {
  readonly prune: 'yes' | 'no' | 'confirm'
  readonly delete: 'yes' | 'no' | 'confirm'
  readonly pruneLast: boolean
  readonly propagation: 'foreground' | 'background' | 'orphan'
  readonly validate: boolean
  readonly skipDryRunOnMissing: boolean
  readonly applyOutOfSyncOnly: boolean
  readonly replace: boolean
  readonly force: boolean
  readonly serverSideApply: boolean
  readonly clientSideApplyMigration: boolean
  readonly createNamespace: boolean
  readonly respectIgnoreDifferences: boolean
  readonly failOnSharedResource: boolean
}

export interface Retry {
  /** −1 = without limit. */
  readonly limit: number
  readonly refresh: boolean
  /** Seconds. */
  readonly backoffS: number
  readonly factor: number
  /** Seconds. */
  readonly maxBackoffS: number
}

/** One rule of `spec.ignoreDifferences`; `*` matches any group or kind. */
export interface IgnoreRule {
  readonly group: string
  readonly kind: string
  readonly name: string | null
  readonly namespace: string | null
  readonly jsonPointers: readonly string[]
  readonly jqPathExpressions: readonly string[]
  readonly managedFieldsManagers: readonly string[]
}

/** How ownership is marked on objects (`application.resourceTrackingMethod`). */
export interface Tracking {
  readonly method: 'annotation' | 'annotation+label' | 'label'
  /** `application.instanceLabelKey`, default `app.kubernetes.io/instance`. */
  readonly labelKey: string
  /** `installationID`; null where none is set. */
  readonly installationId: string | null
  /** The control plane's namespace: applications in it are tracked by bare name, others by `<namespace>_<name>`. */
  readonly controlPlaneNamespace: string
}
