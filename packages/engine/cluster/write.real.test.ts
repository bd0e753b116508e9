// The contract with a real kube-apiserver: writing. What the other tests stage must be what it does.
import { isList } from '@mainstay/core/object/json.ts'
import { resourceVersionOf, stringAt, uidOf, valueAt } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { detailOf } from './cluster-fault.ts'
import { dryRunCreate } from './dry-run.ts'
import { getObject } from './get.ts'
import type { Resource } from './resource-path.ts'
import { configMap, configMaps, describeReal } from './testing/real.ts'
import { faultOf } from './testing/stage.ts'
import { applyObject, createObject, deleteObject, mergePatch } from './write.ts'

const secrets: Resource = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', scope: 'namespaced' }

describeReal('writing to the API server', (real) => {
  it('creates and updates by server-side apply, and says which it was', async () => {
    const namespace = await real().shared.namespace('apply')
    const first = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1' }), {})
    expect(first.created).toBe(true)
    const second = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '2' }), {})
    expect(second.created).toBe(false)
    expect(uidOf(second.object)).toBe(uidOf(first.object))
    const again = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '2' }), {})
    expect(resourceVersionOf(again.object)).toBe(resourceVersionOf(second.object))
    const managers = valueAt(again.object, 'metadata', 'managedFields')
    expect(isList(managers) && managers.map((entry) => stringAt(entry, 'manager'))).toEqual(['argocd-controller'])
  })

  it('keeps 64-bit integers in both directions', async () => {
    const namespace = await real().shared.namespace('int')
    const spec = { securityContext: { runAsUser: 9007199254740993n }, containers: [{ name: 'c', image: 'i' }] }
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace },
      spec: { ...spec, activeDeadlineSeconds: 7 },
    }
    const refused = await faultOf(createObject(real().transport, real().resource('', 'Pod'), pod, { dryRun: true }))
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
    const made = await createObject(real().transport, real().resource('batch', 'Job'), job, { dryRun: true })
    expect(valueAt(made.object, 'spec', 'activeDeadlineSeconds')).toBe(9007199254740993n)
  })

  it('names the fields that another manager owns, and takes them over by force', async () => {
    const namespace = await real().shared.namespace('conflict')
    await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1', y: '1' }), {
      fieldManager: 'other',
    })
    const error = await faultOf(applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '2' }), {}))
    expect(error.fault.kind).toBe('conflict')
    expect(detailOf(error)).toEqual({
      kind: 'field-conflict',
      conflicts: [{ field: '.data.x', message: expect.stringContaining('"other"') }],
    })
    const forced = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '2' }), {
      force: true,
    })
    expect(forced.object.data).toEqual({ x: '2', y: '1' })
  })

  it('refuses an apply whose uid or resourceVersion is not that of the object', async () => {
    const namespace = await real().shared.namespace('precondition')
    const made = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1' }), {})
    const manifest = configMap(namespace, 'a', { x: '2' })
    const version = resourceVersionOf(made.object)
    await mergePatch(
      real().transport,
      configMaps,
      { namespace, name: 'a' },
      { data: { z: '1' } },
      { fieldManager: 'hand' },
    )
    const cases = [
      { uid: '00000000-0000-0000-0000-000000000000' },
      { resourceVersion: version },
      { uid: uidOf(made.object), resourceVersion: version },
    ]
    for (const precondition of cases) {
      const error = await faultOf(applyObject(real().transport, configMaps, manifest, { force: true, ...precondition }))
      expect([precondition, error.fault.kind, detailOf(error).kind]).toEqual([precondition, 'conflict', 'precondition'])
    }
    const absent = configMap(namespace, 'gone', {})
    const error = await faultOf(applyObject(real().transport, configMaps, absent, { uid: uidOf(made.object) }))
    expect([error.fault.kind, detailOf(error).kind]).toEqual(['conflict', 'precondition'])
    const applied = await applyObject(real().transport, configMaps, manifest, { uid: uidOf(made.object) })
    expect(applied.object.data).toEqual({ x: '2', z: '1' })
  })

  it('tells a manifest that is good as a new object from one that is not, whether the name is taken or free', async () => {
    const namespace = await real().shared.namespace('creatable')
    const good = configMap(namespace, 'a', { x: '1' })
    const bad = { ...good, data: { '': 'no key' } }
    const ask = (manifest: typeof good): Promise<boolean> => dryRunCreate(real().transport, configMaps, manifest)
    expect([await ask(good), await ask(bad)]).toEqual([true, false])
    await applyObject(real().transport, configMaps, good, {})
    expect([await ask(good), await ask(bad)]).toEqual([true, false])
  })

  it('judges a dry run and keeps nothing of it', async () => {
    const namespace = await real().shared.namespace('dry')
    const dry = await applyObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1' }), { dryRun: true })
    expect(dry).toMatchObject({ created: true, object: { data: { x: '1' } } })
    expect(await getObject(real().transport, configMaps, { namespace, name: 'a' })).toBeNull()
    expect(real().transport.counts().byVerb['dry-run']).toBeGreaterThan(0)
  })

  it('names the fields that the server refuses, warns, or ignores them as asked', async () => {
    const namespace = await real().shared.namespace('invalid')
    const unknown = { ...configMap(namespace, 'a', { x: '1' }), oddity: 1 }
    const strict = await faultOf(applyObject(real().transport, configMaps, unknown, {}))
    expect(strict.fault).toMatchObject({ kind: 'rejected', why: expect.stringContaining('oddity') })
    // An apply cannot carry what the server has no type for, whatever is asked; a create can.
    const applied = await faultOf(applyObject(real().transport, configMaps, unknown, { fieldValidation: 'Ignore' }))
    expect(applied.fault.kind).toBe('rejected')
    const warned = await createObject(real().transport, configMaps, unknown, { fieldValidation: 'Warn', dryRun: true })
    expect(warned.warnings).toEqual([expect.stringContaining('oddity')])
    const ignored = await createObject(real().transport, configMaps, unknown, { fieldValidation: 'Ignore' })
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
    const error = await faultOf(applyObject(real().transport, real().resource('apps', 'Deployment'), deployment, {}))
    expect(error.fault.kind).toBe('rejected')
    expect(detailOf(error)).toEqual({
      kind: 'invalid',
      fields: [{ field: 'spec.replicas', message: expect.any(String) }],
    })
  })

  it('says that the namespace does not exist', async () => {
    const error = await faultOf(applyObject(real().transport, configMaps, configMap('nowhere', 'a', {}), {}))
    expect(error.fault.kind).toBe('not-found')
    expect(detailOf(error)).toEqual({ kind: 'no-object', resource: 'namespaces', name: 'nowhere' })
  })

  it('does not show the values of a Secret that the server refuses', async () => {
    const namespace = await real().shared.namespace('secret')
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
      const error = await faultOf(applyObject(real().transport, secrets, manifest, {}))
      expect(error.fault.kind).toMatch(/rejected|unreachable/)
      expect(JSON.stringify([error.fault, error.message, detailOf(error)])).not.toMatch(/s3cr3t|c2VjcmV0/)
    }
  })

  it('patches by merge with preconditions, and by JSON patch with a test', async () => {
    const namespace = await real().shared.namespace('patch')
    const made = await createObject(real().transport, configMaps, configMap(namespace, 'a', { x: '1', y: '2' }))
    const target = { namespace, name: 'a' }
    const merged = await mergePatch(real().transport, configMaps, target, {
      metadata: { uid: uidOf(made.object), resourceVersion: resourceVersionOf(made.object) },
      data: { y: null },
    })
    expect(merged.object.data).toEqual({ x: '1' })
    const stale = { metadata: { resourceVersion: resourceVersionOf(made.object) }, data: { y: '3' } }
    expect(detailOf(await faultOf(mergePatch(real().transport, configMaps, target, stale))).kind).toBe('precondition')
    const other = { metadata: { uid: '00000000-0000-0000-0000-000000000000' }, data: { y: '3' } }
    expect((await faultOf(mergePatch(real().transport, configMaps, target, other))).fault.kind).toBe('conflict')
    const again = await faultOf(createObject(real().transport, configMaps, configMap(namespace, 'a', {})))
    expect(detailOf(again).kind).toBe('already-exists')
  })

  it('deletes only the object with the given uid, and tells gone from terminating', async () => {
    const namespace = await real().shared.namespace('delete')
    const made = await createObject(
      real().transport,
      configMaps,
      configMap(namespace, 'a', {}, { finalizers: ['example.com/hold'] }),
    )
    const ref = { namespace, name: 'a' }
    const uid = uidOf(made.object) ?? ''
    const foreign = await faultOf(
      deleteObject(real().transport, configMaps, ref, {
        uid: '00000000-0000-0000-0000-000000000000',
        cascade: 'background',
      }),
    )
    expect([foreign.fault.kind, detailOf(foreign).kind]).toEqual(['conflict', 'precondition'])
    const stale = await faultOf(
      deleteObject(real().transport, configMaps, ref, { uid, resourceVersion: '1', cascade: 'background' }),
    )
    expect(detailOf(stale).kind).toBe('precondition')
    expect(await deleteObject(real().transport, configMaps, ref, { uid, cascade: 'background', dryRun: true })).toBe(
      'terminating',
    )
    expect(await deleteObject(real().transport, configMaps, ref, { uid, cascade: 'background' })).toBe('terminating')
    await mergePatch(real().transport, configMaps, ref, { metadata: { finalizers: null } })
    expect(await getObject(real().transport, configMaps, ref)).toBeNull()
    expect(await deleteObject(real().transport, configMaps, ref, { uid, cascade: 'background' })).toBe('gone')
    const free = await createObject(real().transport, configMaps, configMap(namespace, 'b', {}))
    expect(
      await deleteObject(
        real().transport,
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
    const served = await createObject(real().transport, real().resource('', 'Service'), service)
    expect(
      await deleteObject(
        real().transport,
        real().resource('', 'Service'),
        { namespace, name: 's' },
        { uid: uidOf(served.object) ?? '', cascade: 'background' },
      ),
    ).toBe('gone')
    expect(await getObject(real().transport, real().resource('', 'Service'), { namespace, name: 's' })).toBeNull()
  })
})
