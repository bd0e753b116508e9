// Two definitions: one with every kind of list and rule, one in two versions that keeps what it does not know.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { type FuzzKind, specKind } from './kind.ts'
import type { Lot } from './lot.ts'
import { conditions, items, oneOf, record, texts, word, words } from './values.ts'

const text = { type: 'string' }
const integer = { type: 'integer' }
const group = 'fuzz.example.com'

const gadgetSchema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': [
        {
          rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
          message: 'min is above max',
          fieldPath: '.min',
        },
        { rule: 'self.size == oldSelf.size || self.size != 3', message: 'never to 3' },
      ],
      properties: {
        size: { ...integer, minimum: 0, maximum: 5, default: 1 },
        min: { ...integer, format: 'int32' },
        max: { ...integer, format: 'int64' },
        color: { ...text, enum: ['red', 'green', 'blue'] },
        name: { ...text, maxLength: 4, pattern: '^[a-z]*$' },
        fixed: { ...text, 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is fixed' }] },
        either: { 'x-kubernetes-int-or-string': true },
        keyed: {
          type: 'array',
          maxItems: 4,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['key', 'zone'],
          items: {
            type: 'object',
            required: ['key'],
            properties: {
              key: text,
              zone: { ...text, default: 'home' },
              value: integer,
              inner: { type: 'object', default: {}, properties: { on: { type: 'boolean', default: true } } },
              tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
            },
          },
        },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
        plain: { type: 'array', items: integer },
        pieces: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          items: { type: 'object', properties: { n: integer } },
        },
        atom: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: text },
        map: {
          type: 'object',
          additionalProperties: { type: 'object', properties: { n: integer, m: { ...integer, default: 7 } } },
        },
        nothing: { ...text, nullable: true },
        number: { type: 'number' },
        when: { ...text, format: 'date-time' },
        embedded: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          'x-kubernetes-preserve-unknown-fields': true,
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        replicas: integer,
        selector: text,
        phase: text,
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: {
            type: 'object',
            required: ['type'],
            properties: { type: text, status: text, reason: text, message: text, lastTransitionTime: text },
          },
        },
      },
    },
  },
}

const freeSchema = (later: boolean): JsonObject => ({
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: {
        known: later ? { ...integer, default: 1 } : integer,
        list: { type: 'array', items: text, ...(later ? { 'x-kubernetes-list-type': 'set' } : {}) },
        closed: { type: 'object', properties: { a: integer } },
      },
    },
  },
})

function definition(kind: string, plural: string, versions: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions,
    },
  }
}

/** The definitions, as they are sent. */
export const definitions: readonly JsonObject[] = [
  definition('Gadget', 'gadgets', [
    {
      name: 'v1',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: gadgetSchema },
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.size',
          statusReplicasPath: '.status.replicas',
          labelSelectorPath: '.status.selector',
        },
      },
      selectableFields: [{ jsonPath: '.spec.color' }],
    },
  ]),
  definition('Thing', 'things', [
    { name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: freeSchema(false) } },
    { name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: freeSchema(true) } },
  ]),
]

const keyed = (lot: Lot): JsonObject =>
  record(
    lot,
    { key: word },
    { zone: oneOf('home', 'away'), value: oneOf(1, 2), tags: texts('a', 'b', 'c'), inner: oneOf({}, { on: false }) },
    0.5,
  )

const gadget = specKind({
  kind: 'Gadget',
  plural: 'gadgets',
  versions: [`${group}/v1`],
  custom: true,
  scale: true,
  selectable: ['spec.color'],
  spec: (lot) =>
    record(
      lot,
      {},
      {
        size: oneOf(0, 1, 2, 3),
        min: oneOf(0, 1, 2),
        max: oneOf(1, 2, 3),
        color: oneOf('red', 'green', 'blue'),
        name: oneOf('a', 'b', ''),
        fixed: oneOf('x', 'x', 'y'),
        either: oneOf(1, 'x', '1'),
        keyed: (own) => items(own, keyed, 'key', 4),
        set: texts('a', 'b', 'c'),
        plain: oneOf([], [1], [1, 2], [2, 1]),
        pieces: oneOf([{ n: 1 }], [{}, { n: 2 }]),
        atom: words,
        map: (own) =>
          Object.fromEntries(
            own.some(['a', 'b', 'c']).map((key) => [key, record(own, {}, { n: oneOf(1, 2), m: oneOf(1) }, 0.6)]),
          ),
        nothing: oneOf('x', null),
        number: oneOf(1, 1.5, -2),
        when: oneOf('2026-01-02T03:04:05Z', 'then'),
        embedded: () => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'e', extra: 1 }, more: { x: 1 } }),
      },
      0.3,
    ),
  status: (lot) =>
    record(
      lot,
      {},
      { replicas: oneOf(0, 1), selector: oneOf('a=b'), phase: word, conditions: conditions('X', 'Y'), other: oneOf(1) },
    ),
})

function anything(lot: Lot, depth: number): Json {
  if (depth === 0 || lot.chance(0.4)) return lot.one<Json>(1, 2.5, 'x', true, null, [], {})
  if (lot.chance(0.4)) return Array.from({ length: lot.below(3) }, () => anything(lot, depth - 1))
  return Object.fromEntries(lot.some(['a', 'b', 'c']).map((key) => [key, anything(lot, depth - 1)]))
}

const thing: FuzzKind = specKind({
  kind: 'Thing',
  plural: 'things',
  versions: [`${group}/v2`, `${group}/v1`],
  custom: true,
  spec: (lot) =>
    record(
      lot,
      {},
      {
        known: oneOf(1, 2),
        list: texts('a', 'b', 'c'),
        closed: oneOf({ a: 1 }, { a: 1, b: 2 }, {}),
        free: (own) => anything(own, 2),
        more: (own) => anything(own, 3),
      },
      0.5,
    ),
})

/** All of them. */
export const customKinds: readonly FuzzKind[] = [gadget, thing]
