// Hands fields of client-side apply over to our server-side apply, so that the apply that follows can remove them.
import type { Fields } from '../diff/fields.ts'
import { isLeaf, keyAt } from '../diff/fields.ts'
import type { Path } from '../diff/path.ts'
import { printPath } from '../diff/path.ts'
import type { Schema } from '../diff/schema.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import { FIELD_MANAGER } from '../object/manager.ts'
import type { KubeObject } from '../object/object.ts'
import { foldStringData } from '../object/secret.ts'
import { lastAppliedOf, leftoversOf } from './leftovers.ts'
import { ownershipOf } from './ownership.ts'

/** What is handed over: `removed` are the printed paths that the plan shows as removed, and no other is touched. */
export interface HandoverInput {
  readonly manifest: KubeObject
  readonly live: KubeObject
  /** Null where no type is at hand: then an item that leaves a key out counts as any item. */
  readonly schema: Schema | null
  readonly removed: ReadonlySet<string>
}

/**
 * The `metadata.managedFields` to be written (with the live resourceVersion as precondition) before the manifest is
 * applied, or null where there is nothing to hand over. Server-side apply removes only what its own set owned before;
 * what client-side apply put there stands in another set of ours, and would stay for ever.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
 */
export function handover({ manifest, live, schema, removed }: HandoverInput): readonly Json[] | null {
  const ownership = ownershipOf(live)
  const last = lastAppliedOf(live, ownership)
  if (last === null || !isList(live.metadata.managedFields)) return null
  const wanted = foldStringData(manifest)
  const paths = leftoversOf({ last, ownership, schema, wanted, live })
    .map((change) => change.path)
    .filter((path) => removed.has(printPath(path)))
  if (paths.length === 0) return null
  let taken: Fields = {}
  const entries = live.metadata.managedFields.map((entry) => {
    if (!isOurs(entry, live, 'Update') || !isObject(entry.fieldsV1)) return entry
    const split = splitAll(entry.fieldsV1, paths)
    taken = union(taken, split.taken)
    return { ...entry, fieldsV1: split.rest }
  })
  return withApplied(entries, live, taken)
}

/** Adds fields to our Apply entry, or makes one. */
function withApplied(entries: readonly Json[], live: KubeObject, taken: Fields): readonly Json[] {
  if (!entries.some((entry) => isOurs(entry, live, 'Apply'))) {
    const entry: JsonObject = {
      manager: FIELD_MANAGER,
      operation: 'Apply',
      apiVersion: live.apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: taken,
    }
    return [...entries, entry]
  }
  return entries.map((entry) => {
    if (!isOurs(entry, live, 'Apply')) return entry
    return { ...entry, fieldsV1: union(isObject(entry.fieldsV1) ? entry.fieldsV1 : {}, taken) }
  })
}

function isOurs(entry: Json, live: KubeObject, operation: 'Apply' | 'Update'): entry is JsonObject {
  if (!isObject(entry) || entry.manager !== FIELD_MANAGER || entry.operation !== operation) return false
  return entry.apiVersion === live.apiVersion && (entry.subresource ?? '') === ''
}

interface Split {
  readonly rest: Fields
  readonly taken: Fields
}

function splitAll(fields: Fields, paths: readonly Path[]): Split {
  let rest = fields
  let taken: Fields = {}
  for (const path of paths) {
    const split = splitAt(rest, path, 0)
    if (split === null) continue
    rest = split.rest
    taken = union(taken, split.taken)
  }
  return { rest, taken }
}

/** Takes the node at a path out of a set; null where the set has none. A node that is left empty goes as well. */
function splitAt(fields: Fields, path: Path, depth: number): Split | null {
  const segment = path[depth]
  const key = segment === undefined ? null : keyAt(fields, segment)
  const node = key === null ? undefined : fields[key]
  if (key === null || !isObject(node)) return null
  const { [key]: _, ...others } = fields
  if (depth === path.length - 1) return { rest: others, taken: { [key]: node } }
  const below = splitAt(node, path, depth + 1)
  if (below === null) return null
  // An empty node would be a leaf, and a leaf owns everything below it.
  return { rest: isLeaf(below.rest) ? others : { ...others, [key]: below.rest }, taken: { [key]: below.taken } }
}

function union(a: Fields, b: Fields): Fields {
  const merged: Record<string, Json> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined
    merged[key] = isObject(known) && isObject(value) ? union(known, value) : value
  }
  return merged
}
