// Asks the server to judge an apply without carrying it out: the one request of planning with a write verb.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Resource } from './resource-path.ts'
import type { Transport } from './transport.ts'
import { applyObject, type Written } from './write.ts'

/**
 * A server-side apply with `dryRun=All`: defaulting, validation, admission and ownership as in earnest, nothing kept.
 * Forced, because planning wants to know the outcome of an apply that takes over what it has decided to take over.
 *
 * @throws FaultError as `applyObject`
 */
export function dryRunApply(
  transport: Transport,
  resource: Resource,
  manifest: KubeObject,
  options: { readonly fieldValidation: 'Strict' | 'Ignore'; readonly signal?: AbortSignal },
): Promise<Written> {
  return applyObject(transport, resource, manifest, { ...options, dryRun: true, force: true })
}
