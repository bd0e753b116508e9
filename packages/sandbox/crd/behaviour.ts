// What the API server does with the objects of a custom resource: fill in, count generations, judge.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject, Metadata } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { dnsSubdomain } from '../kinds/formats.ts'
import { metadataCauses, metadataUpdateCauses } from '../kinds/metadata.ts'
import type { Behaviour, Cause, ScalePaths } from '../registry/kind.ts'
import { definition } from '../schema/lookup.ts'
import { DecodeFault, decode } from '../verbs/decode.ts'
import { ruleCauses, ruleWarnings } from './cel/rules.ts'
import { finalizerWarnings } from './finalizers.ts'
import { countedCauses, scaleOf, wantedCauses } from './scale.ts'
import { dropNulls, fillDefaults } from './schema/defaults.ts'
import { coerceEmbedded, embeddedCauses, faultText } from './schema/embedded.ts'
import { listCauses } from './schema/lists.ts'
import { pruneRoot } from './schema/prune.ts'
import type { Schema } from './schema/schema.ts'
import { EMPTY, schemaOf } from './schema/schema.ts'
import { ROOT } from './value/cause.ts'
import type { Correlation } from './value/correlate.ts'
import { validateValue } from './value/validate.ts'
import { versionsOf } from './versions.ts'

/** What is known of one version of a custom resource. */
export interface Version {
  readonly group: string
  readonly kind: string
  readonly name: string
  readonly schema: Schema
  readonly status: boolean
  readonly scale: ScalePaths | null
}

/** The versions of a definition by name, served or not: objects of every one may be in storage. */
export function versionTable(crd: KubeObject): ReadonlyMap<string, Version> {
  return new Map(versionsOf(crd).map((raw) => [String(raw.name), readVersion(crd, raw)]))
}

function readVersion(crd: KubeObject, raw: JsonObject): Version {
  const schema = valueAt(raw, 'schema', 'openAPIV3Schema')
  return {
    group: stringAt(crd, 'spec', 'group') ?? '',
    kind: stringAt(crd, 'spec', 'names', 'kind') ?? '',
    name: String(raw.name),
    schema: isObject(schema) ? schemaOf(schema) : EMPTY,
    status: isObject(valueAt(raw, 'subresources', 'status')),
    scale: scaleOf(raw),
  }
}

/** An object as the server reads it from a client or from its storage, and the paths of what the schema does not know. */
export function readObject(
  object: KubeObject,
  version: Version,
  defaults = true,
): { readonly object: KubeObject; readonly unknown: readonly string[] } {
  const { metadata, unknown } = readMetadata(object)
  // No schema knows an object of another kind.
  if (!isOf(object, version)) return { object: { ...object, metadata }, unknown }
  const pruned = pruneRoot(defaults ? filled(object, version) : object, version.schema)
  const coerced = coerceEmbedded(dropNulls(pruned.value, version.schema), version.schema)
  if (coerced.fault !== null) throw new DecodeFault(faultText(coerced.fault))
  // Kind and apiVersion were kept by the pruning.
  const read = { ...(coerced.value as KubeObject), metadata }
  return { object: read, unknown: [...unknown, ...pruned.unknown, ...coerced.unknown] }
}

function isOf({ apiVersion, kind }: KubeObject, version: Version): boolean {
  return kind === version.kind && parseApiVersion(apiVersion).group === version.group
}

/** Metadata by its own type, which no schema of a definition says. Throws a DecodeFault. */
function readMetadata(object: KubeObject): { readonly metadata: Metadata; readonly unknown: readonly string[] } {
  const type = definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  if (type === null) return { metadata: object.metadata, unknown: [] }
  const { value, strict } = decode(object.metadata, type)
  const unknown = strict.map((each) => `metadata.${/"(.*)"/.exec(each)?.[1] ?? each}`)
  return { metadata: { ...withTexts(withoutEmpty(value)), name: object.metadata.name }, unknown }
}

/** What was applied is merged by its schema, and kept as it is but for defaults: reading it takes away what is unknown. */
function appliedObject(object: KubeObject, version: Version): KubeObject {
  // Kind and metadata are there.
  const made = filled(object, version) as KubeObject
  return { ...made, metadata: { ...withTexts(object.metadata), name: object.metadata.name } }
}

/** A null among texts is an empty one. */
function withTexts(metadata: JsonObject): JsonObject {
  const read = (key: string): JsonObject => {
    const value = metadata[key]
    if (!isObject(value) || !Object.values(value).includes(null)) return {}
    return { [key]: Object.fromEntries(Object.entries(value).map(([name, text]) => [name, text ?? ''])) }
  }
  const [labels, annotations] = [read('labels'), read('annotations')]
  return labels.labels === undefined && annotations.annotations === undefined
    ? metadata
    : { ...metadata, ...labels, ...annotations }
}

/** Metadata is read into Go's type and written again, which leaves out what is empty. */
function withoutEmpty(metadata: JsonObject): JsonObject {
  const empty = (value: Json): boolean =>
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  const gone = Object.keys(metadata).filter((key) => key !== 'name' && empty(metadata[key] ?? null))
  if (gone.length === 0) return metadata
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !gone.includes(key)))
}

function filled(object: KubeObject, version: Version): JsonObject {
  const value = fillDefaults(object, version.schema)
  return isObject(value) ? { ...value, metadata: object.metadata } : object
}

/** The Behaviour of a custom resource. */
export function behaviourOf(
  versions: ReadonlyMap<string, Version>,
  own: Pick<Version, 'group' | 'kind'>,
  namespaced: boolean,
): Behaviour {
  const named = (name: string): Version =>
    versions.get(name) ?? { ...own, name, schema: EMPTY, status: false, scale: null }
  const of = (object: KubeObject): Version => named(parseApiVersion(object.apiVersion).version)
  return {
    fillIn: (object) => readObject(object, of(object)).object,
    coerce: (object) => readObject(object, of(object), false).object,
    fillApplied: (object) => appliedObject(object, of(object)),
    prepareCreate: (object) => {
      const counted: KubeObject = { ...object, metadata: { ...object.metadata, generation: 1 } }
      return of(object).status ? without(counted, 'status') : counted
    },
    prepareUpdate: (object, old) => {
      if (!of(object).status) return object
      return old.status === undefined ? without(object, 'status') : { ...object, status: old.status }
    },
    validateCreate: (object) => createCauses(object, of(object), namespaced),
    validateUpdate: (object, old) => updateCauses(object, old, of(object)),
    validateStatus: (object, old) => statusCauses(object, old, of(object)),
    validateStrange: (object, old, name) => strangeCauses(object, old, named(name)),
    warnings: (object, old) => [
      ...finalizerWarnings(object, old),
      ...(old === null ? [] : ruleWarnings(object, old, of(object).schema)),
    ],
    generation: 'all-but-metadata',
  }
}

function createCauses(object: KubeObject, version: Version, namespaced: boolean): readonly Cause[] {
  const causes = [
    ...metadataCauses(object, dnsSubdomain, namespaced),
    ...validateValue(ROOT, object, version.schema),
    ...wantedCauses(object, version.scale),
    ...countedCauses(object, version.scale),
    ...embeddedCauses(object, version.schema, ROOT),
    ...listCauses(object, version.schema, ROOT),
  ]
  return [...causes, ...ruleCauses(object, null, version.schema, causes)]
}

function updateCauses(object: KubeObject, old: KubeObject, version: Version): readonly Cause[] {
  const causes = [
    ...metadataUpdateCauses(object, old),
    ...validateValue(ROOT, object, version.schema, correlationOf(object, old, version)),
    ...wantedCauses(object, version.scale),
    ...countedCauses(object, version.scale),
    ...embeddedCauses(object, version.schema, ROOT),
    ...newListCauses(object, old, version),
  ]
  return [...causes, ...ruleCauses(object, old, version.schema, causes)]
}

function strangeCauses(object: KubeObject, old: KubeObject | null, version: Version): readonly Cause[] {
  const causes = [
    ...embeddedCauses(object, version.schema, ROOT),
    ...(old === null ? listCauses(object, version.schema, ROOT) : newListCauses(object, old, version)),
  ]
  return [...causes, ...ruleCauses(object, old, version.schema, causes)]
}

function statusCauses(object: KubeObject, old: KubeObject, version: Version): readonly Cause[] {
  const schema = version.schema.properties.get('status')
  const { status } = object
  // No status and one of nothing are the same here.
  const correlation =
    schema === undefined || status === undefined ? null : { value: status, old: old.status ?? null, schema }
  const causes = [
    ...metadataUpdateCauses(object, old),
    ...(schema === undefined || status === undefined ? [] : validateValue('status', status, schema, correlation)),
    ...countedCauses(object, version.scale),
    ...newListCauses(object, old, version),
  ]
  return [...causes, ...ruleCauses(object, old, version.schema, causes)]
}

function correlationOf(object: KubeObject, old: KubeObject, version: Version): Correlation {
  return { value: object, old, schema: version.schema }
}

/** Where the old object had doubles already, the new one may have them too. */
function newListCauses(object: KubeObject, old: KubeObject, version: Version): readonly Cause[] {
  if (listCauses(old, version.schema, ROOT).length > 0) return []
  return listCauses(object, version.schema, ROOT)
}

function without(object: KubeObject, key: string): KubeObject {
  const { [key]: _, ...rest } = object
  // What every object has was not the key.
  return rest as KubeObject
}
