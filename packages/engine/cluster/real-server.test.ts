// The contract with a real kube-apiserver: what the other tests stage must be what it does.
import type { Schema } from '@mainstay/core/diff/schema.ts'
import { isList, type JsonObject } from '@mainstay/core/object/json.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import { type KubeObject, resourceVersionOf, stringAt, uidOf, valueAt } from '@mainstay/core/object/object.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { FaultError } from '../fault.ts'
import { detailOf } from './cluster-fault.ts'
import { type Discovery, discover } from './discovery.ts'
import { getObject } from './get.ts'
import { loadCluster } from './kubeconfig.ts'
import { listObjects } from './list.ts'
import { openSchemas } from './openapi.ts'
import type { Resource } from './resource-path.ts'
import { openTransport, type Transport } from './transport.ts'
import { type WatchEvent, watchObjects } from './watch.ts'
import { applyObject, createObject, deleteObject, jsonPatch, mergePatch } from './write.ts'

async function faultOf(run: Promise<unknown>): Promise<FaultError> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FaultError)) throw new Error(`expected a fault, got ${String(error)}`)
  return error
}

const configMaps: Resource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  scope: 'namespaced',
}
const secrets: Resource = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', scope: 'namespaced' }
const namespaces: Resource = { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', scope: 'cluster' }

function configMap(namespace: string, name: string, data: JsonObject, more: JsonObject = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...more }, data }
}

/** One step down in a type: `[]` to the items of a list, `*` to the values of a map, else to a field. */
function below(schema: Schema | null, name: string): Schema | null {
  if (name === '[]') return schema?.kind === 'list' ? schema.items : null
  if (schema?.kind !== 'map') return null
  return name === '*' ? schema.values : schema.field(name)
}

describeCluster('the API server', (cluster) => {
  let shared: SharedCluster
  let transport: Transport
  let discovery: Discovery
  const open: Transport[] = []

  const as = async (kubeconfig: string): Promise<Transport> => {
    const opened = openTransport(await loadCluster({ kubeconfig, env: {} }))
    open.push(opened)
    return opened
  }
  const resource = (group: string, kind: string): Resource => {
    const found = findKind(discovery.table, { group, kind })
    if (found.kind !== 'known') throw new Error(`no ${group}/${kind}`)
    return { ...found.info, version: found.info.versions[0] ?? '' }
  }

  beforeAll(async () => {
    shared = await cluster()
    transport = await as(shared.kubeconfig)
    discovery = await discover(transport)
  })
  afterAll(async () => {
    for (const each of open) await each.close()
  })

  it('discovers kinds with scope, versions, verbs, short names and subresources, in two requests', async () => {
    const fresh = await as(shared.kubeconfig)
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

  it('creates and updates by server-side apply, and says which it was', async () => {
    const namespace = await shared.namespace('apply')
    const first = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }), {})
    expect(first.created).toBe(true)
    const second = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '2' }), {})
    expect(second.created).toBe(false)
    expect(uidOf(second.object)).toBe(uidOf(first.object))
    const again = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '2' }), {})
    expect(resourceVersionOf(again.object)).toBe(resourceVersionOf(second.object))
    const managers = valueAt(again.object, 'metadata', 'managedFields')
    expect(isList(managers) && managers.map((entry) => stringAt(entry, 'manager'))).toEqual(['argocd-controller'])
  })

  it('reads an object, null for one that does not exist, and a fault for a kind that does not', async () => {
    const namespace = await shared.namespace('get')
    await createObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }))
    expect(await getObject(transport, configMaps, { namespace, name: 'a' })).toMatchObject({
      kind: 'ConfigMap',
      data: { x: '1' },
    })
    expect(await getObject(transport, configMaps, { namespace, name: 'b' })).toBeNull()
    expect(await getObject(transport, configMaps, { namespace: 'nowhere', name: 'b' })).toBeNull()
    for (const strange of [{ resource: 'oddities' }, { group: 'odd.example', version: 'v1' }, { version: 'v7' }]) {
      const error = await faultOf(getObject(transport, { ...configMaps, ...strange }, { namespace, name: 'a' }))
      expect([error.fault.kind, detailOf(error).kind]).toEqual(['not-found', 'no-resource'])
      const listing = await faultOf(listObjects(transport, { ...configMaps, ...strange }, { namespace }))
      expect(detailOf(listing).kind).toBe('no-resource')
    }
  })

  it('keeps 64-bit integers in both directions', async () => {
    const namespace = await shared.namespace('int')
    const spec = { securityContext: { runAsUser: 9007199254740993n }, containers: [{ name: 'c', image: 'i' }] }
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace },
      spec: { ...spec, activeDeadlineSeconds: 7 },
    }
    const refused = await faultOf(createObject(transport, resource('', 'Pod'), pod, { dryRun: true }))
    expect(detailOf(refused)).toEqual({
      kind: 'invalid',
      fields: [{ field: 'spec.securityContext.runAsUser', message: expect.stringContaining('9007199254740993') }],
    })
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'a', namespace },
      spec: {
        activeDeadlineSeconds: 9007199254740993n,
        template: { spec: { ...spec, securityContext: {}, restartPolicy: 'Never' } },
      },
    }
    const made = await createObject(transport, resource('batch', 'Job'), job, { dryRun: true })
    expect(valueAt(made.object, 'spec', 'activeDeadlineSeconds')).toBe(9007199254740993n)
  })

  it('lists in pages, by namespace and selector, whole or as metadata', async () => {
    const namespace = await shared.namespace('list')
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`)
    await Promise.all(
      names.map((name) =>
        createObject(
          transport,
          configMaps,
          configMap(namespace, name, { x: 'y' }, { labels: { odd: String(Number(name.slice(1)) % 2) } }),
        ),
      ),
    )
    const before = transport.counts().byVerb.list ?? 0
    const listed = await listObjects(transport, configMaps, { namespace, labelSelector: 'odd', pageSize: 2 })
    expect((transport.counts().byVerb.list ?? 0) - before).toBe(4)
    expect(listed.objects.map(({ metadata }) => metadata.name)).toEqual(names)
    expect(listed.objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { x: 'y' } })
    const bare = await listObjects(transport, configMaps, { namespace, labelSelector: 'odd=1', metadataOnly: true })
    expect(bare.objects.map(({ metadata }) => metadata.name)).toEqual(['c1', 'c3', 'c5'])
    expect(bare.objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' })
    expect(bare.objects[0]?.data).toBeUndefined()
    const one = await listObjects(transport, configMaps, {
      namespace: null,
      fieldSelector: `metadata.namespace=${namespace},metadata.name=c1`,
    })
    expect(one.objects).toHaveLength(1)
  })

  it('names the fields that another manager owns, and takes them over by force', async () => {
    const namespace = await shared.namespace('conflict')
    await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '1', y: '1' }), { fieldManager: 'other' })
    const error = await faultOf(applyObject(transport, configMaps, configMap(namespace, 'a', { x: '2' }), {}))
    expect(error.fault.kind).toBe('conflict')
    expect(detailOf(error)).toEqual({
      kind: 'field-conflict',
      conflicts: [{ field: '.data.x', message: expect.stringContaining('"other"') }],
    })
    const forced = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '2' }), { force: true })
    expect(forced.object.data).toEqual({ x: '2', y: '1' })
  })

  it('refuses an apply whose uid or resourceVersion is not that of the object', async () => {
    const namespace = await shared.namespace('precondition')
    const made = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }), {})
    const manifest = configMap(namespace, 'a', { x: '2' })
    const version = resourceVersionOf(made.object)
    await mergePatch(transport, configMaps, { namespace, name: 'a' }, { data: { z: '1' } }, { fieldManager: 'hand' })
    const cases = [
      { uid: '00000000-0000-0000-0000-000000000000' },
      { resourceVersion: version },
      { uid: uidOf(made.object), resourceVersion: version },
    ]
    for (const precondition of cases) {
      const error = await faultOf(applyObject(transport, configMaps, manifest, { force: true, ...precondition }))
      expect([precondition, error.fault.kind, detailOf(error).kind]).toEqual([precondition, 'conflict', 'precondition'])
    }
    const absent = configMap(namespace, 'gone', {})
    const error = await faultOf(applyObject(transport, configMaps, absent, { uid: uidOf(made.object) }))
    expect([error.fault.kind, detailOf(error).kind]).toEqual(['conflict', 'precondition'])
    const applied = await applyObject(transport, configMaps, manifest, { uid: uidOf(made.object) })
    expect(applied.object.data).toEqual({ x: '2', z: '1' })
  })

  it('judges a dry run and keeps nothing of it', async () => {
    const namespace = await shared.namespace('dry')
    const dry = await applyObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }), { dryRun: true })
    expect(dry).toMatchObject({ created: true, object: { data: { x: '1' } } })
    expect(await getObject(transport, configMaps, { namespace, name: 'a' })).toBeNull()
    expect(transport.counts().byVerb['dry-run']).toBeGreaterThan(0)
  })

  it('names the fields that the server refuses, warns, or ignores them as asked', async () => {
    const namespace = await shared.namespace('invalid')
    const unknown = { ...configMap(namespace, 'a', { x: '1' }), oddity: 1 }
    const strict = await faultOf(applyObject(transport, configMaps, unknown, {}))
    expect(strict.fault).toMatchObject({ kind: 'rejected', why: expect.stringContaining('oddity') })
    // An apply cannot carry what the server has no type for, whatever is asked; a create can.
    const applied = await faultOf(applyObject(transport, configMaps, unknown, { fieldValidation: 'Ignore' }))
    expect(applied.fault.kind).toBe('rejected')
    const warned = await createObject(transport, configMaps, unknown, { fieldValidation: 'Warn', dryRun: true })
    expect(warned.warnings).toEqual([expect.stringContaining('oddity')])
    const ignored = await createObject(transport, configMaps, unknown, { fieldValidation: 'Ignore' })
    expect(ignored.warnings).toEqual([])
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', namespace },
      spec: {
        replicas: -1,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    }
    const error = await faultOf(applyObject(transport, resource('apps', 'Deployment'), deployment, {}))
    expect(error.fault.kind).toBe('rejected')
    expect(detailOf(error)).toEqual({
      kind: 'invalid',
      fields: [{ field: 'spec.replicas', message: expect.any(String) }],
    })
  })

  it('says that the namespace does not exist', async () => {
    const error = await faultOf(applyObject(transport, configMaps, configMap('nowhere', 'a', {}), {}))
    expect(error.fault.kind).toBe('not-found')
    expect(detailOf(error)).toEqual({ kind: 'no-object', resource: 'namespaces', name: 'nowhere' })
  })

  it('does not show the values of a Secret that the server refuses', async () => {
    const namespace = await shared.namespace('secret')
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', namespace },
      data: { 'bad key': 'c2VjcmV0', k: 's3cr3t!' },
    }
    for (const manifest of [
      secret,
      { ...secret, data: { k: ['s3cr3t!'] } },
      { ...secret, data: { 'bad key': 'c2VjcmV0' } },
    ]) {
      const error = await faultOf(applyObject(transport, secrets, manifest, {}))
      expect(error.fault.kind).toMatch(/rejected|unreachable/)
      expect(JSON.stringify([error.fault, error.message, detailOf(error)])).not.toMatch(/s3cr3t|c2VjcmV0/)
    }
  })

  it('patches by merge with preconditions, and by JSON patch with a test', async () => {
    const namespace = await shared.namespace('patch')
    const made = await createObject(transport, configMaps, configMap(namespace, 'a', { x: '1', y: '2' }))
    const target = { namespace, name: 'a' }
    const merged = await mergePatch(transport, configMaps, target, {
      metadata: { uid: uidOf(made.object), resourceVersion: resourceVersionOf(made.object) },
      data: { y: null },
    })
    expect(merged.object.data).toEqual({ x: '1' })
    const stale = { metadata: { resourceVersion: resourceVersionOf(made.object) }, data: { y: '3' } }
    expect(detailOf(await faultOf(mergePatch(transport, configMaps, target, stale))).kind).toBe('precondition')
    const other = { metadata: { uid: '00000000-0000-0000-0000-000000000000' }, data: { y: '3' } }
    expect((await faultOf(mergePatch(transport, configMaps, target, other))).fault.kind).toBe('conflict')
    const patched = await jsonPatch(transport, configMaps, target, [
      { op: 'test', path: '/data/x', value: '1' },
      { op: 'replace', path: '/data/x', value: '9' },
    ])
    expect(patched.object.data).toEqual({ x: '9' })
    const failing = await faultOf(
      jsonPatch(transport, configMaps, target, [{ op: 'test', path: '/data/x', value: '1' }]),
    )
    expect(failing.fault.kind).toBe('rejected')
    const again = await faultOf(createObject(transport, configMaps, configMap(namespace, 'a', {})))
    expect(detailOf(again).kind).toBe('already-exists')
  })

  it('deletes only the object with the given uid, and tells gone from terminating', async () => {
    const namespace = await shared.namespace('delete')
    const made = await createObject(
      transport,
      configMaps,
      configMap(namespace, 'a', {}, { finalizers: ['example.com/hold'] }),
    )
    const ref = { namespace, name: 'a' }
    const uid = uidOf(made.object) ?? ''
    const foreign = await faultOf(
      deleteObject(transport, configMaps, ref, { uid: '00000000-0000-0000-0000-000000000000', cascade: 'background' }),
    )
    expect([foreign.fault.kind, detailOf(foreign).kind]).toEqual(['conflict', 'precondition'])
    const stale = await faultOf(
      deleteObject(transport, configMaps, ref, { uid, resourceVersion: '1', cascade: 'background' }),
    )
    expect(detailOf(stale).kind).toBe('precondition')
    expect(await deleteObject(transport, configMaps, ref, { uid, cascade: 'background', dryRun: true })).toBe(
      'terminating',
    )
    expect(await deleteObject(transport, configMaps, ref, { uid, cascade: 'background' })).toBe('terminating')
    await mergePatch(transport, configMaps, ref, { metadata: { finalizers: null } })
    expect(await getObject(transport, configMaps, ref)).toBeNull()
    expect(await deleteObject(transport, configMaps, ref, { uid, cascade: 'background' })).toBe('gone')
    const free = await createObject(transport, configMaps, configMap(namespace, 'b', {}))
    expect(
      await deleteObject(
        transport,
        configMaps,
        { namespace, name: 'b' },
        { uid: uidOf(free.object) ?? '', cascade: 'foreground' },
      ),
    ).toMatch(/gone|terminating/)
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace },
      spec: { ports: [{ port: 80 }] },
    }
    const served = await createObject(transport, resource('', 'Service'), service)
    expect(
      await deleteObject(
        transport,
        resource('', 'Service'),
        { namespace, name: 's' },
        { uid: uidOf(served.object) ?? '', cascade: 'background' },
      ),
    ).toBe('gone')
    expect(await getObject(transport, resource('', 'Service'), { namespace, name: 's' })).toBeNull()
  })

  it('says what a user without the right may not do', async () => {
    const nobody = await as(shared.kubeconfigs.nobody)
    const namespace = await shared.namespace('forbidden')
    const runs = [
      () => listObjects(nobody, configMaps, { namespace }),
      () => getObject(nobody, configMaps, { namespace, name: 'a' }),
      () => applyObject(nobody, configMaps, configMap(namespace, 'a', {}), {}),
    ]
    for (const run of runs) {
      expect((await faultOf(run())).fault).toMatchObject({
        kind: 'forbidden',
        why: expect.stringContaining('"nobody"'),
      })
    }
  })

  it('refuses a wrong token and an untrusted server', async () => {
    const config = await loadCluster({ kubeconfig: shared.kubeconfig, env: {} })
    const credential = { authorization: 'Bearer wrong-s3cr3t', certificate: null }
    const wrong = openTransport({
      ...config,
      credentials: { current: async () => credential, refused: async () => false },
    })
    open.push(wrong)
    const error = await faultOf(listObjects(wrong, namespaces, { namespace: null }))
    expect(error.fault.kind).toBe('unauthorized')
    expect(`${error.message}${JSON.stringify(error.fault)}`).not.toContain('s3cr3t')
    const untrusting = openTransport({ ...config, trust: { ca: null, serverName: null, insecure: false } })
    open.push(untrusting)
    expect((await faultOf(listObjects(untrusting, namespaces, { namespace: null }))).fault).toMatchObject({
      kind: 'unreachable',
      why: expect.stringContaining('not trusted'),
    })
  })

  it('follows a collection through creation, change and deletion', async () => {
    const namespace = await shared.namespace('watch')
    await createObject(transport, configMaps, configMap(namespace, 'a', { x: '1' }, { labels: { my: 'own' } }))
    const stop = new AbortController()
    const seen: string[] = []
    const change = async (event: WatchEvent): Promise<void> => {
      const target = { namespace, name: 'b' }
      if (event.kind === 'synced')
        await createObject(transport, configMaps, configMap(namespace, 'b', {}, { labels: { my: 'own' } }))
      if (event.kind === 'gone') stop.abort()
      if (event.kind !== 'upsert') return
      if (valueAt(event.object, 'data', 'x') === undefined)
        await mergePatch(transport, configMaps, target, { data: { x: '2' } })
      else await deleteObject(transport, configMaps, target, { uid: uidOf(event.object) ?? '', cascade: 'background' })
    }
    for await (const event of watchObjects(transport, configMaps, {
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
    const { lookup, gaps } = await openSchemas(transport, store).load(wanted)
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
    const second = await as(shared.kubeconfig)
    const again = await openSchemas(second, store).load(wanted)
    expect(again.lookup('apps', 'v1', 'Deployment')).toMatchObject({ kind: 'map' })
    expect(second.counts().total).toBe(1)
    expect([...kept.keys()].every((key) => key.includes('hash='))).toBe(true)
  })
})
