// Asks whoever has a say in writes: first what they change of an object, last whether they refuse it.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { AdmissionRequest, Verdict } from '../registry/admission.ts'
import { withDefaults } from './accept.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { judged, served, surroundings } from './target.ts'

/** A write as the verbs know it; objects as they are judged. */
export type Asked = Pick<AdmissionRequest, 'operation' | 'name' | 'object' | 'old'>

/** The object as those who may change it want it. Throws what they refuse. */
export function mutated(
  cluster: Cluster,
  target: Target,
  asked: Asked & { readonly object: KubeObject },
  options: Told,
): KubeObject {
  const { admission = [] } = cluster
  if (admission.length === 0) return asked.object
  const before = requestOf(target, asked, options)
  let object = before.object ?? asked.object
  for (const { mutate } of admission) {
    const verdict = mutate?.({ ...before, object }, surroundings(cluster, options.dryRun))
    object = heard(verdict, options)?.object ?? object
  }
  return object === before.object ? asked.object : judged(target, withDefaults(target, object))
}

/** Throws what somebody refuses. */
export function checkAdmission(cluster: Cluster, target: Target, asked: Asked, options: Told): void {
  const { admission = [] } = cluster
  if (admission.length === 0) return
  const request = requestOf(target, asked, options)
  const around = surroundings(cluster, options.dryRun)
  // Of a deletion there is nothing to change, but whoever might change something may refuse it, too.
  if (asked.operation === 'DELETE') for (const { mutate } of admission) heard(mutate?.(request, around), options)
  for (const { validate } of admission) heard(validate?.(request, around), options)
}

/** What a client said that matters to admission. */
export type Told = Pick<WriteOptions, 'dryRun' | 'manager' | 'warn'>

function heard(verdict: Verdict | undefined, { warn }: Told): Verdict | undefined {
  for (const text of verdict?.warnings ?? []) warn(text)
  if (verdict?.refusal !== undefined) throw verdict.refusal
  return verdict
}

function requestOf(target: Target, asked: Asked, { dryRun, manager }: Told): AdmissionRequest {
  const show = (object: KubeObject | null): KubeObject | null => (object === null ? null : served(target, object))
  const { resource, version, namespace, subresource } = target
  const place = { resource, version, namespace, subresource }
  return { ...asked, ...place, object: show(asked.object), old: show(asked.old), dryRun, manager }
}

/** True where nobody is asked. */
export function nobodyAsked({ admission = [] }: Cluster): boolean {
  return admission.length === 0
}
