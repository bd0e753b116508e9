// Custom resources: pruning, defaulting, patches, updates.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { definitions, groupOf, widget, widgets } from '../definitions.ts'
import { valueAt } from '../desk.ts'
import { part, said, sortedFaults } from '../said.ts'
import { topic } from '../suite.ts'

const text = { type: 'string' }
const number = { type: 'integer' }

topic('custom resources', (it) => {
  it('are created, read, listed and deleted', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    const made = await at.post(path, widget(at, { x: '1' }))
    expect(said(made)).toEqual({
      status: 201,
      body: {
        apiVersion: 'NS.example.com/v1',
        kind: 'Widget',
        metadata: {
          creationTimestamp: 'TIME',
          generation: 1,
          name: 'a',
          namespace: 'NS',
          resourceVersion: 'RV',
          uid: 'UID',
        },
        spec: { x: '1' },
      },
    })
    expect((await at.get(`${path}/a`)).raw).toEqual(made.raw)
    expect(said(await at.get(path))).toEqual({
      status: 200,
      body: {
        apiVersion: 'NS.example.com/v1',
        items: [
          {
            apiVersion: 'NS.example.com/v1',
            kind: 'Widget',
            metadata: {
              creationTimestamp: 'TIME',
              generation: 1,
              name: 'a',
              namespace: 'NS',
              resourceVersion: 'RV',
              uid: 'UID',
            },
            spec: { x: '1' },
          },
        ],
        kind: 'WidgetList',
        metadata: { continue: '', resourceVersion: 'RV' },
      },
    })
    expect(said(await at.delete(`${path}/a`))).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', group: 'NS.example.com', kind: 'widgets', uid: 'UID' },
      },
    })
  })

  it('lose fields that are not in the schema, with a warning', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    const made = await at.post(path, widget(at, { x: '1', y: '2' }, { colour: 'red' }))
    expect([part(made, 'spec'), part(made, 'colour'), made.warnings]).toEqual([
      { x: '1' },
      null,
      ['unknown field "colour"', 'unknown field "spec.y"'],
    ])
  })

  it('are refused with unknown fields where the validation is strict', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    expect(said(await at.post(`${path}?fieldValidation=Strict`, widget(at, { x: '1', y: '2', z: { w: 1 } })))).toEqual(
      '400 BadRequest: Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.y", unknown field "spec.z"',
    )
  })

  it('keep unknown fields where the schema says so', async (at) => {
    const path = await widgets(at, {
      rest: { 'x-kubernetes-preserve-unknown-fields': true },
      spec: { x: { type: 'object', properties: { a: text } } },
    })
    const made = await at.post(path, widget(at, { y: [1, { z: null }], x: { a: '1', b: '2' } }))
    expect([part(made, 'spec'), made.warnings]).toEqual([
      { x: { a: '1' }, y: [1, { z: null }] },
      ['unknown field "spec.x.b"'],
    ])
  })

  it('are pruned within embedded resources', async (at) => {
    const path = await widgets(at, {
      spec: {
        x: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    })
    const embedded = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', shape: 'round' }, spec: { a: 1 } }
    expect(part(await at.post(path, widget(at, { x: embedded })), 'spec')).toEqual({
      x: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { a: 1 } },
    })
    expect(sortedFaults(await at.post(path, widget(at, { x: { a: 1 } }, { metadata: { name: 'b' } })))).toEqual([
      'spec.x.apiVersion: FieldValueRequired: Required value',
      'spec.x.kind: FieldValueRequired: Required value',
    ])
  })

  it('are filled in with defaults', async (at) => {
    const spec = {
      size: { ...number, default: 3 },
      on: { type: 'boolean', default: true },
      inner: { type: 'object', properties: { name: { ...text, default: 'n' } } },
      filled: { type: 'object', default: {}, properties: { name: { ...text, default: 'n' } } },
      list: { type: 'array', items: { type: 'object', properties: { a: { ...text, default: 'd' }, b: text } } },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { ...text, default: 'd' } } } },
    }
    const path = await widgets(at, { spec })
    expect(part(await at.post(path, widget(at, { list: [{ b: '1' }], map: { k: {} } })), 'spec')).toEqual({
      filled: { name: 'n' },
      list: [{ a: 'd', b: '1' }],
      map: { k: { a: 'd' } },
      on: true,
      size: 3,
    })
  })

  it('take null for the default, for itself where it may be, and for nothing', async (at) => {
    const spec = {
      size: { ...number, default: 3 },
      maybe: { ...text, nullable: true },
      never: text,
      both: { ...text, nullable: true, default: 'd' },
    }
    const path = await widgets(at, { spec })
    expect(part(await at.post(path, widget(at, { size: null, maybe: null, both: null })), 'spec')).toEqual({
      both: null,
      maybe: null,
      size: 3,
    })
    expect(sortedFaults(await at.post(path, widget(at, { never: null }, { metadata: { name: 'b' } })))).toEqual({
      status: 201,
      body: {
        apiVersion: 'NS.example.com/v1',
        kind: 'Widget',
        metadata: {
          creationTimestamp: 'TIME',
          generation: 1,
          name: 'b',
          namespace: 'NS',
          resourceVersion: 'RV',
          uid: 'UID',
        },
        spec: { both: 'd', size: 3 },
      },
    })
  })

  it('are filled in when they are read, where a default came later', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    await at.given(path, widget(at, { x: '1' }))
    const [version] = valueAt(
      (await at.get(`${definitions}/widgets.${groupOf(at)}`)).raw,
      'spec',
      'versions',
    ) as readonly JsonObject[]
    const openAPIV3Schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { x: text, y: { ...text, default: 'late' } } } },
    }
    await at.merge(`${definitions}/widgets.${groupOf(at)}`, {
      spec: { versions: [{ ...version, schema: { openAPIV3Schema } }] },
    })
    const read = await at.eventually(`${path}/a`, ({ body }) => valueAt(body, 'spec', 'y') !== undefined)
    expect(part(read, 'spec')).toEqual({ x: '1', y: 'late' })
  })

  it('keep 64-bit numbers and fractions', async (at) => {
    const path = await widgets(at, { spec: { big: { type: 'integer', format: 'int64' }, part: { type: 'number' } } })
    const body = JSON.stringify(widget(at, { big: 1, part: 1.5 })).replace('"big":1', '"big":9007199254740993')
    expect((await at.post(path, body)).text).toContain('"big":9007199254740993,"part":1.5')
  })

  it('are patched by merge and JSON patches, not by strategic ones', async (at) => {
    const path = await widgets(at, { spec: { x: text, list: { type: 'array', items: text } } })
    await at.given(path, widget(at, { x: '1', list: ['a'] }))
    expect([
      part(await at.merge(`${path}/a`, { spec: { list: ['b'] } }), 'spec'),
      part(await at.jsonPatch(`${path}/a`, [{ op: 'add', path: '/spec/list/-', value: 'c' }]), 'spec'),
      said(await at.strategic(`${path}/a`, { spec: { x: '2' } })),
    ]).toEqual([
      { list: ['b'], x: '1' },
      { list: ['b', 'c'], x: '1' },
      '415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    ])
  })

  it('need a resourceVersion for an update', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    const made = (await at.given(path, widget(at, { x: '1' }))) as { metadata: JsonObject }
    expect(sortedFaults(await at.put(`${path}/a`, widget(at, { x: '2' })))).toEqual([
      'metadata.resourceVersion: FieldValueInvalid: Invalid value: 0: must be specified for an update',
    ])
    const { resourceVersion = '' } = made.metadata
    const named = widget(at, { x: '2' }, { metadata: { name: 'a', resourceVersion } })
    expect((await at.put(`${path}/a`, named)).status).toBe(200)
    expect(said(await at.put(`${path}/a`, named))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on widgets.NS.example.com "a": the object has been modified; please apply your changes to the latest version and try again (name a, group NS.example.com, kind widgets)',
    )
  })

  it('have a generation that their spec and others raise', async (at) => {
    const path = await widgets(at, { spec: { x: text }, beside: { other: text } })
    const made = await at.post(path, widget(at, { x: '1' }))
    const labelled = await at.merge(`${path}/a`, { metadata: { labels: { l: '1' } } })
    const changed = await at.merge(`${path}/a`, { spec: { x: '2' } })
    const beside = await at.merge(`${path}/a`, { other: '1' })
    expect([made, labelled, changed, beside].map((one) => part(one, 'metadata.generation'))).toEqual([1, 1, 2, 3])
  })
})
