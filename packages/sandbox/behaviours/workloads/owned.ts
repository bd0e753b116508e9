// Who owns what, kept in step with the world, so that a look at one owner costs what it owns and not what there is.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { isTrue, objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'

/** Finds the objects of a resource by a key, in the order of their names. */
export type Lookup = (world: World, key: string) => readonly KubeObject[]

/**
 * A lookup of the objects of a resource by keys that they give themselves. It says nothing that a look at all objects
 * would not say, so a copy of a sandbox may begin its own.
 */
export function openLookup(resource: string, keysOf: (object: KubeObject) => readonly string[]): Lookup {
  const indexes = new WeakMap<World, Index>()
  return (world, key) => {
    const known = indexes.get(world)
    if (known !== undefined) return known.find(key)
    const index = new Index(world, resource, keysOf)
    indexes.set(world, index)
    return index.find(key)
  }
}

/** Counts the objects of a resource that are so, kept in step with the world. */
export function openCount(resource: string, isSo: (object: KubeObject) => boolean): (world: World) => number {
  const counts = new WeakMap<World, { count: number }>()
  return (world) => {
    const known = counts.get(world)
    if (known !== undefined) return known.count
    const state = { count: 0 }
    counts.set(world, state)
    for (const object of world.all(resource)) if (isSo(object)) state.count += 1
    world.subscribe(({ resource: changed, type, before, object }) => {
      if (changed !== resource) return
      if (before !== null && isSo(before)) state.count -= 1
      if (type !== 'DELETED' && isSo(object)) state.count += 1
    })
    return state.count
  }
}

class Index {
  readonly #keysOf: (object: KubeObject) => readonly string[]
  readonly #found = new Map<string, Map<string, KubeObject>>()
  readonly #sorted = new Map<string, readonly KubeObject[]>()

  constructor(world: World, resource: string, keysOf: (object: KubeObject) => readonly string[]) {
    this.#keysOf = keysOf
    if (world.resources().includes(resource)) for (const object of world.all(resource)) this.#add(object)
    world.subscribe((change) => {
      if (change.resource !== resource) return
      if (change.before !== null) this.#remove(change.before)
      if (change.type !== 'DELETED') this.#add(change.object)
    })
  }

  find(key: string): readonly KubeObject[] {
    const known = this.#sorted.get(key)
    if (known !== undefined) return known
    const found = this.#found.get(key)
    if (found === undefined) return []
    const sorted = [...found.entries()].sort(([a], [b]) => compareText(a, b)).map(([, object]) => object)
    this.#sorted.set(key, sorted)
    return sorted
  }

  #add(object: KubeObject): void {
    for (const key of this.#keysOf(object)) {
      const found = this.#found.get(key) ?? new Map<string, KubeObject>()
      found.set(placeKey(object), object)
      this.#found.set(key, found)
      this.#sorted.delete(key)
    }
  }

  #remove(object: KubeObject): void {
    for (const key of this.#keysOf(object)) {
      const found = this.#found.get(key)
      if (found === undefined) continue
      found.delete(placeKey(object))
      if (found.size === 0) this.#found.delete(key)
      this.#sorted.delete(key)
    }
  }
}

function placeKey(object: KubeObject): string {
  return `${textAt(object, 'metadata', 'namespace')}/${object.metadata.name}`
}

/** The one owner that controls an object, as its reference names it. */
export interface Owner {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

/** Who controls an object; null for an orphan. */
export function controllerOf(object: KubeObject): Owner | null {
  const found = objectsAt(object, 'metadata', 'ownerReferences').find((each) => isTrue(each, 'controller'))
  if (found === undefined) return null
  const text = (key: string): string => textAt(found, key)
  return { apiVersion: text('apiVersion'), kind: text('kind'), name: text('name'), uid: text('uid') }
}

/** The subjects of an object's controller where that is of a kind: one or none. */
export function ownerSubjects(object: KubeObject, apiVersion: string, kind: string): readonly string[] {
  const owner = controllerOf(object)
  if (owner === null || owner.kind !== kind || owner.apiVersion !== apiVersion) return []
  return [`${textAt(object, 'metadata', 'namespace')}/${owner.name}`]
}

/** The key of what nobody controls in a namespace. */
function orphanKey(namespace: string): string {
  return `orphans of ${namespace}`
}

function ownerKeys(object: KubeObject): readonly string[] {
  const owner = controllerOf(object)
  return [owner === null ? orphanKey(textAt(object, 'metadata', 'namespace')) : owner.uid]
}

/** What is found by its owner, and by having none. */
export interface Owned {
  readonly of: (world: World, owner: KubeObject) => readonly KubeObject[]
  readonly orphans: (world: World, namespace: string) => readonly KubeObject[]
}

function openOwned(resource: string): Owned {
  const find = openLookup(resource, ownerKeys)
  return {
    of: (world, owner) => find(world, textAt(owner, 'metadata', 'uid')),
    orphans: (world, namespace) => find(world, orphanKey(namespace)),
  }
}

/** Pods by who controls them. */
export const ownedPods = openOwned('/pods')
/** ReplicaSets by who controls them. */
export const ownedReplicaSets = openOwned('apps/replicasets')
/** Records of earlier templates by who controls them. */
export const ownedRevisions = openOwned('apps/controllerrevisions')
/** Jobs by who controls them. */
export const ownedJobs = openOwned('batch/jobs')
