// Turns the schemas of an OpenAPI v3 document into the compact types that comparison reads.
import type { ListSchema, MapSchema, ScalarSchema, Schema } from '@mainstay/core/diff/schema.ts'
import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'

const unknown: Schema = { kind: 'unknown' }
const refPrefix = '#/components/schemas/'

/** Built-in types that are scalars with several spellings; the document describes them only loosely. */
const wellKnown: ReadonlyMap<string, ScalarSchema['form']> = new Map([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', 'quantity'],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', 'int-or-string'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Duration', 'duration'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', 'time'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', 'time'],
])

/** Finds the type of a kind in one document; null where the document has none. */
export type DocumentLookup = (group: string, version: string, kind: string) => Schema | null

/**
 * The types of one document (`components.schemas` of a group-version). Converted when asked for and then kept;
 * recursive types are possible because everything below a type is looked up lazily.
 */
export function documentLookup(schemas: JsonObject): DocumentLookup {
  const names = kindNames(schemas)
  const convert = converter(schemas)
  return (group, version, kind) => {
    const name = names.get(`${group}/${version}/${kind}`)
    const node = name === undefined ? undefined : schemas[name]
    return node === undefined ? null : convert(node)
  }
}

function kindNames(schemas: JsonObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [name, schema] of Object.entries(schemas)) {
    const kinds = valueAt(schema, 'x-kubernetes-group-version-kind')
    for (const kind of isList(kinds) ? kinds : []) {
      const key = `${stringAt(kind, 'group') ?? ''}/${stringAt(kind, 'version') ?? ''}/${stringAt(kind, 'kind') ?? ''}`
      names.set(key, name)
    }
  }
  return names
}

type Convert = (node: Json | undefined) => Schema

function converter(schemas: JsonObject): Convert {
  const known = new WeakMap<JsonObject, Schema>()
  const convert: Convert = (node) => {
    if (!isObject(node)) return unknown
    const before = known.get(node)
    if (before !== undefined) return before
    const schema = typeOf(node, schemas, convert)
    known.set(node, schema)
    return schema
  }
  return convert
}

function typeOf(outer: JsonObject, schemas: JsonObject, convert: Convert): Schema {
  const { node, name } = resolved(outer, schemas)
  const fallback = outer.default ?? node.default
  const defaults = fallback === undefined ? {} : { default: fallback }
  const form = name === null ? undefined : wellKnown.get(name)
  if (form !== undefined) return { kind: 'scalar', type: 'string', form, ...defaults }
  if (node['x-kubernetes-int-or-string'] === true || node.format === 'int-or-string') {
    return { kind: 'scalar', type: 'string', form: 'int-or-string', ...defaults }
  }
  switch (node.type) {
    case 'string':
      return { kind: 'scalar', type: 'string', form: formOf(node), ...defaults }
    case 'integer':
    case 'number':
    case 'boolean':
      return { kind: 'scalar', type: node.type, form: 'plain', ...defaults }
    case 'array':
      return listType(node, defaults, convert)
    default:
      return isMapLike(node) ? mapType(node, defaults, convert) : unknown
  }
}

/** Follows `$ref`, alone or as the only member of `allOf` (which is how a reference gets a default or a description). */
function resolved(outer: JsonObject, schemas: JsonObject): { readonly node: JsonObject; readonly name: string | null } {
  let node = outer
  let name: string | null = null
  // Each step goes to another schema; a chain longer than this is a circle.
  for (let step = 0; step < 32; step += 1) {
    const ref = stringAt(node, '$ref') ?? onlyRef(node.allOf)
    if (ref === undefined || !ref.startsWith(refPrefix)) return { node, name }
    name = ref.slice(refPrefix.length)
    const target = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (!isObject(target)) return { node: {}, name }
    node = target
  }
  return { node: {}, name }
}

function onlyRef(allOf: Json | undefined): string | undefined {
  return isList(allOf) && allOf.length === 1 ? stringAt(allOf[0], '$ref') : undefined
}

function formOf(node: JsonObject): ScalarSchema['form'] {
  switch (node.format) {
    case 'byte':
      return 'bytes'
    case 'date-time':
      return 'time'
    case 'duration':
      return 'duration'
    default:
      return 'plain'
  }
}

/** An object of which nothing is said (RawExtension, FieldsV1) is free-form: its type is unknown. */
function isMapLike(node: JsonObject): boolean {
  return (
    isObject(node.properties) ||
    isObject(node.additionalProperties) ||
    node.additionalProperties === true ||
    node['x-kubernetes-preserve-unknown-fields'] === true
  )
}

function mapType(node: JsonObject, defaults: { readonly default?: Json }, convert: Convert): MapSchema {
  const properties = isObject(node.properties) ? node.properties : {}
  const free = node.additionalProperties
  return {
    kind: 'map',
    field: (name) => (Object.hasOwn(properties, name) ? convert(properties[name]) : null),
    get values() {
      if (free === true) return unknown
      return isObject(free) ? convert(free) : null
    },
    atomic: node['x-kubernetes-map-type'] === 'atomic',
    preservesUnknown: node['x-kubernetes-preserve-unknown-fields'] === true,
    ...defaults,
  }
}

function listType(node: JsonObject, defaults: { readonly default?: Json }, convert: Convert): ListSchema {
  return {
    kind: 'list',
    get items() {
      return convert(node.items)
    },
    merge: mergeOf(node),
    ...defaults,
  }
}

/** Without a list type a list is atomic: the server replaces it as a whole. */
function mergeOf(node: JsonObject): ListSchema['merge'] {
  const keys = node['x-kubernetes-list-map-keys']
  switch (node['x-kubernetes-list-type']) {
    case 'set':
      return { by: 'set' }
    case 'map':
      return isList(keys) ? { by: 'keys', keys: keys.filter((key) => typeof key === 'string') } : { by: 'atomic' }
    default:
      return { by: 'atomic' }
  }
}
