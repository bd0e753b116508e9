// Puts objects into a sandbox before anybody talks to it: those of a cluster as they are, manifests as a client would.
import { randomUUID } from 'node:crypto'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { resourceVersionOf, stringAt, uidOf } from '@mainstay/core/object/object.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { StatusError } from '@mainstay/sandbox/registry/status.ts'
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Dumped } from './dump.ts'

/** Takes in the objects of a live cluster. */
export function fillFromCluster(sandbox: Sandbox, objects: readonly KubeObject[]): void {
  sandbox.load(objects.map(asAnother))
}

/**
 * A cluster is known by the uid of this namespace. A copy is another cluster: what is done to it must never be recorded
 * as done to the one that was copied.
 */
function asAnother(object: KubeObject): KubeObject {
  const known = object.kind === 'Namespace' && object.apiVersion === 'v1' && object.metadata.name === 'kube-system'
  return known ? { ...object, metadata: { ...object.metadata, uid: randomUUID() } } : object
}

/**
 * Takes in the objects of a file: with uid and version as they are, others as a client creates them.
 *
 * @throws FaultError with the place of the object that is refused
 */
export function fillFromFile(sandbox: Sandbox, objects: readonly Dumped[]): void {
  const live = objects.filter(({ object }) => uidOf(object) !== null && resourceVersionOf(object) !== null)
  const taken = new Set(live)
  for (const each of ranked(live)) at(each, () => sandbox.load([asAnother(each.object)]))
  for (const each of ranked(objects.filter((one) => !taken.has(one)))) {
    if (!isThere(sandbox, each.object)) at(each, () => sandbox.world.create(inDefault(each.object), MAINSTAY))
  }
}

const MAINSTAY = { manager: 'mainstay' }

function ranked(objects: readonly Dumped[]): readonly Dumped[] {
  return objects.toSorted((a, b) => rankOf(a.object) - rankOf(b.object))
}

/** What others need comes first. */
function rankOf({ kind }: KubeObject): number {
  if (kind === 'Namespace') return 0
  return kind === 'CustomResourceDefinition' ? 1 : 2
}

/** Namespaces that every cluster has. */
function isThere({ world }: Sandbox, { apiVersion, kind, metadata: { name } }: KubeObject): boolean {
  return kind === 'Namespace' && world.get({ apiVersion, kind, namespace: null, name }) !== null
}

/** As kubectl takes what names no namespace; what can be in none is in none all the same. */
function inDefault(object: KubeObject): KubeObject {
  if (stringAt(object, 'metadata', 'namespace') !== undefined) return object
  return { ...object, metadata: { ...object.metadata, namespace: 'default' } }
}

function at({ object, where }: Dumped, act: () => void): void {
  try {
    act()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const what = `${object.kind}/${object.metadata.name} cannot be taken in`
    throw new FaultError(
      { kind: error instanceof StatusError ? 'rejected' : 'invalid-input', what, where: where(), why },
      { cause: error },
    )
  }
}
