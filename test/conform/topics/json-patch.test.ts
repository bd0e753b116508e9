// JSON patches: each operation, right and wrong.

import type { Json } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import type { Answer, Desk } from '../desk.ts'
import { configMap } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const before = { one: '1', two: '2' }
const metadata = { labels: { 'example.com/l': '1' }, finalizers: ['example.com/a', 'example.com/b'] }

async function patched(at: Desk, operations: Json): Promise<Answer> {
  await at.given(configMaps, configMap('a', before, metadata))
  return at.jsonPatch(`${configMaps}/a`, operations)
}

function outcome(answer: Answer): Json {
  if (answer.status !== 200) return said(answer)
  return [part(answer, 'data'), part(answer, 'metadata.finalizers'), part(answer, 'metadata.labels')]
}

const rows: readonly (readonly [title: string, operations: Json, after: unknown])[] = [
  [
    'adds a member',
    [{ op: 'add', path: '/data/three', value: '3' }],
    [{ one: '1', three: '3', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'replaces by add',
    [{ op: 'add', path: '/data/one', value: '9' }],
    [{ one: '9', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'adds to a list at a place',
    [{ op: 'add', path: '/metadata/finalizers/1', value: 'example.com/c' }],
    [{ one: '1', two: '2' }, ['example.com/a', 'example.com/c', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'adds to the end of a list',
    [{ op: 'add', path: '/metadata/finalizers/-', value: 'example.com/c' }],
    [{ one: '1', two: '2' }, ['example.com/a', 'example.com/b', 'example.com/c'], { 'example.com/l': '1' }],
  ],
  [
    'refuses to add beyond the end of a list',
    [{ op: 'add', path: '/metadata/finalizers/5', value: 'example.com/c' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'counts a negative index from the end of a list',
    [{ op: 'add', path: '/metadata/finalizers/-1', value: 'example.com/c' }],
    [{ one: '1', two: '2' }, ['example.com/a', 'example.com/b', 'example.com/c'], { 'example.com/l': '1' }],
  ],
  [
    'refuses to add where the parent is not there',
    [{ op: 'add', path: '/data2/x/y', value: '1' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'adds a whole member of the object',
    [{ op: 'add', path: '/data', value: { new: '1' } }],
    [{ 'new': '1' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'removes a member',
    [{ op: 'remove', path: '/data/one' }],
    [{ two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'removes from a list',
    [{ op: 'remove', path: '/metadata/finalizers/0' }],
    [{ one: '1', two: '2' }, ['example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'refuses to remove what is not there',
    [{ op: 'remove', path: '/data/none' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'refuses to remove beyond the end of a list',
    [{ op: 'remove', path: '/metadata/finalizers/7' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'replaces a member',
    [{ op: 'replace', path: '/data/one', value: '9' }],
    [{ one: '9', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'adds by replace where nothing is there',
    [{ op: 'replace', path: '/data/none', value: '9' }],
    [{ none: '9', one: '1', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'replaces the whole of a map',
    [{ op: 'replace', path: '/data', value: {} }],
    [null, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'moves a member',
    [{ op: 'move', from: '/data/one', path: '/data/three' }],
    [{ three: '1', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'refuses to move what is not there',
    [{ op: 'move', from: '/data/none', path: '/data/three' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'copies a member',
    [{ op: 'copy', from: '/data/one', path: '/data/three' }],
    [{ one: '1', three: '1', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'copies what is not there as null',
    [{ op: 'copy', from: '/data/none', path: '/data/three' }],
    [{ one: '1', three: '', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'goes on after a test that holds',
    [
      { op: 'test', path: '/data/one', value: '1' },
      { op: 'remove', path: '/data/two' },
    ],
    [{ one: '1' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'stops at a test that does not hold',
    [
      { op: 'remove', path: '/data/two' },
      { op: 'test', path: '/data/one', value: '2' },
    ],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'stops at a test of what is not there',
    [{ op: 'test', path: '/data/none', value: '2' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'tests that something is not there by null',
    [
      { op: 'test', path: '/data/none', value: null },
      { op: 'remove', path: '/data/two' },
    ],
    [{ one: '1' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'tests a whole map',
    [
      { op: 'test', path: '/data', value: { two: '2', one: '1' } },
      { op: 'remove', path: '/data/two' },
    ],
    [{ one: '1' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'reads ~1 as a slash',
    [{ op: 'remove', path: '/metadata/labels/example.com~1l' }],
    [{ one: '1', two: '2' }, ['example.com/a', 'example.com/b'], null],
  ],
  [
    'reads ~0 as a tilde',
    [{ op: 'add', path: '/data/a~0b', value: '1' }],
    [
      "422 Invalid: ConfigMap \"a\" is invalid: data[a~b]: Invalid value: \"a~b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+') (name a, kind ConfigMap)",
      "data[a~b]: FieldValueInvalid: Invalid value: \"a~b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'does several things in order',
    [
      { op: 'add', path: '/data/three', value: '3' },
      { op: 'move', from: '/data/three', path: '/data/four' },
      { op: 'remove', path: '/data/one' },
    ],
    [{ four: '3', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  ['takes an empty patch', [], [{ one: '1', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }]],
  [
    'refuses an unknown operation',
    [{ op: 'shake', path: '/data/one' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'refuses an operation without a path',
    [{ op: 'add', value: '1' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'refuses an operation without op',
    [{ path: '/data/one', value: '1' }],
    '422 Invalid: the server rejected our request due to an error in our request ()',
  ],
  [
    'adds null where there is no value',
    [{ op: 'add', path: '/data/three' }],
    [{ one: '1', three: '', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'drops the first part of a path that does not begin with a slash',
    [{ op: 'add', path: 'data/three', value: '3' }],
    [{ one: '1', two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
  [
    'refuses a patch that is an object',
    { op: 'add', path: '/data/three', value: '3' },
    '400 BadRequest: error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  ],
  [
    'refuses a patch of a wrong type',
    [{ op: 'replace', path: '/data/one', value: 1 }],
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":{\\"one\\":1,\\"two\\":\\"2\\"},\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"labels\\":{\\"example.com/l\\":\\"1\\"},\\"finalizers\\":[\\"example.com/a\\",\\"example.com/b\\"],\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}},\\"f:metadata\\":{\\"f:finalizers\\":{\\".\\":{},\\"v:\\\\\\"example.com/a\\\\\\"\\":{},\\"v:\\\\\\"example.com/b\\\\\\"\\":{}},\\"f:labels\\":{\\".\\":{},\\"f:example.com/l\\":{}}}}}]}}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string ()',
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":{\\"one\\":1,\\"two\\":\\"2\\"},\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"labels\\":{\\"example.com/l\\":\\"1\\"},\\"finalizers\\":[\\"example.com/a\\",\\"example.com/b\\"],\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}},\\"f:metadata\\":{\\"f:finalizers\\":{\\".\\":{},\\"v:\\\\\\"example.com/a\\\\\\"\\":{},\\"v:\\\\\\"example.com/b\\\\\\"\\":{}},\\"f:labels\\":{\\".\\":{},\\"f:example.com/l\\":{}}}}}]}}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ],
  [
    'refuses a replacement of the whole object by something else',
    [{ op: 'replace', path: '', value: { data: {} } }],
    '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
  ],
  [
    'refuses a patch that makes the object invalid',
    [{ op: 'add', path: '/data/a b', value: '3' }],
    [
      "422 Invalid: ConfigMap \"a\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+') (name a, kind ConfigMap)",
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'refuses a change of the name',
    [{ op: 'replace', path: '/metadata/name', value: 'b' }],
    '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
  ],
  [
    'refuses a removal of the name',
    [{ op: 'remove', path: '/metadata/name' }],
    '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
  ],
  [
    'ignores more members of an operation',
    [{ op: 'remove', path: '/data/one', note: 'x' }],
    [{ two: '2' }, ['example.com/a', 'example.com/b'], { 'example.com/l': '1' }],
  ],
]

topic('json patch', (it) => {
  for (const [title, operations, after] of rows) {
    it(title, async (at) => {
      expect(outcome(await patched(at, operations))).toEqual(after)
    })
  }

  it('holds a test of the resourceVersion as a lock', async (at) => {
    const made = (await at.given(configMaps, configMap('a'))) as { metadata: { resourceVersion: string } }
    const lock = (value: string) =>
      at.jsonPatch(`${configMaps}/a`, [
        { op: 'test', path: '/metadata/resourceVersion', value },
        { op: 'add', path: '/data', value: { x: '1' } },
      ])
    expect([(await lock('1')).status, (await lock(made.metadata.resourceVersion)).status]).toEqual([422, 200])
  })

  it('refuses a stale resourceVersion that the patch sets', async (at) => {
    await at.given(configMaps, configMap('a'))
    const answer = await at.jsonPatch(`${configMaps}/a`, [
      { op: 'replace', path: '/metadata/resourceVersion', value: '1' },
      { op: 'add', path: '/data', value: { x: '1' } },
    ])
    expect(said(answer)).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again (name a, kind configmaps)',
    )
  })

  it('refuses more than ten thousand operations', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1' }))
    const operations = Array.from({ length: 10001 }, () => ({ op: 'test', path: '/data/x', value: '1' }))
    expect(said(await at.jsonPatch(`${configMaps}/a`, operations))).toEqual(
      '413 RequestEntityTooLarge: Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    )
  })

  it('refuses text that is no JSON', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.jsonPatch(`${configMaps}/a`, '[{'))).toEqual(
      '400 BadRequest: error decoding patch: unexpected end of JSON input',
    )
  })

  it('changes nothing where the patch changes nothing', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    expect((await at.jsonPatch(`${configMaps}/a`, [{ op: 'replace', path: '/data/x', value: '1' }])).raw).toEqual(made)
  })
})
