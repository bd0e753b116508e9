// Dry runs: the answer of the real thing, and nothing is kept.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, pod, service } from '../objects.ts'
import { faults, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'

topic('dry run', (it) => {
  it('answers a create as if it had been done', async (at) => {
    const dry = await at.post(`${configMaps}?dryRun=All`, configMap('a', { x: '1' }))
    expect([said(dry), dry.managers, (await at.get(`${configMaps}/a`)).status]).toEqual([
      {
        status: 201,
        body: {
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
          data: { x: '1' },
        },
      },
      ['conform Update v1: .data .data.x'],
      404,
    ])
  })

  it('refuses a create as it would be refused', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.post(`${configMaps}?dryRun=All`, configMap('a')))).toEqual(
      '409 AlreadyExists: configmaps "a" already exists (name a, kind configmaps)',
    )
    expect(faults(await at.post(`${configMaps}?dryRun=All`, configMap('b', { 'a b': '1' })))).toEqual([
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ])
  })

  it('answers an update and keeps the object and its version', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    const dry = await at.put(`${configMaps}/a?dryRun=All`, configMap('a', { x: '2' }))
    expect(part(dry, 'data')).toEqual({ x: '2' })
    expect(valueAt(dry.raw, 'metadata', 'resourceVersion') === valueAt(made, 'metadata', 'resourceVersion')).toEqual(
      true,
    )
    expect((await at.get(`${configMaps}/a`)).raw).toEqual(made)
  })

  it('refuses an update with a stale version', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect((await at.put(`${configMaps}/a?dryRun=All`, configMap('a', {}, { resourceVersion: '1' }))).status).toBe(409)
  })

  it('answers each kind of patch and keeps the object', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    const seen = [
      part(await at.merge(`${configMaps}/a?dryRun=All`, { data: { x: '2' } }), 'data'),
      part(await at.strategic(`${configMaps}/a?dryRun=All`, { data: { y: '2' } }), 'data'),
      part(await at.jsonPatch(`${configMaps}/a?dryRun=All`, [{ op: 'remove', path: '/data/x' }]), 'data'),
    ]
    expect(seen).toEqual([{ x: '2' }, { x: '1', y: '2' }, null])
    expect((await at.get(`${configMaps}/a`)).raw).toEqual(made)
  })

  it('answers an apply that would create', async (at) => {
    const dry = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), { query: 'dryRun=All' })
    expect([dry.status, part(dry, 'metadata'), dry.managers, (await at.get(`${configMaps}/a`)).status]).toEqual([
      201,
      { name: 'a', namespace: 'NS', uid: 'UID', creationTimestamp: 'TIME' },
      ['ana Apply v1: .data.x'],
      404,
    ])
  })

  it('answers an apply that would change', async (at) => {
    const made = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const dry = await at.apply(`${configMaps}/a`, configMap('a', { y: '1' }), { query: 'dryRun=All' })
    expect([part(dry, 'data'), dry.managers]).toEqual([{ y: '1' }, ['ana Apply v1: .data.y']])
    expect((await at.get(`${configMaps}/a`)).raw).toEqual(made.raw)
  })

  it('refuses an apply that conflicts', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const dry = await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'ben', query: 'dryRun=All' })
    expect(dry.status).toBe(409)
  })

  it('answers a deletion and keeps the object', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a?dryRun=All`))).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: 'UID' },
      },
    })
    expect((await at.get(`${configMaps}/a`)).raw).toEqual(made)
  })

  it('takes the dry run of a deletion in its body', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect((await at.delete(`${configMaps}/a`, { dryRun: ['All'] })).status).toBe(200)
    expect((await at.get(`${configMaps}/a`)).status).toBe(200)
  })

  it('answers the deletion of an object that a finalizer holds without a mark that stays', async (at) => {
    await at.given(configMaps, configMap('a', {}, { finalizers: ['example.com/f'] }))
    const dry = await at.delete(`${configMaps}/a?dryRun=All`)
    expect([
      said(dry),
      valueAt((await at.get(`${configMaps}/a`)).body, 'metadata', 'deletionTimestamp') ?? null,
    ]).toEqual([
      {
        status: 200,
        body: {
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: {
            name: 'a',
            namespace: 'NS',
            uid: 'UID',
            resourceVersion: 'RV',
            creationTimestamp: 'TIME',
            deletionTimestamp: 'TIME',
            deletionGracePeriodSeconds: 0,
            finalizers: ['example.com/f'],
          },
        },
      },
      null,
    ])
  })

  it('makes a name for generateName', async (at) => {
    const dry = await at.post(`${configMaps}?dryRun=All`, { metadata: { generateName: 'a-' } })
    expect(textAt(dry.raw, 'metadata', 'name')).toMatch(/^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('gives no cluster IP that would stay', async (at) => {
    const dry = await at.post('/api/v1/~/services?dryRun=All', service('a', { type: 'NodePort' }))
    expect([dry.status, part(dry, 'spec')]).toEqual([
      201,
      {
        ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
        selector: { app: 'a' },
        clusterIP: 'CLUSTER_IP',
        clusterIPs: ['CLUSTER_IP'],
        type: 'NodePort',
        sessionAffinity: 'None',
        externalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      },
    ])
  })

  it('answers a Pod', async (at) => {
    const dry = await at.post('/api/v1/~/pods?dryRun=All', pod('a'))
    expect([dry.status, part(dry, 'status'), (await at.get('/api/v1/~/pods/a')).status]).toEqual([
      201,
      { phase: 'Pending', qosClass: 'BestEffort' },
      404,
    ])
  })

  it('answers a scale', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    const dry = await at.merge('/apis/apps/v1/~/deployments/a/scale?dryRun=All', { spec: { replicas: 3 } })
    expect([part(dry, 'spec'), part(await at.get('/apis/apps/v1/~/deployments/a'), 'spec.replicas')]).toEqual([
      { replicas: 3 },
      0,
    ])
  })

  it('answers a Namespace', async (at) => {
    const dry = await at.post('/api/v1/namespaces?dryRun=All', { metadata: { name: `${at.ns}-dry` } })
    expect([dry.status, part(dry, 'status'), (await at.get(`/api/v1/namespaces/${at.ns}-dry`)).status]).toEqual([
      201,
      { phase: 'Active' },
      404,
    ])
  })

  it('takes All twice and nothing else', async (at) => {
    const seen = []
    for (const query of ['dryRun=All&dryRun=All', 'dryRun=All&dryRun=Some', 'dryRun=', 'dryRun=all']) {
      const answer = await at.post(`${configMaps}?${query}`, configMap('a'))
      seen.push(answer.status)
      await at.delete(`${configMaps}/a`)
    }
    expect(seen).toEqual([201, 422, 422, 422])
  })
})
