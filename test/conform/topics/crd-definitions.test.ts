// CustomResourceDefinitions themselves: what is filled in, refused, and how they come and go.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { define, definition, definitions, groupOf, widget, widgets } from '../definitions.ts'
import { valueAt } from '../desk.ts'
import { faults, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const version = (name: string, rest: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  ...rest,
})

topic('definitions', (it) => {
  it('are filled in', async (at) => {
    expect(said(await define(at))).toEqual({
      status: 201,
      body: {
        kind: 'CustomResourceDefinition',
        apiVersion: 'apiextensions.k8s.io/v1',
        metadata: {
          name: 'widgets.NS.example.com',
          uid: 'UID',
          resourceVersion: 'RV',
          generation: 1,
          creationTimestamp: 'TIME',
        },
        spec: {
          group: 'NS.example.com',
          names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
          scope: 'Namespaced',
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
            },
          ],
          conversion: { strategy: 'None' },
        },
        status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
      },
    })
  })

  it('fill in singular, list kind and more', async (at) => {
    const names = { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] }
    expect(part(await define(at, { names }), 'spec.names')).toEqual({
      plural: 'widgets',
      singular: 'widget',
      shortNames: ['wd'],
      kind: 'Widget',
      listKind: 'WidgetList',
      categories: ['all'],
    })
  })

  it('are refused with another name', async (at) => {
    expect(faults(await at.post(definitions, { ...definition(at), metadata: { name: 'x' } }))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "x": must be spec.names.plural+"."+spec.group',
    ])
  })

  it('are refused without a group', async (at) => {
    expect(faults(await define(at, { more: { group: '' } }))).toEqual([
      'metadata.name: FieldValueInvalid: Invalid value: "widgets.NS.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: FieldValueRequired: Required value',
    ])
  })

  it('are refused for a protected group without approval', async (at) => {
    const protectedGroup = { ...definition(at), metadata: { name: `widgets.${at.ns}.k8s.io` } }
    expect(
      faults(
        await at.post(definitions, {
          ...protectedGroup,
          spec: { ...(definition(at).spec as JsonObject), group: `${at.ns}.k8s.io` },
        }),
      ),
    ).toEqual([
      'metadata.annotations[api-approved.kubernetes.io]: FieldValueRequired: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ])
  })

  it('become established', async (at) => {
    await widgets(at)
    const answer = await at.eventually(`${definitions}/widgets.${groupOf(at)}`, ({ body }) =>
      JSON.stringify(body).includes('InitialNamesAccepted'),
    )
    expect([part(answer, 'status'), part(answer, 'metadata.finalizers')]).toEqual([
      {
        conditions: [
          {
            type: 'NamesAccepted',
            status: 'True',
            lastTransitionTime: 'TIME',
            reason: 'NoConflicts',
            message: 'no conflicts found',
          },
          {
            type: 'Established',
            status: 'True',
            lastTransitionTime: 'TIME',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
        ],
        acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        storedVersions: ['v1'],
      },
      null,
    ])
  })

  it('bring their group, version and resource into discovery', async (at) => {
    await widgets(at, {
      names: { shortNames: ['wd'], categories: ['all'] },
      subresources: {
        status: {},
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
      },
    })
    const group = await at.eventually(`/apis/${groupOf(at)}`, ({ status }) => status === 200)
    const resources = await at.eventually(`/apis/${groupOf(at)}/v1`, ({ status }) => status === 200)
    const bare = JSON.parse(
      JSON.stringify(resources.body).replace(/"storageVersionHash":"[^"]*"/g, '"storageVersionHash":"HASH"'),
    )
    expect([group.body, bare]).toEqual([
      {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'NS.example.com',
        versions: [{ groupVersion: 'NS.example.com/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'NS.example.com/v1', version: 'v1' },
      },
      {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: 'NS.example.com/v1',
        resources: [
          {
            name: 'widgets',
            singularName: 'widget',
            namespaced: true,
            kind: 'Widget',
            verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
            shortNames: ['wd'],
            categories: ['all'],
            storageVersionHash: 'HASH',
          },
          {
            name: 'widgets/status',
            singularName: '',
            namespaced: true,
            kind: 'Widget',
            verbs: ['get', 'patch', 'update'],
          },
          {
            name: 'widgets/scale',
            singularName: '',
            namespaced: true,
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: ['get', 'patch', 'update'],
          },
        ],
      },
    ])
  })

  it('take their objects with them', async (at) => {
    const path = await widgets(at)
    await at.given(path, widget(at))
    await at.delete(`${definitions}/widgets.${groupOf(at)}`)
    await at.eventually(`${definitions}/widgets.${groupOf(at)}`, ({ status }) => status === 404)
    await at.eventually(path, ({ status }) => status === 404)
  })

  it('wait for objects that a finalizer holds', async (at) => {
    const path = await widgets(at)
    await at.given(path, widget(at, {}, { metadata: { name: 'a', finalizers: ['example.com/f'] } }))
    await at.delete(`${definitions}/widgets.${groupOf(at)}`)
    await at.eventually(`${path}/a`, ({ body }) => valueAt(body, 'metadata', 'deletionTimestamp') !== undefined)
    const answer = await at.eventually(`${definitions}/widgets.${groupOf(at)}`, ({ body }) =>
      JSON.stringify(body).includes('Terminating'),
    )
    expect([answer.status, (await at.post(path, widget(at, {}, { metadata: { name: 'b' } }))).status]).toEqual([
      200, 403,
    ])
    await at.merge(`${path}/a`, { metadata: { finalizers: null } })
    await at.eventually(`${definitions}/widgets.${groupOf(at)}`, ({ status }) => status === 404)
  })

  it('raise their generation with their spec', async (at) => {
    await define(at)
    const changed = await at.merge(`${definitions}/widgets.${groupOf(at)}`, { spec: { names: { shortNames: ['wd'] } } })
    expect(part(changed, 'metadata.generation')).toBe(2)
  })

  it('cannot change group, scope and names', async (at) => {
    await widgets(at)
    const path = `${definitions}/widgets.${groupOf(at)}`
    expect(faults(await at.merge(path, { spec: { scope: 'Cluster' } }))).toEqual([
      'spec.scope: FieldValueInvalid: Invalid value: "Cluster": field is immutable',
    ])
    expect(faults(await at.merge(path, { spec: { names: { kind: 'Gadget' } } }))).toEqual([
      'spec.names.kind: FieldValueInvalid: Invalid value: "Gadget": field is immutable',
    ])
    expect(faults(await at.merge(path, { spec: { group: 'other.example.com' } }))).toEqual([
      'spec.group: FieldValueInvalid: Invalid value: "other.example.com": field is immutable',
    ])
  })

  it('cannot give up a version that objects were stored in', async (at) => {
    await widgets(at)
    const path = `${definitions}/widgets.${groupOf(at)}`
    expect(faults(await at.merge(path, { spec: { versions: [version('v2', { storage: true })] } }))).toEqual([
      'status.storedVersions[0]: FieldValueInvalid: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
    ])
  })
})
