// Worlds to compare, built from few words: manifests as a person writes them, live objects as an API server keeps them.
import type { AppKey } from '../app/application.ts'
import { DEFAULT_TRACKING, stamp } from '../app/tracking.ts'
import type { CompareInput } from '../compare/context.ts'
import type { DesiredObject, ResourceOptions } from '../desired/desired.ts'
import type { Schema } from '../diff/schema.ts'
import type { InventoryEntry, InventoryState } from '../inventory/inventory.ts'
import type { LiveSet, Seen } from '../live/live.ts'
import { canonicalJson } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import { FIELD_MANAGER } from '../object/manager.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { parseApiVersion, refKey } from '../object/ref.ts'
import { maskSecret } from '../object/secret.ts'
import { exampleKinds, sha256, testMask } from './examples.ts'
import { testSchemas } from './schemas.ts'

export const SHOP: AppKey = { namespace: 'argocd', name: 'shop' }

const OPTIONS: ResourceOptions = {
  prune: 'yes',
  delete: 'yes',
  replace: false,
  force: false,
  validate: true,
  skipDryRunOnMissing: false,
  pruneLast: false,
  ignoreExtraneous: false,
  ignoreHealth: false,
}

/** A desired object of the application shop, marked as its own, with the digest it would have. */
export function desired(manifest: KubeObject, app: AppKey = SHOP): DesiredObject {
  const ref = refOf(manifest)
  const marked = stamp(manifest, app, ref, 'shop', DEFAULT_TRACKING)
  const digest = sha256(canonicalJson(maskSecret(marked, testMask)))
  return {
    ref,
    manifest: marked,
    origin: { file: 'app.yaml', document: 1, line: 1 },
    wave: 0,
    options: OPTIONS,
    digest,
  }
}

/** An inventory entry for a ref; `applied` with the uid that `applied()` gives unless another state is named. */
export function recorded(
  object: DesiredObject,
  state: InventoryState = { kind: 'applied', uid: uidFor(object.ref) },
): InventoryEntry {
  return {
    ref: object.ref,
    apiVersion: object.manifest.apiVersion,
    state,
    wave: 0,
    order: 0,
    origin: object.origin,
    commit: 'c1',
    sourceDigest: 's1',
    digest: object.digest,
    adopted: false,
    prune: 'yes',
    delete: 'yes',
  }
}

/** The uid of the live object that `applied` makes of a manifest. */
export function uidFor(ref: ObjectRef): string {
  return `uid-${refKey(ref)}`
}

/** The live object after our server-side apply of a manifest into an empty cluster, without defaults. */
export function applied(object: DesiredObject, time = '2026-01-01T10:00:00Z'): KubeObject {
  const { manifest, ref } = object
  const schema = testSchemas(ref.group, parseApiVersion(manifest.apiVersion).version, ref.kind)
  const { apiVersion, kind, metadata, ...rest } = manifest
  return {
    ...rest,
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      uid: uidFor(ref),
      resourceVersion: '1',
      creationTimestamp: time,
      managedFields: [managed(FIELD_MANAGER, 'Apply', fieldSet(schema, manifest), { apiVersion, time })],
    },
  }
}

/** One entry of managedFields. */
export function managed(
  manager: string,
  operation: 'Apply' | 'Update',
  fieldsV1: JsonObject,
  more: { readonly apiVersion?: string; readonly time?: string; readonly subresource?: string } = {},
): JsonObject {
  return {
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    time: '2026-01-02T10:00:00Z',
    ...more,
    fieldsV1,
  }
}

/** The field set that an apply of a manifest owns. */
export function fieldSet(schema: Schema | null, manifest: KubeObject): JsonObject {
  const set: Record<string, Json> = {}
  for (const [key, value] of Object.entries(manifest)) {
    if (key === 'apiVersion' || key === 'kind') continue
    if (key === 'metadata') set['f:metadata'] = ownedMetadata(manifest)
    else set[`f:${key}`] = owned(fieldOf(schema, key), value)
  }
  return set
}

function ownedMetadata(manifest: KubeObject): JsonObject {
  const set: Record<string, Json> = {}
  for (const key of ['labels', 'annotations']) {
    const value = manifest.metadata[key]
    if (isObject(value)) set[`f:${key}`] = Object.fromEntries(Object.keys(value).map((name) => [`f:${name}`, {}]))
  }
  return set
}

function owned(schema: Schema | null, value: Json): JsonObject {
  if (schema?.kind === 'map' && !schema.atomic && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [`f:${key}`, owned(fieldOf(schema, key), item)]),
    )
  }
  if (schema?.kind !== 'list' || !isList(value) || schema.merge.by === 'atomic') return {}
  const { merge, items } = schema
  if (merge.by === 'set') return Object.fromEntries(value.map((item) => [`v:${canonicalJson(item)}`, {}]))
  return Object.fromEntries(
    value.map((item) => {
      const keys = merge.keys.map((key): [string, Json] => [key, keyOf(items, item, key)])
      return [`k:${canonicalJson(Object.fromEntries(keys))}`, { '.': {}, ...owned(items, item) }]
    }),
  )
}

function keyOf(items: Schema, item: Json, key: string): Json {
  if (isObject(item) && item[key] !== undefined) return item[key]
  const type = fieldOf(items, key)
  return type === null || type.kind === 'unknown' ? null : (type.default ?? null)
}

function fieldOf(schema: Schema | null, name: string): Schema | null {
  return schema?.kind === 'map' ? (schema.field(name) ?? schema.values) : null
}

/** Everything of these kinds in the namespace shop was read, and these objects were found. */
export function liveSet(objects: readonly KubeObject[], more: Partial<LiveSet> = {}): LiveSet {
  const seen: Seen[] = [...exampleKinds().kinds.values()].map(({ group, kind, scope }) => {
    return { group, kind, namespace: scope === 'cluster' ? null : 'shop' }
  })
  return {
    objects: new Map(objects.map((each) => [refKey(refOf(each)), each])),
    seen,
    absent: new Set(),
    gaps: [],
    ...more,
  }
}

/** The input of a comparison in which nothing exists and nothing is wanted, with some of it replaced. */
export function compareInput(parts: Partial<CompareInput>): CompareInput {
  return {
    desired: [],
    live: liveSet([]),
    inventory: { entries: [] },
    kinds: exampleKinds(),
    schema: testSchemas,
    ignore: [],
    app: SHOP,
    destinationNamespace: 'shop',
    tracking: DEFAULT_TRACKING,
    mask: testMask,
    dryRuns: new Map(),
    surplus: 'look',
    ...parts,
  }
}

/** A manifest in the namespace shop. */
export function manifest(apiVersion: string, kind: string, name: string, fields: JsonObject = {}): KubeObject {
  const { metadata, ...rest } = fields
  return { apiVersion, kind, metadata: { ...(isObject(metadata) ? metadata : {}), name, namespace: 'shop' }, ...rest }
}

/** A ConfigMap in the namespace shop. */
export function configMap(name: string, data: JsonObject = { a: '1' }, metadata: JsonObject = {}): KubeObject {
  return manifest('v1', 'ConfigMap', name, { data, metadata })
}
