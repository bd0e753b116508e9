// Who depends on whom, by uid of the owner: read once a sandbox, then kept in step with every change.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { type Node, nodeOf } from './node.ts'

/** The dependants of owners that may or may not be there. */
export interface OwnerIndex {
  readonly dependents: (ownerUid: string) => readonly Node[]
  /** Takes in an object of which nobody was told, as those of a live cluster that were loaded. */
  readonly see: (object: KubeObject) => void
}

/** A cache alone: a sandbox that was opened from another one makes its own. */
const indexes = new WeakMap<World, OwnerIndex>()

/** The index of a sandbox's objects. */
export function ownerIndexOf(world: World): OwnerIndex {
  const known = indexes.get(world)
  if (known !== undefined) return known
  const index = openIndex(world)
  indexes.set(world, index)
  return index
}

function openIndex(world: World): OwnerIndex {
  const byOwner = new Map<string, Map<string, Node>>()
  const add = (object: KubeObject): void => {
    const owners = ownerUids(object)
    if (owners.length === 0) return
    const node = nodeOf(object)
    for (const owner of owners) {
      const nodes = byOwner.get(owner) ?? new Map<string, Node>()
      byOwner.set(owner, nodes.set(node.uid, node))
    }
  }
  const drop = (object: KubeObject): void => {
    for (const owner of ownerUids(object)) {
      const nodes = byOwner.get(owner)
      nodes?.delete(uidOf(object) ?? '')
      if (nodes?.size === 0) byOwner.delete(owner)
    }
  }
  for (const resource of world.resources()) for (const object of world.all(resource)) add(object)
  world.subscribe(({ type, object, before }) => {
    if (before !== null) drop(before)
    if (type !== 'DELETED') add(object)
  })
  return { dependents: (uid) => [...(byOwner.get(uid)?.values() ?? [])], see: add }
}

function ownerUids(object: KubeObject): readonly string[] {
  if (object.metadata.ownerReferences === undefined) return []
  return objectsAt(object, 'metadata', 'ownerReferences').map((owner) => textAt(owner, 'uid'))
}
