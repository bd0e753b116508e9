// Deleting one object: answers, preconditions, grace, finalizers.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, pod, podSpec, secret } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const pods = '/api/v1/~/pods'
const never = { annotations: { 'mainstay.dev/stage': 'never-placed' } }
const held = { finalizers: ['example.com/f'] }

topic('delete', (it) => {
  it('answers with a Status that names the uid', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    const gone = await at.delete(`${configMaps}/a`)
    expect(said(gone)).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: 'UID' },
      },
    })
    expect(valueAt(gone.raw, 'details', 'uid')).toBe(valueAt(made, 'metadata', 'uid'))
    expect((await at.get(`${configMaps}/a`)).status).toBe(404)
  })

  it('names the group in the Status', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    expect(said(await at.delete('/apis/apps/v1/~/deployments/a'))).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', group: 'apps', kind: 'deployments', uid: 'UID' },
      },
    })
  })

  it('lets the name be taken again with another uid', async (at) => {
    const made = await at.given(configMaps, configMap('a'))
    await at.delete(`${configMaps}/a`)
    const again = await at.given(configMaps, configMap('a'))
    expect(textAt(again, 'metadata', 'uid')).not.toBe(textAt(made, 'metadata', 'uid'))
  })

  it('takes a uid as precondition', async (at) => {
    const uid = textAt(await at.given(configMaps, configMap('a')), 'metadata', 'uid')
    expect((await at.delete(`${configMaps}/a`, { preconditions: { uid } })).status).toBe(200)
  })

  it('refuses where the uid is another', async (at) => {
    await at.given(configMaps, configMap('a'))
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.delete(`${configMaps}/a`, { preconditions: { uid } }))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (UID) does not match the UID in record (UID). The object might have been deleted and then recreated (name a, kind ConfigMap)',
    )
  })

  it('takes a resourceVersion as precondition', async (at) => {
    const resourceVersion = textAt(await at.given(configMaps, configMap('a')), 'metadata', 'resourceVersion')
    expect((await at.delete(`${configMaps}/a`, { preconditions: { resourceVersion } })).status).toBe(200)
  })

  it('refuses where the resourceVersion is another', async (at) => {
    await at.given(configMaps, configMap('a'))
    const answer = await at.delete(`${configMaps}/a`, { preconditions: { resourceVersion: '1' } })
    expect(JSON.stringify(said(answer)).replace(/in record \(\d+\)/, 'in record (RV)')).toEqual(
      '"409 Conflict: Operation cannot be fulfilled on ConfigMap \\"a\\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (RV). The object might have been modified (name a, kind ConfigMap)"',
    )
  })

  it('takes DeleteOptions of any group and version', async (at) => {
    const seen = []
    for (const apiVersion of ['v1', 'meta.k8s.io/v1', 'apps/v1', 'none/v1']) {
      await at.post(configMaps, configMap('a'))
      const answer = await at.delete(`${configMaps}/a`, { apiVersion, kind: 'DeleteOptions' })
      seen.push(answer.status === 200 ? 200 : said(answer))
    }
    expect(seen).toEqual([200, 200, 200, 200])
  })

  it('refuses a body of another kind', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a`, configMap('a')))).toEqual(
      '400 BadRequest: no kind "ConfigMap" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    )
  })

  it('ignores a field that DeleteOptions do not have', async (at) => {
    await at.given(configMaps, configMap('a'))
    const answer = await at.delete(`${configMaps}/a`, { colour: 'red' })
    expect(answer.status === 200 ? [200, answer.warnings] : said(answer)).toEqual([200, []])
  })

  it('refuses orphanDependents and propagationPolicy together', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a`, { orphanDependents: true, propagationPolicy: 'Orphan' }))).toEqual([
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set (group meta.k8s.io, kind DeleteOptions)',
      'propagationPolicy: FieldValueInvalid: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ])
  })

  it('refuses an unknown dryRun', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a`, { dryRun: ['Some'] }))).toEqual([
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All" (group meta.k8s.io, kind DeleteOptions)',
      'dryRun: FieldValueNotSupported: Unsupported value: ["Some"]: supported values: "All"',
    ])
  })

  it('takes options in the query', async (at) => {
    await at.given(pods, pod('a', podSpec({ nodeName: 'elsewhere' }), never))
    const answer = await at.delete(`${pods}/a?gracePeriodSeconds=7`)
    expect(part(answer, 'metadata.deletionGracePeriodSeconds')).toEqual(7)
    await at.delete(`${pods}/a?gracePeriodSeconds=0`)
  })

  it('marks an object that a finalizer holds and answers with it', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1' }, held))
    const answer = await at.delete(`${configMaps}/a`)
    expect(said(answer)).toEqual({
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
        data: { x: '1' },
      },
    })
  })

  it('does nothing more where an object is being deleted already', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    const first = await at.delete(`${configMaps}/a`)
    const second = await at.delete(`${configMaps}/a`)
    expect([
      second.status,
      valueAt(second.raw, 'metadata', 'resourceVersion') === valueAt(first.raw, 'metadata', 'resourceVersion'),
    ]).toEqual([200, true])
  })

  it('removes the object with its last finalizer', async (at) => {
    await at.given(configMaps, configMap('a', {}, { finalizers: ['example.com/f', 'example.com/g'] }))
    await at.delete(`${configMaps}/a`)
    const one = await at.merge(`${configMaps}/a`, { metadata: { finalizers: ['example.com/g'] } })
    const two = await at.merge(`${configMaps}/a`, { metadata: { finalizers: [] } })
    expect([
      one.status,
      two.status,
      part(two, 'metadata.finalizers'),
      (await at.get(`${configMaps}/a`)).status,
    ]).toEqual([200, 200, null, 404])
  })

  it('refuses a new finalizer on an object that is being deleted', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    await at.delete(`${configMaps}/a`)
    expect(
      said(await at.merge(`${configMaps}/a`, { metadata: { finalizers: ['example.com/f', 'example.com/g'] } })),
    ).toEqual([
      '422 Invalid: ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/g"} (name a, kind ConfigMap)',
      'metadata.finalizers: FieldValueForbidden: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/g"}',
      'metadata.finalizers: FieldValueForbidden: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/g"}',
    ])
  })

  it('takes other changes of an object that is being deleted', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    await at.delete(`${configMaps}/a`)
    expect(part(await at.merge(`${configMaps}/a`, { data: { x: '1' } }), 'data')).toEqual({ x: '1' })
  })

  it('keeps the deletionTimestamp through an update', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    await at.delete(`${configMaps}/a`)
    const changed = await at.put(`${configMaps}/a`, configMap('a', { x: '1' }, held))
    expect(part(changed, 'metadata')).toEqual({
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

  it('refuses to create over an object that is being deleted', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    await at.delete(`${configMaps}/a`)
    expect(said(await at.post(configMaps, configMap('a')))).toEqual(
      '409 AlreadyExists: object is being deleted: configmaps "a" already exists (name a, kind configmaps)',
    )
  })

  it('takes an apply to an object that is being deleted', async (at) => {
    await at.given(configMaps, configMap('a', {}, held))
    await at.delete(`${configMaps}/a`)
    expect((await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))).status).toEqual(200)
  })

  it('raises the generation of an object that waits', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', { ...deployment('a'), metadata: { name: 'a', ...held } })
    const answer = await at.delete('/apis/apps/v1/~/deployments/a')
    expect(part(answer, 'metadata.generation')).toEqual(2)
  })

  it('removes a Pod without a node at once', async (at) => {
    await at.given(pods, pod('a', podSpec(), never))
    const answer = await at.delete(`${pods}/a`)
    expect([
      answer.status,
      part(answer, 'kind'),
      part(answer, 'metadata.deletionGracePeriodSeconds'),
      (await at.get(`${pods}/a`)).status,
    ]).toEqual([200, 'Pod', 0, 404])
  })

  it('gives a Pod on a node thirty seconds', async (at) => {
    await at.given(pods, pod('a', podSpec({ nodeName: 'elsewhere' }), never))
    const answer = await at.delete(`${pods}/a`)
    expect([part(answer, 'metadata.deletionGracePeriodSeconds'), part(answer, 'status.phase')]).toEqual([30, 'Pending'])
    await at.delete(`${pods}/a`, { gracePeriodSeconds: 0 })
  })

  it('gives a Pod the seconds that it asks for', async (at) => {
    await at.given(pods, pod('a', podSpec({ nodeName: 'elsewhere', terminationGracePeriodSeconds: 5 }), never))
    expect(part(await at.delete(`${pods}/a`), 'metadata.deletionGracePeriodSeconds')).toEqual(5)
    await at.delete(`${pods}/a`, { gracePeriodSeconds: 0 })
  })

  it('sets the deletionTimestamp to the end of the grace', async (at) => {
    const made = await at.given(pods, pod('a', podSpec({ nodeName: 'elsewhere' }), never))
    const { raw } = await at.delete(`${pods}/a`, { gracePeriodSeconds: 100 })
    const seconds =
      (Date.parse(textAt(raw, 'metadata', 'deletionTimestamp')) -
        Date.parse(textAt(made, 'metadata', 'creationTimestamp'))) /
      1000
    expect(seconds).toBeGreaterThanOrEqual(100)
    expect(seconds).toBeLessThan(130)
    await at.delete(`${pods}/a`, { gracePeriodSeconds: 0 })
  })

  it('removes a Pod at once without grace', async (at) => {
    await at.given(pods, pod('a', podSpec({ nodeName: 'elsewhere' }), never))
    const answer = await at.delete(`${pods}/a`, { gracePeriodSeconds: 0 })
    expect([answer.status, part(answer, 'kind'), (await at.get(`${pods}/a`)).status]).toEqual([200, 'Pod', 404])
  })

  it('takes the grace of no other kind into account', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a'))
    await at.delete('/api/v1/~/secrets/a', { gracePeriodSeconds: 50 })
    expect((await at.get('/api/v1/~/secrets/a')).status).toBe(404)
  })

  it('evicts a Pod', async (at) => {
    await at.given(pods, pod('a', podSpec(), never))
    const answer = await at.post(`${pods}/a/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'a' },
    })
    expect([said(answer), (await at.get(`${pods}/a`)).status]).toEqual([
      { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } },
      404,
    ])
  })

  it('refuses an eviction whose name is another', async (at) => {
    await at.given(pods, pod('a', podSpec(), never))
    expect(
      said(await at.post(`${pods}/a/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'b' } })),
    ).toEqual('400 BadRequest: name in URL does not match name in Eviction object')
  })

  it('deletes nothing for an object in another namespace', async (at) => {
    const other = await at.other()
    await at.given(configMaps, configMap('a'))
    expect((await at.delete(`/api/v1/namespaces/${other}/configmaps/a`)).status).toBe(404)
    expect((await at.get(`${configMaps}/a`)).status).toBe(200)
  })
})
