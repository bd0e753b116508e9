// Nobody gives away more than they have: who makes a role or binds one must hold its rules, or be allowed to exceed them.
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { objectAt } from '../kinds/look.ts'
import type { StatusError } from '../registry/status.ts'
import { failure, notFound } from '../registry/status.ts'
import type { Store } from '../store/store.ts'
import { equalJson } from '../verbs/equal.ts'
import type { Target } from '../verbs/target.ts'
import { refusedObject } from './forbidden.ts'
import { decide, grantsOf, RBAC, roleOf } from './rbac.ts'
import { coversUrl, type Rule, rulesOf } from './rule.ts'
import { MASTERS, type User } from './user.ts'

/** Whose rules are those of whoever may do everything. */
const EVERYTHING: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
]

/**
 * Throws 403 where a user writes a role with rules, or a binding to a role with rules, that they do not hold themselves
 * and may neither `escalate` nor `bind`. `old` is what is there; null for a creation. Other kinds pass.
 */
export function checkGrant(store: Store, user: User, target: Target, object: KubeObject, old: KubeObject | null): void {
  if (target.resource.group !== RBAC || user.groups.includes(MASTERS)) return
  const isBinding = target.resource.plural.endsWith('bindings')
  if (old !== null && isUnchanged(isBinding, object, old)) return
  const what = isBinding ? { verb: 'bind', ...roleRefOf(object) } : { verb: 'escalate', ...ownRef(target, object) }
  if (may(store, user, target, what)) return
  if (!isBinding && (sums(object) || (old !== null && sums(old)))) {
    if (uncovered(heldBy(store, user, target), EVERYTHING).length > 0) {
      throw forbiddenFor(target, object, 'must have cluster-admin privileges to use the aggregationRule')
    }
  }
  const rules = isBinding ? boundRules(store, target, object) : rulesOf(object)
  const missing = uncovered(heldBy(store, user, target), rules)
  if (missing.length > 0) throw forbiddenFor(target, object, deniedText(store, user, target, missing))
}

function sums(role: KubeObject): boolean {
  return isObject(role.aggregationRule)
}

/** What the garbage collector changes, and what gives nothing away. */
function isUnchanged(isBinding: boolean, object: KubeObject, old: KubeObject): boolean {
  const keys = isBinding ? ['roleRef', 'subjects'] : ['rules', 'aggregationRule']
  return keys.every((key) => equalJson(object[key] ?? null, old[key] ?? null))
}

interface Ref {
  readonly resource: 'roles' | 'clusterroles'
  readonly name: string
}

function roleRefOf(binding: KubeObject): Ref {
  const { kind, name } = objectAt(binding, 'roleRef')
  return { resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles', name: typeof name === 'string' ? name : '' }
}

function ownRef({ resource }: Target, object: KubeObject): Ref {
  return { resource: resource.plural === 'clusterroles' ? 'clusterroles' : 'roles', name: object.metadata.name ?? '' }
}

function may(store: Store, user: User, { namespace, version }: Target, what: Ref & { readonly verb: string }): boolean {
  const wish = {
    kind: 'resource',
    group: RBAC,
    version: version.name,
    subresource: '',
    namespace: namespace ?? '',
  } as const
  return decide(store, user, { ...wish, ...what }).allowed
}

/** The rules of the role that is bound. The real server looks before it judges: what is not there is no mere mistake. */
function boundRules(store: Store, target: Target, binding: KubeObject): readonly Rule[] {
  const kind = stringAt(binding, 'roleRef', 'kind') ?? ''
  if (kind !== 'Role' && kind !== 'ClusterRole') {
    throw failure(500, '', `unsupported role reference kind: ${JSON.stringify(kind)}`)
  }
  const { namespace } = target
  const role = roleOf(
    store,
    namespace === null ? binding : { ...binding, metadata: { ...binding.metadata, namespace } },
  )
  if (role !== null) return rulesOf(role)
  throw notFound({ group: RBAC, resource: target.resource.plural, name: roleRefOf(binding).name })
}

function heldBy(store: Store, user: User, { namespace }: Target): readonly Rule[] {
  return [...grantsOf(store, user, namespace ?? '')].flatMap((grant) => (grant.kind === 'rules' ? grant.rules : []))
}

/** Rules taken apart to single rights: those that nothing held covers. */
function uncovered(held: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  return wanted.flatMap(rightsOf).filter((right) => !held.some((rule) => covers(rule, right)))
}

function rightsOf(rule: Rule): readonly Rule[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule
  const names = resourceNames.length === 0 ? [[]] : resourceNames.map((name) => [name])
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames: name,
          nonResourceURLs: [],
        })),
      ),
    ),
  )
  const onPaths = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [url] })),
  )
  return [...onResources, ...onPaths]
}

function covers(held: Rule, right: Rule): boolean {
  if (!held.verbs.includes('*') && !right.verbs.every((each) => held.verbs.includes(each))) return false
  if (right.nonResourceURLs.length > 0) {
    return right.nonResourceURLs.every((url) => held.nonResourceURLs.some((each) => coversUrl(each, url)))
  }
  const groups = held.apiGroups.includes('*') || right.apiGroups.every((each) => held.apiGroups.includes(each))
  const named =
    held.resourceNames.length === 0 ||
    (right.resourceNames.length > 0 && right.resourceNames.every((each) => held.resourceNames.includes(each)))
  return groups && named && right.resources.every((each) => coversResource(held, each))
}

function coversResource({ resources }: Rule, wanted: string): boolean {
  if (resources.includes('*') || resources.includes(wanted)) return true
  const slash = wanted.indexOf('/')
  return slash >= 0 && resources.includes(`*${wanted.slice(slash)}`)
}

function deniedText(store: Store, user: User, target: Target, missing: readonly Rule[]): string {
  const told = [...new Set(compact(missing).map(ruleText))].sort()
  const who = `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)})`
  const begin = `${who} is attempting to grant RBAC permissions not currently held:\n${told.join('\n')}`
  const gone = [...grantsOf(store, user, target.namespace ?? '')].flatMap((grant) =>
    // Here the roles are read from where they are kept, which has the other word for what is not there.
    grant.kind === 'missing' ? [`${grant.role}s.${RBAC} ${JSON.stringify(grant.name)} not found`] : [],
  )
  return gone.length === 0 ? begin : `${begin}; resolution errors: [${gone.join(', ')}]`
}

/** Rights that differ in their verb alone are told as one. */
function compact(rights: readonly Rule[]): readonly Rule[] {
  const together = new Map<string, Rule>()
  for (const right of rights) {
    const key = JSON.stringify([right.apiGroups, right.resources, right.resourceNames, right.nonResourceURLs])
    const known = right.nonResourceURLs.length > 0 ? undefined : together.get(key)
    const own = right.nonResourceURLs.length > 0 ? `${key} ${right.verbs.join()}` : key
    together.set(own, known === undefined ? right : { ...known, verbs: [...known.verbs, ...right.verbs] })
  }
  return [...together.values()]
}

function ruleText(rule: Rule): string {
  const parts = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const
  const told = parts.filter(([, words]) => words.length > 0).map(([name, words]) => `${name}:${quoted(words)}`)
  return `{${told.join(', ')}}`
}

function quoted(words: readonly string[]): string {
  return `[${words.map((each) => JSON.stringify(each)).join(' ')}]`
}

function forbiddenFor(target: Target, object: KubeObject, why: string): StatusError {
  const { group, plural } = target.resource
  return refusedObject({ group, resource: plural, name: stringAt(object, 'metadata', 'name') ?? '' }, why)
}
