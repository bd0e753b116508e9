// Rules over changes: transition rules, optional old values, reasons, paths, and what ratcheting lets through.
import type { JsonObject } from '@mainstay/core/object/json.ts'

/** A schema, an object and changes of it. */
export interface Transition {
  readonly name: string
  readonly schema: JsonObject
  readonly before: JsonObject
  readonly changes: readonly JsonObject[]
}

const text = { type: 'string', maxLength: 20 }
const rules = (...all: readonly JsonObject[]): JsonObject => ({ 'x-kubernetes-validations': all })
const spec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more } },
})

export const TRANSITIONS: readonly Transition[] = [
  {
    name: 'immutable fields',
    schema: spec({ a: { ...text, ...rules({ rule: 'self == oldSelf', message: 'a is immutable' }) }, b: text }),
    before: { spec: { a: 'x', b: 'y' } },
    changes: [{ spec: { a: 'z', b: 'y' } }, { spec: { a: 'x', b: 'z' } }, { spec: { b: 'y' } }],
  },
  {
    name: 'old values that may be none',
    schema: spec({
      a: { ...text, ...rules({ rule: "oldSelf.hasValue() || self == 'new'", optionalOldSelf: true }) },
      b: text,
    }),
    before: { spec: { b: 'y' } },
    changes: [{ spec: { a: 'old' } }, { spec: { a: 'new' } }],
  },
  {
    name: 'a create that an optional old value refuses',
    schema: spec({ a: { ...text, ...rules({ rule: "oldSelf.orValue('none') == self", optionalOldSelf: true }) } }),
    before: { spec: { a: 'x' } },
    changes: [],
  },
  {
    name: 'reasons and paths',
    schema: spec(
      {
        a: { type: 'integer' },
        b: { type: 'object', properties: { c: { type: 'integer' } } },
        d: { type: 'array', maxItems: 5, items: text },
      },
      rules(
        { rule: 'self.a < 5', reason: 'FieldValueForbidden', fieldPath: '.a', message: 'too much' },
        { rule: 'self.a < 6', reason: 'FieldValueRequired', fieldPath: '.b.c' },
        { rule: 'self.a < 7', reason: 'FieldValueDuplicate', fieldPath: "['a']" },
        { rule: 'self.a < 8', messageExpression: 'string(self.a)', reason: 'FieldValueInvalid' },
        { rule: 'self.a < 9', messageExpression: 'self.d[7]', message: 'plain' },
        { rule: 'self.a < 9', messageExpression: "' '", message: 'blank' },
      ),
    ),
    before: { spec: { a: 1, d: [] } },
    changes: [{ spec: { a: 9, d: [] } }, { spec: { a: 5, d: [] } }],
  },
  {
    name: 'values of every type at their own nodes',
    schema: spec({
      text: { ...text, ...rules({ rule: "self != 'bad'" }) },
      whole: { type: 'integer', ...rules({ rule: 'self != 13' }) },
      half: { type: 'number', ...rules({ rule: 'self < 1.5' }) },
      yes: { type: 'boolean', ...rules({ rule: 'self' }) },
      list: {
        type: 'array',
        maxItems: 9,
        items: { ...text, ...rules({ rule: "self != 'bad'" }) },
        ...rules({ rule: 'self.size() < 3' }),
      },
      map: { type: 'object', maxProperties: 9, additionalProperties: { ...text, ...rules({ rule: "self != 'bad'" }) } },
      maybe: { ...text, nullable: true, ...rules({ rule: "self != 'bad'" }) },
    }),
    before: { spec: {} },
    changes: [
      { spec: { text: 'bad', whole: 13, half: 1.5, yes: false } },
      { spec: { list: ['bad', 'good', 'fine'], map: { a: 'bad', 'b.c': 'bad' }, maybe: null } },
      { spec: { text: 5, whole: 13 } },
    ],
  },
  {
    name: 'items of map lists',
    schema: spec({
      ports: {
        type: 'array',
        maxItems: 9,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: text, port: { type: 'integer', ...rules({ rule: 'self >= oldSelf' }) } },
          ...rules({ rule: 'self.port > 10' }),
        },
      },
    }),
    before: {
      spec: {
        ports: [
          { name: 'a', port: 20 },
          { name: 'b', port: 30 },
        ],
      },
    },
    changes: [
      {
        spec: {
          ports: [
            { name: 'b', port: 29 },
            { name: 'a', port: 21 },
          ],
        },
      },
      {
        spec: {
          ports: [
            { name: 'c', port: 5 },
            { name: 'a', port: 19 },
          ],
        },
      },
    ],
  },
  {
    name: 'embedded objects and the root',
    schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            template: {
              type: 'object',
              'x-kubernetes-embedded-resource': true,
              'x-kubernetes-preserve-unknown-fields': true,
              ...rules({ rule: "self.kind == 'Pod' && has(self.metadata.name)" }),
            },
          },
        },
      },
      ...rules(
        { rule: "self.metadata.name.startsWith('o')" },
        { rule: "self.apiVersion.endsWith('v1') && !has(self.spec.template)" },
      ),
    },
    before: { spec: {} },
    changes: [{ spec: { template: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'x' } } } }],
  },
]
