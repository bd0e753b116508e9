// What a server makes of a write: the merged object and, in managedFields, who owns what of it from then on.
import type { Fields } from '@mainstay/core/diff/fields.ts'
import { isLeaf, managedFieldsOf, ownedPaths } from '@mainstay/core/diff/fields.ts'
import { printPath } from '@mainstay/core/diff/path.ts'
import type { Schema } from '@mainstay/core/diff/schema.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject, ManagedFieldsEntry, Metadata } from '@mainstay/core/object/object.ts'
import { fieldSet } from '@mainstay/core/testing/world.ts'
import { pick, sameAt, shared, union, without, withoutPath } from './field-sets.ts'

/** Who writes, and when. */
export interface Writer {
  readonly manager: string
  /** RFC 3339. */
  readonly time: string
  readonly subresource?: string
}

/** An apply that went through, or the fields that others own and that it would change. */
export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly object: KubeObject }
  | { readonly kind: 'conflict'; readonly fields: readonly { readonly path: string; readonly manager: string }[] }

/** What an apply needs beside the object and the manifest. */
export interface ApplySettings {
  readonly writer: Writer
  readonly schema: Schema | null
  readonly force: boolean
}

/**
 * Server-side apply to an object that exists (`live` may be a new one with nothing but its identity).
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyManifest(live: KubeObject, manifest: KubeObject, settings: ApplySettings): ApplyOutcome {
  const { writer, schema, force } = settings
  const set = ownedBy(schema, manifest)
  const all = managedFieldsOf(live)
  const mine = all.find((entry) => isApplyOf(entry, writer))
  const others = all.filter((entry) => entry !== mine)
  const disputed = (entry: ManagedFieldsEntry): Fields =>
    pick(shared(set, fieldsOf(entry)), (path) => !sameAt(live, manifest, path))
  const conflicts = others.flatMap((entry) =>
    ownedPaths(disputed(entry)).map((path) => ({ path: printPath(path), manager: entry.manager })),
  )
  if (conflicts.length > 0 && !force) return { kind: 'conflict', fields: conflicts }
  const left = others.map((entry) => ({ ...entry, fieldsV1: without(fieldsOf(entry), disputed(entry)) }))
  let removed = without(mine === undefined ? {} : fieldsOf(mine), set)
  for (const entry of left) removed = without(removed, entry.fieldsV1)
  const merged = mergeObject(schema, live, manifest)
  const object = ownedPaths(removed).reduce<Json>((value, path) => withoutPath(value, path), merged)
  const entry = entryOf(manifest.apiVersion, writer, 'Apply', set)
  // The time tells of the last change: an apply that changes nothing leaves everything as it is.
  const own = mine !== undefined && sameAt(mine.fieldsV1 ?? {}, set, []) ? { ...entry, time: mine.time ?? '' } : entry
  return { kind: 'applied', object: withManagers(object as KubeObject, [...left, own]) }
}

/** An update by merge patch, as an editor, a controller or we ourselves send it. */
export function updateObject(live: KubeObject, patch: JsonObject, writer: Writer, schema: Schema | null): KubeObject {
  const merged = mergePatched(live, patch) as KubeObject
  const written = { apiVersion: live.apiVersion, kind: live.kind, ...patch, metadata: metadataOf(patch) }
  const set = pick(ownedBy(schema, written), (path) => !sameAt(live, merged, path))
  const before = managedFieldsOf(merged)
  if (isLeaf(set)) return withManagers(merged, before)
  const mine = before.find((entry) => isUpdateOf(entry, writer))
  const others = before.filter((entry) => entry !== mine)
  const left = others.map((entry) => ({ ...entry, fieldsV1: without(fieldsOf(entry), set) }))
  const own = union(mine === undefined ? {} : fieldsOf(mine), set)
  return withManagers(merged, [...left, entryOf(live.apiVersion, writer, 'Update', own)])
}

/** The set that a manifest owns. Labels and annotations that are named and empty are not kept, so nobody owns them. */
function ownedBy(schema: Schema | null, manifest: KubeObject): Fields {
  const { 'f:metadata': metadata, ...rest } = fieldSet(schema, manifest)
  const kept = Object.entries(isObject(metadata) ? metadata : {}).filter(([, node]) => isObject(node) && !isLeaf(node))
  return kept.length === 0 ? rest : { ...rest, 'f:metadata': Object.fromEntries(kept) }
}

function metadataOf(patch: JsonObject): Metadata {
  const { labels, annotations } = isObject(patch.metadata) ? patch.metadata : {}
  return {
    name: '',
    ...(isObject(labels) ? { labels } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  }
}

function fieldsOf(entry: ManagedFieldsEntry): Fields {
  return entry.fieldsV1 ?? {}
}

function isApplyOf(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return entry.operation === 'Apply' && entry.manager === writer.manager && entry.subresource === undefined
}

function isUpdateOf(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return entry.operation === 'Update' && entry.manager === writer.manager && entry.subresource === writer.subresource
}

function entryOf(
  apiVersion: string,
  writer: Writer,
  operation: ManagedFieldsEntry['operation'],
  fieldsV1: Fields,
): ManagedFieldsEntry {
  const { manager, time, subresource } = writer
  return { manager, operation, apiVersion, time, fieldsV1, ...(subresource === undefined ? {} : { subresource }) }
}

/** Nobody owns what is not there; who owns nothing is not named. */
function withManagers(object: KubeObject, entries: readonly ManagedFieldsEntry[]): KubeObject {
  const managedFields = entries.flatMap((entry): JsonObject[] => {
    const fieldsV1 = pick(fieldsOf(entry), (path) => !sameAt(object, {}, path))
    return isLeaf(fieldsV1) ? [] : [{ ...entry, fieldsType: 'FieldsV1', fieldsV1 }]
  })
  return { ...object, metadata: { ...object.metadata, managedFields } }
}

function mergeObject(schema: Schema | null, live: KubeObject, manifest: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...fields } = manifest
  const merged: Record<string, Json> = {}
  for (const [name, value] of Object.entries(fields)) merged[name] = merge(typeOf(schema, name), live[name], value)
  const texts: Record<string, Json> = {}
  for (const name of ['labels', 'annotations']) {
    const value = metadata[name]
    const known = live.metadata[name]
    if (isObject(value)) texts[name] = { ...(isObject(known) ? known : {}), ...value }
  }
  return { ...live, ...merged, apiVersion, kind, metadata: { ...live.metadata, ...texts } }
}

function merge(schema: Schema | null, live: Json | undefined, wanted: Json): Json {
  if (schema?.kind === 'map' && !schema.atomic && isObject(live) && isObject(wanted)) {
    const merged: Record<string, Json> = { ...live }
    for (const [name, value] of Object.entries(wanted)) merged[name] = merge(typeOf(schema, name), live[name], value)
    return merged
  }
  if (schema?.kind !== 'list' || !isList(live) || !isList(wanted) || schema.merge.by !== 'keys') return wanted
  const { merge: by, items } = schema
  const same = (a: Json, b: Json): boolean => by.keys.every((key) => sameAt(a, b, [key]))
  const kept = live.map((item) => {
    const found = wanted.find((each) => same(each, item))
    return found === undefined ? item : merge(items, item, found)
  })
  return [...kept, ...wanted.filter((item) => !live.some((each) => same(each, item)))]
}

function typeOf(schema: Schema | null, name: string): Schema | null {
  return schema?.kind === 'map' ? (schema.field(name) ?? schema.values) : null
}

/** RFC 7386. */
function mergePatched(live: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged: Record<string, Json> = isObject(live) ? { ...live } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else if (value !== undefined) merged[name] = mergePatched(merged[name], value)
  }
  return merged
}
