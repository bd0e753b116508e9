// Server-side apply: creating, changing, removing, and what it refuses.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, podSpec, secret, service } from '../objects.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'
const deployments = '/apis/apps/v1/~/deployments'

topic('apply', (it) => {
  it('creates what is not there and answers 201', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: '1' })))).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: '1' },
      },
    })
  })

  it('answers 200 for what is there', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const again = await at.apply(`${configMaps}/a`, configMap('a', { x: '2', y: '1' }))
    expect([again.status, part(again, 'data')]).toEqual([200, { x: '2', y: '1' }])
  })

  it('changes nothing, not even the version, where the same is applied again', async (at) => {
    const made = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const again = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(again.raw).toEqual(made.raw)
  })

  it('removes what the manager no longer applies', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1', y: '1' }))
    const again = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect([part(again, 'data'), again.managers]).toEqual([{ x: '1' }, ['ana Apply v1: .data.x']])
  })

  it('removes a whole map that the manager no longer applies', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }, { labels: { l: '1' } }))
    const again = await at.apply(`${configMaps}/a`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
    expect([said(again), again.managers]).toEqual([
      {
        status: 200,
        body: {
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        },
      },
      [],
    ])
  })

  it('keeps what another manager applied', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    await at.apply(`${configMaps}/a`, configMap('a', { y: '1' }), { manager: 'ben' })
    const again = await at.apply(`${configMaps}/a`, configMap('a', {}))
    expect([part(again, 'data'), again.managers]).toEqual([
      { y: '1' },
      ['ana Apply v1: .data', 'ben Apply v1: .data.y'],
    ])
  })

  it('keeps a field that was given up while another manager owns it too', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), { manager: 'ben' })
    const again = await at.apply(`${configMaps}/a`, configMap('a', {}))
    expect([part(again, 'data'), again.managers]).toEqual([
      { x: '1' },
      ['ana Apply v1: .data', 'ben Apply v1 without time: .data.x'],
    ])
  })

  it('shares a field that two managers apply with one value', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const shared = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), { manager: 'ben' })
    expect([shared.status, shared.managers]).toEqual([
      200,
      ['ana Apply v1: .data.x', 'ben Apply v1 without time: .data.x'],
    ])
  })

  it('refuses a change of a field of another manager', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'ben' }))).toEqual([
      '409 Conflict: Apply failed with 1 conflict: conflict with "ana": .data.x ()',
      '.data.x: FieldManagerConflict: conflict with "ana"',
    ])
  })

  it('names every field and every manager that conflicts', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1', y: '1' }))
    await at.apply(`${configMaps}/a`, configMap('a', { z: '1' }, { labels: { l: '1' } }), { manager: 'ben' })
    const refused = await at.apply(
      `${configMaps}/a`,
      configMap('a', { x: '2', y: '2', z: '2' }, { labels: { l: '2' } }),
      { manager: 'cara' },
    )
    const [line, ...causes] = said(refused) as readonly string[]
    expect([line, ...causes.sort()]).toEqual([
      '409 Conflict: Apply failed with 4 conflicts: conflicts with "ana":\n- .data.x\n- .data.y\nconflicts with "ben":\n- .data.z\n- .metadata.labels.l ()',
      '.data.x: FieldManagerConflict: conflict with "ana"',
      '.data.y: FieldManagerConflict: conflict with "ana"',
      '.data.z: FieldManagerConflict: conflict with "ben"',
      '.metadata.labels.l: FieldManagerConflict: conflict with "ben"',
    ])
  })

  it('conflicts with an update as well and says when it was', async (at) => {
    await at.given(configMaps, configMap('a', { x: '1' }))
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: '2' })))).toEqual([
      '409 Conflict: Apply failed with 1 conflict: conflict with "conform" using v1: .data.x ()',
      '.data.x: FieldManagerConflict: conflict with "conform" using v1',
    ])
  })

  it('conflicts with the same manager where it updated', async (at) => {
    await at.post(`${configMaps}?fieldManager=ana`, configMap('a', { x: '1' }))
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: '2' })))).toEqual([
      '409 Conflict: Apply failed with 1 conflict: conflict with "ana" using v1: .data.x ()',
      '.data.x: FieldManagerConflict: conflict with "ana" using v1',
    ])
  })

  it('takes a field over by force', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1', y: '1' }))
    const forced = await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'ben', force: true })
    expect([part(forced, 'data'), forced.managers]).toEqual([
      { x: '2', y: '1' },
      ['ana Apply v1: .data.y', 'ben Apply v1: .data.x'],
    ])
  })

  it('leaves a manager without fields out after force', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const forced = await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'ben', force: true })
    expect(forced.managers).toEqual(['ben Apply v1: .data.x'])
  })

  it('forces nothing with force=false', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(
      (await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }), { manager: 'ben', force: false })).status,
    ).toBe(409)
  })

  it('refuses an apply without a manager', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a'), { manager: '' }))).toEqual([
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch (group meta.k8s.io, kind PatchOptions)',
      'fieldManager: FieldValueRequired: Required value: is required for apply patch',
    ])
  })

  it('refuses force on another kind of patch', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.merge(`${configMaps}/a?force=true`, { data: { x: '1' } }))).toEqual([
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch (group meta.k8s.io, kind PatchOptions)',
      'force: FieldValueForbidden: Forbidden: may not be specified for non-apply patch',
    ])
  })

  it('refuses managedFields in what is applied', async (at) => {
    const managedFields = [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }]
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', {}, { managedFields })))).toEqual(
      '400 BadRequest: metadata.managedFields must be nil',
    )
  })

  it('refuses what has no kind', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, { apiVersion: 'v1', metadata: { name: 'a' } }))).toEqual(
      '400 BadRequest: invalid object type: /v1, Kind=',
    )
  })

  it('refuses what has no apiVersion', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, { kind: 'ConfigMap', metadata: { name: 'a' } }))).toEqual(
      '400 BadRequest: invalid object type: /, Kind=ConfigMap',
    )
  })

  it('refuses what has no name', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, { apiVersion: 'v1', kind: 'ConfigMap' }))).toEqual(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    )
  })

  it('refuses a name that is not that of the path', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('b')))).toEqual(
      '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
    )
  })

  it('refuses a namespace that is not that of the path', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', {}, { namespace: 'elsewhere' })))).toEqual(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    )
  })

  it('refuses another kind', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, secret('a')))).toEqual(
      '400 BadRequest: invalid object type: /v1, Kind=Secret',
    )
  })

  it('refuses another version', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, { ...configMap('a'), apiVersion: 'v2' }))).toEqual(
      '400 BadRequest: invalid object type: /v2, Kind=ConfigMap',
    )
  })

  it('refuses a field that the kind does not have', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, { ...configMap('a'), colour: 'red' }))).toEqual(
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .colour: field not declared in schema',
    )
  })

  it('refuses a number for a text', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: 1 })))).toEqual(
      '500: failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data.x: expected string, got &value.valueUnstructured{Value:1}',
    )
  })

  it('refuses a text for a list', async (at) => {
    const wrong = deployment('a', {}, { containers: 'none' })
    expect(said(await at.apply(`${deployments}/a`, wrong))).toEqual(
      '500: failed to create typed patch object (/a; apps/v1, Kind=Deployment): .spec.template.spec.containers: expected list, got &{none}',
    )
  })

  it('refuses what is not valid', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { 'a b': '1' })))).toEqual([
      "422 Invalid: ConfigMap \"a\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+') (name a, kind ConfigMap)",
      "data[a b]: FieldValueInvalid: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ])
  })

  it('refuses a body that is no YAML', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, '{"kind":'))).toEqual(
      '400 BadRequest: error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    )
  })

  it('refuses an empty body', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, ''))).toEqual('400 BadRequest: invalid object type: /, Kind=')
  })

  it('takes YAML', async (at) => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n'
    expect(part(await at.apply(`${configMaps}/a`, yaml), 'data')).toEqual({ x: '1' })
  })

  it('does not know an apply by JSON alone', async (at) => {
    const answer = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }), {
      type: 'application/apply-patch+json',
    })
    expect(answer.status === 201 ? part(answer, 'data') : said(answer)).toEqual(
      '415 UnsupportedMediaType: 415: Unsupported Media Type ()',
    )
  })

  it('refuses a stale resourceVersion', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }, { resourceVersion: '1' })))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again (name a, kind configmaps)',
    )
  })

  it('takes the resourceVersion that the object has', async (at) => {
    const made = await at.apply(`${configMaps}/a`, configMap('a', { x: '1' }))
    const resourceVersion = textAt(made.raw, 'metadata', 'resourceVersion')
    expect((await at.apply(`${configMaps}/a`, configMap('a', { x: '2' }, { resourceVersion }))).status).toBe(200)
  })

  it('creates with a resourceVersion', async (at) => {
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', {}, { resourceVersion: '5' })))).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    })
  })

  it('refuses a uid where nothing is there', async (at) => {
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', {}, { uid })))).toEqual(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid UID, and no existing object was found (name a, kind configmaps)',
    )
  })

  it('refuses another uid', async (at) => {
    await at.apply(`${configMaps}/a`, configMap('a'))
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.apply(`${configMaps}/a`, configMap('a', {}, { uid })))).toEqual([
      '422 Invalid: ConfigMap "a" is invalid: metadata.uid: Invalid value: "UID": field is immutable (name a, kind ConfigMap)',
      'metadata.uid: FieldValueInvalid: Invalid value: "UID": field is immutable',
      'metadata.uid: FieldValueInvalid: Invalid value: "UID": field is immutable',
    ])
  })

  it('does not create at a namespace that is not there', async (at) => {
    expect(said(await at.apply(`/api/v1/namespaces/${at.ns}-none/configmaps/a`, configMap('a')))).toEqual(
      '404 NotFound: namespaces "NS-none" not found (name NS-none, kind namespaces)',
    )
  })

  it('does not create at a status', async (at) => {
    expect(
      said(
        await at.apply(`${deployments}/a/status`, {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'a' },
        }),
      ),
    ).toEqual('404 NotFound: deployments.apps "a" not found (name a, group apps, kind deployments)')
  })

  it('takes over what it did not create, without its defaults', async (at) => {
    await at.given(deployments, deployment('a'))
    const applied = await at.apply(`${deployments}/a`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a' },
      spec: { revisionHistoryLimit: 10 },
    })
    expect(applied.managers).toEqual([
      'ana Apply apps/v1 without time: .spec.revisionHistoryLimit',
      'conform Update apps/v1: .spec.progressDeadlineSeconds .spec.replicas .spec.revisionHistoryLimit .spec.selector .spec.strategy.rollingUpdate .spec.strategy.rollingUpdate.maxSurge .spec.strategy.rollingUpdate.maxUnavailable .spec.strategy.type .spec.template.metadata.labels .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"main"}] .spec.template.spec.containers[{"name":"main"}].image .spec.template.spec.containers[{"name":"main"}].imagePullPolicy .spec.template.spec.containers[{"name":"main"}].name .spec.template.spec.containers[{"name":"main"}].resources .spec.template.spec.containers[{"name":"main"}].terminationMessagePath .spec.template.spec.containers[{"name":"main"}].terminationMessagePolicy .spec.template.spec.dnsPolicy .spec.template.spec.restartPolicy .spec.template.spec.schedulerName .spec.template.spec.securityContext .spec.template.spec.terminationGracePeriodSeconds',
    ])
  })

  it('owns fields that it applies with their default values, not others', async (at) => {
    const applied = await at.apply(`${deployments}/a`, deployment('a'))
    expect(applied.managers).toEqual([
      'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"main"}] .spec.template.spec.containers[{"name":"main"}].image .spec.template.spec.containers[{"name":"main"}].name',
    ])
  })

  it('fills defaults in again where a field was given up', async (at) => {
    await at.apply(`${deployments}/a`, deployment('a', { revisionHistoryLimit: 3, strategy: { type: 'Recreate' } }))
    const again = await at.apply(`${deployments}/a`, deployment('a'))
    expect([part(again, 'spec.revisionHistoryLimit'), part(again, 'spec.strategy')]).toEqual([
      10,
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    ])
  })

  it('refuses to give up a field that must be there', async (at) => {
    await at.apply(`${deployments}/a`, deployment('a'))
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }
    expect(said(await at.apply(`${deployments}/a`, bare))).toEqual([
      '422 Invalid: Deployment.apps "a" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value, spec.selector: Invalid value: null: field is immutable] (name a, group apps, kind Deployment)',
      'spec.selector: FieldValueRequired: Required value',
      'spec.template.metadata.labels: FieldValueInvalid: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: FieldValueRequired: Required value',
      'spec.selector: FieldValueInvalid: Invalid value: null: field is immutable',
    ])
  })

  it('takes null for an empty text and owns it', async (at) => {
    const answer = await at.apply(`${configMaps}/a`, configMap('a', { x: null, y: '1' }))
    expect(answer.status === 201 ? [part(answer, 'data'), answer.managers] : said(answer)).toEqual([
      { x: '', y: '1' },
      ['ana Apply v1: .data.x .data.y'],
    ])
  })

  it('owns an empty map', async (at) => {
    const answer = await at.apply(
      `${deployments}/a`,
      deployment('a', {}, podSpec({ securityContext: {}, volumes: [{ name: 'v', emptyDir: {} }] })),
    )
    expect(answer.managers).toEqual([
      'ana Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app .spec.template.spec.containers[{"name":"main"}] .spec.template.spec.containers[{"name":"main"}].image .spec.template.spec.containers[{"name":"main"}].name .spec.template.spec.securityContext .spec.template.spec.volumes[{"name":"v"}] .spec.template.spec.volumes[{"name":"v"}].emptyDir .spec.template.spec.volumes[{"name":"v"}].name',
    ])
  })

  it('keeps an address that the server gave', async (at) => {
    const made = await at.apply('/api/v1/~/services/a', service('a'))
    const again = await at.apply('/api/v1/~/services/a', service('a', { ports: [{ port: 81 }] }))
    expect(valueAt(again.raw, 'spec', 'clusterIP')).toBe(valueAt(made.raw, 'spec', 'clusterIP'))
    expect([part(again, 'spec.ports'), again.managers]).toEqual([
      [{ protocol: 'TCP', port: 81, targetPort: 81 }],
      [
        'ana Apply v1: .spec.ports[{"port":81,"protocol":"TCP"}] .spec.ports[{"port":81,"protocol":"TCP"}].port .spec.selector',
      ],
    ])
  })
})
