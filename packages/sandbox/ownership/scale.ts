// Ownership through the scale subresource: whoever owns the replicas of an object owns those of its Scale, and back.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { type Managed, type Ownership, ownerKey, readManaged, writeManaged } from './managed.ts'
import { at, difference, type FieldSet, isEmpty, setOf } from './set.ts'

/** Where a version of the object keeps its replicas, as names of fields; null where it has no scale, undefined for no version. */
export type ReplicasAt = (apiVersion: string) => readonly string[] | null | undefined

/** The version of Scale. */
export const SCALE_VERSION = 'autoscaling/v1'

const REPLICAS = ['f:spec', 'f:replicas']

/** The managedFields of a Scale, from those of its object. */
export function entriesOfScale(entries: Json | undefined, replicasAt: ReplicasAt): readonly JsonObject[] {
  const managed = new Map<string, Ownership>()
  for (const owner of (readManaged(entries) ?? NOBODY).values()) {
    if (!ownsReplicas(owner, replicasAt)) continue
    const scaled = { ...owner, apiVersion: SCALE_VERSION, fields: setOf([REPLICAS]), entry: null }
    // Appliers and updaters stay who they are, whatever version they wrote in.
    managed.set(ownerKey(owner), scaled)
  }
  return writeManaged(managed)
}

const NOBODY: Managed = new Map()

function ownsReplicas(owner: Ownership, replicasAt: ReplicasAt): boolean {
  const path = replicasAt(owner.apiVersion)
  return path !== null && path !== undefined && at(owner.fields, elements(path))?.own === true
}

function elements(path: readonly string[]): readonly string[] {
  return path.map((name) => `f:${name}`)
}

/** The managedFields of an object after a write of its Scale. `apiVersion`: of the object, in the request. */
export function entriesOfScaled(
  before: Json | undefined,
  scale: Json | undefined,
  apiVersion: string,
  replicasAt: ReplicasAt,
): readonly JsonObject[] {
  const owners = readManaged(before) ?? NOBODY
  const left = new Map(readManaged(scale) ?? NOBODY)
  const managed = new Map<string, Ownership>()
  for (const [key, owner] of owners) {
    const path = replicasAt(owner.apiVersion)
    if (path === undefined) continue
    // Appliers are known again. Updaters have the Scale's version there: they lose the replicas here and get them below.
    if (path === null || !ownsReplicas(owner, replicasAt) || left.delete(key)) managed.set(key, owner)
    else keep(managed, key, owner, difference(owner.fields, setOf([elements(path)])))
  }
  const fields = setOf([elements(replicasAt(apiVersion) ?? [])])
  for (const [key, owner] of left) {
    if (at(owner.fields, REPLICAS)?.own !== true) continue
    // The real server forgets the time, and does not put an updater's two entries together.
    managed.set(key, { ...owner, apiVersion, fields, time: null, entry: null })
  }
  return writeManaged(managed)
}

function keep(managed: Map<string, Ownership>, key: string, owner: Ownership, fields: FieldSet): void {
  if (!isEmpty(fields)) managed.set(key, { ...owner, fields })
}
