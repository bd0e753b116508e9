// What is refused in the metadata of every kind.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { configMap } from '../objects.ts'
import { faults, part } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: '11111111-1111-4111-8111-111111111111' }

interface Row {
  readonly what: string
  readonly metadata: JsonObject
  readonly told: unknown
}

const rows: readonly Row[] = [
  {
    what: 'refuses a label key with a space',
    metadata: { labels: { 'a b': 'c' } },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    what: 'refuses a label key with two slashes',
    metadata: { labels: { 'a/b/c': 'd' } },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  },
  {
    what: 'refuses a label key without a name after the slash',
    metadata: { labels: { 'a/': 'd' } },
    told: [
      'metadata.labels: FieldValueInvalid: Invalid value: "a/": name part must be non-empty',
      "metadata.labels: FieldValueInvalid: Invalid value: \"a/\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    what: 'refuses a label key with a prefix that is no domain',
    metadata: { labels: { 'A_/b': 'd' } },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"A_/b\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  },
  {
    what: 'refuses a label key of 64 signs',
    metadata: { labels: { ['k'.repeat(64)]: 'd' } },
    told: [
      'metadata.labels: FieldValueInvalid: Invalid value: "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": name part must be no more than 63 bytes',
    ],
  },
  {
    what: 'refuses a label value with a slash',
    metadata: { labels: { a: 'b/c' } },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"b/c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  },
  {
    what: 'refuses a label value of 64 signs',
    metadata: { labels: { a: 'v'.repeat(64) } },
    told: [
      'metadata.labels: FieldValueInvalid: Invalid value: "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv": must be no more than 63 bytes',
    ],
  },
  {
    what: 'refuses a label value that ends with a dot',
    metadata: { labels: { a: 'b.' } },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"b.\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  },
  {
    what: 'refuses an annotation key with a space',
    metadata: { annotations: { 'a b': 'c' } },
    told: [
      "metadata.annotations: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    what: 'refuses an annotation key with two slashes',
    metadata: { annotations: { 'a/b/c': 'd' } },
    told: [
      "metadata.annotations: FieldValueInvalid: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  },
  {
    what: 'refuses a finalizer without a domain',
    metadata: { finalizers: ['mine'] },
    told: [
      'metadata.finalizers[0]: FieldValueInvalid: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  },
  {
    what: 'refuses a finalizer with a space',
    metadata: { finalizers: ['example.com/a b'] },
    told: [
      "metadata.finalizers: FieldValueInvalid: Invalid value: \"example.com/a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    what: 'refuses an owner without a uid',
    metadata: { ownerReferences: [{ ...owner, uid: '' }] },
    told: ['metadata.ownerReferences.uid: FieldValueInvalid: Invalid value: "": must not be empty'],
  },
  {
    what: 'refuses an owner without a name',
    metadata: { ownerReferences: [{ ...owner, name: '' }] },
    told: ['metadata.ownerReferences.name: FieldValueInvalid: Invalid value: "": must not be empty'],
  },
  {
    what: 'refuses an owner without a kind',
    metadata: { ownerReferences: [{ ...owner, kind: '' }] },
    told: ['metadata.ownerReferences.kind: FieldValueInvalid: Invalid value: "": must not be empty'],
  },
  {
    what: 'refuses an owner without a version',
    metadata: { ownerReferences: [{ ...owner, apiVersion: '' }] },
    told: ['metadata.ownerReferences.apiVersion: FieldValueInvalid: Invalid value: "": version must not be empty'],
  },
  {
    what: 'refuses an owner with a version of two slashes',
    metadata: { ownerReferences: [{ ...owner, apiVersion: 'a/b/c' }] },
    told: ['metadata.ownerReferences.apiVersion: FieldValueInvalid: Invalid value: "a/b/c": version must not be empty'],
  },
  {
    what: 'refuses an Event as owner',
    metadata: { ownerReferences: [{ ...owner, kind: 'Event' }] },
    told: [
      'metadata.ownerReferences: FieldValueInvalid: Invalid value: {"apiVersion":"v1","kind":"Event","name":"o","uid":"UID"}: /v1, Kind=Event is disallowed from being an owner',
    ],
  },
  {
    what: 'refuses two owners that are both controllers',
    metadata: {
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: 'p', uid: '22222222-2222-4222-8222-222222222222', controller: true },
      ],
    },
    told: [
      'metadata.ownerReferences: FieldValueInvalid: Invalid value: [{"apiVersion":"v1","kind":"ConfigMap","name":"o","uid":"UID","controller":true},{"apiVersion":"v1","kind":"ConfigMap","name":"p","uid":"UID","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ConfigMap/o and ConfigMap/p',
    ],
  },
  {
    what: 'refuses a negative generation',
    metadata: { generation: -1 },
    told: ['metadata.generation: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0'],
  },
  {
    what: 'drops managedFields of an unknown operation',
    metadata: {
      managedFields: [{ manager: 'x', operation: 'Guess', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }],
    },
    told: {
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    },
  },
  {
    what: 'drops managedFields of an unknown type',
    metadata: {
      managedFields: [{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV2', fieldsV1: {} }],
    },
    told: {
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    },
  },
  {
    what: 'refuses several of these at once',
    metadata: { labels: { 'a b': 'c/d' }, annotations: { 'e f': 'g' }, finalizers: ['mine'] },
    told: [
      "metadata.labels: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      "metadata.labels: FieldValueInvalid: Invalid value: \"c/d\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      "metadata.annotations: FieldValueInvalid: Invalid value: \"e f\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      'metadata.finalizers[0]: FieldValueInvalid: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  },
]

topic('metadata', (it) => {
  for (const { what, metadata, told } of rows) {
    it(what, async (at) => {
      expect(faults(await at.post(configMaps, configMap('a', {}, metadata)))).toEqual(told)
    })
  }

  it('refuses annotations of more than 256 KiB', async (at) => {
    const annotations = { 'example.com/a': 'x'.repeat(262144) }
    expect(faults(await at.post(configMaps, configMap('a', {}, { annotations })))).toEqual([
      'metadata.annotations: FieldValueTooLong: Too long: may not be more than 262144 bytes',
    ])
  })

  it('takes any text for the value of an annotation', async (at) => {
    const annotations = { 'example.com/a': ' \n\t"{}é𝄞' }
    expect(part(await at.post(configMaps, configMap('a', {}, { annotations })), 'metadata.annotations')).toEqual(
      annotations,
    )
  })

  it('keeps the same owner once and warns where it comes twice', async (at) => {
    const made = await at.post(configMaps, configMap('a', {}, { ownerReferences: [owner, owner] }))
    expect([part(made, 'metadata.ownerReferences'), made.warnings]).toEqual([
      [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'UID' }],
      [
        '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: UID',
      ],
    ])
  })

  it('refuses a change of the uid', async (at) => {
    await at.given(configMaps, configMap('a'))
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(faults(await at.put(`${configMaps}/a`, configMap('a', {}, { uid })))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/NS/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: UID, UID in object meta: UID (name a, kind configmaps)',
    )
  })

  it('ignores a change of the creationTimestamp', async (at) => {
    await at.given(configMaps, configMap('a'))
    const creationTimestamp = '2001-01-01T00:00:00Z'
    expect(part(await at.put(`${configMaps}/a`, configMap('a', {}, { creationTimestamp })), 'metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
    })
  })

  it('refuses a deletionTimestamp, twice the same cause', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(
      part(await at.merge(`${configMaps}/a`, { metadata: { deletionTimestamp: '2001-01-01T00:00:00Z' } }), 'metadata'),
    ).toEqual([
      '422 Invalid: ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "TIME": field is immutable (name a, kind ConfigMap)',
      'metadata.deletionTimestamp: FieldValueInvalid: Invalid value: "TIME": field is immutable',
      'metadata.deletionTimestamp: FieldValueInvalid: Invalid value: "TIME": field is immutable',
    ])
  })

  it('takes a change of generateName', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(part(await at.merge(`${configMaps}/a`, { metadata: { generateName: 'b-' } }), 'metadata')).toEqual({
      name: 'a',
      generateName: 'b-',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
    })
  })

  it('ignores a generation that goes back', async (at) => {
    await at.given(configMaps, configMap('a', {}, { generation: 5 }))
    expect(faults(await at.merge(`${configMaps}/a`, { metadata: { generation: 4 } }))).toEqual({
      status: 200,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'a',
          namespace: 'NS',
          uid: 'UID',
          resourceVersion: 'RV',
          generation: 5,
          creationTimestamp: 'TIME',
        },
      },
    })
  })

  it('refuses a change of the name', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(faults(await at.merge(`${configMaps}/a`, { metadata: { name: 'b' } }))).toEqual(
      '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
    )
  })

  it('refuses a change of the namespace', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(faults(await at.merge(`${configMaps}/a`, { metadata: { namespace: 'b' } }))).toEqual(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    )
  })

  it('refuses a change of the kind', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(faults(await at.merge(`${configMaps}/a`, { kind: 'Secret' }))).toEqual([
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"Secret\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\"}}": converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ])
  })

  it('refuses a change of the apiVersion', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(faults(await at.merge(`${configMaps}/a`, { apiVersion: 'v2' }))).toEqual([
      'patch: FieldValueInvalid: Invalid value: "{\\"apiVersion\\":\\"v2\\",\\"kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"a\\",\\"namespace\\":\\"NS\\",\\"uid\\":\\"UID\\",\\"resourceVersion\\":\\"RV\\",\\"creationTimestamp\\":\\"TIME\\"}}": no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    ])
  })
})
