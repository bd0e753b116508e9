// Listing: what a list says of itself, its order, and the versions at which it can be asked for.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, secret } from '../objects.ts'
import { names, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'

topic('list', (it) => {
  it('says kind, version and that nothing is there', async (at) => {
    expect(said(await at.get(secrets))).toEqual({
      status: 200,
      body: { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: 'RV' }, items: [] },
    })
  })

  it('gives items without kind and apiVersion', async (at) => {
    await at.given(secrets, secret('a'))
    expect(said(await at.get(secrets))).toEqual({
      status: 200,
      body: {
        kind: 'SecretList',
        apiVersion: 'v1',
        metadata: { resourceVersion: 'RV' },
        items: [
          {
            metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
            type: 'Opaque',
          },
        ],
      },
    })
  })

  it('gives items of a kind with a group in the same form', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    const listed = await at.get('/apis/apps/v1/~/deployments')
    expect([
      part(listed, 'kind'),
      part(listed, 'apiVersion'),
      part(listed, 'items.0.kind'),
      part(listed, 'items.0.apiVersion'),
    ]).toEqual(['DeploymentList', 'apps/v1', null, null])
  })

  it('orders by name, whenever something was created', async (at) => {
    for (const name of ['b', 'a-b', 'a', 'c', 'a.b', 'a0']) await at.given(secrets, secret(name))
    expect(names(await at.get(secrets))).toEqual(['a', 'a-b', 'a.b', 'a0', 'b', 'c'])
  })

  it('orders by namespace before name', async (at) => {
    const other = await at.other()
    const label = { metadata: { labels: { 'conform/list': at.ns } } }
    for (const [namespace, name] of [
      [other, 'a'],
      [at.ns, 'b'],
      [other, 'c'],
      [at.ns, 'd'],
    ])
      await at.given(
        `/api/v1/namespaces/${namespace}/secrets`,
        secret(name ?? '', { metadata: { name: name ?? '', ...label.metadata } }),
      )
    const listed = await at.get(`/api/v1/secrets?labelSelector=conform/list=${at.ns}`)
    const inOrder = at.ns < other ? ['b', 'd', 'a', 'c'] : ['a', 'c', 'b', 'd']
    expect(names(listed)).toEqual(inOrder)
  })

  it('gives a resourceVersion that is not older than that of its items', async (at) => {
    const made = await at.given(secrets, secret('a'))
    const { raw } = await at.get(secrets)
    const listVersion = Number(textAt(raw, 'metadata', 'resourceVersion'))
    expect(listVersion).toBeGreaterThanOrEqual(Number(textAt(made, 'metadata', 'resourceVersion')))
  })

  it('lists the objects of one namespace alone', async (at) => {
    const other = await at.other()
    await at.given(secrets, secret('a'))
    await at.given(`/api/v1/namespaces/${other}/secrets`, secret('b'))
    expect(names(await at.get(secrets))).toEqual(['a'])
  })

  it('lists nothing in a namespace that is not there', async (at) => {
    expect(said(await at.get(`/api/v1/namespaces/${at.ns}-none/secrets`))).toEqual({
      status: 200,
      body: { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: 'RV' }, items: [] },
    })
  })

  it('gives a list at resourceVersion 0', async (at) => {
    await at.given(secrets, secret('a'))
    await at.eventually(`${secrets}?resourceVersion=0`, (answer) => names(answer).length === 1)
  })

  it('gives a list not older than a version', async (at) => {
    const made = await at.given(secrets, secret('a'))
    const version = textAt(made, 'metadata', 'resourceVersion')
    const listed = await at.get(`${secrets}?resourceVersion=${version}&resourceVersionMatch=NotOlderThan`)
    expect([listed.status, names(listed)]).toEqual([200, ['a']])
  })

  it('gives the list as it was at exactly a version', async (at) => {
    const made = await at.given(secrets, secret('a'))
    await at.given(secrets, secret('b'))
    const version = textAt(made, 'metadata', 'resourceVersion')
    const listed = await at.get(`${secrets}?resourceVersion=${version}&resourceVersionMatch=Exact`)
    expect([names(listed), valueAt(listed.raw, 'metadata', 'resourceVersion') === version]).toEqual([['a'], true])
  })

  it('gives an object as it was at exactly a version', async (at) => {
    const made = await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    await at.merge(`${secrets}/a`, { data: { x: 'Mg==' } })
    const version = textAt(made, 'metadata', 'resourceVersion')
    const listed = await at.get(`${secrets}?resourceVersion=${version}&resourceVersionMatch=Exact`)
    expect(part(listed, 'items.0.data')).toEqual({ x: 'MQ==' })
  })

  it('refuses a list at a version that is yet to come', async (at) => {
    const answer = await at.get(`${secrets}?resourceVersion=999999999999&resourceVersionMatch=NotOlderThan`)
    const text = JSON.stringify(said(answer)).replace(/current: \d+/, 'current: RV')
    expect([text, answer.header('retry-after')]).toEqual([
      '["504 Timeout: Timeout: Too large resource version: 999999999999, current: RV (retryAfterSeconds 1)","ResourceVersionTooLarge: Too large resource version"]',
      '1',
    ])
  })

  it('refuses exactly a version that is yet to come', async (at) => {
    const answer = await at.get(`${secrets}?resourceVersion=999999999999&resourceVersionMatch=Exact`)
    expect(JSON.stringify(said(answer)).replace(/current: \d+/, 'current: RV')).toEqual(
      '["504 Timeout: Timeout: Too large resource version: 999999999999, current: RV (retryAfterSeconds 1)","ResourceVersionTooLarge: Too large resource version"]',
    )
  })

  it('refuses resourceVersionMatch without a version', async (at) => {
    expect(said(await at.get(`${secrets}?resourceVersionMatch=Exact`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ])
  })

  it('refuses exactly version 0', async (at) => {
    expect(said(await at.get(`${secrets}?resourceVersionMatch=Exact&resourceVersion=0`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0" (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ])
  })

  it('refuses an unknown resourceVersionMatch', async (at) => {
    expect(said(await at.get(`${secrets}?resourceVersionMatch=Nearly&resourceVersion=5`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", "" (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueNotSupported: Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", ""',
    ])
  })

  it('refuses sendInitialEvents without a watch', async (at) => {
    expect(said(await at.get(`${secrets}?sendInitialEvents=true`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list (group meta.k8s.io, kind ListOptions)',
      'sendInitialEvents: FieldValueForbidden: Forbidden: sendInitialEvents is forbidden for list',
    ])
  })

  it('shows an object that is being deleted', async (at) => {
    await at.given(secrets, { ...secret('a'), metadata: { name: 'a', finalizers: ['example.com/f'] } })
    await at.delete(`${secrets}/a`)
    expect(part(await at.get(secrets), 'items.0.metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
      deletionTimestamp: 'TIME',
      deletionGracePeriodSeconds: 0,
      finalizers: ['example.com/f'],
    })
  })

  it('gives managedFields in items', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }))
    const listed = await at.get('/api/v1/~/configmaps?fieldSelector=metadata.name=a')
    expect(valueAt(listed.raw, 'items', 0, 'metadata', 'managedFields', 0, 'manager')).toBe('conform')
  })
})
