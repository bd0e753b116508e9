// Asks the server to judge an apply without carrying it out: the one request of planning with a write verb.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { ClusterFault, detailOf } from './cluster-fault.ts'
import type { Resource } from './resource-path.ts'
import type { Transport } from './transport.ts'
import { applyObject, createObject, type Written } from './write.ts'

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

/**
 * Whether the server would take the manifest as a new object, asked with `dryRun=All`. It judges the fields of a create
 * before it looks whether the name is taken, so "already exists" means that they are good.
 *
 * @throws FaultError as `createObject`, but for a refusal of the fields
 */
export async function dryRunCreate(
  transport: Transport,
  resource: Resource,
  manifest: KubeObject,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await createObject(transport, resource, manifest, { dryRun: true, ...(signal === undefined ? {} : { signal }) })
    return true
  } catch (error) {
    if (error instanceof ClusterFault && detailOf(error).kind === 'already-exists') return true
    if (error instanceof ClusterFault && error.fault.kind === 'rejected') return false
    throw error
  }
}
