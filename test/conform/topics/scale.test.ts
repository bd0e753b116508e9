// The scale subresource.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { valueAt } from '../desk.ts'
import { deployment, podSpec } from '../objects.ts'
import { faults, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const deployments = '/apis/apps/v1/~/deployments'
const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['x', 'y'] }] }
const template = { metadata: { labels: { app: 'a', tier: 'x' } }, spec: podSpec() }
const kinds: readonly (readonly [string, string, JsonObject, unknown])[] = [
  [
    'Deployment',
    deployments,
    { metadata: { name: 'a' }, spec: { replicas: 2, paused: true, selector, template } },
    {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        spec: { replicas: 2 },
        status: { replicas: 0, selector: 'app=a,tier in (x,y)' },
      },
    },
  ],
  [
    'ReplicaSet',
    '/apis/apps/v1/~/replicasets',
    { metadata: { name: 'a' }, spec: { replicas: 0, selector, template } },
    {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        spec: {},
        status: { replicas: 0, selector: 'app=a,tier in (x,y)' },
      },
    },
  ],
  [
    'StatefulSet',
    '/apis/apps/v1/~/statefulsets',
    { metadata: { name: 'a' }, spec: { replicas: 0, selector, template } },
    {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        spec: {},
        status: { replicas: 0, selector: 'app=a,tier in (x,y)' },
      },
    },
  ],
  [
    'ReplicationController',
    '/api/v1/~/replicationcontrollers',
    { metadata: { name: 'a' }, spec: { replicas: 0, selector: { app: 'a' }, template } },
    {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        spec: {},
        status: { replicas: 0, selector: 'app=a' },
      },
    },
  ],
]

topic('scale', (it) => {
  for (const [kind, collection, object, seen] of kinds) {
    it(`of a ${kind} says replicas and selector`, async (at) => {
      await at.given(collection, object)
      expect(said(await at.get(`${collection}/a/scale`))).toEqual(seen)
    })
  }

  it('has the uid and the version of the object', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const object = await at.get(`${deployments}/a`)
    const scale = await at.get(`${deployments}/a/scale`)
    expect(valueAt(scale.raw, 'metadata', 'uid')).toBe(valueAt(object.raw, 'metadata', 'uid'))
  })

  it('changes the replicas by an update', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const scaled = await at.put(`${deployments}/a/scale`, {
      metadata: { name: 'a', namespace: at.ns },
      spec: { replicas: 3 },
    })
    expect([said(scaled), part(await at.get(`${deployments}/a`), 'spec.replicas')]).toEqual([
      {
        status: 200,
        body: {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          spec: { replicas: 3 },
          status: { replicas: 0, selector: 'app=a' },
        },
      },
      3,
    ])
  })

  it('changes the replicas by a patch', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    expect(part(await at.merge(`${deployments}/a/scale`, { spec: { replicas: 4 } }), 'spec')).toEqual({ replicas: 4 })
    expect(part(await at.get(`${deployments}/a`), 'spec.replicas')).toBe(4)
  })

  it('changes the replicas by a JSON patch', async (at) => {
    await at.given(deployments, deployment('a', { paused: true, replicas: 1 }))
    const scaled = await at.jsonPatch(`${deployments}/a/scale`, [{ op: 'replace', path: '/spec/replicas', value: 5 }])
    expect(part(scaled, 'spec')).toEqual({ replicas: 5 })
  })

  it('changes the replicas by an apply', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 2 } }
    const applied = await at.apply(`${deployments}/a/scale`, scale, { force: true })
    expect([
      said(applied),
      (await at.get(`${deployments}/a`)).managers.filter((line) => line.startsWith('ana')),
    ]).toEqual([
      {
        status: 200,
        body: {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          spec: { replicas: 2 },
          status: { replicas: 0, selector: 'app=a' },
        },
      },
      ['ana Apply apps/v1 (scale) without time: .spec.replicas'],
    ])
  })

  it('refuses negative replicas', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    expect(faults(await at.merge(`${deployments}/a/scale`, { spec: { replicas: -1 } }))).toEqual([
      'spec.replicas: FieldValueInvalid: Invalid value: -1: must be greater than or equal to 0',
    ])
  })

  it('refuses a stale resourceVersion', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const stale = { metadata: { name: 'a', namespace: at.ns, resourceVersion: '1' }, spec: { replicas: 3 } }
    expect(said(await at.put(`${deployments}/a/scale`, stale))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on deployments.apps "a": the object has been modified; please apply your changes to the latest version and try again (name a, group apps, kind deployments)',
    )
  })

  it('refuses another name', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    expect(
      said(
        await at.put(`${deployments}/a/scale`, { metadata: { name: 'b', namespace: at.ns }, spec: { replicas: 3 } }),
      ),
    ).toEqual('400 BadRequest: the name of the object (b) does not match the name on the URL (a)')
  })

  it('ignores labels and status', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    const scaled = await at.merge(`${deployments}/a/scale`, {
      metadata: { labels: { l: '1' } },
      status: { replicas: 9 },
    })
    expect([part(scaled, 'status'), part(await at.get(`${deployments}/a`), 'metadata.labels')]).toEqual([
      { replicas: 0, selector: 'app=a' },
      null,
    ])
  })

  it('is not there for a DaemonSet', async (at) => {
    const set = {
      metadata: { name: 'a' },
      spec: { selector, template: { ...template, spec: podSpec({ nodeSelector: { none: 'x' } }) } },
    }
    await at.given('/apis/apps/v1/~/daemonsets', set)
    expect(said(await at.get('/apis/apps/v1/~/daemonsets/a/scale'))).toEqual(
      '404 NotFound: the server could not find the requested resource ()',
    )
  })

  it('is not deleted', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    expect(said(await at.delete(`${deployments}/a/scale`))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })
})
