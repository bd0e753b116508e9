// Merge patches: what is set, removed and replaced.

import type { Json } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { textAt } from '../desk.ts'
import { configMap, deployment } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'

const rows: readonly (readonly [title: string, patch: Json, after: unknown])[] = [
  ['sets a member', { data: { three: '3' } }, { one: '1', three: '3', two: '2' }],
  ['changes a member', { data: { one: '9' } }, { one: '9', two: '2' }],
  ['removes a member by null', { data: { one: null } }, { two: '2' }],
  ['takes null for a member that is not there', { data: { none: null } }, { one: '1', two: '2' }],
  ['removes a whole map by null', { data: null }, null],
  ['leaves a map alone by an empty one', { data: {} }, { one: '1', two: '2' }],
  [
    'refuses a list for a map',
    { data: ['x'] },
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":[\\"x\\"],\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}}}}]}}": json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string ()',
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":[\\"x\\"],\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}}}}]}}": json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    ],
  ],
  [
    'refuses a number for a text',
    { data: { one: 1 } },
    [
      '422 Invalid:  "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":{\\"one\\":1,\\"two\\":\\"2\\"},\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}}}}]}}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string ()',
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"data\\":{\\"one\\":1,\\"two\\":\\"2\\"},\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\",\\"managedFields\\":[{\\"manager\\":\\"conform\\",\\"operation\\":\\"Update\\",\\"apiVersion\\":\\"v1\\",\\"time\\":\\"TIME\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:data\\":{\\".\\":{},\\"f:one\\":{},\\"f:two\\":{}}}}]}}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ],
  ['takes an empty patch', {}, { one: '1', two: '2' }],
  [
    'refuses a patch that is a list',
    [{ data: {} }],
    '400 BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'refuses a patch that is a text',
    '"x"',
    '400 BadRequest: error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}',
  ],
  ['refuses a patch that is null', 'null', '400 BadRequest: Invalid JSON Patch'],
  ['refuses an empty patch body', '', '400 BadRequest: error decoding patch: unexpected end of JSON input'],
  [
    'refuses what makes the object invalid',
    { data: { 'a b': '1' } },
    [
      "422 Invalid: ConfigMap \"a\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+') (name a, kind ConfigMap)",
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  ['ignores a field that the kind does not have', { other: { x: '1' } }, { one: '1', two: '2' }],
  [
    'ignores a directive of strategic merge',
    { data: { $patch: 'replace', three: '3' } },
    [
      "422 Invalid: ConfigMap \"a\" is invalid: data[$patch]: Invalid value: \"$patch\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+') (name a, kind ConfigMap)",
      "data[$patch]: FieldValueInvalid: Invalid value: \"$patch\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
]

topic('merge patch', (it) => {
  for (const [title, patch, after] of rows) {
    it(title, async (at) => {
      await at.given(configMaps, configMap('a', { one: '1', two: '2' }))
      const answer = await at.merge(`${configMaps}/a`, patch)
      expect(answer.status === 200 ? part(answer, 'data') : said(answer)).toEqual(after)
    })
  }

  it('replaces a list as a whole', async (at) => {
    await at.given(deployments, deployment('a'))
    const containers = [{ name: 'other', image: 'example.com/other:1' }]
    const answer = await at.merge(`${deployments}/a`, { spec: { template: { spec: { containers } } } })
    expect(part(answer, 'spec.template.spec.containers')).toEqual([
      {
        name: 'other',
        image: 'example.com/other:1',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ])
  })

  it('fills in defaults where a part was removed', async (at) => {
    await at.given(deployments, deployment('a', { strategy: { type: 'Recreate' }, revisionHistoryLimit: 3 }))
    const answer = await at.merge(`${deployments}/a`, { spec: { strategy: null, revisionHistoryLimit: null } })
    expect([part(answer, 'spec.strategy'), part(answer, 'spec.revisionHistoryLimit')]).toEqual([
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      10,
    ])
  })

  it('refuses a stale resourceVersion', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.merge(`${configMaps}/a`, { metadata: { resourceVersion: '1' }, data: { x: '1' } }))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again (name a, kind configmaps)',
    )
  })

  it('takes the resourceVersion that the object has', async (at) => {
    const resourceVersion = textAt(await at.given(configMaps, configMap('a')), 'metadata', 'resourceVersion')
    expect((await at.merge(`${configMaps}/a`, { metadata: { resourceVersion }, data: { x: '1' } })).status).toBe(200)
  })

  it('refuses another uid', async (at) => {
    await at.given(configMaps, configMap('a'))
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.merge(`${configMaps}/a`, { metadata: { uid }, data: { x: '1' } }))).toEqual([
      '422 Invalid: ConfigMap "a" is invalid: metadata.uid: Invalid value: "UID": field is immutable (name a, kind ConfigMap)',
      'metadata.uid: FieldValueInvalid: Invalid value: "UID": field is immutable',
      'metadata.uid: FieldValueInvalid: Invalid value: "UID": field is immutable',
    ])
  })

  it('keeps the object as it is where the patch changes nothing', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    expect((await at.merge(`${configMaps}/a`, { data: { x: '1' } })).raw).toEqual(made)
  })

  it('removes labels by null one by one', async (at) => {
    await at.given(configMaps, configMap('a', {}, { labels: { one: '1', two: '2' } }))
    expect(part(await at.merge(`${configMaps}/a`, { metadata: { labels: { one: null } } }), 'metadata.labels')).toEqual(
      { two: '2' },
    )
  })

  it('leaves labels out where all were removed', async (at) => {
    await at.given(configMaps, configMap('a', {}, { labels: { one: '1' } }))
    expect(part(await at.merge(`${configMaps}/a`, { metadata: { labels: { one: null } } }), 'metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
    })
  })

  it('changes the status alone at the status subresource', async (at) => {
    await at.given(deployments, deployment('a'))
    const answer = await at.merge(`${deployments}/a/status`, { spec: { replicas: 4 }, status: { collisionCount: 2 } })
    expect([part(answer, 'spec.replicas'), part(answer, 'status.collisionCount')]).toEqual([0, 2])
  })

  it('refuses a removal of the name', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.merge(`${configMaps}/a`, { metadata: { name: null } }))).toEqual(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    )
  })

  it('drops finalizers by null', async (at) => {
    await at.given(configMaps, configMap('a', {}, { finalizers: ['example.com/f'] }))
    expect(part(await at.merge(`${configMaps}/a`, { metadata: { finalizers: null } }), 'metadata.finalizers')).toBe(
      null,
    )
  })
})
