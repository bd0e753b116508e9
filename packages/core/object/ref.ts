// What identifies a Kubernetes object, and the ways to write that identity down.

/** API group and kind, without the version: the version is a spelling, not an identity. */
export interface GroupKind {
  /** `''` for the core group. */
  readonly group: string
  readonly kind: string
}

/** Identity of one object in one cluster. */
export interface ObjectRef extends GroupKind {
  /** `null` for a cluster-scoped object. */
  readonly namespace: string | null
  readonly name: string
}

/** `group/Kind`, with an empty group for the core group: the key of tables by kind. */
export type KindKey = string

/** `group/Kind/namespace/name`: the key of tables by object. An empty namespace means cluster-scoped. */
export type RefKey = string

/** Key of a table by kind. */
export function kindKey(kind: GroupKind): KindKey {
  return `${kind.group}/${kind.kind}`
}

/** Key of a table by object. Kubernetes names never hold a slash that could make two refs alike. */
export function refKey(ref: ObjectRef): RefKey {
  return `${ref.group}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`
}

/** True when both name the same object. */
export function sameRef(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace && a.group === b.group
}

/** Splits `apps/v1` into group and version; `v1` is the core group. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** Order of refs by group, kind, namespace, name: by UTF-16 code unit, so the same on every machine and locale. */
export function compareRefs(a: ObjectRef, b: ObjectRef): number {
  return (
    compareText(a.group, b.group) ||
    compareText(a.kind, b.kind) ||
    compareText(a.namespace ?? '', b.namespace ?? '') ||
    compareText(a.name, b.name)
  )
}

/** Order of two strings by UTF-16 code unit (never by locale). */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
