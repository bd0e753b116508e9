// Custom resources that their schema refuses.

import { expect } from 'vitest'
import { widget, widgets } from '../definitions.ts'
import { faults } from '../said.ts'
import { topic } from '../suite.ts'
import { checkSchemas, type SchemaRow } from '../tables.ts'

const text = { type: 'string' }
const number = { type: 'integer' }
const list = { type: 'array', items: text }
const map = { type: 'object', additionalProperties: text }

const rows: readonly SchemaRow[] = [
  [
    'a number for a text',
    text,
    5,
    ['spec.x: FieldValueTypeInvalid: Invalid value: "integer": spec.x in body must be of type string: "integer"'],
  ],
  [
    'a text for a number',
    number,
    'x',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "string": spec.x in body must be of type integer: "string"'],
  ],
  [
    'a fraction for a whole number',
    number,
    1.5,
    [
      'spec.x: FieldValueTypeInvalid: Invalid value: "number": spec.x in body must be of type integer: "number"',
      '<nil>: FieldValueInvalid: Invalid value: "": Checked value must be of type integer (default format) in spec.x',
    ],
  ],
  [
    'a text for true or false',
    { type: 'boolean' },
    'true',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "string": spec.x in body must be of type boolean: "string"'],
  ],
  [
    'an object for a list',
    list,
    {},
    ['spec.x: FieldValueTypeInvalid: Invalid value: "object": spec.x in body must be of type array: "object"'],
  ],
  [
    'a list for an object',
    { type: 'object', properties: { a: text } },
    [],
    ['spec.x: FieldValueTypeInvalid: Invalid value: "array": spec.x in body must be of type object: "array"'],
  ],
  [
    'a text that is too short',
    { ...text, minLength: 3 },
    'ab',
    ['spec.x: FieldValueInvalid: Invalid value: "ab": spec.x in body should be at least 3 chars long'],
  ],
  [
    'a text that is too long',
    { ...text, maxLength: 3 },
    'abcd',
    ['spec.x: FieldValueTooLong: Too long: may not be more than 3 bytes'],
  ],
  [
    'a text that does not fit its pattern',
    { ...text, pattern: '^a+$' },
    'b',
    ['spec.x: FieldValueInvalid: Invalid value: "b": spec.x in body should match \'^a+$\''],
  ],
  [
    'a text that is not among those listed',
    { ...text, enum: ['a', 'b'] },
    'c',
    ['spec.x: FieldValueNotSupported: Unsupported value: "c": supported values: "a", "b"'],
  ],
  [
    'a number that is too small',
    { ...number, minimum: 3 },
    2,
    ['spec.x: FieldValueInvalid: Invalid value: 2: spec.x in body should be greater than or equal to 3'],
  ],
  [
    'a number that is not above',
    { ...number, minimum: 3, exclusiveMinimum: true },
    3,
    ['spec.x: FieldValueInvalid: Invalid value: 3: spec.x in body should be greater than 3'],
  ],
  [
    'a number that is too large',
    { ...number, maximum: 3 },
    4,
    ['spec.x: FieldValueInvalid: Invalid value: 4: spec.x in body should be less than or equal to 3'],
  ],
  [
    'a number that is not below',
    { ...number, maximum: 3, exclusiveMaximum: true },
    3,
    ['spec.x: FieldValueInvalid: Invalid value: 3: spec.x in body should be less than 3'],
  ],
  [
    'a number that is no multiple',
    { ...number, multipleOf: 3 },
    4,
    ['spec.x: FieldValueInvalid: Invalid value: 4: spec.x in body should be a multiple of 3'],
  ],
  [
    'a list that is too short',
    { ...list, minItems: 2 },
    ['a'],
    ['spec.x: FieldValueInvalid: Invalid value: 1: spec.x in body should have at least 2 items'],
  ],
  [
    'a list that is too long',
    { ...list, maxItems: 1 },
    ['a', 'b'],
    ['spec.x: FieldValueTooMany: Too many: 2: must have at most 1 item'],
  ],
  [
    'an item of the wrong type',
    list,
    ['a', 5],
    ['spec.x[1]: FieldValueTypeInvalid: Invalid value: "integer": spec.x[1] in body must be of type string: "integer"'],
  ],
  [
    'a map that is too small',
    { ...map, minProperties: 2 },
    { a: '1' },
    ['spec.x: FieldValueInvalid: Invalid value: 1: spec.x in body should have at least 2 properties'],
  ],
  [
    'a map that is too large',
    { ...map, maxProperties: 1 },
    { a: '1', b: '2' },
    ['spec.x: FieldValueTooMany: Too many: 2: must have at most 1 item'],
  ],
  [
    'a value of a map of the wrong type',
    map,
    { a: 1 },
    ['spec.x.a: FieldValueTypeInvalid: Invalid value: "integer": spec.x.a in body must be of type string: "integer"'],
  ],
  [
    'an object without what it needs',
    { type: 'object', properties: { a: text }, required: ['a'] },
    {},
    ['spec.x.a: FieldValueRequired: Required value'],
  ],
  [
    'a value that fits none of several',
    { ...text, anyOf: [{ pattern: '^a' }, { pattern: '^b' }] },
    'c',
    [
      '<nil>: FieldValueInvalid: Invalid value: "": "spec.x" must validate at least one schema (anyOf)',
      'spec.x: FieldValueInvalid: Invalid value: "c": spec.x in body should match \'^a\'',
    ],
  ],
  [
    'a value that fits two of which it may fit one',
    { ...text, oneOf: [{ pattern: '^a' }, { pattern: 'a$' }] },
    'a',
    [
      '<nil>: FieldValueInvalid: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  ],
  [
    'a value that fits what it must not',
    { ...text, not: { enum: ['a'] } },
    'a',
    ['<nil>: FieldValueInvalid: Invalid value: "": "spec.x" must not validate the schema (not)'],
  ],
  [
    'a value that does not fit all',
    { ...text, allOf: [{ minLength: 2 }, { pattern: '^b' }] },
    'a',
    [
      'spec.x: FieldValueInvalid: Invalid value: "a": spec.x in body should be at least 2 chars long',
      'spec.x: FieldValueInvalid: Invalid value: "a": spec.x in body should match \'^b\'',
      '<nil>: FieldValueInvalid: Invalid value: "": "spec.x" must validate all the schemas (allOf). None validated',
    ],
  ],
  [
    'a number above 32 bits',
    { ...number, format: 'int32' },
    4294967296,
    ['<nil>: FieldValueInvalid: Invalid value: "": Checked value must be of type integer with format int32 in spec.x'],
  ],
  [
    'a time that is none',
    { ...text, format: 'date-time' },
    'yesterday',
    [
      'spec.x: FieldValueTypeInvalid: Invalid value: "yesterday": spec.x in body must be of type date-time: "yesterday"',
    ],
  ],
  [
    'a date that is none',
    { ...text, format: 'date' },
    '2026-13-01',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "2026-13-01": spec.x in body must be of type date: "2026-13-01"'],
  ],
  [
    'an address that is none',
    { ...text, format: 'ipv4' },
    '1.2.3',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "1.2.3": spec.x in body must be of type ipv4: "1.2.3"'],
  ],
  [
    'a duration that is none',
    { ...text, format: 'duration' },
    'long',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "long": spec.x in body must be of type duration: "long"'],
  ],
  [
    'bytes that are none',
    { ...text, format: 'byte' },
    '***',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "***": spec.x in body must be of type byte: "***"'],
  ],
  [
    'a mail address that is none',
    { ...text, format: 'email' },
    'x',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "x": spec.x in body must be of type email: "x"'],
  ],
  [
    'a uuid that is none',
    { ...text, format: 'uuid' },
    'x',
    ['spec.x: FieldValueTypeInvalid: Invalid value: "x": spec.x in body must be of type uuid: "x"'],
  ],
  [
    'a URI that is none',
    { ...text, format: 'uri' },
    ':',
    ['spec.x: FieldValueTypeInvalid: Invalid value: ":": spec.x in body must be of type uri: ":"'],
  ],
  [
    'a number or text that is neither',
    { 'x-kubernetes-int-or-string': true },
    true,
    [
      'spec.x: FieldValueTypeInvalid: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"',
    ],
  ],
]

topic('validation of custom resources', (it) => {
  checkSchemas(it, rows)

  it('names many faults at once', async (at) => {
    const spec = { a: text, b: { ...number, minimum: 5 }, c: { ...text, enum: ['x'] } }
    const path = await widgets(at, { spec, rest: { required: ['d'] } })
    const told = faults(await at.post(path, widget(at, { a: 1, b: 2, c: 'y' }))) as readonly string[]
    // Fields of an object are looked at in no order.
    expect([...told].sort()).toEqual([
      'spec.a: FieldValueTypeInvalid: Invalid value: "integer": spec.a in body must be of type string: "integer"',
      'spec.b: FieldValueInvalid: Invalid value: 2: spec.b in body should be greater than or equal to 5',
      'spec.c: FieldValueNotSupported: Unsupported value: "y": supported values: "x"',
      'spec.d: FieldValueRequired: Required value',
    ])
  })

  it('refuses an object without what the root needs', async (at) => {
    const schema = {
      type: 'object',
      required: ['spec'],
      properties: { spec: { type: 'object', properties: { x: text } } },
    }
    const path = await widgets(at, { schema })
    const { spec: _, ...bare } = widget(at)
    expect(faults(await at.post(path, bare))).toEqual(['spec: FieldValueRequired: Required value'])
  })

  it('refuses a name by a rule at the root', async (at) => {
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object' } },
      'x-kubernetes-validations': [{ rule: 'self.metadata.name.startsWith("w")', message: 'begins with w' }],
    }
    const path = await widgets(at, { schema })
    expect(faults(await at.post(path, widget(at)))).toEqual(['<nil>: FieldValueInvalid: Invalid value: begins with w'])
  })

  it('refuses metadata as with every kind', async (at) => {
    const path = await widgets(at)
    expect(faults(await at.post(path, widget(at, {}, { metadata: { name: 'A_', labels: { 'a b': 'c' } } })))).toEqual([
      "metadata.name: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      "metadata.labels: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ])
  })
})
