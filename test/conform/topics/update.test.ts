// Updating by PUT: what replaces the object, what the server keeps, and the lock by resourceVersion.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, pod, secret } from '../objects.ts'
import { faults, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'

topic('update', (it) => {
  it('replaces the whole object', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1', y: '1' }, { labels: { l: '1' } }))
    expect(said(await at.put(`${configMaps}/a`, configMap('a', { x: '2' })))).toEqual({
      status: 200,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: '2' },
      },
    })
  })

  it('keeps uid, creationTimestamp and namespace of the object', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    const { raw } = await at.put(`${configMaps}/a`, configMap('a', { x: '1' }))
    for (const key of ['uid', 'creationTimestamp', 'namespace'])
      expect(textAt(raw, 'metadata', key)).toBe(textAt(made, 'metadata', key))
  })

  it('gives a new resourceVersion where something changed', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    const { raw } = await at.put(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(Number(textAt(raw, 'metadata', 'resourceVersion'))).toBeGreaterThan(
      Number(textAt(made, 'metadata', 'resourceVersion')),
    )
  })

  it('keeps the resourceVersion and managedFields where nothing changed', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    const { raw, status } = await at.put(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(status).toBe(200)
    expect(raw).toEqual(made)
  })

  it('keeps the resourceVersion where nothing changed but the manager', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    const { raw } = await at.put(`${configMaps}/a?fieldManager=other`, configMap('a', { x: '1' }))
    expect(raw).toEqual(made)
  })

  it('refuses a name that is not that of the path', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.put(`${configMaps}/a`, configMap('b')))).toEqual(
      '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
    )
  })

  it('refuses an object without a name', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.put(`${configMaps}/a`, { apiVersion: 'v1', kind: 'ConfigMap', data: { x: '1' } }))).toEqual(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    )
  })

  it('refuses a namespace that is not that of the path', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.put(`${configMaps}/a`, configMap('a', {}, { namespace: 'elsewhere' })))).toEqual(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    )
  })

  it('refuses another kind', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.put(`${configMaps}/a`, secret('a')))).toEqual(
      '400 BadRequest: Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    )
  })

  it('takes the resourceVersion that the object has', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    const resourceVersion = textAt(made, 'metadata', 'resourceVersion')
    expect((await at.put(`${configMaps}/a`, configMap('a', { x: '1' }, { resourceVersion }))).status).toBe(200)
  })

  it('refuses a resourceVersion that the object had', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    await at.merge(`${configMaps}/a`, { data: { x: '1' } })
    const resourceVersion = textAt(made, 'metadata', 'resourceVersion')
    expect(said(await at.put(`${configMaps}/a`, configMap('a', { x: '2' }, { resourceVersion })))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again (name a, kind configmaps)',
    )
  })

  it('refuses a stale resourceVersion of a kind with a group', async (at) => {
    await at.given(deployments, deployment('a'))
    const stale = { ...deployment('a'), metadata: { name: 'a', resourceVersion: '1' } }
    expect(said(await at.put(`${deployments}/a`, stale))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on deployments.apps "a": the object has been modified; please apply your changes to the latest version and try again (name a, group apps, kind deployments)',
    )
  })

  it('refuses a stale resourceVersion even where nothing would change', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    await at.merge(`${configMaps}/a`, { data: { x: '1' } })
    const resourceVersion = textAt(made, 'metadata', 'resourceVersion')
    expect((await at.put(`${configMaps}/a`, configMap('a', { x: '1' }, { resourceVersion }))).status).toBe(409)
  })

  it('refuses a resourceVersion that is no number', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.put(`${configMaps}/a`, configMap('a', {}, { resourceVersion: 'abc' })))).toEqual(
      '500: strconv.ParseUint: parsing "abc": invalid syntax',
    )
  })

  it('takes resourceVersion 0 for none', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect((await at.put(`${configMaps}/a`, configMap('a', { x: '1' }, { resourceVersion: '0' }))).status).toBe(200)
  })

  it('refuses another uid', async (at) => {
    await at.given(configMaps, configMap('a'))
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.put(`${configMaps}/a`, configMap('a', {}, { uid })))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/NS/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: UID, UID in object meta: UID (name a, kind configmaps)',
    )
  })

  it('keeps the address of a Service', async (at) => {
    const services = '/api/v1/~/services'
    const made = await at.given(services, { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } })
    const changed = await at.put(`${services}/a`, { metadata: { name: 'a' }, spec: { ports: [{ port: 81 }] } })
    expect(changed.status).toBe(200)
    expect(valueAt(changed.raw, 'spec', 'clusterIP')).toEqual(valueAt(made, 'spec', 'clusterIP'))
  })

  it('takes a PersistentVolumeClaim without a resourceVersion', async (at) => {
    const claim = {
      metadata: { name: 'a' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    await at.given('/api/v1/~/persistentvolumeclaims', claim)
    const labelled = { ...claim, metadata: { name: 'a', labels: { x: '1' } } }
    expect((await at.put('/api/v1/~/persistentvolumeclaims/a', labelled)).status).toBe(200)
  })

  it('needs a resourceVersion for a Lease', async (at) => {
    const leases = '/apis/coordination.k8s.io/v1/~/leases'
    await at.given(leases, { metadata: { name: 'a' }, spec: { holderIdentity: 'me' } })
    expect(faults(await at.put(`${leases}/a`, { metadata: { name: 'a' }, spec: { holderIdentity: 'you' } }))).toEqual([
      'metadata.resourceVersion: FieldValueInvalid: Invalid value: 0: must be specified for an update',
    ])
  })

  it('keeps the status at the object itself', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    await at.merge(`${deployments}/a/status`, { status: { collisionCount: 3 } })
    const changed = await at.put(`${deployments}/a`, {
      ...deployment('a', { paused: true }),
      status: { collisionCount: 9 },
    })
    expect(part(changed, 'status.collisionCount')).toEqual(3)
  })

  it('changes the status alone at the status subresource', async (at) => {
    await at.given(deployments, deployment('a'))
    const changed = await at.put(`${deployments}/a/status`, {
      ...deployment('a', { replicas: 7 }),
      metadata: { name: 'a', labels: { l: '1' } },
      status: { collisionCount: 4 },
    })
    expect([
      part(changed, 'spec.replicas'),
      part(changed, 'status.collisionCount'),
      part(changed, 'metadata.labels'),
    ]).toEqual([0, 4, null])
  })

  it('changes labels of a ReplicaSet at its status', async (at) => {
    const replicaSets = '/apis/apps/v1/~/replicasets'
    const { spec } = deployment('a')
    const { replicas, selector, template } = spec as { replicas: number; selector: object; template: object }
    const set = { metadata: { name: 'a' }, spec: { replicas, selector, template } } as never
    await at.given(replicaSets, set)
    const changed = await at.merge(`${replicaSets}/a/status`, {
      metadata: { labels: { l: '1' } },
      spec: { replicas: 3 },
    })
    expect([part(changed, 'spec.replicas'), part(changed, 'metadata.labels')]).toEqual([0, { l: '1' }])
  })

  it('changes labels of a Pod at its status', async (at) => {
    await at.given('/api/v1/~/pods', pod('a', undefined, { annotations: { 'mainstay.dev/stage': 'never-placed' } }))
    const changed = await at.merge('/api/v1/~/pods/a/status', {
      metadata: { labels: { l: '1' } },
      status: { reason: 'Because' },
    })
    expect([part(changed, 'metadata.labels'), part(changed, 'status.reason')]).toEqual([{ l: '1' }, 'Because'])
  })

  it('changes finalizers by an update', async (at) => {
    await at.given(configMaps, configMap('a', {}, { finalizers: ['example.com/a'] }))
    const changed = await at.put(`${configMaps}/a`, configMap('a', {}, { finalizers: ['example.com/b'] }))
    expect(part(changed, 'metadata.finalizers')).toEqual(['example.com/b'])
  })

  it('creates by PUT where the kind allows it', async (at) => {
    const slice = await at.put('/api/v1/~/endpoints/a', { metadata: { name: 'a' } })
    const lease = await at.put('/apis/coordination.k8s.io/v1/~/leases/a', { metadata: { name: 'a' } })
    const event = await at.put('/api/v1/~/events/a', {
      metadata: { name: 'a' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: at.ns },
    })
    expect([slice.status, lease.status, event.status]).toEqual([201, 201, 201])
  })

  it('creates by PUT with a resourceVersion, not with a uid', async (at) => {
    const leases = '/apis/coordination.k8s.io/v1/~/leases'
    const one = await at.put(`${leases}/a`, { metadata: { name: 'a', resourceVersion: '1' } })
    const two = await at.put(`${leases}/a`, { metadata: { name: 'a', uid: '11111111-1111-4111-8111-111111111111' } })
    expect([said(one), said(two)]).toEqual([
      {
        status: 201,
        body: {
          kind: 'Lease',
          apiVersion: 'coordination.k8s.io/v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
          spec: {},
        },
      },
      '409 Conflict: Operation cannot be fulfilled on leases.coordination.k8s.io "a": StorageError: invalid object, Code: 4, Key: /registry/leases/NS/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: UID, UID in object meta: UID (name a, group coordination.k8s.io, kind leases)',
    ])
  })
})
