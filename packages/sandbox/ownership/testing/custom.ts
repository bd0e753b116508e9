// A custom resource with every kind of list and map, in two versions that merge the same fields in different ways.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { definition } from '../../schema/lookup.ts'
import type { Field, FieldType, ListType, StructType } from '../../schema/type.ts'
import { metadata, type Subject, same, value, word, words } from './subjects.ts'

/** The definition: in v2 sets and keyed lists and the free map are one piece, and the atomic map is not. */
export function customDefinition(group: string): JsonObject {
  const version = (name: string, later: boolean): JsonObject => ({
    name,
    served: true,
    storage: !later,
    schema: { openAPIV3Schema: schemaOf(later) },
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      scope: 'Namespaced',
      versions: [version('v1', false), version('v2', true)],
    },
  }
}

function schemaOf(later: boolean): JsonObject {
  const list = (type: JsonObject): JsonObject => (later ? { 'x-kubernetes-list-type': 'atomic' } : type)
  const set = list({ 'x-kubernetes-list-type': 'set' })
  const keys = list({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key', 'zone'] })
  const granular = { 'x-kubernetes-map-type': 'granular' }
  const atomic = { 'x-kubernetes-map-type': 'atomic' }
  const texts = { type: 'array', items: { type: 'string' } }
  const number = { type: 'integer' }
  const item = {
    key: { type: 'string' },
    zone: { type: 'string', default: 'home' },
    value: number,
    tags: { ...texts, ...set },
  }
  const properties = {
    set: { ...texts, ...set },
    keyed: { type: 'array', ...keys, items: { type: 'object', required: ['key'], properties: item } },
    plain: { type: 'array', items: number },
    atom: { type: 'object', ...(later ? granular : atomic), additionalProperties: { type: 'string' } },
    map: {
      type: 'object',
      ...(later ? atomic : granular),
      additionalProperties: { type: 'object', properties: { n: number, m: number } },
    },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    either: { 'x-kubernetes-int-or-string': true, anyOf: [number, { type: 'string' }] },
  }
  return { type: 'object', properties: { spec: { type: 'object', properties } } }
}

const TEXT: FieldType = { kind: 'scalar', type: 'string', format: null }
const INTEGER: FieldType = { kind: 'scalar', type: 'integer', format: null }

function struct(fields: Readonly<Record<string, FieldType | Field>>, open = false): StructType {
  const made = new Map(
    Object.entries(fields).map(([name, field]): [string, Field] => [name, 'kind' in field ? { type: field } : field]),
  )
  return {
    kind: 'struct',
    name: null,
    field: (name) => made.get(name) ?? null,
    names: [...made.keys()],
    required: [],
    atomic: false,
    preservesUnknown: open,
  }
}

/** The type that the schema stands for. */
function typeOfVersion(later: boolean): StructType {
  const objectMeta = definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  if (objectMeta === null) throw new Error('every kind has metadata')
  const list = (merge: ListType['merge']): ListType['merge'] => (later ? { by: 'atomic' } : merge)
  const texts: FieldType = { kind: 'list', items: TEXT, merge: list({ by: 'set' }) }
  const item = struct({ key: TEXT, zone: { type: TEXT, default: 'home' }, value: INTEGER, tags: texts })
  const spec = struct({
    set: texts,
    keyed: { kind: 'list', merge: list({ by: 'keys', keys: ['key', 'zone'] }), items: item },
    plain: { kind: 'list', items: INTEGER, merge: { by: 'atomic' } },
    atom: { kind: 'map', values: TEXT, atomic: !later },
    map: { kind: 'map', values: struct({ n: INTEGER, m: INTEGER }), atomic: later },
    free: struct({}, true),
    either: { kind: 'scalar', type: 'int-or-string', format: null },
  })
  return struct({ apiVersion: TEXT, kind: TEXT, metadata: objectMeta, spec })
}

const small = fc.constantFrom(1, 2)
const keyedItem = fc.record(
  { key: word, zone: fc.constantFrom('home', 'away'), value: small, tags: fc.uniqueArray(word, { maxLength: 2 }) },
  { requiredKeys: ['key'] },
)
const free: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    small,
    value,
    fc.array(small, { maxLength: 2 }),
    fc.dictionary(word, tie('node'), { maxKeys: 2 }),
  ),
})).node
const custom = fc.record(
  {
    metadata,
    spec: fc.record(
      {
        set: fc.uniqueArray(word, { maxLength: 3 }),
        keyed: fc.uniqueArray(keyedItem, { maxLength: 3, selector: (item) => `${item.key}${item.zone ?? 'home'}` }),
        plain: fc.array(small, { maxLength: 2 }),
        atom: words(),
        map: fc.dictionary(word, fc.record({ n: small, m: small }, { requiredKeys: [] }), { maxKeys: 2 }),
        free: fc.dictionary(word, free, { maxKeys: 2 }),
        either: fc.constantFrom<Json[]>(1, 'x'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

const earlier = typeOfVersion(false)
const later = typeOfVersion(true)

/** Both versions of the resource. */
export function customSubjects(group: string): readonly [Subject, Subject] {
  const typeOf = (apiVersion: string): StructType | null =>
    apiVersion === `${group}/v1` ? earlier : apiVersion === `${group}/v2` ? later : null
  const subject = (version: string, type: StructType): Subject => ({
    name: `Thing ${version}`,
    apiVersion: `${group}/${version}`,
    kind: 'Thing',
    path: (namespace) => `/apis/${group}/${version}/namespaces/${namespace}/things`,
    type,
    typeOf,
    builtIn: false,
    wish: custom as fc.Arbitrary<JsonObject>,
    whole: same,
    strategic: false,
  })
  return [subject('v1', earlier), subject('v2', later)]
}
