// Updates for the differential test: what was refused before but did not change is let through (ratcheting).
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { specSchema } from './cases.ts'

/** Objects made under a lenient schema, then changed under a strict one. */
export interface ChangeCase {
  readonly name: string
  readonly before: JsonObject
  readonly after: JsonObject
  readonly object: JsonObject
  readonly changes: readonly JsonObject[]
  readonly status?: readonly JsonObject[]
  readonly more?: JsonObject
}

const open = { 'x-kubernetes-preserve-unknown-fields': true }
const loose = { type: 'object', properties: { spec: { type: 'object', ...open }, status: { type: 'object', ...open } } }

export const CHANGE_CASES: readonly ChangeCase[] = [
  {
    name: 'unchanged values that a new schema refuses',
    before: loose,
    after: specSchema({
      name: { type: 'string', maxLength: 3 },
      count: { type: 'integer', maximum: 5 },
      list: { type: 'array', items: { type: 'string', maxLength: 1 } },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, port: { type: 'integer', minimum: 10 } },
        },
      },
      map: { type: 'object', additionalProperties: { type: 'string', enum: ['x'] } },
      inner: {
        type: 'object',
        required: ['needed'],
        properties: { needed: { type: 'string' }, a: { type: 'string' } },
      },
      combined: { type: 'string', allOf: [{ minLength: 10 }] },
    }),
    object: {
      spec: {
        name: 'too long',
        count: 9,
        list: ['aa', 'b'],
        ports: [
          { name: 'a', port: 1 },
          { name: 'b', port: 20 },
        ],
        map: { k: 'y' },
        inner: { a: 'b' },
        combined: 'short',
      },
    },
    changes: [
      { name: 'too long' },
      { count: 8 },
      { count: 3 },
      { list: ['aa', 'bb'] },
      { list: ['b', 'aa'] },
      {
        ports: [
          { name: 'b', port: 20 },
          { name: 'a', port: 1 },
        ],
      },
      { ports: [{ name: 'a', port: 2 }] },
      {
        ports: [
          { name: 'c', port: 1 },
          { name: 'a', port: 1 },
        ],
      },
      { map: { k: 'y', l: 'z' } },
      { map: { k: 'x' } },
      { inner: { a: 'c' } },
      { combined: 'shorts' },
    ],
  },
  {
    name: 'lists that had doubles before',
    before: loose,
    after: specSchema({
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      other: { type: 'string' },
    }),
    object: { spec: { set: ['a', 'a'] } },
    changes: [{ other: 'x' }, { set: ['b', 'b'] }],
  },
  {
    name: 'a status of its own',
    before: loose,
    after: {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string', maxLength: 3 } } },
        status: {
          type: 'object',
          required: ['phase'],
          properties: { phase: { type: 'string', enum: ['Up', 'Down'] }, seen: { type: 'integer', minimum: 0 } },
        },
      },
    },
    more: { subresources: { status: {} } },
    object: { spec: { a: 'too long' } },
    changes: [{ a: 'b' }, { a: 'longer still' }],
    status: [{ phase: 'Up' }, { phase: 'Sideways', seen: -1 }, { seen: 'x' }, { phase: 'Up', extra: 1 }],
  },
]
