// Keeps in managedFields what updates change: everything that is no apply.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { change, lostVersion, upToDate } from './change.ts'
import { complaintsOf } from './check.ts'
import { touched } from './compare.ts'
import { capUpdates, type Managed, type Ownership, ownerKey, readManaged, withEntries, withManaged } from './managed.ts'
import { filtered, type ResetFields } from './reset.ts'
import { isEmpty, union } from './set.ts'
import { shapeOf } from './shape.ts'
import { ownable } from './strip.ts'
import { isBuiltIn, type Typed, type Versions } from './versions.ts'
import { zeroLike } from './zero.ts'

/** A create, an update or a patch that is no apply. */
export interface TrackedUpdate extends Versions {
  /** Null for a create. */
  readonly before: KubeObject | null
  /** The new object; its managedFields are what the client wrote. */
  readonly after: KubeObject
  readonly manager: string
  readonly subresource: string | null
  readonly apiVersion: string
  /** RFC 3339, whole seconds. */
  readonly now: string
  /** Absent: every field counts. */
  readonly resetFields?: ResetFields
}

/** The new object with the managedFields that the update leaves. */
export function trackUpdate(update: TrackedUpdate): KubeObject {
  const { before, after } = update
  const managed = startOf(update)
  // Whoever took ownership off the object keeps it off, until somebody applies.
  if (managed.size === 0 && before !== null) return withEntries(after, [])
  const tracked = track(update, managed)
  return tracked === null ? withEntries(after, []) : withManaged(after, tracked)
}

/** The owners before: what the client says of them, or what the object said. */
function startOf(update: TrackedUpdate): Managed {
  const { before, after, subresource } = update
  const given = after.metadata.managedFields
  if (subresource === null || subresource === '') {
    if (isReset(given, isBuiltIn(update.typeOf(update.apiVersion)))) return NOBODY
    const managed = readManaged(given)
    if (managed !== null && managed.size > 0) return managed
  }
  return readManaged(before?.metadata.managedFields) ?? NOBODY
}

const NOBODY: Managed = new Map()

/** `[{}]` asks for an object that nobody owns, and so does `[]` where it can be told from nothing. */
function isReset(given: Json | undefined, builtIn: boolean): boolean {
  if (!isList(given)) return false
  const [only] = given
  if (given.length === 0) return builtIn
  return given.length === 1 && isObject(only) && Object.keys(only).length === 0
}

/** The owners after an update; null where an object cannot be read by its type. */
export function track(update: TrackedUpdate, owners: Managed): Map<string, Ownership> | null {
  const { apiVersion, resetFields = () => null } = update
  const type = update.typeOf(apiVersion)
  if (type === null) return null
  const shape = shapeOf(type)
  const after: Typed = { object: bare(update.after), shape, apiVersion }
  const before: Typed = { object: update.before ?? zeroLike(update.after, type), shape, apiVersion }
  if (complaintsOf(after.object, shape, true) !== null) return null
  if (update.before !== null && complaintsOf(before.object, shape, true) !== null) return null
  if (lostVersion(owners, type, update) !== null) return null
  const { managed, changes, broken } = change(before, after, upToDate(owners, update), null, update, resetFields)
  if (broken !== null) return null
  const fresh = filtered(touched(changes), resetFields(apiVersion))
  const fields = ownable(fresh)
  if (!isEmpty(fields)) add(managed, update, fields)
  capUpdates(managed)
  return managed
}

function add(managed: Map<string, Ownership>, update: TrackedUpdate, fields: Ownership['fields']): void {
  const { manager, apiVersion, subresource, now } = update
  const owner = { manager: manager === '' ? 'unknown' : manager, operation: 'Update', apiVersion } as const
  const whole = { ...owner, subresource: subresource ?? '' }
  const key = ownerKey(whole)
  const before = managed.get(key)
  const both = before === undefined ? fields : union(before.fields, fields)
  managed.set(key, { ...whole, time: now, fields: both, entry: before?.entry ?? null })
}

/** Without what the client wrote of ownership, which is no content. */
function bare(object: KubeObject): JsonObject {
  if (object.metadata.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
