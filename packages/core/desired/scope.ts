// Whether a wanted object lives in a namespace, by what the cluster and the set itself say of its kind.
import { isCrd } from '../app/tracking.ts'
import { isList } from '../object/json.ts'
import type { KindTable } from '../object/kinds.ts'
import { findKind } from '../object/kinds.ts'
import { canonicalGroup } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { stringAt, valueAt } from '../object/object.ts'
import type { KindKey } from '../object/ref.ts'
import { kindKey, parseApiVersion } from '../object/ref.ts'
import type { SourceObject } from './documents.ts'

export type Scope = 'namespaced' | 'cluster'

/** What is known of a wanted object's kind. */
export type ScopeAnswer =
  | { readonly kind: 'known'; readonly scope: Scope }
  /** Its API group did not answer: scope from a definition in the set, or else from what the manifest says. */
  | { readonly kind: 'unseen'; readonly scope: Scope; readonly reason: string }
  /** Neither the cluster nor the set has it. */
  | { readonly kind: 'unknown'; readonly scope: Scope; readonly reason: string; readonly fix: string }

/** A kind that the set itself defines. */
export interface DefinedKind {
  readonly scope: Scope
  readonly versions: ReadonlySet<string>
}

/** The kinds that CustomResourceDefinitions of the set define. */
export function definedKinds(objects: readonly SourceObject[]): ReadonlyMap<KindKey, DefinedKind> {
  const kinds = new Map<KindKey, DefinedKind>()
  for (const { object } of objects) {
    if (!isCrd(object)) continue
    const group = stringAt(object, 'spec', 'group')
    const kind = stringAt(object, 'spec', 'names', 'kind')
    if (group === undefined || kind === undefined) continue
    const scope: Scope = stringAt(object, 'spec', 'scope') === 'Namespaced' ? 'namespaced' : 'cluster'
    kinds.set(kindKey({ group, kind }), { scope, versions: servedVersions(object) })
  }
  return kinds
}

/** Finds the scope of an object; a kind that the set defines in the wanted version is known before it is served. */
export function scopeOf(object: KubeObject, kinds: KindTable, defined: ReadonlyMap<KindKey, DefinedKind>): ScopeAnswer {
  const { group, version } = parseApiVersion(object.apiVersion)
  const kind = { group, kind: object.kind }
  const own = defined.get(kindKey(kind))
  if (own?.versions.has(version)) return { kind: 'known', scope: own.scope }
  const answer = findKind(kinds, kind)
  switch (answer.kind) {
    case 'known':
      return answer.info.versions.includes(version)
        ? { kind: 'known', scope: answer.info.scope }
        : wrongVersion(object, answer.info.scope, answer.info.versions)
    case 'unseen':
      return { kind: 'unseen', scope: own?.scope ?? writtenScope(object), reason: answer.reason }
    case 'absent':
      return own === undefined ? absentKind(object, group) : wrongVersion(object, own.scope, [...own.versions])
  }
}

function wrongVersion(object: KubeObject, scope: Scope, versions: readonly string[]): ScopeAnswer {
  const { group } = parseApiVersion(object.apiVersion)
  const served = versions.map((version) => (group === '' ? version : `${group}/${version}`))
  return {
    kind: 'unknown',
    scope,
    reason: `${object.kind} is served as ${served.join(', ')}, not as ${object.apiVersion}`,
    fix: `write apiVersion: ${served[0] ?? object.apiVersion}`,
  }
}

function absentKind(object: KubeObject, group: string): ScopeAnswer {
  const moved = canonicalGroup(group, object.kind)
  return {
    kind: 'unknown',
    scope: writtenScope(object),
    reason: `the cluster has no kind ${object.kind} in ${object.apiVersion}, and no CustomResourceDefinition here defines it`,
    fix:
      moved === group
        ? 'add its CustomResourceDefinition, or write the sync option SkipDryRunOnMissingResource=true'
        : `write apiVersion: ${moved}/v1, where the kind lives today`,
  }
}

/** All that is left where nobody can tell: an object that names a namespace lives in one. */
function writtenScope(object: KubeObject): Scope {
  return stringAt(object, 'metadata', 'namespace') === undefined ? 'cluster' : 'namespaced'
}

/** `spec.versions` with `served`, or `spec.version` of the first form of definitions. */
function servedVersions(crd: KubeObject): ReadonlySet<string> {
  const versions = valueAt(crd, 'spec', 'versions')
  const names = (isList(versions) ? versions : []).flatMap((each) => {
    const name = stringAt(each, 'name')
    return name === undefined || valueAt(each, 'served') === false ? [] : [name]
  })
  const single = stringAt(crd, 'spec', 'version')
  return new Set(single === undefined ? names : [...names, single])
}
