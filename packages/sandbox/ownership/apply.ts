// Server-side apply: lays what a manager wants over an object, takes away what it no longer wants, and tells conflicts.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { failure } from '../registry/status.ts'
import { change, lostVersion, upToDate } from './change.ts'
import { complaintsOf } from './check.ts'
import { compareElements, pathText } from './element.ts'
import { fieldsOfApplied } from './extract.ts'
import { KUBECTL, lastAppliedFields, withLastApplied } from './last-applied.ts'
import { type Managed, type Ownership, ownerKey, readManaged, withManaged } from './managed.ts'
import { merge } from './merge.ts'
import { prune } from './prune.ts'
import { filtered, type ResetFields } from './reset.ts'
import { difference, EMPTY, type FieldSet, isEmpty, isSame, paths } from './set.ts'
import { type Shape, shapeOf } from './shape.ts'
import { ownable } from './strip.ts'
import { track } from './track.ts'
import { equal } from './value.ts'
import type { Typed, Versions } from './versions.ts'

/** What a manager wants of an object. */
export interface ApplyRequest extends Versions {
  /** Null where there is no object yet. */
  readonly live: KubeObject | null
  /** In the version of the request. */
  readonly patch: KubeObject
  readonly manager: string
  readonly force: boolean
  readonly subresource: string | null
  /** RFC 3339, whole seconds. */
  readonly now: string
  /** Absent: every field counts. */
  readonly resetFields?: ResetFields
}

/** A field that somebody else owns with another value. */
export interface Conflict {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string | null
  readonly time: string | null
  /** `.spec.replicas`. */
  readonly field: string
}

/** The object afterwards (the live one itself where nothing changed), or why not. */
export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly object: KubeObject }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] }

/** Applies. Throws a StatusError where the patch cannot be read by its type. */
export function applyPatch(request: ApplyRequest): ApplyOutcome {
  const { live, patch, manager } = request
  if (patch.metadata.managedFields !== undefined && patch.metadata.managedFields !== null) {
    throw failure(400, 'BadRequest', 'metadata.managedFields must be nil')
  }
  const read = readManaged(live?.metadata.managedFields)
  if (read === null) throw failure(500, '', 'failed to decode managed fields')
  const owners = ownersOf(request, read)
  const outcome = attempt(request, owners, request.force)
  const settled = outcome.kind === 'conflict' && manager === KUBECTL ? takeOver(request, owners, outcome) : outcome
  if (settled.kind === 'conflict') return { kind: 'conflict', conflicts: conflictsIn(settled.conflicts, owners) }
  const object = manager === KUBECTL ? withLastApplied(settled.object, patch) : settled.object
  return { kind: 'applied', object: withManaged(object, settled.managed) }
}

type Attempt =
  | { readonly kind: 'applied'; readonly object: KubeObject; readonly managed: Managed }
  | { readonly kind: 'conflict'; readonly conflicts: ReadonlyMap<string, FieldSet> }

/** What an object has that nobody owns is somebody's from the first apply on. */
function ownersOf(request: ApplyRequest, owners: Managed): Managed {
  const { live } = request
  if (owners.size > 0 || live === null) return owners
  const { patch, subresource, now, typeOf } = request
  const tracked = track(
    {
      before: null,
      after: live,
      manager: 'before-first-apply',
      subresource,
      apiVersion: patch.apiVersion,
      now,
      typeOf,
      ...(request.convert === undefined ? {} : { convert: request.convert }),
      ...(request.resetFields === undefined ? {} : { resetFields: request.resetFields }),
    },
    owners,
  )
  if (tracked !== null) return tracked
  const what = 'failed to create manager for existing fields'
  const type = typeOf(patch.apiVersion)
  const why = type === null ? null : complaintsOf(live, shapeOf(type), true)
  throw failure(
    500,
    '',
    why === null ? what : `${what}: failed to convert new object (${told(live)}) to smd typed: ${why}`,
  )
}

function attempt(request: ApplyRequest, owners: Managed, force: boolean): Attempt {
  const { live, patch, resetFields = () => null } = request
  const { apiVersion } = patch
  const type = request.typeOf(apiVersion)
  if (type === null) throw failure(500, '', `failed to create typed patch object (${told(patch)}): no such type`)
  const shape = shapeOf(type)
  check('patch', patch, shape, false)
  const before: Typed = { object: live ?? headOf(patch), shape, apiVersion }
  if (live !== null) check('live', live, shape, true)
  const lost = lostVersion(owners, type, request)
  if (lost !== null) throw failure(500, '', `request to convert CR to an invalid group/version: ${lost}`)
  const current = new Map(upToDate(owners, request))
  const self = selfOf(request)
  const key = ownerKey(self)
  const last = current.get(key)
  const fields = filtered(fieldsOfApplied(patch, shape), resetFields(apiVersion))
  const now: Ownership = { ...self, time: last?.time ?? null, fields, entry: last?.entry ?? null }
  current.set(key, now)
  // Objects laid over objects are objects.
  const merged: Typed = { object: merge(before.object, patch, shape) as JsonObject, shape, apiVersion }
  const after = prune(merged, last, now, current, request)
  const { managed, conflicts, broken } = change(before, after, current, key, request, resetFields)
  if (broken !== null) throw failure(500, '', broken)
  if (!force && conflicts.size > 0) return { kind: 'conflict', conflicts }
  const changed = live === null || !equal(live, after.object)
  settle(managed, key, last, changed ? request.now : null)
  return { kind: 'applied', object: changed ? (after.object as KubeObject) : live, managed }
}

function selfOf({ manager, subresource, patch }: ApplyRequest): Omit<Ownership, 'time' | 'fields' | 'entry'> {
  const name = manager === '' ? 'unknown' : manager
  return { manager: name, operation: 'Apply', apiVersion: patch.apiVersion, subresource: subresource ?? '' }
}

/** The manager's own entry: without what nobody owns, and as it was where it is the same. */
function settle(managed: Map<string, Ownership>, key: string, last: Ownership | undefined, time: string | null): void {
  const own = managed.get(key)
  if (own === undefined) return
  const stripped = ownable(own.fields)
  if (isEmpty(stripped)) {
    managed.delete(key)
    return
  }
  const fields = last !== undefined && isSame(last.fields, stripped) ? last.fields : stripped
  managed.set(key, { ...own, fields, time: time ?? own.time })
}

function headOf(patch: KubeObject): JsonObject {
  return { apiVersion: patch.apiVersion, kind: patch.kind }
}

function check(what: 'patch' | 'live', object: KubeObject, shape: Shape, twice: boolean): void {
  const complaints = complaintsOf(object, shape, twice)
  if (complaints !== null)
    throw failure(500, '', `failed to create typed ${what} object (${told(object)}): ${complaints}`)
}

/** An object as such failures name it: `ns/name; apps/v1, Kind=Deployment`. */
function told(object: KubeObject): string {
  const { group, version } = parseApiVersion(object.apiVersion)
  const namespace = stringAt(object, 'metadata', 'namespace') ?? ''
  return `${namespace}/${object.metadata.name}; ${group}/${version}, Kind=${object.kind}`
}

/** kubectl may take over what its client-side apply has set. */
function takeOver(request: ApplyRequest, owners: Managed, { conflicts }: Attempt & { kind: 'conflict' }): Attempt {
  const { live, patch } = request
  const type = request.typeOf(patch.apiVersion)
  if (live === null || type === null) return { kind: 'conflict', conflicts }
  const allowed = lastAppliedFields({ object: live, shape: shapeOf(type), apiVersion: patch.apiVersion })
  if (allowed === null) return { kind: 'conflict', conflicts }
  const left = new Map<string, FieldSet>()
  for (const [key, fields] of conflicts) {
    const rest = difference(fields, allowed)
    if (!isEmpty(rest)) left.set(key, rest)
  }
  return left.size > 0 ? { kind: 'conflict', conflicts: left } : attempt(request, owners, true)
}

function conflictsIn(conflicts: ReadonlyMap<string, FieldSet>, owners: Managed): readonly Conflict[] {
  return [...conflicts].flatMap(([key, fields]) => {
    const owner = owners.get(key)
    if (owner === undefined) return []
    const { manager, operation, apiVersion, time } = owner
    const subresource = owner.subresource === '' ? null : owner.subresource
    return [...paths(fields ?? EMPTY, compareElements)].map((path) => ({
      manager,
      operation,
      apiVersion,
      subresource,
      time,
      field: pathText(path),
    }))
  })
}
