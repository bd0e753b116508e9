// Words that the controllers of a cluster share: who they are, and objects whose kind they do not know beforehand.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { objectsAt, textAt, textsAt, withAt } from '../../kinds/look.ts'
import type { Resource } from '../../registry/kind.ts'
import { StatusError } from '../../registry/status.ts'
import { timeOf } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import { apiVersionOf } from '../../verbs/target.ts'
import type { Place, World, Writer } from '../../world.ts'

/** The field manager of what runs in kube-controller-manager. */
export const MANAGER = { manager: 'kube-controller-manager' } as const

/** The same through the status. */
export const STATUS = { ...MANAGER, subresource: 'status' } as const

/** A resource's preferred version, in which its objects can be asked for. */
export function headOf(resource: Resource): Pick<Place, 'apiVersion' | 'kind'> {
  return { apiVersion: apiVersionOf(resource.group, resource.versions[0]?.name ?? ''), kind: resource.kind }
}

/** Where an object of any kind is asked for; null where its kind is not served any more. */
export function placeIn(world: World, object: KubeObject): Place | null {
  const resource = world.kindOf(object)
  if (resource === null || resource.versions.length === 0) return null
  const { namespace, name } = object.metadata
  return { ...headOf(resource), namespace: typeof namespace === 'string' ? namespace : null, name }
}

/** True where a kind is served in this very version. */
export function isServed(world: World, { apiVersion, kind }: Pick<Place, 'apiVersion' | 'kind'>): boolean {
  const { version } = parseApiVersion(apiVersion)
  return world.kindOf({ apiVersion, kind })?.versions.some((each) => each.name === version) === true
}

/** `metadata.finalizers`. */
export function finalizersOf(object: KubeObject): readonly string[] {
  return textsAt(object, 'metadata', 'finalizers')
}

/** An object with other finalizers; none at all where the list is empty. */
export function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  return withList(object, 'finalizers', finalizers)
}

/** An object with another list in its metadata; without it where the list is empty. */
export function withList(object: KubeObject, key: string, list: readonly Json[]): KubeObject {
  return withAt(object, ['metadata', key], list.length === 0 ? undefined : list)
}

/** Does what may be refused because the object is gone or the name is taken; such refusals mean that nothing is to be done. */
export function unlessGone(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof StatusError) || error.body.code !== 404) throw error
  }
}

/** Writes an object where it is another one now. */
export function writeIfOther(world: World, before: KubeObject, after: KubeObject, writer: Writer): KubeObject {
  return equalJson(before, after) ? before : world.update(after, writer)
}

/** When an object was last written, as far as it tells (to the second). */
export function lastWritten(object: KubeObject): number {
  const times = objectsAt(object, 'metadata', 'managedFields').map((each) => textAt(each, 'time'))
  const { creationTimestamp, deletionTimestamp } = object.metadata
  const known = [creationTimestamp, deletionTimestamp, ...times]
  return Math.max(...known.map((each) => (typeof each === 'string' ? timeOf(each) : null) ?? 0))
}

/** When an object was last written by one manager; null where it never was. */
export function lastWrittenBy(object: KubeObject, manager: string): number | null {
  const times = objectsAt(object, 'metadata', 'managedFields')
    .filter((each) => each.manager === manager)
    .map((each) => timeOf(textAt(each, 'time')) ?? 0)
  return times.length === 0 ? null : Math.max(...times)
}
