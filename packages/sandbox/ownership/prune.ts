// Takes away what a manager applied last time and does not apply now, and nobody else owns.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { Managed, Ownership } from './managed.ts'
import { removeFields, withNamed } from './remove.ts'
import { difference, EMPTY, type FieldSet, intersection, isEmpty, isSubset, union } from './set.ts'
import { allFields, inVersion, type Typed, type Versions } from './versions.ts'

/** The merged object without what its manager gave up. `last` is what the manager owned before, `owners` who owns now. */
export function prune(
  merged: Typed,
  last: Ownership | undefined,
  now: Ownership,
  owners: Managed,
  versions: Versions,
): Typed {
  if (last === undefined || isEmpty(last.fields)) return merged
  // Most requests give nothing up.
  if (last.apiVersion === now.apiVersion && isSubset(last.fields, now.fields)) return merged
  const base = inVersion(versions, merged, last.apiVersion)
  if (base === null) return merged
  const bare = without(base, withNamed(last.fields, base.shape))
  const kept = keepOwned(base, bare, last.apiVersion, owners, versions)
  return inVersion(versions, keepOthers(base, kept, last, versions), now.apiVersion) ?? merged
}

/** What went although somebody owns it, comes back. */
function keepOwned(merged: Typed, bare: Typed, first: string, owners: Managed, versions: Versions): Typed {
  const byVersion = new Map<string, FieldSet>([[first, EMPTY]])
  for (const { apiVersion, fields } of owners.values()) {
    byVersion.set(apiVersion, union(byVersion.get(apiVersion) ?? EMPTY, fields))
  }
  let all = merged
  let left = bare
  for (const [apiVersion, fields] of byVersion) {
    const allThere = inVersion(versions, all, apiVersion)
    const leftThere = inVersion(versions, left, apiVersion)
    if (allThere === null || leftThere === null) continue
    all = allThere
    const had = withNamed(allFields(allThere), allThere.shape)
    const has = withNamed(allFields(leftThere), allThere.shape)
    left = without(allThere, difference(had, union(has, withNamed(fields, allThere.shape))))
  }
  return left
}

/** What went although the manager never owned it, comes back. */
function keepOthers(merged: Typed, kept: Typed, last: Ownership, versions: Versions): Typed {
  const there = inVersion(versions, kept, last.apiVersion)
  if (there === null) return merged
  const has = withNamed(allFields(there), merged.shape)
  const had = withNamed(allFields(merged), merged.shape)
  return without(merged, intersection(difference(had, has), withNamed(last.fields, merged.shape)))
}

function without(typed: Typed, fields: FieldSet): Typed {
  const object = removeFields(typed.object, fields, typed.shape)
  return object === typed.object ? typed : { ...typed, object: isObject(object) ? object : NOTHING }
}

const NOTHING: JsonObject = {}
