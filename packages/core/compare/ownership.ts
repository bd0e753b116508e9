// Who owns what in a live object: our applied fields, what we wrote by other means, and everybody else's.
import type { Fields } from '../diff/fields.ts'
import { coverage, managedFieldsOf } from '../diff/fields.ts'
import type { Path } from '../diff/path.ts'
import { compareTimes } from '../diff/time.ts'
import { isObject } from '../object/json.ts'
import { FIELD_MANAGER } from '../object/manager.ts'
import type { KubeObject, ManagedFieldsEntry } from '../object/object.ts'

/** The field ownership of one live object, sorted by whose it is. */
export interface Ownership {
  /** Our server-side applies. */
  readonly applied: readonly ManagedFieldsEntry[]
  /** Our writes by other means: what client-side apply did. */
  readonly updated: readonly ManagedFieldsEntry[]
  readonly others: readonly ManagedFieldsEntry[]
}

/** Sorts `metadata.managedFields`. Ours are entries for the whole object; a subresource is another door. */
export function ownershipOf(live: KubeObject): Ownership {
  const applied: ManagedFieldsEntry[] = []
  const updated: ManagedFieldsEntry[] = []
  const others: ManagedFieldsEntry[] = []
  for (const entry of managedFieldsOf(live)) {
    if (entry.manager !== FIELD_MANAGER || hasSubresource(entry)) others.push(entry)
    else if (entry.operation === 'Apply') applied.push(entry)
    else updated.push(entry)
  }
  return { applied, updated, others }
}

/** True where the entry is about a subresource such as `status` or `scale`. */
export function hasSubresource(entry: ManagedFieldsEntry): boolean {
  return entry.subresource !== undefined && entry.subresource !== ''
}

/** The field set of an entry; empty where the server kept none. */
export function fieldsOf(entry: ManagedFieldsEntry): Fields {
  return isObject(entry.fieldsV1) ? entry.fieldsV1 : {}
}

/** True when one of the entries owns the value at the path. */
export function ownsPath(entries: readonly ManagedFieldsEntry[], path: Path): boolean {
  return entries.some((entry) => coverage(fieldsOf(entry), path) === 'owns')
}

/** The entry with the latest time; of several with one time the last by manager name, so that the order is not told. */
export function latest(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry | null {
  let found: ManagedFieldsEntry | null = null
  for (const entry of entries) {
    if (found === null) found = entry
    else {
      const order = compareTimes(entry.time ?? null, found.time ?? null)
      if (order > 0 || (order === 0 && entry.manager > found.manager)) found = entry
    }
  }
  return found
}
