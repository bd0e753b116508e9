// managedFields: who is written down for what, by updates and patches.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, pod, podSpec, service } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'

topic('managed fields', (it) => {
  it('names the manager after the program', async (at) => {
    const seen = []
    for (const agent of ['kubectl/v1.36.3 (linux/amd64)', 'curl', 'a b/1', 'x'.repeat(200)]) {
      const answer = await at.post(
        configMaps,
        { metadata: { generateName: 'a-' }, data: { x: '1' } },
        { 'user-agent': agent },
      )
      seen.push(answer.managers.map((line) => line.split(' Update')[0]))
    }
    expect(seen).toEqual([
      ['kubectl'],
      ['curl'],
      ['a b'],
      [
        'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      ],
    ])
  })

  it('names the manager that the query names', async (at) => {
    expect((await at.post(`${configMaps}?fieldManager=me`, configMap('a', { x: '1' }))).managers).toEqual([
      'me Update v1: .data .data.x',
    ])
  })

  it('writes nothing down for an object without fields', async (at) => {
    expect((await at.post(configMaps, configMap('a'))).managers).toEqual([])
  })

  it('writes metadata down but for what the server gives', async (at) => {
    const metadata = { labels: { l: '1' }, annotations: { a: '1' }, finalizers: ['example.com/f'] }
    expect((await at.post(configMaps, configMap('a', { x: '1' }, metadata))).managers).toEqual([
      'conform Update v1: .data .data.x .metadata.annotations .metadata.annotations.a .metadata.finalizers .metadata.finalizers{"example.com/f"} .metadata.labels .metadata.labels.l',
    ])
  })

  it('writes generateName down', async (at) => {
    expect((await at.post(configMaps, { metadata: { generateName: 'a-' }, data: { x: '1' } })).managers).toEqual([
      'conform Update v1: .data .data.x .metadata.generateName',
    ])
  })

  it('writes defaults down for whoever creates', async (at) => {
    expect((await at.post(deployments, deployment('a'))).managers).toEqual([
      'conform Update apps/v1: .spec.progressDeadlineSeconds .spec.replicas .spec.revisionHistoryLimit .spec.selector .spec.strategy.rollingUpdate .spec.strategy.rollingUpdate.maxSurge .spec.strategy.rollingUpdate.maxUnavailable .spec.strategy.type .spec.template.metadata.labels .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"main"}] .spec.template.spec.containers[{"name":"main"}].image .spec.template.spec.containers[{"name":"main"}].imagePullPolicy .spec.template.spec.containers[{"name":"main"}].name .spec.template.spec.containers[{"name":"main"}].resources .spec.template.spec.containers[{"name":"main"}].terminationMessagePath .spec.template.spec.containers[{"name":"main"}].terminationMessagePolicy .spec.template.spec.dnsPolicy .spec.template.spec.restartPolicy .spec.template.spec.schedulerName .spec.template.spec.securityContext .spec.template.spec.terminationGracePeriodSeconds',
    ])
  })

  it('writes the defaults of a Pod down', async (at) => {
    const made = await at.post(
      '/api/v1/~/pods',
      pod('a', podSpec({}, { ports: [{ containerPort: 80 }] }), {
        annotations: { 'mainstay.dev/stage': 'never-placed' },
      }),
    )
    expect(made.managers).toEqual([
      'conform Update v1: .metadata.annotations .metadata.annotations.mainstay.dev/stage .spec.containers[{"name":"main"}] .spec.containers[{"name":"main"}].image .spec.containers[{"name":"main"}].imagePullPolicy .spec.containers[{"name":"main"}].name .spec.containers[{"name":"main"}].ports .spec.containers[{"name":"main"}].ports[{"containerPort":80,"protocol":"TCP"}] .spec.containers[{"name":"main"}].ports[{"containerPort":80,"protocol":"TCP"}].containerPort .spec.containers[{"name":"main"}].ports[{"containerPort":80,"protocol":"TCP"}].protocol .spec.containers[{"name":"main"}].resources .spec.containers[{"name":"main"}].terminationMessagePath .spec.containers[{"name":"main"}].terminationMessagePolicy .spec.dnsPolicy .spec.enableServiceLinks .spec.restartPolicy .spec.schedulerName .spec.securityContext .spec.terminationGracePeriodSeconds',
    ])
  })

  it('writes the defaults of a Service down', async (at) => {
    expect((await at.post('/api/v1/~/services', service('a'))).managers).toEqual([
      'conform Update v1: .spec.internalTrafficPolicy .spec.ports .spec.ports[{"port":80,"protocol":"TCP"}] .spec.ports[{"port":80,"protocol":"TCP"}].port .spec.ports[{"port":80,"protocol":"TCP"}].protocol .spec.ports[{"port":80,"protocol":"TCP"}].targetPort .spec.selector .spec.sessionAffinity .spec.type',
    ])
  })

  it('gives changed fields to whoever updates and leaves others', async (at) => {
    await at.post(`${configMaps}?fieldManager=one`, configMap('a', { x: '1', y: '1' }))
    const changed = await at.put(`${configMaps}/a?fieldManager=two`, configMap('a', { x: '2', y: '1', z: '1' }))
    expect(changed.managers).toEqual(['one Update v1: .data .data.y', 'two Update v1: .data.x .data.z'])
  })

  it('takes removed fields from everybody', async (at) => {
    await at.post(`${configMaps}?fieldManager=one`, configMap('a', { x: '1', y: '1' }))
    const changed = await at.put(`${configMaps}/a?fieldManager=two`, configMap('a', { y: '1' }))
    expect(changed.managers).toEqual(['one Update v1: .data .data.y'])
  })

  it('keeps one entry for several updates of one manager', async (at) => {
    await at.post(`${configMaps}?fieldManager=one`, configMap('a', { x: '1' }))
    await at.merge(`${configMaps}/a?fieldManager=two`, { data: { y: '1' } })
    const changed = await at.merge(`${configMaps}/a?fieldManager=two`, { data: { z: '1' } })
    expect(changed.managers).toEqual(['one Update v1: .data .data.x', 'two Update v1: .data.y .data.z'])
  })

  it('does the same for each kind of patch', async (at) => {
    await at.post(`${configMaps}?fieldManager=one`, configMap('a', { x: '1' }))
    await at.merge(`${configMaps}/a?fieldManager=two`, { data: { a: '1' } })
    await at.strategic(`${configMaps}/a?fieldManager=three`, { data: { b: '1' } })
    const changed = await at.jsonPatch(`${configMaps}/a?fieldManager=four`, [
      { op: 'add', path: '/data/c', value: '1' },
    ])
    expect(changed.managers).toEqual([
      'four Update v1: .data.c',
      'one Update v1: .data .data.x',
      'three Update v1: .data.b',
      'two Update v1: .data.a',
    ])
  })

  it('keeps Apply and Update of one manager apart', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const changed = await at.merge(`${configMaps}/a?fieldManager=ana`, { data: { y: '1' } })
    expect(changed.managers).toEqual(['ana Apply v1: .data.x', 'ana Update v1: .data.y'])
  })

  it('takes a field from an Apply that an update changes', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1', y: '1' }))
    const changed = await at.merge(`${configMaps}/a?fieldManager=hand`, { data: { x: '2' } })
    expect(changed.managers).toEqual(['ana Apply v1: .data.y', 'hand Update v1: .data.x'])
  })

  it('gives a field back to the Apply that takes it by force', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    await at.merge(`${configMaps}/a?fieldManager=hand`, { data: { x: '2' } })
    const again = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), { force: true })
    expect(again.managers).toEqual(['ana Apply v1: .data.x'])
  })

  it('names the subresource', async (at) => {
    await at.given(deployments, deployment('a'))
    const changed = await at.merge(`${deployments}/a/status?fieldManager=two`, { status: { collisionCount: 4 } })
    expect(changed.managers.filter((line) => line.startsWith('two'))).toEqual([
      'two Update apps/v1 (status): .status.collisionCount',
    ])
  })

  it('keeps an Apply at the status apart from one at the object', async (at) => {
    await at.apply(`${deployments}/a`, deployment('a'))
    const status = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, status: { collisionCount: 4 } }
    const answer = await at.apply(`${deployments}/a/status`, status)
    expect(answer.managers.filter((line) => line.startsWith('ana (') || line.includes('status'))).toEqual([
      'ana Apply apps/v1 (status): .status.collisionCount',
    ])
  })

  it('drops the status that is applied at the object', async (at) => {
    const answer = await at.apply(`${deployments}/a`, { ...deployment('a'), status: { collisionCount: 4 } })
    expect([part(answer, 'status'), answer.managers.some((line) => line.includes('collisionCount'))]).toEqual([
      {},
      false,
    ])
  })

  it('owns replicas neither by a scale to the zero that is there nor by the next scale', async (at) => {
    await at.given(deployments, deployment('a'))
    await at.merge(`${deployments}/a/scale?fieldManager=scaler`, { spec: { replicas: 0 } })
    const same = await at.get(`${deployments}/a`)
    const two = await at.merge(`${deployments}/a/scale?fieldManager=scaler`, { spec: { replicas: 1 } })
    expect(two.status).toBe(200)
    const changed = await at.get(`${deployments}/a`)
    const scaled = (lines: readonly string[]) => lines.filter((line) => line.startsWith('scaler'))
    expect([scaled(same.managers), scaled(changed.managers)]).toEqual([[], []])
  })

  it('owns replicas by the scale subresource', async (at) => {
    await at.given(deployments, deployment('a', { paused: true }))
    await at.merge(`${deployments}/a/scale?fieldManager=scaler`, { spec: { replicas: 2 } })
    const { managers } = await at.get(`${deployments}/a`)
    expect(managers.filter((line) => line.includes('replicas'))).toEqual([
      'scaler Update apps/v1 (scale) without time: .spec.replicas',
    ])
  })

  it('conflicts with the scale subresource', async (at) => {
    await at.apply(`${deployments}/a`, deployment('a', { paused: true }))
    await at.merge(`${deployments}/a/scale?fieldManager=scaler`, { spec: { replicas: 2 } })
    expect(said(await at.apply(`${deployments}/a`, deployment('a', { paused: true })))).toEqual([
      '409 Conflict: Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas ()',
      '.spec.replicas: FieldManagerConflict: conflict with "scaler" with subresource "scale" using apps/v1',
    ])
  })

  it('forgets everything by a list of one empty entry', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1' }))
    const cleared = await at.merge(`${configMaps}/a`, { metadata: { managedFields: [{}] } })
    expect(cleared.managers).toEqual([])
  })

  it('keeps what it has for null and forgets it for an empty list', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1' }))
    const one = await at.merge(`${configMaps}/a`, { metadata: { managedFields: null } })
    const two = await at.merge(`${configMaps}/a`, { metadata: { managedFields: [] } })
    expect([one.managers, two.managers]).toEqual([['conform Update v1: .data .data.x'], []])
  })

  it('takes managedFields that an update sends', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1' }))
    const [entry] = valueAt(made, 'metadata', 'managedFields') as readonly object[]
    const managedFields = [{ ...entry, manager: 'renamed' }] as never
    const changed = await at.merge(`${configMaps}/a`, { metadata: { managedFields } })
    expect(changed.managers).toEqual(['renamed Update v1: .data .data.x'])
  })

  it('gives what an Update had to an Apply by rewriting managedFields', async (at) => {
    const made = await at.given(configMaps, configMap('a', { x: '1', y: '1' }))
    const [entry] = valueAt(made, 'metadata', 'managedFields') as readonly object[]
    const managedFields = [{ ...entry, manager: 'ana', operation: 'Apply' }] as never
    const resourceVersion = textAt(made, 'metadata', 'resourceVersion')
    await at.merge(`${configMaps}/a`, { metadata: { managedFields, resourceVersion } })
    const applied = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect([part(applied, 'data'), applied.managers]).toEqual([{ x: '1' }, ['ana Apply v1: .data.x']])
  })

  it('leaves what client-side apply had where server-side apply takes over', async (at) => {
    const lastApplied = JSON.stringify(configMap('a', { x: '1', y: '1' }))
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied }
    await at.post(
      `${configMaps}?fieldManager=kubectl-client-side-apply`,
      configMap('a', { x: '1', y: '1' }, { annotations }),
    )
    const applied = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), { manager: 'kubectl', force: true })
    expect([part(applied, 'data'), part(applied, 'metadata.annotations'), applied.managers]).toEqual([
      { x: '1', y: '1' },
      {
        'kubectl.kubernetes.io/last-applied-configuration':
          '{"apiVersion":"v1","data":{"x":"1"},"kind":"ConfigMap","metadata":{"name":"a"}}\n',
      },
      [
        'kubectl Apply v1 without time: .data.x',
        'kubectl-client-side-apply Update v1: .data .data.x .data.y .metadata.annotations .metadata.annotations.kubectl.kubernetes.io/last-applied-configuration',
      ],
    ])
  })

  it('keeps the annotation of client-side apply up to date for kubectl', async (at) => {
    const lastApplied = JSON.stringify(configMap('a', { x: '1' }))
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied }
    await at.post(`${configMaps}?fieldManager=kubectl-client-side-apply`, configMap('a', { x: '1' }, { annotations }))
    const applied = await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'kubectl', force: true })
    expect(part(applied, 'metadata.annotations')).toEqual({
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"apiVersion":"v1","data":{"x":"2"},"kind":"ConfigMap","metadata":{"name":"a"}}\n',
    })
  })

  it('merges the oldest of more than ten updaters into one', async (at) => {
    await at.post(`${configMaps}?fieldManager=first`, configMap('a', { x: '1' }))
    for (let index = 0; index < 12; index += 1)
      await at.merge(`${configMaps}/a?fieldManager=m${index}`, { data: { [`k${index}`]: '1' } })
    const names = (await at.get(`${configMaps}/a`)).managers.map((line) => line.split(' ')[0])
    expect([names.length, names.includes('ancient-changes'), names.includes('first')]).toEqual([10, true, false])
  })

  it('orders entries by operation, then by time', async (at) => {
    await at.post(`${configMaps}?fieldManager=z-update`, configMap('a', { x: '1' }))
    await at.apply(`${configMaps}/a`, configMap('a', { y: '1' }), { manager: 'b-apply' })
    await at.apply(`${configMaps}/a`, configMap('a', { z: '1' }), { manager: 'a-apply' })
    const changed = await at.merge(`${configMaps}/a?fieldManager=a-update`, { data: { w: '1' } })
    const entries = valueAt(changed.raw, 'metadata', 'managedFields') as readonly JsonObject[]
    expect(entries.map((one) => one.operation)).toEqual(['Apply', 'Apply', 'Update', 'Update'])
    for (const operation of ['Apply', 'Update']) {
      const times = entries.filter((one) => one.operation === operation).map((one) => String(one.time))
      expect(times).toEqual([...times].sort())
    }
  })

  it('keeps the time of an entry that did not change', async (at) => {
    const made = await at.post(`${configMaps}?fieldManager=one`, configMap('a', { x: '1' }))
    const changed = await at.merge(`${configMaps}/a?fieldManager=two`, { data: { y: '1' } })
    const entries = valueAt(changed.raw, 'metadata', 'managedFields')
    expect(Array.isArray(entries) ? entries.find((one) => valueAt(one, 'manager') === 'one') : null).toEqual(
      valueAt(made.raw, 'metadata', 'managedFields', 0),
    )
  })

  it('writes nothing down for the deletion of an object that waits', async (at) => {
    const made = await at.post(configMaps, configMap('a', { x: '1' }, { finalizers: ['example.com/f'] }))
    const deleted = await at.delete(`${configMaps}/a`)
    expect(deleted.managers).toEqual(made.managers)
  })

  it('writes binaryData and immutable down', async (at) => {
    const made = await at.post(configMaps, { metadata: { name: 'a' }, binaryData: { x: 'MQ==' }, immutable: true })
    expect(made.managers).toEqual(['conform Update v1: .binaryData .binaryData.x .immutable'])
  })
})
