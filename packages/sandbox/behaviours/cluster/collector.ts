// The garbage collector: what is owned goes with its last owner, before it where somebody waits, or is released.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import type { Controller, Desk } from '../controller.ts'
import { note } from '../workloads/event.ts'
import {
  FOREGROUND,
  isDeletingDependents,
  isOrphaning,
  liveOfNode,
  type Node,
  nodeOf,
  nodeOfSubject,
  ORPHAN,
  ownerNode,
  ownersOf,
  subjectOfNode,
} from './node.ts'
import { finalizersOf, MANAGER, placeIn, unlessGone, withFinalizers, withList } from './objects.ts'
import { ownerIndexOf } from './owner-index.ts'

/** An owner whose kind nobody serves may come to be served. */
const UNKNOWN_KIND_MS = 30_000

/** The garbage collector. */
export const collector: Controller = {
  name: 'garbage-collector',
  follows: [{ resource: '*', subjects: concerned }],
  reconcile: (subject, desk) => {
    const { world } = desk
    const node = nodeOfSubject(subject)
    const live = liveOfNode(world, node)
    if (live === null) return lookAtDependents(world, node.uid)
    if (isOrphaning(live)) return release(world, live)
    warnOfOthers(desk, live)
    return look(world, live)
  },
}

/** An object itself where it owns or is owned, and its owners, which may wait for it. */
function concerned(object: KubeObject, { world }: Desk): readonly string[] {
  if (object.kind === 'Event') return []
  const node = nodeOf(object)
  const owners = ownersOf(object)
  const index = ownerIndexOf(world)
  index.see(object)
  const owns = isTerminating(object) || index.dependents(node.uid).length > 0
  if (owners.length === 0) return owns ? [subjectOfNode(node)] : []
  const waiting = owners.map((owner) => ownerNode(world, owner, node)).filter((owner) => owner !== null)
  return [subjectOfNode(node), ...waiting.map(subjectOfNode)]
}

/** Owners must be in the namespace of what they own; whoever says otherwise loses it, and is told. */
function warnOfOthers(desk: Desk, live: KubeObject): void {
  if (isTerminating(live)) return
  const { world } = desk
  for (const owner of ownersOf(live)) {
    const node = ownerNode(world, owner, nodeOf(live))
    if (node === null || node.namespace === null || liveOfNode(world, node) !== null || !isElsewhere(world, node))
      continue
    const { apiVersion, kind, namespace, name, uid } = node
    const reference = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
    const message = `ownerRef ${reference} does not exist in namespace "${namespace}"`
    const reason = 'OwnerRefInvalidNamespace'
    note(desk, { about: live, type: 'Warning', reason, message, from: 'garbage-collector-controller' })
  }
}

function isElsewhere(world: World, { apiVersion, kind, uid }: Node): boolean {
  return world.list(apiVersion, kind).some((each) => uidOf(each) === uid)
}

/** The soonest of several times to look again. */
function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function lookAtDependents(world: World, uid: string): number | null {
  let again: number | null = null
  for (const node of ownerIndexOf(world).dependents(uid)) {
    const live = liveOfNode(world, node)
    // What waits itself is looked at by itself; in a circle there would be no end.
    if (live !== null && !isDeletingDependents(live)) again = sooner(again, look(world, live))
  }
  return again
}

/** Looks whether an object has to go. */
function look(world: World, live: KubeObject): number | null {
  if (isDeletingDependents(live)) return waitForDependents(world, live)
  if (isTerminating(live)) return null
  const owners = ownersOf(live)
  if (owners.length === 0) return null
  const node = nodeOf(live)
  const judged = owners.map((owner) => ({ owner, state: stateOf(world, owner, node) }))
  if (judged.some(({ state }) => state === 'unknown')) return UNKNOWN_KIND_MS
  const going = judged.filter(({ state }) => state !== 'solid').map(({ owner }) => owner)
  if (going.length < owners.length) {
    if (going.length > 0) withoutOwners(world, live, going)
    return null
  }
  collect(
    world,
    live,
    judged.some(({ state }) => state === 'waiting'),
  )
  return null
}

type OwnerState = 'solid' | 'absent' | 'waiting' | 'unknown'

function stateOf(world: World, owner: JsonObject, from: Node): OwnerState {
  const resource = world.kindOf({ apiVersion: textAt(owner, 'apiVersion'), kind: textAt(owner, 'kind') })
  const node = ownerNode(world, owner, from)
  if (node === null) return 'unknown'
  // An owner in a namespace cannot own what is in none; the real collector leaves such dependants alone.
  if (resource?.namespaced === true && from.namespace === null) return 'solid'
  const live = liveOfNode(world, node)
  if (live === null) return 'absent'
  return isDeletingDependents(live) ? 'waiting' : 'solid'
}

/** Deletes what has no owner left. Where an owner waits, what has dependants itself waits for them in its turn. */
function collect(world: World, live: KubeObject, awaited: boolean): void {
  const place = placeIn(world, live)
  if (place === null) return
  const dependents = awaited ? ownerIndexOf(world).dependents(uidOf(live) ?? '') : []
  if (dependents.some((each) => waits(world, each))) unblock(world, live)
  const propagation = dependents.length > 0 ? 'Foreground' : ownPropagation(live)
  unlessGone(() => world.delete(place, { uid: uidOf(live), propagation }))
}

function ownPropagation(live: KubeObject): 'Background' | 'Foreground' | 'Orphan' {
  const finalizers = finalizersOf(live)
  if (finalizers.includes(ORPHAN)) return 'Orphan'
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background'
}

function waits(world: World, node: Node): boolean {
  const live = liveOfNode(world, node)
  return live !== null && isDeletingDependents(live)
}

/** In a circle everybody would wait for everybody. */
function unblock(world: World, live: KubeObject): void {
  const owners = ownersOf(live).map((owner) => ({ ...owner, blockOwnerDeletion: false }))
  world.update(withList(live, 'ownerReferences', owners), MANAGER)
}

/** An owner in the foreground goes when nothing is left that blocks it. */
function waitForDependents(world: World, live: KubeObject): number | null {
  const uid = uidOf(live) ?? ''
  const blocking = ownerIndexOf(world)
    .dependents(uid)
    .flatMap((node) => liveOfNode(world, node) ?? [])
    .filter((dependent) => ownersOf(dependent).some((each) => each.uid === uid && each.blockOwnerDeletion === true))
  if (blocking.length === 0) withoutFinalizer(world, live, FOREGROUND)
  return lookAtDependents(world, uid)
}

/** Takes an owner out of its dependants, then lets it go. */
function release(world: World, owner: KubeObject): number | null {
  for (const node of ownerIndexOf(world).dependents(uidOf(owner) ?? '')) {
    const live = liveOfNode(world, node)
    if (live !== null) withoutOwners(world, live, [{ uid: uidOf(owner) ?? '' }])
  }
  withoutFinalizer(world, owner, ORPHAN)
  return null
}

function withoutOwners(world: World, live: KubeObject, gone: readonly JsonObject[]): void {
  const uids = gone.map((each) => each.uid)
  const owners = ownersOf(live).filter((each) => !uids.includes(each.uid))
  world.update(withList(live, 'ownerReferences', owners), MANAGER)
}

function withoutFinalizer(world: World, live: KubeObject, finalizer: string): void {
  const finalizers = finalizersOf(live).filter((each) => each !== finalizer)
  world.update(withFinalizers(live, finalizers), MANAGER)
}
