// A JSON schema of a CustomResourceDefinition, read once into the fields that the API server knows of it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Rule } from './rule.ts'
import { rulesOf } from './rule.ts'

/** `additionalProperties`: a boolean or a schema. */
export interface Additional {
  readonly allows: boolean
  readonly schema: Schema | null
}

/** One node of a schema. Text that is absent is `''`, as the server holds it. */
export interface Schema {
  /** The node as it was written. */
  readonly raw: JsonObject
  readonly type: string
  readonly format: string
  readonly title: string
  readonly description: string
  readonly nullable: boolean
  /** Absent and `null` are the same. */
  readonly default: Json | null
  readonly maximum: number | null
  readonly exclusiveMaximum: boolean
  readonly minimum: number | null
  readonly exclusiveMinimum: boolean
  readonly multipleOf: number | null
  readonly maxLength: number | null
  readonly minLength: number | null
  readonly pattern: string
  readonly maxItems: number | null
  readonly minItems: number | null
  readonly uniqueItems: boolean
  readonly maxProperties: number | null
  readonly minProperties: number | null
  readonly enum: readonly Json[]
  readonly required: readonly string[]
  readonly items: Schema | null
  /** `items` written as a list, which is refused. */
  readonly manyItems: readonly Schema[]
  readonly properties: ReadonlyMap<string, Schema>
  readonly additional: Additional | null
  readonly allOf: readonly Schema[]
  readonly anyOf: readonly Schema[]
  readonly oneOf: readonly Schema[]
  readonly not: Schema | null
  /** `x-kubernetes-preserve-unknown-fields` as written; null where it is absent. */
  readonly preserve: boolean | null
  readonly embedded: boolean
  readonly intOrString: boolean
  readonly listType: string | null
  readonly listKeys: readonly string[]
  readonly mapType: string | null
  readonly rules: readonly Rule[]
}

const known = new WeakMap<JsonObject, Schema>()

/** Reads a node and all below it. The same JSON gives the same value. */
export function schemaOf(raw: JsonObject): Schema {
  const before = known.get(raw)
  if (before !== undefined) return before
  const schema = read(raw)
  known.set(raw, schema)
  return schema
}

function read(raw: JsonObject): Schema {
  return {
    raw,
    ...readTexts(raw),
    ...readBounds(raw),
    ...readChildren(raw),
    nullable: raw.nullable === true,
    default: raw.default ?? null,
    uniqueItems: raw.uniqueItems === true,
    enum: isList(raw.enum) ? raw.enum : [],
    required: textsAt(raw, 'required'),
    preserve: booleanAt(raw, 'x-kubernetes-preserve-unknown-fields'),
    embedded: raw['x-kubernetes-embedded-resource'] === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true,
    listType: textOrNull(raw['x-kubernetes-list-type']),
    listKeys: textsAt(raw, 'x-kubernetes-list-map-keys'),
    mapType: textOrNull(raw['x-kubernetes-map-type']),
    rules: rulesOf(raw['x-kubernetes-validations']),
  }
}

function readTexts(raw: JsonObject): Pick<Schema, 'type' | 'format' | 'title' | 'description' | 'pattern'> {
  return {
    type: textAt(raw, 'type'),
    format: textAt(raw, 'format'),
    title: textAt(raw, 'title'),
    description: textAt(raw, 'description'),
    pattern: textAt(raw, 'pattern'),
  }
}

type Bounds =
  | 'maximum'
  | 'exclusiveMaximum'
  | 'minimum'
  | 'exclusiveMinimum'
  | 'multipleOf'
  | 'maxLength'
  | 'minLength'
  | 'maxItems'
  | 'minItems'
  | 'maxProperties'
  | 'minProperties'

function readBounds(raw: JsonObject): Pick<Schema, Bounds> {
  return {
    maximum: numberOrNull(raw.maximum),
    exclusiveMaximum: raw.exclusiveMaximum === true,
    minimum: numberOrNull(raw.minimum),
    exclusiveMinimum: raw.exclusiveMinimum === true,
    multipleOf: numberOrNull(raw.multipleOf),
    maxLength: numberOrNull(raw.maxLength),
    minLength: numberOrNull(raw.minLength),
    maxItems: numberOrNull(raw.maxItems),
    minItems: numberOrNull(raw.minItems),
    maxProperties: numberOrNull(raw.maxProperties),
    minProperties: numberOrNull(raw.minProperties),
  }
}

type Children = 'items' | 'manyItems' | 'properties' | 'additional' | 'allOf' | 'anyOf' | 'oneOf' | 'not'

function readChildren(raw: JsonObject): Pick<Schema, Children> {
  const properties = isObject(raw.properties) ? raw.properties : {}
  return {
    items: nodeAt(raw.items),
    manyItems: nodesAt(raw.items),
    // Sorted, so that every walk over the fields goes the same way.
    properties: new Map(
      Object.keys(properties)
        .sort()
        .map((name) => [name, nodeAt(properties[name]) ?? EMPTY]),
    ),
    additional: readAdditional(raw.additionalProperties),
    allOf: nodesAt(raw.allOf),
    anyOf: nodesAt(raw.anyOf),
    oneOf: nodesAt(raw.oneOf),
    not: nodeAt(raw.not),
  }
}

function readAdditional(value: Json | undefined): Additional | null {
  if (typeof value === 'boolean') return { allows: value, schema: null }
  return isObject(value) ? { allows: true, schema: schemaOf(value) } : null
}

function nodeAt(value: Json | undefined): Schema | null {
  return isObject(value) ? schemaOf(value) : null
}

function nodesAt(value: Json | undefined): readonly Schema[] {
  return isList(value) ? value.map((each) => nodeAt(each) ?? EMPTY) : []
}

function textAt(raw: JsonObject, name: string): string {
  const value = raw[name]
  return typeof value === 'string' ? value : ''
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function textsAt(raw: JsonObject, name: string): readonly string[] {
  const value = raw[name]
  return isList(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

function booleanAt(raw: JsonObject, name: string): boolean | null {
  const value = raw[name]
  return typeof value === 'boolean' ? value : null
}

function numberOrNull(value: Json | undefined): number | null {
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'number' ? value : null
}

/** A schema without a word in it. */
export const EMPTY: Schema = read({})

/** The schema as the root of a resource, where kind, apiVersion and metadata are always known. */
export function asRoot(schema: Schema): Schema {
  return schema.embedded ? schema : { ...schema, embedded: true }
}

/** The schema of a field: by name, or of every field. */
export function fieldSchema(schema: Schema | null, name: string): Schema | null {
  return schema?.properties.get(name) ?? schema?.additional?.schema ?? null
}

/** The fields that every resource has, whatever its schema says. */
export const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])
