// One object as the garbage collector names it: a subject that holds all that is needed to find it again.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { finalizersOf, isServed, placeIn } from './objects.ts'

/** An object by its coordinates and its uid. */
export interface Node {
  readonly apiVersion: string
  readonly kind: string
  /** null for what is in no namespace. */
  readonly namespace: string | null
  readonly name: string
  readonly uid: string
}

export const FOREGROUND = 'foregroundDeletion'
export const ORPHAN = 'orphan'

/** The node of an object that is kept. */
export function nodeOf(object: KubeObject): Node {
  const { apiVersion, kind, metadata } = object
  const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : null
  return { apiVersion, kind, namespace, name: metadata.name, uid: uidOf(object) ?? '' }
}

/** The node that an owner reference means, seen from an object; null where nobody serves its kind. */
export function ownerNode(world: World, reference: JsonObject, from: Pick<Node, 'namespace'>): Node | null {
  const [apiVersion, kind] = [textAt(reference, 'apiVersion'), textAt(reference, 'kind')]
  if (!isServed(world, { apiVersion, kind })) return null
  const namespaced = world.kindOf({ apiVersion, kind })?.namespaced === true
  const namespace = namespaced ? from.namespace : null
  return { apiVersion, kind, namespace, name: textAt(reference, 'name'), uid: textAt(reference, 'uid') }
}

/** A node as text, and back. Names and kinds hold no space. */
export function subjectOfNode({ apiVersion, kind, namespace, name, uid }: Node): string {
  return [apiVersion, kind, namespace ?? '', name, uid].join(' ')
}

/** The node of a subject. */
export function nodeOfSubject(subject: string): Node {
  const [apiVersion = '', kind = '', namespace = '', name = '', uid = ''] = subject.split(' ')
  return { apiVersion, kind, namespace: namespace === '' ? null : namespace, name, uid }
}

/** The object of a node in a version that is served; null where it is gone, also where another one has its name now. */
export function liveOfNode(world: World, node: Node): KubeObject | null {
  const { apiVersion, kind, namespace, name, uid } = node
  const metadata = { name, ...(namespace === null ? {} : { namespace }) }
  const place = placeIn(world, { apiVersion, kind, metadata })
  const live = place === null ? null : world.get(place)
  return live !== null && uidOf(live) === uid ? live : null
}

/** The owner references of an object. */
export function ownersOf(object: KubeObject): readonly JsonObject[] {
  return objectsAt(object, 'metadata', 'ownerReferences')
}

/** True for an object that waits until its dependants are gone. */
export function isDeletingDependents(object: KubeObject): boolean {
  return isTerminating(object) && finalizersOf(object).includes(FOREGROUND)
}

/** True for an object that waits until its dependants are released. */
export function isOrphaning(object: KubeObject): boolean {
  return isTerminating(object) && finalizersOf(object).includes(ORPHAN)
}
