// The server's inner form of parts of a definition, as its messages print them: capitals, and every field.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { GoText } from '../value/cause.ts'
import { goJson } from '../value/text.ts'

type Write = (value: Json | undefined) => string

const scalar =
  (zero: string): Write =>
  (value) =>
    value === undefined ? zero : goJson(value)
const text = scalar('""')
const flag = scalar('false')
const number = scalar('0')
const pointer = scalar('null')

function struct(fields: Readonly<Record<string, readonly [string, Write]>>): Write {
  return (value) => {
    if (!isObject(value)) return 'null'
    const parts = Object.entries(fields).map(([name, [key, write]]) => `"${name}":${write(value[key])}`)
    return `{${parts.join(',')}}`
  }
}

function list(write: Write): Write {
  return (value) => (isList(value) ? `[${value.map(write).join(',')}]` : 'null')
}

function map(write: Write): Write {
  return (value) => {
    if (!isObject(value)) return 'null'
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${goJson(key)}:${write(value[key])}`).join(',')}}`
  }
}

const node: Write = (value) => writeSchema(value)
const orMany: Write = (value) => {
  if (value === undefined) return 'null'
  const one = isList(value) ? 'null' : node(value)
  return `{"Schema":${one},"JSONSchemas":${isList(value) ? list(node)(value) : 'null'}}`
}
const orFlag: Write = (value) => {
  if (value === undefined) return 'null'
  return `{"Allows":${isObject(value) || value === true},"Schema":${isObject(value) ? node(value) : 'null'}}`
}

const writeRule = struct({
  Rule: ['rule', text],
  Message: ['message', text],
  MessageExpression: ['messageExpression', text],
  Reason: ['reason', pointer],
  FieldPath: ['fieldPath', text],
  OptionalOldSelf: ['optionalOldSelf', pointer],
})

const writeSchema = struct({
  ID: ['id', text],
  Schema: ['$schema', text],
  Ref: ['$ref', pointer],
  Description: ['description', text],
  Type: ['type', text],
  Nullable: ['nullable', flag],
  Format: ['format', text],
  Title: ['title', text],
  Default: ['default', pointer],
  Maximum: ['maximum', pointer],
  ExclusiveMaximum: ['exclusiveMaximum', flag],
  Minimum: ['minimum', pointer],
  ExclusiveMinimum: ['exclusiveMinimum', flag],
  MaxLength: ['maxLength', pointer],
  MinLength: ['minLength', pointer],
  Pattern: ['pattern', text],
  MaxItems: ['maxItems', pointer],
  MinItems: ['minItems', pointer],
  UniqueItems: ['uniqueItems', flag],
  MultipleOf: ['multipleOf', pointer],
  Enum: ['enum', pointer],
  MaxProperties: ['maxProperties', pointer],
  MinProperties: ['minProperties', pointer],
  Required: ['required', pointer],
  Items: ['items', orMany],
  AllOf: ['allOf', list(node)],
  OneOf: ['oneOf', list(node)],
  AnyOf: ['anyOf', list(node)],
  Not: ['not', node],
  Properties: ['properties', map(node)],
  AdditionalProperties: ['additionalProperties', orFlag],
  PatternProperties: ['patternProperties', map(node)],
  Dependencies: ['dependencies', pointer],
  AdditionalItems: ['additionalItems', orFlag],
  Definitions: ['definitions', map(node)],
  ExternalDocs: ['externalDocs', struct({ Description: ['description', text], URL: ['url', text] })],
  Example: ['example', pointer],
  XPreserveUnknownFields: ['x-kubernetes-preserve-unknown-fields', pointer],
  XEmbeddedResource: ['x-kubernetes-embedded-resource', flag],
  XIntOrString: ['x-kubernetes-int-or-string', flag],
  XListMapKeys: ['x-kubernetes-list-map-keys', pointer],
  XListType: ['x-kubernetes-list-type', pointer],
  XMapType: ['x-kubernetes-map-type', pointer],
  XValidations: ['x-kubernetes-validations', list(writeRule)],
})

const writeVersion = struct({
  Name: ['name', text],
  Served: ['served', flag],
  Storage: ['storage', flag],
  Deprecated: ['deprecated', flag],
  DeprecationWarning: ['deprecationWarning', pointer],
  Schema: ['schema', struct({ OpenAPIV3Schema: ['openAPIV3Schema', node] })],
  Subresources: [
    'subresources',
    struct({
      Status: ['status', (value) => (isObject(value) ? '{}' : 'null')],
      Scale: [
        'scale',
        struct({
          SpecReplicasPath: ['specReplicasPath', text],
          StatusReplicasPath: ['statusReplicasPath', text],
          LabelSelectorPath: ['labelSelectorPath', pointer],
        }),
      ],
    }),
  ],
  AdditionalPrinterColumns: [
    'additionalPrinterColumns',
    list(
      struct({
        Name: ['name', text],
        Type: ['type', text],
        Format: ['format', text],
        Description: ['description', text],
        Priority: ['priority', number],
        JSONPath: ['jsonPath', text],
      }),
    ),
  ],
  SelectableFields: ['selectableFields', list(struct({ JSONPath: ['jsonPath', text] }))],
})

/** `spec.versions` as the server holds them. */
export function versionsText(versions: readonly JsonObject[]): GoText {
  return new GoText(list(writeVersion)(versions))
}

/** A rule as the server holds it. */
export function ruleText(rule: JsonObject): GoText {
  return new GoText(writeRule(rule))
}

/** A schema as the server holds it. */
export function schemaText(schema: JsonObject): GoText {
  return new GoText(writeSchema(schema))
}

/** The name that the server's inner form gives each field of a schema, in its order. */
export const SCHEMA_FIELDS: readonly (readonly [string, string])[] = [
  ['ID', 'id'],
  ['Schema', '$schema'],
  ['Ref', '$ref'],
  ['Description', 'description'],
  ['Type', 'type'],
  ['Nullable', 'nullable'],
  ['Format', 'format'],
  ['Title', 'title'],
  ['Default', 'default'],
  ['Maximum', 'maximum'],
  ['ExclusiveMaximum', 'exclusiveMaximum'],
  ['Minimum', 'minimum'],
  ['ExclusiveMinimum', 'exclusiveMinimum'],
  ['MaxLength', 'maxLength'],
  ['MinLength', 'minLength'],
  ['Pattern', 'pattern'],
  ['MaxItems', 'maxItems'],
  ['MinItems', 'minItems'],
  ['UniqueItems', 'uniqueItems'],
  ['MultipleOf', 'multipleOf'],
  ['Enum', 'enum'],
  ['MaxProperties', 'maxProperties'],
  ['MinProperties', 'minProperties'],
  ['Required', 'required'],
  ['Items', 'items'],
  ['AllOf', 'allOf'],
  ['OneOf', 'oneOf'],
  ['AnyOf', 'anyOf'],
  ['Not', 'not'],
  ['Properties', 'properties'],
  ['AdditionalProperties', 'additionalProperties'],
  ['PatternProperties', 'patternProperties'],
  ['Dependencies', 'dependencies'],
  ['AdditionalItems', 'additionalItems'],
  ['Definitions', 'definitions'],
  ['ExternalDocs', 'externalDocs'],
  ['Example', 'example'],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields'],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource'],
  ['XIntOrString', 'x-kubernetes-int-or-string'],
  ['XListMapKeys', 'x-kubernetes-list-map-keys'],
  ['XListType', 'x-kubernetes-list-type'],
  ['XMapType', 'x-kubernetes-map-type'],
  ['XValidations', 'x-kubernetes-validations'],
]
