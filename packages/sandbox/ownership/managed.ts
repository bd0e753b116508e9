// metadata.managedFields as a table of who owns what, and back.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { readFields, writeFields } from './fields.ts'
import { EMPTY, type FieldSet, union } from './set.ts'

/** Somebody who owns fields. */
export interface Owner {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  /** Empty for the object itself. */
  readonly subresource: string
}

/** What an owner owns. */
export interface Ownership extends Owner {
  /** RFC 3339; null where nobody wrote one. */
  readonly time: string | null
  readonly fields: FieldSet
  /** The entry as it was read. */
  readonly entry: JsonObject | null
}

/** Who owns what, by `ownerKey`. */
export type Managed = ReadonlyMap<string, Ownership>

/** Appliers are one owner in all versions, updaters are one in each. */
export function ownerKey({ manager, operation, apiVersion, subresource }: Owner): string {
  return `${operation}\n${manager}\n${operation === 'Apply' ? '' : apiVersion}\n${subresource}`
}

/** The table that entries stand for; null where one of them is none. */
export function readManaged(entries: Json | undefined): Managed | null {
  const managed = new Map<string, Ownership>()
  if (entries === undefined || entries === null) return managed
  if (!isList(entries)) return null
  for (const entry of entries) {
    const read = isObject(entry) ? readEntry(entry) : null
    if (read === null) return null
    managed.set(ownerKey(read), read)
  }
  return managed
}

function readEntry(entry: JsonObject): Ownership | null {
  const { operation, fieldsV1 } = entry
  const apiVersion = textAt(entry, 'apiVersion')
  if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '') return null
  if (entry.fieldsType !== 'FieldsV1') return null
  const fields = isObject(fieldsV1) ? readFields(fieldsV1) : EMPTY
  if (fields === null) return null
  const time = typeof entry.time === 'string' ? entry.time : null
  const manager = textAt(entry, 'manager')
  return { manager, operation, apiVersion, subresource: textAt(entry, 'subresource'), time, fields, entry }
}

function textAt(entry: JsonObject, name: string): string {
  const value = entry[name]
  return typeof value === 'string' ? value : ''
}

/** The entries of a table, in the real server's order. */
export function writeManaged(managed: Managed): readonly JsonObject[] {
  return [...managed.values()].sort(compareOwnerships).map(writeEntry)
}

function writeEntry(ownership: Ownership): JsonObject {
  const { manager, operation, apiVersion, subresource, time, fields, entry } = ownership
  const fieldsV1 = writeFields(fields)
  const same = entry?.fieldsV1 === fieldsV1 && entry.apiVersion === apiVersion && (entry.time ?? null) === time
  if (entry !== null && same) return entry
  return {
    ...(manager === '' ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === null ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource === '' ? {} : { subresource }),
  }
}

function compareOwnerships(left: Ownership, right: Ownership): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(seconds(left), seconds(right)) ||
    compareText(left.manager, right.manager) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  )
}

/** Times are in UTC and all of one form, so their texts have their order; parts of seconds do not count. */
function seconds({ time }: Ownership): string {
  return time === null ? '' : time.slice(0, 19)
}

/**
 * Older updates than the last ten are put together into one entry for each version, which nobody in particular owns.
 */
export function capUpdates(managed: Map<string, Ownership>): void {
  const updates = [...managed.values()].filter(({ operation }) => operation === 'Update')
  if (updates.length <= MOST_UPDATES) return
  updates.sort((a, b) => compareText(seconds(a), seconds(b)) || compareText(identityText(a), identityText(b)))
  const firsts = new Map<string, Ownership>()
  let count = updates.length
  for (const update of updates) {
    if (count <= MOST_UPDATES) return
    const first = firsts.get(update.apiVersion)
    if (first === undefined) {
      firsts.set(update.apiVersion, update)
      continue
    }
    putTogether(managed, first, update)
    count--
  }
}

const MOST_UPDATES = 10

/** How the real server spells an owner, which decides between updates of one second. */
function identityText({ manager, operation, apiVersion, subresource }: Ownership): string {
  return JSON.stringify({
    ...(manager === '' ? {} : { manager }),
    operation,
    apiVersion,
    ...(subresource === '' ? {} : { subresource }),
  })
}

function putTogether(managed: Map<string, Ownership>, first: Ownership, update: Ownership): void {
  const owner = {
    manager: 'ancient-changes',
    operation: 'Update',
    apiVersion: update.apiVersion,
    subresource: '',
  } as const
  const key = ownerKey(owner)
  let bucket = managed.get(key)
  if (bucket === undefined) {
    managed.delete(ownerKey(first))
    bucket = first
  }
  managed.set(key, { ...owner, time: update.time, fields: union(update.fields, bucket.fields), entry: null })
  // The real server's order: an entry that is the bucket itself is lost here.
  managed.delete(ownerKey(update))
}

/** An object with other managedFields; the same one where they are its own, and without any where there are none. */
export function withManaged(object: KubeObject, managed: Managed): KubeObject {
  const entries = writeManaged(managed)
  const before = object.metadata.managedFields
  if (isList(before) && before.length === entries.length && entries.every((entry, at) => entry === before[at])) {
    return object
  }
  return withEntries(object, entries)
}

/** An object with these entries. */
export function withEntries(object: KubeObject, entries: readonly JsonObject[]): KubeObject {
  if (entries.length === 0 && object.metadata.managedFields === undefined) return object
  const { managedFields: _, ...rest } = object.metadata
  const metadata = entries.length === 0 ? rest : { ...rest, managedFields: entries }
  return { ...object, metadata: { ...metadata, name: object.metadata.name } }
}
