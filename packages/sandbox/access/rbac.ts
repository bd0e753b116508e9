// Authorisation by Roles, ClusterRoles and their bindings, as they are in the cluster now.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { type ResourceKey, resourceKey, type Store } from '../store/store.ts'
import type { Attributes } from './attributes.ts'
import { allows, type Rule, rulesOf } from './rule.ts'
import { accountOf, MASTERS, type User } from './user.ts'

/** The group of roles and bindings. */
export const RBAC = 'rbac.authorization.k8s.io'

const key = (plural: string): ResourceKey => resourceKey({ group: RBAC, plural })
const CLUSTER_BINDINGS = key('clusterrolebindings')
const BINDINGS = key('rolebindings')
const CLUSTER_ROLES = key('clusterroles')
const ROLES = key('roles')

/** Whether somebody may do something, and why, as a review says it. */
export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/** What somebody was given: rules by a binding, or a role that is not there. */
export type Grant =
  | { readonly kind: 'rules'; readonly rules: readonly Rule[]; readonly told: string }
  | { readonly kind: 'missing'; readonly role: 'role' | 'clusterrole'; readonly name: string }

/** Decides. */
export function decide(store: Store, user: User, wish: Attributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' }
  const missing: string[] = []
  for (const grant of grantsOf(store, user, wish.kind === 'path' ? '' : wish.namespace)) {
    if (grant.kind === 'missing') missing.push(missingText(grant))
    else if (grant.rules.some((rule) => allows(rule, wish))) {
      return { allowed: true, reason: `RBAC: allowed by ${grant.told}` }
    }
  }
  const told = [...new Set(missing)]
  if (told.length === 0) return { allowed: false, reason: '' }
  return { allowed: false, reason: `RBAC: ${told.length === 1 ? told[0] : `[${told.join(', ')}]`}` }
}

/** How a role that is not there is told of. */
export function missingText({ role, name }: Extract<Grant, { kind: 'missing' }>): string {
  return `${role}.${RBAC} ${JSON.stringify(name)} not found`
}

/** Everything that bindings give a user in a namespace (empty: for what is in none), in the order of the API. */
export function* grantsOf(store: Store, user: User, namespace: string): Generator<Grant> {
  for (const binding of store.list(CLUSTER_BINDINGS, null)) {
    const subject = subjectIn(binding, user, '')
    if (subject !== null) yield grantOf(store, binding, `ClusterRoleBinding ${named(binding)}`, subject)
  }
  if (namespace === '') return
  for (const binding of store.list(BINDINGS, namespace)) {
    const subject = subjectIn(binding, user, namespace)
    const where = JSON.stringify(`${binding.metadata.name}/${namespace}`)
    if (subject !== null) yield grantOf(store, binding, `RoleBinding ${where}`, subject)
  }
}

function named(object: KubeObject): string {
  return JSON.stringify(object.metadata.name)
}

/** The rules that a reference of a binding names. */
export function roleOf(store: Store, binding: KubeObject): KubeObject | null {
  const name = stringAt(binding, 'roleRef', 'name') ?? ''
  if (stringAt(binding, 'roleRef', 'kind') === 'ClusterRole') return store.get(CLUSTER_ROLES, null, name)
  return store.get(ROLES, stringAt(binding, 'metadata', 'namespace') ?? null, name)
}

function grantOf(store: Store, binding: KubeObject, by: string, subject: string): Grant {
  const kind = stringAt(binding, 'roleRef', 'kind') === 'ClusterRole' ? 'ClusterRole' : 'Role'
  const name = stringAt(binding, 'roleRef', 'name') ?? ''
  const role = roleOf(store, binding)
  if (role === null) return { kind: 'missing', role: kind === 'Role' ? 'role' : 'clusterrole', name }
  return { kind: 'rules', rules: rulesOf(role), told: `${by} of ${kind} ${JSON.stringify(name)} to ${subject}` }
}

/** Which subject of a binding a user is, as reviews tell it; null for none. */
function subjectIn(binding: KubeObject, user: User, namespace: string): string | null {
  const { subjects } = binding
  if (!isList(subjects)) return null
  for (const subject of subjects) {
    if (isObject(subject) && isSubject(subject, user, namespace)) return subjectText(subject, namespace)
  }
  return null
}

function isSubject(subject: JsonObject, user: User, namespace: string): boolean {
  const name = stringAt(subject, 'name') ?? ''
  switch (stringAt(subject, 'kind')) {
    case 'User':
      return user.name === name
    case 'Group':
      return user.groups.includes(name)
    case 'ServiceAccount': {
      const account = accountOf(user.name)
      return account?.name === name && account.namespace === (stringAt(subject, 'namespace') ?? namespace)
    }
    default:
      return false
  }
}

function subjectText(subject: JsonObject, namespace: string): string {
  const name = stringAt(subject, 'name') ?? ''
  const kind = stringAt(subject, 'kind') ?? ''
  if (kind !== 'ServiceAccount') return `${kind} ${JSON.stringify(name)}`
  return `${kind} ${JSON.stringify(`${name}/${stringAt(subject, 'namespace') ?? namespace}`)}`
}
