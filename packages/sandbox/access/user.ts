// Who asks: a user as the API server knows one, however it got to know it.
import type { JsonObject } from '@mainstay/core/object/json.ts'

/** A user. */
export interface User {
  readonly name: string
  /** Empty where there is none. */
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** Whose members may do everything. */
export const MASTERS = 'system:masters'
/** Everybody who said who they are. */
export const AUTHENTICATED = 'system:authenticated'

/** Who asks without saying who. */
export const ANONYMOUS: User = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'], extra: {} }

/** Who everybody is in a sandbox that asks nobody. */
export const ADMINISTRATOR: User = { name: 'kubernetes-admin', uid: '', groups: [MASTERS, AUTHENTICATED], extra: {} }

/** A user who said who they are. */
export function authenticated(name: string, groups: readonly string[], uid = '', extra: User['extra'] = {}): User {
  return { name, uid, groups: groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED], extra }
}

const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/

/** Namespace and name of the ServiceAccount that a user is; null for people. */
export function accountOf(name: string): { readonly namespace: string; readonly name: string } | null {
  const found = ACCOUNT.exec(name)
  return found === null ? null : { namespace: found[1] ?? '', name: found[2] ?? '' }
}

/** The groups of a ServiceAccount. */
export function accountGroups(namespace: string): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}

/** A user as `userInfo` of a review shows it. */
export function userInfo(user: User): JsonObject {
  const extra = Object.entries(user.extra)
  return {
    username: user.name,
    ...(user.uid === '' ? {} : { uid: user.uid }),
    groups: [...user.groups],
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra.map(([key, values]) => [key, [...values]])) }),
  }
}
