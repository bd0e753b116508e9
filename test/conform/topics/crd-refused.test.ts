// CustomResourceDefinitions that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type DefinitionChoice, define } from '../definitions.ts'
import { faults } from '../said.ts'
import { topic } from '../suite.ts'

const version = (name: string, rest: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  ...rest,
})

const refused: readonly (readonly [title: string, choice: DefinitionChoice, told: unknown])[] = [
  [
    'without versions',
    { versions: [] },
    [
      'spec.versions: FieldValueInvalid: Invalid value: []: must have exactly one version marked as storage version',
      'status.storedVersions: FieldValueInvalid: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'without a version that is stored',
    { versions: [version('v1', { storage: false })] },
    [
      'spec.versions: FieldValueInvalid: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
      'status.storedVersions: FieldValueInvalid: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'with two versions that are stored',
    { versions: [version('v1'), version('v2', { storage: true })] },
    [
      'spec.versions: FieldValueInvalid: Invalid value: [{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null},{"Name":"v2","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
      'status.storedVersions: FieldValueInvalid: Invalid value: ["v1"]: must have the storage version v2',
    ],
  ],
  [
    'with a version twice',
    { versions: [version('v1'), version('v1', { storage: false })] },
    [
      'spec.versions: FieldValueInvalid: Invalid value: [{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null},{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must contain unique version names',
    ],
  ],
  [
    'with a version that is none',
    { versions: [version('v1'), version('V_2')] },
    [
      "spec.versions[1].name: FieldValueInvalid: Invalid value: \"V_2\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'without a schema',
    { versions: [version('v1', { schema: null })] },
    ['spec.versions[0].schema.openAPIV3Schema: FieldValueRequired: Required value'],
  ],
  [
    'with a schema that is no object',
    { schema: { type: 'string' } },
    ['spec.validation.openAPIV3Schema.type: FieldValueInvalid: Invalid value: "string": must be object at the root'],
  ],
  [
    'with a property without a type',
    { spec: { x: {} } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].type: FieldValueRequired: Required value: must not be empty for specified object fields',
    ],
  ],
  [
    'with an unknown type',
    { spec: { x: { type: 'text' } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].type: FieldValueNotSupported: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'with a list without items',
    { spec: { x: { type: 'array' } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].items: FieldValueRequired: Required value: must be specified',
    ],
  ],
  [
    'with a default of the wrong type',
    { spec: { x: { type: 'string', default: 5 } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].default: FieldValueTypeInvalid: Invalid value: "integer":  in body must be of type string: "integer"',
    ],
  ],
  [
    'with a default that has unknown fields',
    { spec: { x: { type: 'object', properties: { a: { type: 'string' } }, default: { b: '1' } } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].default: FieldValueInvalid: Invalid value: {"b":"1"}: must not have unknown fields',
    ],
  ],
  [
    'with properties and additional ones',
    {
      spec: { x: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } } },
    },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].additionalProperties: FieldValueForbidden: Forbidden: additionalProperties and properties are mutual exclusive',
    ],
  ],
  [
    'with uniqueItems',
    { spec: { x: { type: 'array', items: { type: 'string' }, uniqueItems: true } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].uniqueItems: FieldValueForbidden: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
  [
    'with a pattern that is none',
    { spec: { x: { type: 'string', pattern: '(' } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].pattern: FieldValueInvalid: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
    ],
  ],
  [
    'with a list by keys without keys',
    {
      spec: {
        x: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          items: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
    },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-list-map-keys: FieldValueRequired: Required value: must not be empty if x-kubernetes-list-type is map',
    ],
  ],
  [
    'with a list by keys that are not there',
    {
      spec: {
        x: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['b'],
          items: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
    },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-list-map-keys: FieldValueInvalid: Invalid value: ["b"]: entries must all be names of item properties',
    ],
  ],
  [
    'with a list by optional keys without a default',
    {
      spec: {
        x: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['a'],
          items: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
    },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].items.properties[a].default: FieldValueRequired: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  [
    'with an unknown type of list',
    { spec: { x: { type: 'array', 'x-kubernetes-list-type': 'bag', items: { type: 'string' } } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-list-type: FieldValueNotSupported: Unsupported value: "bag": supported values: "atomic", "set", "map"',
    ],
  ],
  [
    'with a rule that is no CEL',
    { spec: { x: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self +' }] } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-validations[0].rule: FieldValueInvalid: Invalid value: {"Rule":"self +","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:7: Syntax error: mismatched input \'<EOF>\' expecting {\'[\', \'{\', \'(\', \'.\', \'-\', \'!\', \'true\', \'false\', \'null\', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | self +\n | ......^',
    ],
  ],
  [
    'with a rule that is not true or false',
    { spec: { x: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self' }] } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-validations[0].rule: FieldValueInvalid: Invalid value: {"Rule":"self","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool',
    ],
  ],
  [
    'with a rule on a field that is not there',
    { rest: { 'x-kubernetes-validations': [{ rule: 'self.y > 1' }] }, spec: { x: { type: 'integer' } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: FieldValueInvalid: Invalid value: {"Rule":"self.y \\u003e 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field \'y\'\n | self.y > 1\n | ....^',
    ],
  ],
  [
    'with an empty rule',
    { spec: { x: { type: 'string', 'x-kubernetes-validations': [{ rule: '' }] } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].x-kubernetes-validations[0].rule: FieldValueRequired: Required value: rule is not specified',
    ],
  ],
  [
    'with a type in anyOf',
    { spec: { x: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].anyOf[0].type: FieldValueForbidden: Forbidden: must be empty to be structural',
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].anyOf[1].type: FieldValueForbidden: Forbidden: must be empty to be structural',
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].type: FieldValueRequired: Required value: must not be empty for specified object fields',
    ],
  ],
  [
    'with $ref',
    { spec: { x: { $ref: '#/x', type: 'string' } } },
    [
      'spec.validation.openAPIV3Schema.properties[spec].properties[x].$ref: FieldValueForbidden: Forbidden: $ref is not supported',
    ],
  ],
  [
    'with metadata that is restricted too far',
    { beside: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
    [
      'spec.validation.openAPIV3Schema.properties[metadata]: FieldValueForbidden: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'with a column without a path',
    { columns: [{ name: 'X', type: 'string', jsonPath: '' }] },
    ['spec.additionalPrinterColumns[0].JSONPath: FieldValueRequired: Required value'],
  ],
  [
    'with a column of an unknown type',
    { columns: [{ name: 'X', type: 'text', jsonPath: '.spec.x' }] },
    [
      'spec.additionalPrinterColumns[0].type: FieldValueInvalid: Invalid value: "text": must be one of boolean,date,integer,number,string',
    ],
  ],
  [
    'with a column whose path is none',
    { columns: [{ name: 'X', type: 'string', jsonPath: 'spec' }] },
    [
      'spec.additionalPrinterColumns[0].JSONPath: FieldValueInvalid: Invalid value: "spec": must be a simple json path starting with .',
    ],
  ],
  [
    'with a scale without paths',
    { subresources: { scale: {} } },
    [
      'spec.subresources.scale.specReplicasPath: FieldValueRequired: Required value',
      'spec.subresources.scale.statusReplicasPath: FieldValueRequired: Required value',
    ],
  ],
  [
    'with a scale whose paths lie elsewhere',
    { subresources: { status: {}, scale: { specReplicasPath: '.x', statusReplicasPath: '.spec.y' } } },
    [
      'spec.subresources.scale.specReplicasPath: FieldValueInvalid: Invalid value: ".x": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: FieldValueInvalid: Invalid value: ".spec.y": should be a json path under .status',
    ],
  ],
  [
    'of an unknown scope',
    { more: { scope: 'Galaxy' } },
    ['spec.scope: FieldValueNotSupported: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
  ],
  [
    'with a plural in capital letters',
    { names: { plural: 'Widgets' } },
    [
      'metadata.name: FieldValueInvalid: Invalid value: "widgets.NS.example.com": must be spec.names.plural+"."+spec.group',
      "spec.names.plural: FieldValueInvalid: Invalid value: \"Widgets\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'with a kind that is none',
    { names: { kind: 'a b' } },
    [
      "spec.names.singular: FieldValueInvalid: Invalid value: \"a b\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.names.kind: FieldValueInvalid: Invalid value: \"a b\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.names.listKind: FieldValueInvalid: Invalid value: \"a bList\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'with a short name that is none',
    { names: { shortNames: ['A_'] } },
    [
      "spec.names.shortNames[0]: FieldValueInvalid: Invalid value: \"A_\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'with an unknown conversion',
    { more: { conversion: { strategy: 'Magic' } } },
    [
      'spec.conversion.strategy: FieldValueNotSupported: Unsupported value: "Magic": supported values: "None", "Webhook"',
    ],
  ],
  [
    'with a conversion by webhook without one',
    { more: { conversion: { strategy: 'Webhook' } } },
    [
      'spec.conversion.webhookClientConfig: FieldValueRequired: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: FieldValueRequired: Required value',
    ],
  ],
  [
    'that keep unknown fields everywhere',
    { more: { preserveUnknownFields: true } },
    [
      'spec.preserveUnknownFields: FieldValueInvalid: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
]

topic('definitions refused', (it) => {
  for (const [title, choice, told] of refused) {
    it(`are refused ${title}`, async (at) => {
      expect(faults(await define(at, choice))).toEqual(told)
    })
  }
})
