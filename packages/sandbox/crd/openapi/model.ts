// The schema of a custom resource as OpenAPI publishes it, in version 2 and version 3.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { structuralCauses, unreadable } from '../definition/structural.ts'
import { typeName } from '../resource.ts'
import { schemaOf } from '../schema/schema.ts'
import { versionsOf } from '../versions.ts'
import { eachBelow } from './below.ts'
import { simplify } from './simple.ts'

/** 2: Swagger, which knows less. */
export type Edition = 2 | 3

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const CONVENTIONS = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md'
const API_VERSION = `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${CONVENTIONS}#resources`
const KIND = `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${CONVENTIONS}#types-kinds`
const METADATA = `Standard object's metadata. More info: ${CONVENTIONS}#metadata`

/** The definitions of a kind and of its list, by their names. */
export function models(crd: KubeObject, version: string, edition: Edition): Readonly<Record<string, JsonObject>> {
  const group = stringAt(crd, 'spec', 'group') ?? ''
  const kind = stringAt(crd, 'spec', 'names', 'kind') ?? ''
  const listKind = stringAt(crd, 'spec', 'names', 'listKind') ?? ''
  const raw = versionsOf(crd).find((each) => each.name === version) ?? {}
  const selectable = selectableOf(raw)
  const name = typeName(group, version, kind)
  return {
    [name]: { ...ownModel(raw, edition), ...kindMark(group, version, kind), ...selectable },
    [typeName(group, version, listKind)]: {
      description: `${listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { description: API_VERSION, type: 'string' },
        items: {
          description: `List of ${stringAt(crd, 'spec', 'names', 'plural') ?? ''}. More info: ${CONVENTIONS}`,
          type: 'array',
          items: { $ref: refTo(name, edition) },
        },
        kind: { description: KIND, type: 'string' },
        metadata: described(
          `${META}.ListMeta`,
          `Standard list metadata. More info: ${CONVENTIONS}#types-kinds`,
          edition,
        ),
      },
      ...kindMark(group, version, listKind),
      ...selectable,
    },
  }
}

function kindMark(group: string, version: string, kind: string): JsonObject {
  return { 'x-kubernetes-group-version-kind': [{ group, kind, version }] }
}

function selectableOf(version: JsonObject): JsonObject {
  const fields = isList(version.selectableFields) ? version.selectableFields.filter(isObject) : []
  if (fields.length === 0) return {}
  const paths = fields.map((each) => ({ fieldPath: String(each.jsonPath).replace(/^\./, '') }))
  return { 'x-kubernetes-selectable-fields': paths }
}

/** Where a definition is, in a document. */
export function refTo(name: string, edition: Edition): string {
  return edition === 2 ? `#/definitions/${name}` : `#/components/schemas/${name}`
}

/** A reference with a description; version 3 needs it wrapped. */
function described(name: string, description: string, edition: Edition): JsonObject {
  const $ref = refTo(name, edition)
  return edition === 2 ? { description, $ref } : { description, allOf: [{ $ref }] }
}

function ownModel(version: JsonObject, edition: Edition): JsonObject {
  const raw = valueAt(version, 'schema', 'openAPIV3Schema')
  if (!isObject(raw)) return { type: 'object' }
  const schema = schemaOf(raw)
  if (unreadable(schema) !== null || structuralCauses(schema, '').length > 0) return { type: 'object' }
  if (edition === 2 && schema.preserve === true) return { type: 'object' }
  const model = edition === 2 ? simplify(unfold(raw)) : unfold(raw)
  const properties = isObject(model.properties) ? model.properties : {}
  const whole: JsonObject = {
    ...model,
    properties: {
      ...properties,
      metadata: described(`${META}.ObjectMeta`, METADATA, edition),
      apiVersion: { description: API_VERSION, type: 'string' },
      kind: { description: KIND, type: 'string' },
    },
  }
  return withEmbedded(whole, edition)
}

const TYPES: readonly Json[] = [{ type: 'integer' }, { type: 'string' }]

/** Spells out what an int-or-string is. */
function unfold(raw: JsonObject): JsonObject {
  const below = eachBelow(raw, unfold)
  if (raw['x-kubernetes-int-or-string'] !== true || spelledOut(raw)) return below
  if (below.anyOf === undefined) return { ...below, anyOf: TYPES }
  return { ...below, allOf: [{ anyOf: TYPES }, ...(isList(below.allOf) ? below.allOf : [])] }
}

function spelledOut(raw: JsonObject): boolean {
  const text = JSON.stringify(TYPES)
  const first = isList(raw.allOf) ? raw.allOf[0] : undefined
  return JSON.stringify(raw.anyOf) === text || JSON.stringify(valueAt(first, 'anyOf')) === text
}

/** Embedded objects know their kind, their version and their metadata. */
function withEmbedded(raw: JsonObject, edition: Edition): JsonObject {
  const made = eachBelow(raw, (each) => withEmbedded(each, edition))
  if (edition === 2 && raw['x-kubernetes-preserve-unknown-fields'] === true) return made
  if (raw['x-kubernetes-embedded-resource'] !== true) return made
  const required = isList(made.required) ? made.required : []
  const needed = ['kind', 'apiVersion'].filter((name) => !required.includes(name))
  return {
    ...made,
    required: [...required, ...needed],
    properties: {
      ...(isObject(made.properties) ? made.properties : {}),
      apiVersion: {
        description: `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`,
        type: 'string',
      },
      kind: {
        description: `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
        type: 'string',
      },
      metadata: described(`${META}.ObjectMeta`, METADATA, edition),
    },
  }
}
