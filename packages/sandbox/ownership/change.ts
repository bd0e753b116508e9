// What a change of an object does to those who own its fields: who conflicts with it, who loses what.
import type { StructType } from '../schema/type.ts'
import { complaintsOf } from './check.ts'
import { type Changes, compare, touched, UNCHANGED } from './compare.ts'
import type { Managed, Ownership } from './managed.ts'
import { withoutParts } from './remove.ts'
import { type FieldFilter, filtered, type ResetFields } from './reset.ts'
import { difference, type FieldSet, intersection, isEmpty } from './set.ts'
import { shapeOf } from './shape.ts'
import { inVersion, isBuiltIn, type Typed, type Versions } from './versions.ts'

/** What becomes of the owners. */
export interface ChangeOutcome {
  /** Who owns what afterwards, were the change forced. */
  readonly managed: Map<string, Ownership>
  /** Fields of others that the change sets. */
  readonly conflicts: ReadonlyMap<string, FieldSet>
  /** Why an object cannot be read in the version of an owner; null where it can. */
  readonly broken: string | null
  /** The changes in the version of the request. */
  readonly changes: Changes
}

/** Makes one change known to all owners but the one that makes it. */
export function change(
  before: Typed,
  after: Typed,
  owners: Managed,
  self: string | null,
  versions: Versions,
  reset: ResetFields,
): ChangeOutcome {
  let broken: string | null = null
  const byVersion = new Map<string, Changes | null>()
  const changesIn = (apiVersion: string): Changes | null => {
    let changes = byVersion.get(apiVersion)
    if (changes === undefined) {
      const [old, fresh] = [inVersion(versions, before, apiVersion), inVersion(versions, after, apiVersion)]
      if (apiVersion !== after.apiVersion) broken ??= complaintIn(old) ?? complaintIn(fresh)
      changes = changesBetween(old, fresh, reset)
      byVersion.set(apiVersion, changes)
    }
    return changes
  }
  const managed = new Map<string, Ownership>()
  const conflicts = new Map<string, FieldSet>()
  for (const [key, owner] of owners) {
    const changes = key === self ? UNCHANGED : changesIn(owner.apiVersion)
    if (changes === null) continue
    const taken = intersection(owner.fields, touched(changes))
    if (!isEmpty(taken)) conflicts.set(key, taken)
    const fields = difference(difference(owner.fields, taken), changes.removed)
    if (!isEmpty(fields)) managed.set(key, fields === owner.fields ? owner : { ...owner, fields })
  }
  const changes = changesIn(after.apiVersion) ?? UNCHANGED
  return { managed, conflicts, broken, changes }
}

/** What is read in another version may hold nothing twice, even where it did before. */
function complaintIn(typed: Typed | null): string | null {
  return typed === null ? null : complaintsOf(typed.object, typed.shape, false)
}

function changesBetween(before: Typed | null, after: Typed | null, reset: ResetFields): Changes | null {
  if (before === null || after === null) return null
  return counted(compare(before.object, after.object, after.shape), reset(after.apiVersion))
}

function counted(changes: Changes, filter: FieldFilter | null): Changes {
  if (filter === null) return changes
  return {
    added: filtered(changes.added, filter),
    removed: filtered(changes.removed, filter),
    modified: filtered(changes.modified, filter),
  }
}

/** A version of a custom resource that somebody owns fields in and that is gone, which the real server cannot bear. */
export function lostVersion(owners: Managed, type: StructType, versions: Versions): string | null {
  if (isBuiltIn(type)) return null
  for (const { apiVersion } of owners.values()) if (versions.typeOf(apiVersion) === null) return apiVersion
  return null
}

/** Owners of fields as their types have them today. */
export function upToDate(owners: Managed, versions: Versions): Managed {
  const managed = new Map<string, Ownership>()
  for (const [key, owner] of owners) {
    const type = versions.typeOf(owner.apiVersion)
    if (type === null) continue
    const fields = withoutParts(owner.fields, shapeOf(type))
    managed.set(key, fields === owner.fields ? owner : { ...owner, fields })
  }
  return managed
}
