// Definitions bring resources and take them away again.
import { expect, it } from 'vitest'
import { openClient } from '../testing/client.ts'

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const THINGS = '/apis/example.com/v1/namespaces/default/things'
const thing = {
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer', default: 1 } } } },
          },
        },
      },
    ],
  },
}

it('serves a resource as soon as its definition is there, with discovery and OpenAPI', async () => {
  const { ask } = openClient()
  expect((await ask('GET', THINGS)).text).toBe('404 page not found\n')
  expect((await ask('POST', CRDS, thing)).status).toBe(201)
  const made = await ask('POST', THINGS, {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'a' },
    spec: {},
  })
  expect([made.status, made.body.spec]).toEqual([201, { size: 1 }])
  expect((await ask('GET', '/apis/example.com/v1')).body).toMatchObject({
    resources: [{ name: 'things', kind: 'Thing' }],
  })
  expect((await ask('GET', '/openapi/v3')).body.paths).toHaveProperty(['apis/example.com/v1'])
  expect((await ask('GET', '/openapi/v3/apis/example.com/v1')).body).toMatchObject({ openapi: '3.0.0' })
})

it('takes the objects away with the definition, and waits for those that are held', async () => {
  const { ask, clock } = openClient()
  await ask('POST', CRDS, thing)
  const head = { apiVersion: 'example.com/v1', kind: 'Thing' }
  await ask('POST', THINGS, { ...head, metadata: { name: 'free' } })
  await ask('POST', THINGS, { ...head, metadata: { name: 'held', finalizers: ['example.com/f'] } })
  await ask('DELETE', `${CRDS}/things.example.com`)
  expect((await ask('GET', THINGS)).body).toMatchObject({ items: [{ metadata: { name: 'held' } }] })
  const merge = { 'content-type': 'application/merge-patch+json' }
  await ask('PATCH', `${THINGS}/held`, { metadata: { finalizers: null } }, merge)
  clock.advance(5000)
  expect((await ask('GET', `${CRDS}/things.example.com`)).status).toBe(404)
  expect((await ask('GET', THINGS)).status).toBe(404)
})
