// Keeps managedFields in step with writes: who is told of what, and what no client owns.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { ResetFields } from '../ownership/reset.ts'
import { resetFieldsOf } from '../ownership/reset-table.ts'
import { trackUpdate } from '../ownership/track.ts'
import type { Versions } from '../ownership/versions.ts'
import { timeText } from '../schema/time.ts'
import type { FieldType, StructType } from '../schema/type.ts'
import { equalJson, without } from './equal.ts'
import type { Cluster, Target, WriteOptions } from './target.ts'
import { convertTo, versionOf } from './target.ts'

/** What ownership must know of the target: its types, how they convert, and what does not count. */
export interface Ownable extends Versions {
  readonly resetFields: ResetFields
}

/** What ownership must know of a target. */
export function ownableOf(target: Target): Ownable {
  const { resource, subresource } = target
  const status = target.version.subresources.status
  const { group, plural, custom = false } = resource
  return {
    typeOf: (apiVersion) => {
      const { version, group: of } = parseApiVersion(apiVersion)
      return of === group ? (resource.versions.find((each) => each.name === version)?.type ?? null) : null
    },
    convert: (object, apiVersion) => convertTo(resource, object, parseApiVersion(apiVersion).version),
    resetFields: resetFieldsOf({ group, plural, custom, status }, subresource, versionOf(target)),
  }
}

/**
 * An object with the managedFields that a create or update leaves behind. `sent` is what the client wrote, or its patch
 * made. Both objects are in the target's version.
 */
export function tracked(
  cluster: Cluster,
  target: Target,
  before: KubeObject | null,
  after: KubeObject,
  sent: Json,
  options: WriteOptions,
): KubeObject {
  const given = isObject(sent) && isObject(sent.metadata) ? sent.metadata.managedFields : undefined
  const whole = target.resource.custom === true ? after : withEmptyLists(after, sent, target.version.type)
  const told = given === undefined ? whole : { ...whole, metadata: { ...whole.metadata, managedFields: given } }
  const made = trackUpdate({
    before,
    after: told,
    manager: options.manager,
    subresource: target.subresource,
    apiVersion: versionOf(target),
    now: timeText(cluster.clock.now()),
    ...ownableOf(target),
  })
  return withManagedFields(after, made.metadata.managedFields)
}

/**
 * `tracked` for a write through a part of an object: who owns what of a custom resource is said of all that was sent, since
 * only its schema says whether that can be read.
 */
export function trackedThrough(
  cluster: Cluster,
  target: Target,
  before: KubeObject | null,
  sent: KubeObject,
  after: KubeObject,
  raw: Json,
  options: WriteOptions,
): KubeObject {
  if (target.resource.custom !== true || sent === after) return tracked(cluster, target, before, after, raw, options)
  return withManagedFields(after, tracked(cluster, target, before, sent, raw, options).metadata.managedFields)
}

/**
 * An object with the empty lists that a client sent for fields that are always written, with every empty value inside of
 * a list that is one piece, and with amounts as they were spelled. They are kept as none, but whoever sends one changes the field, and owns it.
 */
function withEmptyLists(object: KubeObject, sent: Json, type: StructType): KubeObject {
  // Fields are only added.
  return emptied(object, sent, type) as KubeObject
}

function emptied(value: Json, sent: Json | undefined, type: FieldType, solid = false): Json {
  switch (type.kind) {
    case 'struct':
      return isObject(value) && isObject(sent) ? emptiedStruct(value, sent, type, solid) : value
    case 'list': {
      if (!isList(value) || !isList(sent) || value.length !== sent.length) return value
      const items = value.map((item, at) => emptied(item, sent[at], type.items, solid || type.merge.by === 'atomic'))
      return items.some((item, at) => item !== value[at]) ? items : value
    }
    case 'scalar':
      return type.type === 'quantity' ? spelledAs(value, sent) : value
    default:
      return value
  }
}

/** An amount counts as it was spelled; those in maps of resources have been rounded, and are in one form. */
function spelledAs(value: Json, sent: Json | undefined): Json {
  if (typeof value !== 'string' || (typeof sent !== 'string' && typeof sent !== 'number')) return value
  return String(sent)
}

function emptiedStruct(value: JsonObject, sent: JsonObject, type: StructType, solid: boolean): JsonObject {
  let changed: Record<string, Json> | null = null
  for (const name of Object.keys(sent)) {
    const field = type.field(name)
    if (field === null) continue
    const [own = null, given = null] = [value[name], sent[name]]
    const kept = own === null && isEmpty(given) && (solid || (isList(given) && field.go?.written === 'always'))
    const inner = kept ? given : emptied(own, given, field.type, solid)
    if (inner === own) continue
    changed ??= { ...value }
    changed[name] = inner
  }
  return changed ?? value
}

function isEmpty(value: Json): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

/** An object with other managedFields; without any where they are undefined or empty. */
export function withManagedFields(object: KubeObject, fields: Json | undefined): KubeObject {
  if (object.metadata.managedFields === fields) return object
  const { managedFields: _, ...metadata } = object.metadata
  if (fields === undefined || (isList(fields) && fields.length === 0)) {
    return { ...object, metadata: { ...metadata, name: object.metadata.name } }
  }
  return { ...object, metadata: { ...metadata, name: object.metadata.name, managedFields: fields } }
}

/** The old managedFields where an update changed nothing but their times, so that it changes nothing at all. */
export function withoutIdleTimes(before: KubeObject, after: KubeObject): KubeObject {
  const old = before.metadata.managedFields
  const fields = after.metadata.managedFields
  if (old === fields || !isList(old) || !isList(fields) || old.length !== fields.length) return after
  const same = fields.every((entry, index) => equalJson(timeless(entry), timeless(old[index] ?? null)))
  if (!same) return after
  const idle = withManagedFields(after, old)
  return equalJson(withoutVersion(before), withoutVersion(idle)) ? idle : after
}

/** An object without its resource version, which is no content. */
export function withoutVersion(object: KubeObject): JsonObject {
  return { ...object, metadata: without(object.metadata, 'resourceVersion') }
}

function timeless(entry: Json): Json {
  return isObject(entry) ? without(entry, 'time') : entry
}
