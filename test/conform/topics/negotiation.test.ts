// What an answer is written in, and metadata alone.

import { expect } from 'vitest'
import { type Desk, valueAt } from '../desk.ts'
import { configMap, deployment, secret } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'
const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
const partialList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

const accepted: readonly (readonly [accept: string, seen: unknown])[] = [
  ['application/json', '200 application/json Secret'],
  ['*/*', '200 application/json Secret'],
  ['application/*', '406 application/json Status'],
  ['', '200 application/json Secret'],
  ['application/yaml', '200 application/yaml apiVersion: v1'],
  ['text/html, application/json', '200 application/json Secret'],
  ['application/json;q=0.1, application/yaml', '200 application/yaml apiVersion: v1'],
  ['application/json;q=0.9, application/yaml;q=0.1', '200 application/json Secret'],
  ['application/json; charset=utf-8', '200 application/json Secret'],
  ['application/json;pretty=1', '200 application/json Secret'],
  ['application/json;stream=watch', '200 application/json Secret'],
  ['application/xml', '406 application/json Status'],
  ['text/plain', '406 application/json Status'],
  ['nonsense', '406 application/json Status'],
  ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', '200 application/json PartialObjectMetadata'],
  ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', '406 application/json Status'],
  ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1', '200 application/json PartialObjectMetadata'],
  ['application/json;as=Table;g=other;v=v1', '406 application/json Status'],
  ['application/json;as=Table', '406 application/json Status'],
  ['application/json;g=meta.k8s.io;v=v1', '406 application/json Status'],
  ['application/yaml;as=Table;g=meta.k8s.io;v=v1', '200 application/yaml apiVersion: me'],
]

async function contentOf(at: Desk, accept: string): Promise<string> {
  const answer = await at.get(`${secrets}/a`, { accept })
  return `${answer.status} ${answer.header('content-type')} ${valueAt(answer.body, 'kind') ?? answer.text.slice(0, 14)}`
}

topic('negotiation', (it) => {
  for (const [accept, seen] of accepted) {
    it(`answers Accept: ${accept === '' ? '(empty)' : accept}`, async (at) => {
      await at.given(secrets, secret('a'))
      expect(await contentOf(at, accept)).toEqual(seen)
    })
  }

  it('gives the metadata of an object', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }, { labels: { l: '1' } }))
    expect(said(await at.get('/api/v1/~/configmaps/a', { accept: partial }))).toEqual({
      status: 200,
      body: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: {
          name: 'a',
          namespace: 'NS',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          labels: { l: '1' },
        },
      },
    })
  })

  it('gives managedFields with the metadata', async (at) => {
    await at.given('/api/v1/~/configmaps', configMap('a', { x: '1' }))
    const { raw } = await at.get('/api/v1/~/configmaps/a', { accept: partial })
    expect(valueAt(raw, 'metadata', 'managedFields', 0, 'manager')).toBe('conform')
  })

  it('gives the metadata of a list', async (at) => {
    await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    expect(said(await at.get(secrets, { accept: partialList }))).toEqual({
      status: 200,
      body: {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { resourceVersion: 'RV' },
        items: [
          {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          },
        ],
      },
    })
  })

  it('gives a page of a list of metadata', async (at) => {
    for (const name of ['a', 'b', 'c']) await at.given(secrets, secret(name))
    const page = await at.get(`${secrets}?limit=1`, { accept: partialList })
    expect([part(page, 'kind'), part(page, 'metadata'), part(page, 'items.0.metadata.name')]).toEqual([
      'PartialObjectMetadataList',
      { resourceVersion: 'RV', continue: 'CONTINUE', remainingItemCount: 2 },
      'a',
    ])
  })

  it('does not give one object as a list of metadata', async (at) => {
    await at.given(secrets, secret('a'))
    expect(said(await at.get(`${secrets}/a`, { accept: partialList }))).toEqual(
      '406 NotAcceptable: you requested PartialObjectMetadataList, but the requested object is not a list (*core.Secret)',
    )
  })

  it('does not give a list as the metadata of one object', async (at) => {
    expect(said(await at.get(secrets, { accept: partial }))).toEqual(
      '406 NotAcceptable: you requested PartialObjectMetadata, but the requested object is a list (*core.SecretList)',
    )
  })

  it('gives the metadata of what it created', async (at) => {
    expect(said(await at.post(secrets, secret('a'), { accept: partial }))).toEqual({
      status: 201,
      body: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    })
  })

  it('gives the metadata of what it patched', async (at) => {
    await at.given(secrets, secret('a'))
    const headers = { accept: partial, 'content-type': 'application/merge-patch+json' }
    const answer = await at.ask('PATCH', `${secrets}/a`, { metadata: { labels: { l: '1' } } }, headers)
    expect(said(answer)).toEqual({
      status: 200,
      body: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: {
          name: 'a',
          namespace: 'NS',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          labels: { l: '1' },
        },
      },
    })
  })

  it('gives a Status for what it deleted although metadata was asked for', async (at) => {
    await at.given(secrets, secret('a'))
    const answer = await at.delete(`${secrets}/a`, undefined, { accept: partial })
    expect(said(answer)).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'secrets', uid: 'UID' },
      },
    })
  })

  it('gives the metadata of what still waits for a finalizer', async (at) => {
    await at.given(secrets, { ...secret('a'), metadata: { name: 'a', finalizers: ['example.com/f'] } })
    expect(said(await at.delete(`${secrets}/a`, undefined, { accept: partial }))).toEqual({
      status: 200,
      body: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
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
    })
  })

  it('refuses to create what is written as PartialObjectMetadata', async (at) => {
    const body = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: { name: 'a' } }
    expect(said(await at.post(secrets, body))).toEqual(
      '400 BadRequest: PartialObjectMetadata in version "v1" cannot be handled as a Secret: no kind "PartialObjectMetadata" is registered for version "meta.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"',
    )
  })

  it('compresses nothing that is small', async (at) => {
    await at.given(secrets, secret('a'))
    const answer = await at.get(`${secrets}/a`, { 'accept-encoding': 'gzip' })
    expect(answer.header('content-encoding')).toBe(null)
  })

  it('refuses a body in protobuf that is none', async (at) => {
    const answer = await at.post(secrets, 'abc', { 'content-type': 'application/vnd.kubernetes.protobuf' })
    expect([answer.status, valueAt(answer.body, 'reason')]).toEqual([400, 'BadRequest'])
  })

  it('takes a content type with a charset', async (at) => {
    const answer = await at.post(secrets, secret('a'), { 'content-type': 'application/json; charset=utf-8' })
    expect(answer.status).toBe(201)
  })

  it('takes JSON in a body that says YAML', async (at) => {
    const answer = await at.post(secrets, secret('a'), { 'content-type': 'application/yaml' })
    expect(answer.status).toBe(201)
  })

  it('gives a read no headers for caches but one', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    const answer = await at.get('/apis/apps/v1/~/deployments/a')
    expect(['vary', 'cache-control', 'etag', 'location', 'content-type'].map((name) => answer.header(name))).toEqual([
      null,
      'no-cache, private',
      null,
      null,
      'application/json',
    ])
  })
})
