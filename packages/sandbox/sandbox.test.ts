// A sandbox as a whole: forks, snapshots, seeds, and objects of a live cluster.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { openSandbox } from './sandbox.ts'
import { openClient } from './testing/client.ts'
import { openTestClock } from './testing/clock.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

it('gives one seed the same answers', async () => {
  const made = async (): Promise<string> =>
    (await openClient().ask('POST', MAPS, { metadata: { generateName: 'a-' } })).text
  expect(await made()).toBe(await made())
})

it('forks into worlds that know nothing of each other, each with its own time', async () => {
  const client = openClient()
  await client.ask('POST', MAPS, { metadata: { name: 'both' } })
  const clock = openTestClock()
  clock.advance(60_000)
  const fork = openClient(client.sandbox.fork({ clock }), clock)
  await client.ask('POST', MAPS, { metadata: { name: 'mine' } })
  const made = await fork.ask('POST', MAPS, { metadata: { name: 'yours' } })
  expect(made.body.metadata).toMatchObject({ creationTimestamp: '2026-01-01T12:01:00Z' })
  const names = async ({ ask }: typeof client): Promise<unknown> =>
    ((await ask('GET', MAPS)).body.items as readonly KubeObject[]).map(({ metadata }) => metadata.name)
  expect([await names(client), await names(fork)]).toEqual([
    ['both', 'mine'],
    ['both', 'yours'],
  ])
})

it('goes back to a moment', async () => {
  const client = openClient()
  await client.ask('POST', MAPS, { metadata: { name: 'a' } })
  const moment = client.sandbox.snapshot()
  await client.ask('DELETE', `${MAPS}/a`)
  const back = openClient(moment.restore())
  expect((await back.ask('GET', `${MAPS}/a`)).status).toBe(200)
  expect((await client.ask('GET', `${MAPS}/a`)).status).toBe(404)
})

it('takes objects of a live cluster with their uid, version and owners', async () => {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, empty: true })
  const { ask } = openClient(sandbox, clock)
  const managedFields = [
    {
      manager: 'ana',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:x': {} } },
    },
  ]
  sandbox.load([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', uid: 'n', resourceVersion: '500' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '700', managedFields },
      data: { x: '1' },
    },
  ])
  expect((await ask('GET', `${MAPS}/a`)).body.metadata).toMatchObject({
    uid: 'u',
    resourceVersion: '700',
    managedFields,
  })
  const wish = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '2' } })
  const refused = await ask('PATCH', `${MAPS}/a?fieldManager=bot`, wish, {
    'content-type': 'application/apply-patch+yaml',
  })
  expect(refused.body.message).toBe('Apply failed with 1 conflict: conflict with "ana": .data.x')
  const watched = await ask('GET', `${MAPS}?watch=true&resourceVersion=600`)
  expect(watched.text).toContain('"code":410')
})

it('takes objects of a definition with the definition, in any order', async () => {
  const { sandbox, ask } = openClient()
  const names = { plural: 'things', kind: 'Thing', singular: 'thing', listKind: 'ThingList' }
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  sandbox.load([
    {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 't', namespace: 'default', resourceVersion: '7' },
    },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com', resourceVersion: '6' },
      spec: {
        group: 'example.com',
        names,
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
      status: {
        acceptedNames: names,
        conditions: [
          { type: 'NamesAccepted', status: 'True' },
          { type: 'Established', status: 'True' },
        ],
        storedVersions: ['v1'],
      },
    },
  ])
  const path = '/apis/example.com/v1/namespaces/default/things/t'
  expect((await ask('GET', path)).body).toMatchObject({ kind: 'Thing', metadata: { name: 't' } })
})

it('lets a controller act as a client does, and see every change', async () => {
  const { ask, sandbox } = openClient()
  const seen: string[] = []
  sandbox.world.subscribe(({ type, object }) => seen.push(`${type} ${object.kind}/${object.metadata.name}`))
  await ask('POST', MAPS, { metadata: { name: 'a' } })
  const place = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' }
  const live = sandbox.world.get(place)
  if (live === null) throw new Error('it was made')
  sandbox.world.update({ ...live, data: { by: 'controller' } }, { manager: 'controller' })
  sandbox.world.delete(place)
  expect(seen).toEqual(['ADDED ConfigMap/a', 'MODIFIED ConfigMap/a', 'DELETED ConfigMap/a'])
  expect(() => sandbox.world.update(live)).toThrow('configmaps "a" not found')
})
