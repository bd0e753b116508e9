// What counts as a difference between a manifest and the live object, field by field.
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../object/json.ts'
import * as t from '../testing/schemas.ts'
import { printPath } from './path.ts'
import type { Schema } from './schema.ts'
import { diffObjects } from './structural.ts'

interface Row {
  readonly what: string
  readonly type: Schema
  readonly wanted: Json
  readonly live: Json | undefined
}

/** The differences of one field `x` of a typed object, printed as `op path from → to`, doubts as `? path`. */
function diffOf(row: Omit<Row, 'what'>, scope: 'fields' | 'whole' = 'fields'): readonly string[] {
  const live: JsonObject = row.live === undefined ? {} : { x: row.live }
  const diff = diffObjects({ schema: t.struct({ x: row.type }), wanted: { x: row.wanted }, live, scope })
  const value = (json: Json): string => JSON.stringify(json, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
  return [
    ...diff.changes.map(
      (change) => `${change.op} ${printPath(change.path)} ${value(change.from)} → ${value(change.to)}`,
    ),
    ...diff.doubts.map((path) => `? ${printPath(path)}`),
  ]
}

const ports = t.keyed(
  ['port', 'protocol'],
  t.struct({ port: t.integer, protocol: t.withDefault(t.text, 'TCP'), name: t.text }),
)
const named = t.keyed(['name'], t.struct({ name: t.text, image: t.text, cpu: t.quantity }))

const NO_DRIFT: readonly Row[] = [
  { what: 'an amount in another spelling', type: t.quantity, wanted: 0.5, live: '500m' },
  { what: 'amounts in a map', type: t.mapOf(t.quantity), wanted: { cpu: '1000m' }, live: { cpu: '1', memory: '1Gi' } },
  { what: 'a duration in another spelling', type: t.duration, wanted: '60m', live: '1h0m0s' },
  { what: 'null for a field that is not there', type: t.time, wanted: null, live: undefined },
  { what: 'null for a field that has its default', type: t.withDefault(t.text, 'TCP'), wanted: null, live: 'TCP' },
  { what: 'an empty map for none', type: t.mapOf(t.text), wanted: {}, live: undefined },
  { what: 'an empty list for none', type: t.listOf(t.text), wanted: [], live: undefined },
  { what: 'an empty list for null', type: t.listOf(t.text), wanted: [], live: null },
  {
    what: 'the default, written down, where nothing is stored',
    type: t.withDefault(t.text, 'TCP'),
    wanted: 'TCP',
    live: undefined,
  },
  { what: 'fields that others added', type: t.struct({ a: t.text }), wanted: { a: '1' }, live: { a: '1', b: '2' } },
  { what: 'items that others added', type: named, wanted: [{ name: 'a' }], live: [{ name: 'sidecar' }, { name: 'a' }] },
  { what: 'members that others added', type: t.setOf(t.text), wanted: ['b', 'a'], live: ['a', 'c', 'b'] },
  {
    what: 'a port without its protocol',
    type: ports,
    wanted: [{ port: 80 }],
    live: [{ port: 80, protocol: 'TCP', name: 'x' }],
  },
  {
    what: 'one port twice under two protocols',
    type: ports,
    wanted: [{ port: 53 }, { port: 53, protocol: 'UDP' }],
    live: [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ],
  },
  {
    what: 'a default inside a replaced list',
    type: t.listOf(t.struct({ port: t.integer, protocol: t.withDefault(t.text, 'TCP') })),
    wanted: [{ port: 80 }],
    live: [{ port: 80, protocol: 'TCP' }],
  },
  {
    what: 'equal values of an unknown type',
    type: t.unknown,
    wanted: { a: [1, { b: null }] },
    live: { a: [1, { b: null }] },
  },
  { what: 'an int64 beyond what a float holds', type: t.integer, wanted: 9007199254740993n, live: 9007199254740993n },
]

const DRIFT: readonly (Row & { readonly found: readonly string[] })[] = [
  { what: 'another text', type: t.text, wanted: 'a', live: 'b', found: ['set x "b" → "a"'] },
  { what: 'a text that is a number there', type: t.text, wanted: 1, live: '1', found: ['set x "1" → 1'] },
  { what: 'a missing text', type: t.text, wanted: 'a', live: undefined, found: ['add x null → "a"'] },
  { what: 'null for a value that is there', type: t.text, wanted: null, live: 'a', found: ['remove x "a" → null'] },
  {
    what: 'another image of one container among several',
    type: named,
    wanted: [{ name: 'b', image: '2' }],
    live: [
      { name: 'a', image: '1' },
      { name: 'b', image: '1' },
    ],
    found: ['set x[name=b].image "1" → "2"'],
  },
  {
    what: 'an item that is not there',
    type: named,
    wanted: [{ name: 'a' }, { name: 'b' }],
    live: [{ name: 'a' }],
    found: ['add x[name=b] null → {"name":"b"}'],
  },
  {
    what: 'a member that is not there',
    type: t.setOf(t.text),
    wanted: ['a'],
    live: ['b'],
    found: ['add x[=a] null → "a"'],
  },
  {
    what: 'a key too many in a map that is replaced as a whole',
    type: t.atomicMap(t.text),
    wanted: { app: 'web' },
    live: { app: 'web', extra: '1' },
    found: ['remove x.extra "1" → null'],
  },
  {
    what: 'an item too many in a list that is replaced as a whole',
    type: t.listOf(t.text),
    wanted: ['a'],
    live: ['a', 'b'],
    found: ['set x ["a","b"] → ["a"]'],
  },
  {
    what: 'one item of a list that is replaced as a whole',
    type: t.listOf(t.text),
    wanted: ['a', 'c'],
    live: ['a', 'b'],
    found: ['set x[1] "b" → "c"'],
  },
  {
    what: 'a replaced list in another order',
    type: t.listOf(t.text),
    wanted: ['b', 'a'],
    live: ['a', 'b'],
    found: ['set x[0] "a" → "b"', 'set x[1] "b" → "a"'],
  },
  {
    what: 'another shape',
    type: t.struct({ a: t.text }),
    wanted: { a: '1' },
    live: 'text',
    found: ['set x "text" → {"a":"1"}'],
  },
  {
    what: 'a key that the prototype has, too',
    type: t.mapOf(t.text),
    wanted: { constructor: '1', toString: '2' },
    live: {},
    found: ['add x.constructor null → "1"', 'add x.toString null → "2"'],
  },
  {
    what: 'two int64 that a float cannot tell apart',
    type: t.integer,
    wanted: 9007199254740993n,
    live: 9007199254740992n,
    found: ['set x "9007199254740992" → "9007199254740993"'],
  },
]

const DOUBTS: readonly (Row & { readonly found: readonly string[] })[] = [
  {
    what: 'an empty struct that is not there: it may mean something',
    type: t.struct({}),
    wanted: {},
    live: undefined,
    found: ['? x'],
  },
  { what: 'what looks like one amount in an unknown type', type: t.unknown, wanted: 0.1, live: '100m', found: ['? x'] },
  {
    what: 'fields of others in an unknown type',
    type: t.unknown,
    wanted: { a: 1 },
    live: { a: 1, b: 2 },
    found: ['? x.b'],
  },
  {
    what: 'a field without published default inside a replaced list',
    type: t.listOf(t.struct({ a: t.text, mode: t.text })),
    wanted: [{ a: '1' }],
    live: [{ a: '1', mode: 'Filesystem' }],
    found: ['? x[0].mode'],
  },
  {
    what: 'a struct inside a replaced list that the server fills in itself',
    type: t.listOf(t.struct({ a: t.text, status: t.withDefault(t.struct({ phase: t.text }), {}) })),
    wanted: [{ a: '1' }],
    live: [{ a: '1', status: { phase: 'Pending' } }],
    found: ['? x[0].status'],
  },
  {
    what: 'keyed items in another order: the server may move them',
    type: named,
    wanted: [{ name: 'b' }, { name: 'a' }],
    live: [{ name: 'a' }, { name: 'b' }],
    found: ['? x'],
  },
  {
    what: 'two items of one key',
    type: named,
    wanted: [
      { name: 'a', image: '1' },
      { name: 'a', image: '2' },
    ],
    live: [
      { name: 'a', image: '1' },
      { name: 'a', image: '2' },
    ],
    found: ['? x'],
  },
]

describe('a manifest and the live object', () => {
  it.each(NO_DRIFT)('are the same: $what', (row) => {
    expect(diffOf(row)).toEqual([])
  })

  it.each(DRIFT)('differ: $what', (row) => {
    expect(diffOf(row)).toEqual(row.found)
  })

  it.each(DOUBTS)('leave a doubt: $what', (row) => {
    expect(diffOf(row)).toEqual(row.found)
  })

  it('are not certain to differ where the manifest has an empty text: the server may choose a value then', () => {
    const schema = t.struct({ x: t.text })
    const { changes } = diffObjects({ schema, wanted: { x: '' }, live: { x: '10.0.0.1' }, scope: 'fields' })
    expect(changes).toMatchObject([{ op: 'set', certain: false }])
  })

  it('are not certain to differ where the field is false, zero or empty and not there', () => {
    for (const wanted of [false, 0, 0n, '']) {
      const { changes } = diffObjects({
        schema: t.struct({ x: t.text }),
        wanted: { x: wanted },
        live: {},
        scope: 'fields',
      })
      expect(changes).toMatchObject([{ op: 'add', certain: false }])
    }
  })
})

describe('parts that nobody compares', () => {
  it('are status, identity and what the server writes into metadata', () => {
    const wanted = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      status: { a: 1 },
      metadata: {
        name: 'x',
        namespace: 'y',
        uid: '1',
        resourceVersion: '2',
        creationTimestamp: null,
        managedFields: [],
      },
    }
    const live = { apiVersion: 'v2', kind: 'Other', metadata: { name: 'z', uid: '9' } }
    expect(diffObjects({ schema: null, wanted, live, scope: 'fields' })).toMatchObject({ changes: [], doubts: [] })
  })

  it('are the copies of the manifest that client-side apply leaves', () => {
    const copy = { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}' }
    const wanted = { metadata: { annotations: { ...copy, b: '1' } } }
    const live = { metadata: { annotations: { b: '1', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } } }
    expect(diffObjects({ schema: null, wanted, live, scope: 'whole' }).changes).toEqual([])
    expect(
      diffObjects({ schema: null, wanted: live, live: { metadata: { annotations: { b: '1' } } }, scope: 'whole' })
        .changes,
    ).toEqual([])
  })
})

describe('two whole objects from the API server', () => {
  it('differ in what only the live one has', () => {
    expect(diffOf({ type: t.mapOf(t.text), wanted: { a: '1' }, live: { a: '1', b: '2' } }, 'whole')).toEqual([
      'remove x.b "2" → null',
    ])
    expect(diffOf({ type: t.unknown, wanted: { a: 1 }, live: { a: 1, b: 2 } }, 'whole')).toEqual([
      'remove x.b 2 → null',
    ])
    expect(diffOf({ type: named, wanted: [{ name: 'a' }], live: [{ name: 'a' }, { name: 'b' }] }, 'whole')).toEqual([
      'remove x[name=b] {"name":"b"} → null',
    ])
  })

  it('differ in an empty struct, which may mean something, and not in an empty list', () => {
    expect(diffOf({ type: t.struct({}), wanted: {}, live: undefined }, 'whole')).toEqual(['add x null → {}'])
    expect(diffOf({ type: t.listOf(t.text), wanted: [], live: undefined }, 'whole')).toEqual([])
  })

  it('differ in the order of keyed items when nothing else differs', () => {
    const row = { type: named, wanted: [{ name: 'b' }, { name: 'a' }], live: [{ name: 'a' }, { name: 'b' }] }
    expect(diffOf(row, 'whole')).toEqual(['set x [{"name":"a"},{"name":"b"}] → [{"name":"b"},{"name":"a"}]'])
  })
})
