// Custom resources as they are served: status, scale, columns, versions, selectors, apply.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { define, groupOf, widget, widgets } from '../definitions.ts'
import { valueAt } from '../desk.ts'
import { acceptTable, part, said, sortedFaults, table } from '../said.ts'
import { topic } from '../suite.ts'

const text = { type: 'string' }
const number = { type: 'integer' }

topic('custom resources served', (it) => {
  it('have a status of its own where it is a subresource', async (at) => {
    const status = { type: 'object', properties: { phase: text, seen: number } }
    const path = await widgets(at, { spec: { x: text }, beside: { status }, subresources: { status: {} } })
    const made = await at.post(path, widget(at, { x: '1' }, { status: { phase: 'New' } }))
    const here = await at.merge(`${path}/a`, { status: { phase: 'Here' } })
    const there = await at.merge(`${path}/a/status`, {
      spec: { x: '2' },
      metadata: { labels: { l: '1' } },
      status: { phase: 'There' },
    })
    expect([
      part(made, 'status'),
      part(here, 'status'),
      part(there, 'status'),
      part(there, 'spec'),
      part(there, 'metadata'),
    ]).toEqual([
      null,
      null,
      { phase: 'There' },
      { x: '1' },
      { creationTimestamp: 'TIME', generation: 1, name: 'a', namespace: 'NS', resourceVersion: 'RV', uid: 'UID' },
    ])
    expect(there.managers).toEqual([
      'conform Update NS.example.com/v1 (status): .status .status.phase',
      'conform Update NS.example.com/v1: .spec .spec.x',
    ])
  })

  it('have a status like any field where it is no subresource', async (at) => {
    const path = await widgets(at, {
      spec: { x: text },
      beside: { status: { type: 'object', properties: { phase: text } } },
    })
    const made = await at.post(path, widget(at, {}, { status: { phase: 'New' } }))
    expect([part(made, 'status'), said(await at.get(`${path}/a/status`))]).toEqual([
      { phase: 'New' },
      '404 NotFound: widgets.NS.example.com "a" not found (name a, group NS.example.com, kind widgets)',
    ])
  })

  it('are scaled by the paths that are named', async (at) => {
    const scale = {
      specReplicasPath: '.spec.size',
      statusReplicasPath: '.status.size',
      labelSelectorPath: '.status.selector',
    }
    const status = { type: 'object', properties: { size: number, selector: text } }
    const path = await widgets(at, { spec: { size: number }, beside: { status }, subresources: { status: {}, scale } })
    await at.given(path, widget(at, { size: 2 }))
    await at.merge(`${path}/a/status`, { status: { size: 1, selector: 'app=a' } })
    const read = await at.get(`${path}/a/scale`)
    const scaled = await at.merge(`${path}/a/scale`, { spec: { replicas: 5 } })
    expect([said(read), part(scaled, 'spec'), part(await at.get(`${path}/a`), 'spec')]).toEqual([
      {
        status: 200,
        body: {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          spec: { replicas: 2 },
          status: { replicas: 1, selector: 'app=a' },
        },
      },
      { replicas: 5 },
      { size: 5 },
    ])
  })

  it('cannot be scaled where the replicas are not set', async (at) => {
    const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' }
    const path = await widgets(at, {
      spec: { size: number },
      beside: { status: { type: 'object', properties: { size: number } } },
      subresources: { status: {}, scale },
    })
    await at.given(path, widget(at))
    expect(said(await at.get(`${path}/a/scale`))).toEqual([
      '500 InternalError: Internal error occurred: the spec replicas field ".spec.size" does not exist ()',
      'no reason: the spec replicas field ".spec.size" does not exist',
    ])
  })

  it('show the columns that are defined', async (at) => {
    const columns = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'List', type: 'string', jsonPath: '.spec.list', priority: 1 },
      { name: 'All', type: 'string', jsonPath: '.spec.list[*]' },
      { name: 'Made', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.text' },
      { name: 'Object', type: 'string', jsonPath: '.spec.object' },
    ]
    const spec = {
      size: number,
      list: { type: 'array', items: text },
      on: { type: 'boolean' },
      text,
      object: { type: 'object', additionalProperties: text },
    }
    const status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    const path = await widgets(at, { columns, spec, beside: { status } })
    const full = { size: 3, list: ['x', 'y'], on: false, text: 'abc', object: { k: 'v' } }
    await at.given(path, widget(at, full, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }))
    await at.given(path, widget(at, {}, { metadata: { name: 'b' } }))
    const seen = JSON.stringify(table(await at.get(path, { accept: acceptTable }))).replace(/"\d+s"/g, '"AGE"')
    expect(JSON.parse(seen)).toEqual([
      'Name, Size, Ready, List (wide), All, Made, On, Wrong, Object',
      ['a', 3, 'True', '["x","y"]', 'x', 'AGE', false, null, '{"k":"v"}'],
      ['b', null, null, null, null, 'AGE', null, null, null],
    ])
  })

  it('show their age where no columns are defined', async (at) => {
    const path = await widgets(at)
    await at.given(path, widget(at))
    expect(table(await at.get(path, { accept: acceptTable }))).toEqual(['Name, Age', ['a', 'AGE']])
  })

  it('describe the columns that are defined', async (at) => {
    const columns = [
      { name: 'Size', type: 'integer', format: 'int32', description: 'How large', jsonPath: '.spec.size' },
    ]
    const path = await widgets(at, { columns, spec: { size: number } })
    expect(valueAt((await at.get(path, { accept: acceptTable })).body, 'columnDefinitions', 1)).toEqual({
      name: 'Size',
      type: 'integer',
      format: 'int32',
      description: 'How large',
      priority: 0,
    })
  })

  it('are selected by the fields that are defined', async (at) => {
    const selectable: JsonObject = {
      name: 'v1',
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { colour: text } } } },
      },
      selectableFields: [{ jsonPath: '.spec.colour' }],
    }
    const path = await widgets(at, { versions: [selectable] })
    await at.given(path, widget(at, { colour: 'red' }))
    await at.given(path, widget(at, { colour: 'blue' }, { metadata: { name: 'b' } }))
    const found = await at.get(`${path}?fieldSelector=spec.colour%3Dblue`)
    expect([part(found, 'items.0.metadata.name'), said(await at.get(`${path}?fieldSelector=spec.x%3D1`))]).toEqual([
      'b',
      '400 BadRequest: field label not supported: spec.x',
    ])
  })

  it('are served in each version, with the stored one beneath', async (at) => {
    const schema = {
      openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { x: text } } } },
    }
    const path = await widgets(at, {
      versions: [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v2beta1', served: true, storage: false, schema, deprecated: true, deprecationWarning: 'go to v1' },
        { name: 'v3', served: false, storage: false, schema },
      ],
    })
    await at.given(path, widget(at, { x: '1' }))
    const other = await at.get(`/apis/${groupOf(at)}/v2beta1/~/widgets/a`)
    const missing = await at.get(`/apis/${groupOf(at)}/v3/~/widgets/a`)
    const group = await at.eventually(`/apis/${groupOf(at)}`, ({ status }) => status === 200)
    expect([part(other, 'apiVersion'), other.warnings, missing.status, group.body]).toEqual([
      'NS.example.com/v2beta1',
      ['go to v1'],
      404,
      {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'NS.example.com',
        versions: [
          { groupVersion: 'NS.example.com/v1', version: 'v1' },
          { groupVersion: 'NS.example.com/v2beta1', version: 'v2beta1' },
        ],
        preferredVersion: { groupVersion: 'NS.example.com/v1', version: 'v1' },
      },
    ])
  })

  it('warn of a version that is deprecated in the words of the server', async (at) => {
    const schema = { openAPIV3Schema: { type: 'object' } }
    const path = await widgets(at, {
      versions: [{ name: 'v1', served: true, storage: true, schema, deprecated: true }],
    })
    expect((await at.get(path)).warnings).toEqual(['NS.example.com/v1 Widget is deprecated'])
  })

  it('are applied by the types of lists that are defined', async (at) => {
    const item = { type: 'object', properties: { name: text, value: text }, required: ['name'] }
    const spec = {
      keyed: { type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
      set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      whole: { type: 'array', items: text },
      one: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text, b: text } },
    }
    const path = await widgets(at, { spec })
    await at.apply(
      `${path}/a`,
      widget(at, { keyed: [{ name: 'x', value: '1' }], set: ['a'], whole: ['w'], one: { a: '1' } }),
    )
    const both = await at.apply(`${path}/a`, widget(at, { keyed: [{ name: 'y', value: '2' }], set: ['b'] }), {
      manager: 'ben',
    })
    expect([part(both, 'spec'), both.managers]).toEqual([
      {
        keyed: [
          { name: 'x', value: '1' },
          { name: 'y', value: '2' },
        ],
        one: { a: '1' },
        set: ['a', 'b'],
        whole: ['w'],
      },
      [
        'ana Apply NS.example.com/v1: .spec.keyed[{"name":"x"}] .spec.keyed[{"name":"x"}].name .spec.keyed[{"name":"x"}].value .spec.one .spec.set{"a"} .spec.whole',
        'ben Apply NS.example.com/v1: .spec.keyed[{"name":"y"}] .spec.keyed[{"name":"y"}].name .spec.keyed[{"name":"y"}].value .spec.set{"b"}',
      ],
    ])
    const refused = await at.apply(`${path}/a`, widget(at, { whole: ['v'], one: { b: '1' } }), { manager: 'ben' })
    expect(said(refused)).toEqual([
      '409 Conflict: Apply failed with 2 conflicts: conflicts with "ana":\n- .spec.one\n- .spec.whole ()',
      '.spec.one: FieldManagerConflict: conflict with "ana"',
      '.spec.whole: FieldManagerConflict: conflict with "ana"',
    ])
  })

  it('are refused with a duplicate in a set or by a key', async (at) => {
    const item = { type: 'object', properties: { name: text }, required: ['name'] }
    const spec = {
      keyed: { type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
      set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    }
    const path = await widgets(at, { spec })
    expect(
      sortedFaults(await at.post(path, widget(at, { keyed: [{ name: 'x' }, { name: 'x' }], set: ['a', 'a'] }))),
    ).toEqual([
      'spec.keyed[1]: FieldValueDuplicate: Duplicate value: {"name":"x"}',
      'spec.set[1]: FieldValueDuplicate: Duplicate value: "a"',
    ])
  })

  it('are cluster-scoped where that is defined', async (at) => {
    await define(at, { more: { scope: 'Cluster' } })
    const path = `/apis/${groupOf(at)}/v1/widgets`
    await at.eventually(path, ({ status }) => status === 200)
    const made = await at.post(path, widget(at))
    expect(part(made, 'metadata')).toEqual({
      creationTimestamp: 'TIME',
      generation: 1,
      name: 'a',
      resourceVersion: 'RV',
      uid: 'UID',
    })
  })

  it('are watched', async (at) => {
    const path = await widgets(at, { spec: { x: text } })
    const version = valueAt((await at.get(path)).raw, 'metadata', 'resourceVersion')
    await at.given(path, widget(at, { x: '1' }))
    await at.merge(`${path}/a`, { spec: { x: '2' } })
    const watch = await at.watch(`${path}?watch=true&resourceVersion=${String(version as Json)}`)
    expect(await watch.take(2)).toEqual(['ADDED a', 'MODIFIED a'])
  })
})
