// The form in which the API server keeps a schema: what it does not know is dropped, and what says nothing.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

type Form = (value: Json) => Json | undefined

/** The kept form of a schema and of all below it. */
export function normalSchema(raw: JsonObject): JsonObject {
  return formed(raw, FIELDS)
}

function formed(raw: JsonObject, fields: Readonly<Record<string, Form>>): JsonObject {
  const kept = Object.entries(raw).flatMap(([name, value]): [string, Json][] => {
    const form = Object.hasOwn(fields, name) ? fields[name] : undefined
    const made = value === null ? undefined : form?.(value)
    return made === undefined ? [] : [[name, made]]
  })
  return Object.fromEntries(kept)
}

const asIs: Form = (value) => value
const unlessEmpty: Form = (value) => (value === '' || value === false ? undefined : value)
const list: Form = (value) => (isList(value) && value.length === 0 ? undefined : value)
const node: Form = (value) => (isObject(value) ? normalSchema(value) : value)
const nodes: Form = (value) => {
  if (!isList(value) || value.length === 0) return undefined
  return value.map((each) => node(each) ?? null)
}
const named: Form = (value) => {
  if (!isObject(value) || Object.keys(value).length === 0) return undefined
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, node(each) ?? {}]))
}
const oneOrMany: Form = (value) => (isList(value) ? nodes(value) : node(value))
const rules: Form = (value) => {
  if (!isList(value) || value.length === 0) return undefined
  return value.map((each) => (isObject(each) ? { rule: '', ...formed(each, RULE_FIELDS) } : each))
}
const documents: Form = (value) =>
  isObject(value) ? formed(value, { description: unlessEmpty, url: unlessEmpty }) : value

const RULE_FIELDS: Readonly<Record<string, Form>> = {
  rule: asIs,
  message: unlessEmpty,
  messageExpression: unlessEmpty,
  reason: asIs,
  fieldPath: unlessEmpty,
  optionalOldSelf: asIs,
}

const FIELDS: Readonly<Record<string, Form>> = {
  id: unlessEmpty,
  $schema: unlessEmpty,
  $ref: asIs,
  description: unlessEmpty,
  type: unlessEmpty,
  format: unlessEmpty,
  title: unlessEmpty,
  default: asIs,
  maximum: asIs,
  exclusiveMaximum: unlessEmpty,
  minimum: asIs,
  exclusiveMinimum: unlessEmpty,
  maxLength: asIs,
  minLength: asIs,
  pattern: unlessEmpty,
  maxItems: asIs,
  minItems: asIs,
  uniqueItems: unlessEmpty,
  multipleOf: asIs,
  enum: list,
  maxProperties: asIs,
  minProperties: asIs,
  required: list,
  items: oneOrMany,
  allOf: nodes,
  oneOf: nodes,
  anyOf: nodes,
  not: node,
  properties: named,
  additionalProperties: node,
  patternProperties: named,
  dependencies: (value) => (isObject(value) && Object.keys(value).length === 0 ? undefined : value),
  additionalItems: node,
  definitions: named,
  externalDocs: documents,
  example: asIs,
  nullable: unlessEmpty,
  'x-kubernetes-preserve-unknown-fields': asIs,
  'x-kubernetes-embedded-resource': unlessEmpty,
  'x-kubernetes-int-or-string': unlessEmpty,
  'x-kubernetes-list-map-keys': list,
  'x-kubernetes-list-type': asIs,
  'x-kubernetes-map-type': asIs,
  'x-kubernetes-validations': rules,
}
