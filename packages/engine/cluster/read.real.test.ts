// The contract with a real kube-apiserver: reading. What the other tests stage must be what it does.
import type { Schema } from '@mainstay/core/diff/schema.ts'
import { findLive } from '@mainstay/core/live/live.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import { uidOf, valueAt } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { openCache } from './cache.ts'
import { detailOf } from './cluster-fault.ts'
import { discover } from './discovery.ts'
import { getObject } from './get.ts'
import { listObjects } from './list.ts'
import { openSchemas } from './openapi.ts'
import { until } from './testing/fake-server.ts'
import { configMap, configMaps, describeReal } from './testing/real.ts'
import { faultOf } from './testing/stage.ts'
import { serverVersion } from './version.ts'
import { type WatchEvent, watchObjects } from './watch.ts'
import { createObject, deleteObject, mergePatch } from './write.ts'

/** One step down in a type: `[]` to the items of a list, `*` to the values of a map, else to a field. */
function below(schema: Schema | null, name: string): Schema | null {
  if (name === '[]') return schema?.kind === 'list' ? schema.items : null
  if (schema?.kind !== 'map') return null
  return name === '*' ? schema.values : schema.field(name)
}

/** Waits until the server has come so far: what it publishes follows what it stores after a while. */
async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`did not happen within 20 s: ${what}`)
  }
}

describeReal('reading from the API server', (real) => {
  it('discovers kinds with scope, versions, verbs, short names and subresources, in two requests', async () => {
    const fresh = await real().as(real().shared.kubeconfig)
    const { kinds, gaps, table } = await discover(fresh)
    expect(fresh.counts().total).toBe(2)
    expect(gaps).toEqual([])
    expect(kinds.find(({ kind, group }) => kind === 'Deployment' && group === 'apps')).toMatchObject({
      resource: 'deployments',
      scope: 'namespaced',
      versions: ['v1'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      verbs: expect.arrayContaining(['get', 'list', 'watch', 'patch', 'delete']),
    })
    expect(findKind(table, { group: '', kind: 'Node' })).toMatchObject({ kind: 'known', info: { scope: 'cluster' } })
    expect(table.kinds.get('autoscaling/HorizontalPodAutoscaler')?.versions).toEqual(['v2', 'v1'])
  })

  it('tells its version', async () => {
    expect(await serverVersion(real().transport)).toMatchObject({
      gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/),
      major: '1',
    })
  })

  it('reads an object, null for one that does not exist, and a fault for a kind that does not', async () => {
    const namespace = await real().shared.namespace('get')
    await createObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1' }))
    expect(await getObject(real().transport, configMaps, { namespace, name: 'a' })).toMatchObject({
      kind: 'ConfigMap',
      data: { x: '1' },
    })
    expect(await getObject(real().transport, configMaps, { namespace, name: 'b' })).toBeNull()
    expect(await getObject(real().transport, configMaps, { namespace: 'nowhere', name: 'b' })).toBeNull()
    for (const strange of [{ resource: 'oddities' }, { group: 'odd.example', version: 'v1' }, { version: 'v7' }]) {
      const error = await faultOf(getObject(real().transport, { ...configMaps, ...strange }, { namespace, name: 'a' }))
      expect([error.fault.kind, detailOf(error).kind]).toEqual(['not-found', 'no-resource'])
      const listing = await faultOf(listObjects(real().transport, { ...configMaps, ...strange }, { namespace }))
      expect(detailOf(listing).kind).toBe('no-resource')
    }
  })

  it('lists in pages, by namespace and selector, whole or as metadata', async () => {
    const namespace = await real().shared.namespace('list')
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`)
    await Promise.all(
      names.map((name) =>
        createObject(
          real().transport,
          configMaps,
          configMap(namespace, name, { x: 'y' }, { labels: { odd: String(Number(name.slice(1)) % 2) } }),
        ),
      ),
    )
    const before = real().transport.counts().byVerb.list ?? 0
    const listed = await listObjects(real().transport, configMaps, { namespace, labelSelector: 'odd', pageSize: 2 })
    expect((real().transport.counts().byVerb.list ?? 0) - before).toBe(4)
    expect(listed.objects.map(({ metadata }) => metadata.name)).toEqual(names)
    expect(listed.objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { x: 'y' } })
    const bare = await listObjects(real().transport, configMaps, {
      namespace,
      labelSelector: 'odd=1',
      metadataOnly: true,
    })
    expect(bare.objects.map(({ metadata }) => metadata.name)).toEqual(['c1', 'c3', 'c5'])
    expect(bare.objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' })
    expect(bare.objects[0]?.data).toBeUndefined()
    const one = await listObjects(real().transport, configMaps, {
      namespace: null,
      fieldSelector: `metadata.namespace=${namespace},metadata.name=c1`,
    })
    expect(one.objects).toHaveLength(1)
  })

  it('follows a collection through creation, change and deletion', async () => {
    const namespace = await real().shared.namespace('watch')
    await createObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1' }, { labels: { my: 'own' } }))
    const stop = new AbortController()
    const seen: string[] = []
    const change = async (event: WatchEvent): Promise<void> => {
      const target = { namespace, name: 'b' }
      if (event.kind === 'synced')
        await createObject(real().transport, configMaps, configMap(namespace, 'b', {}, { labels: { my: 'own' } }))
      if (event.kind === 'gone') stop.abort()
      if (event.kind !== 'upsert') return
      if (valueAt(event.object, 'data', 'x') === undefined)
        await mergePatch(real().transport, configMaps, target, { data: { x: '2' } })
      else
        await deleteObject(real().transport, configMaps, target, {
          uid: uidOf(event.object) ?? '',
          cascade: 'background',
        })
    }
    for await (const event of watchObjects(real().transport, configMaps, {
      namespace,
      labelSelector: 'my=own',
      signal: stop.signal,
    })) {
      seen.push(event.kind === 'synced' ? `synced ${event.objects.length}` : event.kind)
      await change(event)
    }
    expect(seen).toEqual(['synced 1', 'upsert', 'upsert', 'gone'])
  })

  it('publishes types: list keys, atomic maps, quantities, defaults; also of custom resources', async () => {
    const kept = new Map<string, string>()
    const store = {
      get: async (key: string) => kept.get(key) ?? null,
      put: async (key: string, text: string) => void kept.set(key, text),
    }
    const wanted = [
      { group: '', version: 'v1' },
      { group: 'apps', version: 'v1' },
      { group: 'apiextensions.k8s.io', version: 'v1' },
    ]
    const { lookup, gaps } = await openSchemas(real().transport, store).load(wanted)
    expect(gaps).toEqual([])
    const at = (kind: readonly [string, string, string], ...path: readonly string[]) =>
      path.reduce(below, lookup(...kind))
    const service = ['', 'v1', 'Service'] as const
    const container = ['spec', 'template', 'spec', 'containers', '[]'] as const
    const deployment = ['apps', 'v1', 'Deployment'] as const
    expect(at(service, 'spec', 'ports')).toMatchObject({
      kind: 'list',
      merge: { by: 'keys', keys: ['port', 'protocol'] },
    })
    expect(at(service, 'spec', 'ports', '[]', 'protocol')).toMatchObject({ kind: 'scalar', default: 'TCP' })
    expect(at(service, 'spec', 'ports', '[]', 'targetPort')).toMatchObject({ form: 'int-or-string' })
    expect(at(service, 'spec', 'clusterIPs')).toMatchObject({ kind: 'list', merge: { by: 'atomic' } })
    expect(at(service, 'spec', 'selector')).toMatchObject({ kind: 'map', atomic: true })
    expect(at(service, 'metadata', 'finalizers')).toMatchObject({ kind: 'list', merge: { by: 'set' } })
    expect(at(service, 'metadata', 'creationTimestamp')).toMatchObject({ form: 'time' })
    expect(at(deployment, ...container, 'resources', 'limits', '*')).toMatchObject({ kind: 'scalar', form: 'quantity' })
    expect(at(deployment, ...container, 'env')).toMatchObject({ merge: { by: 'keys', keys: ['name'] } })
    expect(at(['', 'v1', 'Secret'], 'data', '*')).toMatchObject({ form: 'bytes' })
    // A type that holds itself.
    const crd = ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'] as const
    const schema = ['spec', 'versions', '[]', 'schema', 'openAPIV3Schema'] as const
    expect(at(crd, ...schema, 'properties', '*', 'properties', '*', 'type')).toMatchObject({ kind: 'scalar' })
    expect(lookup('', 'v1', 'Oddity')).toBeNull()
    expect(lookup('odd.example', 'v1', 'Oddity')).toBeNull()
    // Another process with the same store reads the index only.
    const second = await real().as(real().shared.kubeconfig)
    const again = await openSchemas(second, store).load(wanted)
    expect(again.lookup('apps', 'v1', 'Deployment')).toMatchObject({ kind: 'map' })
    expect(second.counts().total).toBe(1)
    expect([...kept.keys()].every((key) => key.includes('hash='))).toBe(true)
  })

  it('is kept at hand by the cache, which asks nothing when it is read', async () => {
    const { transport, shared } = real()
    const namespace = await shared.namespace('cache')
    await createObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }))
    const own = await real().as(shared.kubeconfig)
    const { table } = await discover(own)
    const cache = openCache(own, async () => table)
    cache.choose([{ group: '', kind: 'ConfigMap', namespace, detail: 'full' }])
    await cache.settled()
    const at = (name: string) => findLive(cache.live(), { group: '', kind: 'ConfigMap', namespace, name })
    expect(at('a')).toMatchObject({ kind: 'present', object: { data: { x: '1' } } })
    expect(at('b')).toEqual({ kind: 'absent' })
    await createObject(transport, configMaps, configMap(namespace, 'b', {}))
    await until(() => at('b').kind === 'present', 'the new object is seen')
    const before = own.counts().total
    for (let times = 0; times < 1000; times += 1) at('a')
    expect(own.counts().total).toBe(before)
    await cache.close()
  })

  it('shows a new kind of resource with its types, and forgets it when it is deleted', async () => {
    const { transport, shared } = real()
    const group = `${await shared.namespace('crd')}.example.com`
    const crds = real().resource('apiextensions.k8s.io', 'CustomResourceDefinition')
    const text = { type: 'string' }
    const spec = {
      type: 'object',
      properties: {
        size: { type: 'integer', format: 'int64', default: 3 },
        port: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        parts: {
          type: 'array',
          items: { type: 'object', required: ['id'], properties: { id: text, note: text } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
        },
        tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      },
    }
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } }
    const crd = await createObject(transport, crds, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    })
    const answer = async () => findKind((await discover(transport)).table, { group, kind: 'Widget' })
    const types = async () =>
      (await openSchemas(transport).load([{ group, version: 'v1' }])).lookup(group, 'v1', 'Widget')
    await eventually(async () => (await answer()).kind === 'known', 'the kind is served')
    await eventually(async () => (await types()) !== null, 'its types are published')
    const root = below(await types(), 'spec')
    expect(below(root, 'size')).toEqual({ kind: 'scalar', type: 'integer', form: 'plain', default: 3 })
    expect(below(root, 'port')).toMatchObject({ kind: 'scalar', form: 'int-or-string' })
    expect(below(root, 'free')).toMatchObject({ kind: 'map', preservesUnknown: true })
    expect(below(root, 'parts')).toMatchObject({ kind: 'list', merge: { by: 'keys', keys: ['id'] } })
    expect(below(root, 'tags')).toMatchObject({ kind: 'list', merge: { by: 'set' } })
    expect(below(below(await types(), 'metadata'), 'labels')).toMatchObject({ kind: 'map', values: { kind: 'scalar' } })
    const ref = { namespace: null, name: crd.object.metadata.name }
    await deleteObject(transport, crds, ref, { uid: uidOf(crd.object) ?? '', cascade: 'background' })
    await eventually(async () => (await answer()).kind === 'absent', 'the kind is gone')
  })
})
