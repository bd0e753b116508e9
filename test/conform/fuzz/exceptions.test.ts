// Each exception of the fuzzer fits its case, and not the case beside it.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect, it } from 'vitest'
import { differences } from './answer.ts'
import { exceptionOf, type Found, fuzzExceptions, mostOf, usedOf } from './exceptions.ts'
import type { Operation } from './operation.ts'

/** An operation and what both servers answered. */
interface Case {
  readonly operation: Partial<Operation>
  readonly real: JsonObject
  readonly ours: JsonObject
}

interface Row {
  /** The beginning of the exception's reason. */
  readonly reason: string
  readonly fits: Case
  readonly beside: Readonly<Record<string, Partial<Case>>>
}

const refused = (message: string, status = 422): JsonObject => ({ status, body: { message } })
const patch = 'application/json-patch+json'
const quoting = (text: string): string => `x: Invalid value: ${JSON.stringify(text)}: no`
const untyped = (name: string, why: string): JsonObject =>
  refused(`failed to create typed patch object (/${name}; v1, Kind=X): ${why}`, 500)
const kept = (generation: number, more: JsonObject = {}): JsonObject => ({
  status: 200,
  body: { metadata: { generation }, ...more },
})
const failedTest = (value: Json): Partial<Operation> => ({
  type: patch,
  body: [{ op: 'test', path: '/spec', value }],
})

const rows: readonly Row[] = [
  {
    reason: 'a refusal quotes an empty value',
    fits: {
      operation: { kind: 'Job' },
      real: refused('x: Invalid value: {"Volumes":[],"Args":null}: no'),
      ours: refused('x: Invalid value: {"Volumes":null,"Args":null}: no'),
    },
    beside: {
      'another value': { ours: refused('x: Invalid value: {"Volumes":[1],"Args":null}: no') },
      'nothing that is quoted': { real: refused('says "x":[]'), ours: refused('says "x":null') },
      'no refusal': { real: { status: 200, body: { message: 'x: Invalid value: []: no' } } },
    },
  },
  {
    reason: 'a refusal names a text by a type of Go',
    fits: {
      operation: { kind: 'Secret' },
      real: refused('json: cannot unmarshal number into Go struct field Secret.type of type v1.SecretType', 400),
      ours: refused('json: cannot unmarshal number into Go struct field Secret.type of type string', 400),
    },
    beside: {
      'a type that is none of Go': {
        ours: refused('json: cannot unmarshal number into Go struct field Secret.type of type int32', 400),
      },
      'another field': {
        ours: refused('json: cannot unmarshal number into Go struct field Secret.data of type string', 400),
      },
      'the plain type on the other side': {
        real: refused('json: cannot unmarshal number into Go struct field Secret.type of type string', 400),
        ours: refused('json: cannot unmarshal number into Go struct field Secret.type of type v1.SecretType', 400),
      },
    },
  },
  {
    reason: 'a refusal quotes what a JSON patch has looked into',
    fits: {
      operation: { kind: 'Lease', type: patch },
      real: refused(quoting('{"a":{"y":1,"x":2}}')),
      ours: refused(quoting('{"a":{"x":2,"y":1}}')),
    },
    beside: {
      'another value': { ours: refused(quoting('{"a":{"x":3,"y":1}}')) },
      'another patch': { operation: { kind: 'Lease', type: 'application/merge-patch+json' } },
      'no refusal': { real: { status: 200, body: { message: quoting('{"a":{"y":1,"x":2}}') } } },
    },
  },
  {
    reason: 'the answer of a write that makes a role, or lets it go',
    fits: {
      operation: { kind: 'Role' },
      real: { status: 201, body: { rules: [] } },
      ours: { status: 201, body: { rules: null } },
    },
    beside: {
      'an update': { real: { status: 200, body: { rules: [] } }, ours: { status: 200, body: { rules: null } } },
      'another kind': { operation: { kind: 'RoleBinding' } },
      'rules that were kept': { ours: { status: 201, body: { rules: [{}] } } },
    },
  },
  {
    reason: 'a Service with one port twice',
    fits: {
      operation: { kind: 'Service' },
      real: refused('spec.ports[1].nodePort: Duplicate value: 31262'),
      ours: refused('spec.ports[1].nodePort: Duplicate value: 30955'),
    },
    beside: {
      'another port': { ours: refused('spec.ports[2].nodePort: Duplicate value: 30955') },
      'one of a client': { ours: refused('spec.ports[1].nodePort: Duplicate value: 80') },
      'another status': { ours: refused('spec.ports[1].nodePort: Duplicate value: 30955', 500) },
    },
  },
  {
    reason: 'the real server panics: a Service',
    fits: {
      operation: { kind: 'Service', body: { spec: { clusterIP: 'None' } } },
      real: { status: 0, body: 'no answer' },
      ours: { status: 200, body: {} },
    },
    beside: {
      'one with an address': { operation: { kind: 'Service', body: { spec: { clusterIP: '' } } } },
      'another kind': { operation: { kind: 'ConfigMap', body: { data: { a: 'None' } } } },
      'an answer': { real: refused('no') },
    },
  },
  {
    reason: 'the real server panics: a JSON patch',
    fits: {
      operation: { kind: 'Thing', ...failedTest({ more: ['x', [2.5, [null]]] }) },
      real: { status: 0, body: 'no answer' },
      ours: { status: 200, body: {} },
    },
    beside: {
      'a list without nulls': { operation: { kind: 'Thing', ...failedTest({ more: ['x', [2.5]] }) } },
      'a null in no list': { operation: { kind: 'Thing', ...failedTest({ more: null }) } },
      'an answer': { real: refused('no') },
    },
  },
  {
    reason: 'of several faults of an object that cannot be applied',
    fits: {
      operation: { kind: 'Gadget' },
      real: untyped('a', '.unknown: field not declared in schema'),
      ours: untyped('a', '.spec.size: expected numeric (int or float), got string'),
    },
    beside: {
      'another object': { ours: untyped('b', '.unknown: field not declared in schema') },
      'no unknown field': { real: untyped('a', '.spec: expected map, got string') },
      'another refusal': { ours: refused('invalid', 500) },
      'another status': { ours: { ...untyped('a', '.unknown: field not declared in schema'), status: 422 } },
    },
  },
  {
    reason: 'an empty list or map in a NetworkPolicy',
    fits: {
      operation: { kind: 'NetworkPolicy' },
      real: { ...kept(3), moved: true },
      ours: { ...kept(2), moved: false },
    },
    beside: {
      'a generation that is behind': { real: kept(2), ours: kept(3) },
      'another kind': { operation: { kind: 'Ingress' } },
      'another field': { ours: kept(2, { spec: {} }) },
    },
  },
]

function foundIn({ real, ours }: Case): Found {
  return { step: 'PUT', lines: differences(real, ours), real, ours }
}

function operationOf({ operation }: Case): Operation {
  return { kind: 'ConfigMap', version: 'v1', name: 'a', method: 'PATCH', ...operation }
}

function exceptionNamed(reason: string): (typeof fuzzExceptions)[number] {
  const found = fuzzExceptions.find((each) => each.reason.startsWith(reason))
  if (found === undefined) throw new Error(`no exception ${reason}`)
  return found
}

it('has a case for every exception', () => {
  expect(rows.map(({ reason }) => exceptionNamed(reason))).toEqual(fuzzExceptions)
})

it.each(rows)('lets pass: $reason', ({ reason, fits }) => {
  expect(exceptionOf(operationOf(fits), foundIn(fits))).toBe(exceptionNamed(reason).reason)
})

const neighbours = rows.flatMap(({ reason, fits, beside }) =>
  Object.entries(beside).map(([name, change]) => ({ reason, name, other: { ...fits, ...change } })),
)

it.each(neighbours)('does not let pass as "$reason": $name', ({ other }) => {
  expect(foundIn(other).lines).not.toEqual([])
  expect(exceptionOf(operationOf(other), foundIn(other))).toBe(null)
})

it('allows an exception so often in a thousand operations, and a few times in any run', () => {
  const [first] = fuzzExceptions
  if (first === undefined) throw new Error('there are exceptions')
  expect(mostOf(first, 10)).toBe(3)
  expect(mostOf(first, 20_000)).toBe(first.most * 20)
  const excused = new Map([[first.reason, [1, 2, 3, 4]]])
  expect(usedOf(excused, 10)).toEqual([{ reason: first.reason, count: 4, most: 3 }])
})
