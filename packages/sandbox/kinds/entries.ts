// Which entry belongs to which resource: `group/plural`, the core group empty.
import { configMap, secret } from './core/configuration.ts'
import { namespace, serviceAccount } from './core/namespace.ts'
import { service } from './core/service.ts'
import type { Entry } from './entry.ts'

/** The entries. A resource without one is typed, filled in and named like all others, and nothing more. */
export const entries: Readonly<Record<string, Entry>> = {
  '/configmaps': configMap,
  '/namespaces': namespace,
  '/serviceaccounts': serviceAccount,
  '/secrets': secret,
  '/services': service,
}
