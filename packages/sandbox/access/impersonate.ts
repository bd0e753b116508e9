// Acting as somebody else: what the headers ask for, and whether it is allowed.
import { failure } from '../registry/status.ts'
import type { Store } from '../store/store.ts'
import type { Attributes, ResourceAttributes } from './attributes.ts'
import { forbidden } from './forbidden.ts'
import { decide } from './rbac.ts'
import { ANONYMOUS, AUTHENTICATED, accountGroups, accountOf, type User } from './user.ts'

const UNAUTHENTICATED = 'system:unauthenticated'
const EXTRA = 'impersonate-extra-'
const AUTHENTICATION = 'authentication.k8s.io'

/** Who a request is to be carried out as: whoever the headers name, or the user. */
export function impersonated(store: Store, user: User, request: Request, wish: Attributes): User {
  const asked = askedFor(request.headers)
  if (asked === null) return user
  if (asked.name === '') {
    const why = `requested ${goUser(asked)} without impersonating a user name`
    throw failure(400, 'BadRequest', why)
  }
  const mode = accountOf(asked.name) === null ? 'user-info' : 'serviceaccount'
  const on = { ...wish, verb: `impersonate-on:${mode}:${wish.verb}` }
  const may = (one: Attributes): boolean => decide(store, user, one).allowed
  const constrained = may(on) && identities(asked, `impersonate:${mode}`, AUTHENTICATION).every(may)
  if (!constrained && !identities(asked, 'impersonate', '').every(may)) {
    throw forbidden(user.name, on, decide(store, user, on).reason)
  }
  return completed(asked)
}

function askedFor(headers: Headers): User | null {
  const name = headers.get('impersonate-user')
  const groups = listOf(headers.get('impersonate-group'))
  const uid = headers.get('impersonate-uid') ?? ''
  const extra: Record<string, readonly string[]> = {}
  for (const [header, value] of headers) {
    if (header.startsWith(EXTRA)) extra[decoded(header.slice(EXTRA.length))] = listOf(value)
  }
  if (name === null && groups.length === 0 && uid === '' && Object.keys(extra).length === 0) return null
  return { name: name ?? '', uid, groups, extra }
}

/** Repeated headers arrive joined. */
function listOf(header: string | null): readonly string[] {
  return header === null || header === '' ? [] : header.split(', ')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Everything that must be allowed to be somebody. */
function identities(asked: User, verb: string, group: string): readonly ResourceAttributes[] {
  const base = { kind: 'resource', verb, version: 'v1', group, subresource: '', namespace: '' } as const
  const account = accountOf(asked.name)
  const self =
    account === null
      ? { ...base, resource: 'users', name: asked.name }
      : { ...base, resource: 'serviceaccounts', namespace: account.namespace, name: account.name }
  const groups = asked.groups.map((name) => ({ ...base, resource: 'groups', name }))
  const more = { ...base, group: AUTHENTICATION }
  const extras = Object.entries(asked.extra).flatMap(([key, values]) =>
    values.map((name) => ({ ...more, resource: 'userextras', subresource: key, name })),
  )
  const uid = asked.uid === '' ? [] : [{ ...more, resource: 'uids', name: asked.uid }]
  return [self, ...groups, ...extras, ...uid]
}

/** With the groups that everybody of the kind is in. */
function completed(asked: User): User {
  const account = accountOf(asked.name)
  const groups = asked.groups.length === 0 && account !== null ? accountGroups(account.namespace) : asked.groups
  const all = asked.name === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED
  const known = groups.includes(all) || groups.includes(UNAUTHENTICATED)
  return { ...asked, groups: known ? groups : [...groups, all] }
}

/** A user as Go prints it. */
function goUser({ name, uid, groups, extra }: User): string {
  const list = (values: readonly string[]): string =>
    `[]string{${values.map((each) => JSON.stringify(each)).join(', ')}}`
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`)
  const shownGroups = groups.length === 0 ? '[]string(nil)' : list(groups)
  const shownExtra = entries.length === 0 ? '(nil)' : `{${entries.join(', ')}}`
  const parts = [`Name:${JSON.stringify(name)}`, `UID:${JSON.stringify(uid)}`, `Groups:${shownGroups}`]
  return `&user.DefaultInfo{${parts.join(', ')}, Extra:map[string][]string${shownExtra}}`
}
