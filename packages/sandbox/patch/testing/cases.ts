// Patches that are right, odd or wrong, each with the fields of the object that it meets.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'

/** A patch of an object with `fields`. */
export interface PatchCase {
  readonly name: string
  readonly kind: 'json' | 'merge' | 'strategic'
  readonly target: 'ConfigMap' | 'Deployment'
  readonly patch: Json
}

/** The ConfigMap that cases meet, beside kind, version and name. */
export const CONFIG_MAP: JsonObject = { metadata: { annotations: { 'x.io/c': '3' } }, data: { a: '1', b: '2' } }

/** The pod spec of the Deployment that cases meet. */
export const POD: JsonObject = {
  containers: [
    {
      name: 'one',
      image: 'i:1',
      args: ['a', 'b', 'c'],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
    { name: 'two', image: 'i:1' },
    { name: 'three', image: 'i:1' },
  ],
  volumes: [
    { name: 'v', emptyDir: {} },
    { name: 'w', emptyDir: {} },
  ],
  tolerations: [{ key: 'a', operator: 'Exists' }],
}

/** The Deployment, beside kind, version and name. */
export const DEPLOYMENT: JsonObject = {
  metadata: { finalizers: ['x.example.com/a', 'x.example.com/b', 'x.example.com/c'], labels: { a: 'b' } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: { metadata: { labels: { a: 'b' } }, spec: POD },
  },
}

const args = '/spec/template/spec/containers/0/args'

const operation = (name: string, ...patch: readonly JsonObject[]): PatchCase => ({
  name,
  kind: 'json',
  target: 'ConfigMap',
  patch,
})
const listed = (name: string, ...patch: readonly JsonObject[]): PatchCase => ({
  name,
  kind: 'json',
  target: 'Deployment',
  patch,
})
const merging = (name: string, patch: Json): PatchCase => ({ name, kind: 'merge', target: 'ConfigMap', patch })
const strategic = (name: string, patch: Json): PatchCase => ({ name, kind: 'strategic', target: 'Deployment', patch })
const pod = (name: string, spec: JsonObject): PatchCase => strategic(name, { spec: { template: { spec } } })

/** All cases. */
export const PATCH_CASES: readonly PatchCase[] = [
  operation('adds a field', { op: 'add', path: '/data/x', value: 'y' }),
  operation('adds without a value', { op: 'add', path: '/data' }),
  operation('adds below what is missing', { op: 'add', path: '/none/x', value: 'y' }),
  operation('adds the whole', { op: 'add', path: '', value: {} }),
  operation(
    'escapes',
    { op: 'replace', path: '/metadata/annotations/x.io~1c', value: 'x' },
    { op: 'test', path: '/metadata/annotations/x.io~01c', value: null },
  ),
  operation('ignores what is before the first slash', { op: 'add', path: 'data/x', value: { y: 'z' } }),
  operation('ignores nothing without a slash', { op: 'add', path: 'data', value: {} }),
  operation('removes', { op: 'remove', path: '/data/a' }),
  operation('removes what is missing', { op: 'remove', path: '/data/x' }),
  operation('replaces', { op: 'replace', path: '/data/a', value: 'x' }),
  operation('replaces what is missing', { op: 'replace', path: '/data/x', value: 'x' }),
  operation('replaces the whole by a text', { op: 'replace', path: '', value: 'x' }),
  operation('moves', { op: 'move', from: '/data/a', path: '/data/x' }),
  operation('moves what is missing', { op: 'move', from: '/data/x', path: '/data/y' }),
  operation('moves without from', { op: 'move', path: '/data/y' }),
  operation('copies', { op: 'copy', from: '/data/a', path: '/data/x' }),
  operation('tests', { op: 'test', path: '/data/a', value: '1' }, { op: 'add', path: '/data/x', value: 'y' }),
  operation('tests in vain', { op: 'test', path: '/data/a', value: '2' }),
  operation('tests objects', { op: 'test', path: '/data', value: { b: '2', a: '1' } }),
  operation('tests what is missing for null', { op: 'test', path: '/data/x', value: null }),
  operation('tests what is missing', { op: 'test', path: '/data/x', value: 'x' }),
  operation('has no op', { path: '/data/x' }),
  operation('has an unknown op', { op: 'spin', path: '/data/x' }),
  operation('has no path', { op: 'add', value: 1 }),
  operation('has a number for an op', { op: 1 }),
  operation('has an object for a path', { op: 'add', path: {} }),
  { ...operation('has null for an operation'), patch: [null] },
  { ...operation('has a number for an operation'), patch: [1] },
  { ...operation('is an object'), patch: {} },
  { ...operation('is a text'), patch: 'x' },
  listed('adds an item', { op: 'add', path: `${args}/1`, value: 'x' }, { op: 'add', path: `${args}/-`, value: 'y' }),
  listed('counts from the end', { op: 'add', path: `${args}/-1`, value: 'x' }, { op: 'remove', path: `${args}/-2` }),
  listed('adds behind the end', { op: 'add', path: `${args}/9`, value: 'x' }),
  listed('adds before the beginning', { op: 'add', path: `${args}/-9`, value: 'x' }),
  listed('adds at no index', { op: 'add', path: `${args}/x`, value: 'x' }),
  listed('removes an item', { op: 'remove', path: `${args}/0` }),
  listed('removes behind the end', { op: 'remove', path: `${args}/3` }),
  listed('replaces an item', { op: 'replace', path: `${args}/+1`, value: 'x' }),
  listed('replaces behind the end', { op: 'replace', path: `${args}/3`, value: 'x' }),
  listed('moves an item', { op: 'move', from: `${args}/0`, path: `${args}/2` }),
  listed('tests a list', { op: 'test', path: args, value: ['a', 'b', 'c'] }),
  listed('tests an item', { op: 'test', path: `${args}/1`, value: 'x' }),
  listed('goes through a scalar', { op: 'add', path: `${args}/1/x`, value: 'x' }),
  merging('takes away', { data: { a: null, none: null } }),
  merging('takes all away', { data: null }),
  merging('adds without nulls', { data: { x: 'y' }, binaryData: null, metadata: { annotations: { a: 'b', c: null } } }),
  merging('is a list', []),
  merging('is null', null),
  merging('is a text', 'x'),
  merging('is a number', 1),
  merging('is a bool', true),
  strategic('merges maps', { metadata: { labels: { x: 'y', none: null } } }),
  strategic('takes away', { spec: { strategy: null } }),
  strategic('replaces a map', { metadata: { labels: { $patch: 'replace', a: 'b', c: 'd' } } }),
  strategic('empties a map', { metadata: { annotations: { $patch: 'delete' } } }),
  strategic('has an unknown directive', { metadata: { labels: { $patch: 'merge' } } }),
  strategic('has a number for a directive', { metadata: { labels: { $patch: 1, x: 'y' } } }),
  strategic('retains keys', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }),
  strategic('retains less than it sends', { spec: { strategy: { $retainKeys: [], type: 'Recreate' } } }),
  strategic('retains a number', { spec: { strategy: { $retainKeys: 1 } } }),
  strategic('adds to a list of scalars', { metadata: { finalizers: ['x.example.com/d', 'x.example.com/a'] } }),
  strategic('deletes from a list of scalars', {
    metadata: { '$deleteFromPrimitiveList/finalizers': ['x.example.com/a'] },
  }),
  strategic('deletes a number from a list', { metadata: { '$deleteFromPrimitiveList/finalizers': 1 } }),
  strategic('deletes from nothing', { metadata: { $deleteFromPrimitiveListx: ['a'] } }),
  strategic('orders a list of scalars', {
    metadata: {
      '$setElementOrder/finalizers': ['x.example.com/c', 'x.example.com/d', 'x.example.com/a'],
      finalizers: ['x.example.com/d'],
    },
  }),
  pod('merges by name', { containers: [{ name: 'two', image: 'i:2' }] }),
  pod('appends', { containers: [{ name: 'four', image: 'i:1', command: null }] }),
  pod('puts what it names first', {
    containers: [
      { name: 'three', image: 'i:2' },
      { name: 'zero', image: 'i:1' },
    ],
  }),
  pod('deletes an item', { containers: [{ $patch: 'delete', name: 'one' }] }),
  pod('deletes an item that is not there', { containers: [{ $patch: 'delete', name: 'none' }] }),
  pod('deletes without a name', { containers: [{ $patch: 'delete' }] }),
  pod('replaces a list', { containers: [{ $patch: 'replace' }, { name: 'new', image: 'i:1' }] }),
  pod('replaces an item', { containers: [{ name: 'one', env: [{ $patch: 'replace' }, { name: 'C', value: '3' }] }] }),
  pod('orders', { '$setElementOrder/containers': [{ name: 'three' }, { name: 'one' }] }),
  pod('orders and merges', {
    '$setElementOrder/containers': [{ name: 'three' }, { name: 'new' }, { name: 'two' }],
    containers: [
      { name: 'new', image: 'i:1' },
      { name: 'two', image: 'i:3' },
    ],
  }),
  pod('orders against its items', {
    '$setElementOrder/containers': [{ name: 'b' }],
    containers: [{ name: 'one', image: 'z' }],
  }),
  pod('orders by a number', { '$setElementOrder/containers': 1 }),
  pod('orders an unknown field', { '$setElementOrder/nope': ['a'] }),
  pod('orders without names', { '$setElementOrder/containers': [{}] }),
  pod('names no item', { containers: [{ image: 'y' }] }),
  pod('has scalars among items', { containers: [1] }),
  pod('says merge of an item', { containers: [{ $patch: 'merge' }] }),
  pod('says nonsense of an item', { containers: [{ name: 'one', $patch: 'foo' }] }),
  pod('retains keys of an item', {
    volumes: [{ $retainKeys: ['name', 'hostPath'], name: 'v', hostPath: { path: '/x' } }],
  }),
  pod('replaces lists without a strategy', { tolerations: [{ key: 'b', operator: 'Exists' }] }),
  pod('adds with directives', {
    hostAliases: [
      { ip: '1.2.3.4', hostnames: ['a'] },
      { $patch: 'delete', ip: '1.2.3.5' },
    ],
  }),
]
