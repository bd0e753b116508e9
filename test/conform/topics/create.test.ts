// Creating: what the server fills in, takes away and refuses.

import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { configMap, deployment, pod, secret } from '../objects.ts'
import { faults, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'

topic('create', (it) => {
  it('answers 201 with the object and what the server adds to it', async (at) => {
    expect(said(await at.post(configMaps, configMap('a', { x: '1' })))).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: '1' },
      },
    })
  })

  it('gives uid, creationTimestamp and resourceVersion in their forms', async (at) => {
    const { raw } = await at.post(configMaps, configMap('a'))
    expect(textAt(raw, 'metadata', 'uid')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(textAt(raw, 'metadata', 'creationTimestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(textAt(raw, 'metadata', 'resourceVersion')).toMatch(/^[1-9]\d*$/)
  })

  it('refuses a name that is taken', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.post(configMaps, configMap('a')))).toEqual(
      '409 AlreadyExists: configmaps "a" already exists (name a, kind configmaps)',
    )
  })

  it('names the group of a kind where a name is taken', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    expect(said(await at.post('/apis/apps/v1/~/deployments', deployment('a')))).toEqual(
      '409 AlreadyExists: deployments.apps "a" already exists (name a, group apps, kind deployments)',
    )
  })

  it('takes the namespace of the path where the object names none', async (at) => {
    const made = await at.post(configMaps, configMap('a'))
    expect(part(made, 'metadata.namespace')).toBe('NS')
  })

  it('refuses an object whose namespace is not that of the path', async (at) => {
    expect(said(await at.post(configMaps, configMap('a', {}, { namespace: 'elsewhere' })))).toEqual(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    )
  })

  it('refuses a namespaced object without a namespace', async (at) => {
    expect(said(await at.post('/api/v1/configmaps', configMap('a', {}, { namespace: 'default' })))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('refuses an object without a name', async (at) => {
    expect(faults(await at.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap' }))).toEqual([
      'metadata.name: FieldValueRequired: Required value: name or generateName is required',
    ])
  })

  it('says so in full where an object has no name', async (at) => {
    expect(said(await at.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap' }))).toEqual([
      '422 Invalid: ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required (kind ConfigMap)',
      'metadata.name: FieldValueRequired: Required value: name or generateName is required',
    ])
  })

  it('refuses a resourceVersion', async (at) => {
    expect(said(await at.post(configMaps, configMap('a', {}, { resourceVersion: '1' })))).toEqual(
      '500: resourceVersion should not be set on objects to be created',
    )
  })

  it('refuses an object in a namespace that is not there', async (at) => {
    expect(said(await at.post(`/api/v1/namespaces/${at.ns}-none/configmaps`, configMap('a')))).toEqual(
      '404 NotFound: namespaces "NS-none" not found (name NS-none, kind namespaces)',
    )
  })

  it('takes an object without kind and apiVersion', async (at) => {
    expect(said(await at.post(configMaps, { metadata: { name: 'a' } }))).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    })
  })

  it('refuses an object of another kind', async (at) => {
    expect(said(await at.post(configMaps, secret('a')))).toEqual(
      '400 BadRequest: Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    )
  })

  it('refuses an object of another version of the group', async (at) => {
    expect(said(await at.post(configMaps, { ...configMap('a'), apiVersion: 'v2' }))).toEqual(
      '400 BadRequest: ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    )
  })

  it('refuses an object of another group', async (at) => {
    expect(said(await at.post('/apis/apps/v1/~/deployments', { ...deployment('a'), apiVersion: 'batch/v1' }))).toEqual(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: no kind "Deployment" is registered for version "batch/v1" in scheme "pkg/runtime/scheme.go:111"',
    )
  })

  it('refuses an empty body', async (at) => {
    expect(said(await at.post(configMaps, ''))).toEqual(
      "400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    )
  })

  it('refuses a body that is no JSON', async (at) => {
    expect(said(await at.post(configMaps, '{"kind":'))).toEqual(
      '400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"kind":)',
    )
  })

  it('refuses a body that is a list', async (at) => {
    expect(said(await at.post(configMaps, []))).toEqual(
      '400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)',
    )
  })

  it('refuses a number where a text belongs', async (at) => {
    expect(said(await at.post(configMaps, configMap('a', { x: 1 })))).toEqual(
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    )
  })

  it('refuses a text where an object belongs', async (at) => {
    expect(said(await at.post(configMaps, { ...configMap('a'), metadata: 'a' }))).toEqual(
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta',
    )
  })

  it('refuses a text where a number belongs', async (at) => {
    expect(said(await at.post('/apis/apps/v1/~/deployments', deployment('a', { replicas: 'two' })))).toEqual(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    )
  })

  it('refuses a fraction where a whole number belongs', async (at) => {
    expect(said(await at.post('/apis/apps/v1/~/deployments', deployment('a', { replicas: 1.5 })))).toEqual(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    )
  })

  it('refuses base64 that is none', async (at) => {
    expect(said(await at.post('/api/v1/~/secrets', secret('a', { data: { x: '***' } })))).toEqual(
      '400 BadRequest: Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
    )
  })

  it('refuses an unknown fieldValidation', async (at) => {
    expect(said(await at.post(`${configMaps}?fieldValidation=Loud`, configMap('a')))).toEqual([
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loud": supported values: "", "Ignore", "Strict", "Warn" (group meta.k8s.io, kind CreateOptions)',
      'fieldValidation: FieldValueNotSupported: Unsupported value: "Loud": supported values: "", "Ignore", "Strict", "Warn"',
    ])
  })

  it('refuses an unknown dryRun', async (at) => {
    expect(said(await at.post(`${configMaps}?dryRun=Some`, configMap('a')))).toEqual([
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All" (group meta.k8s.io, kind CreateOptions)',
      'dryRun: FieldValueNotSupported: Unsupported value: ["Some"]: supported values: "All"',
    ])
  })

  it('refuses a fieldManager that is too long', async (at) => {
    expect(said(await at.post(`${configMaps}?fieldManager=${'m'.repeat(129)}`, configMap('a')))).toEqual([
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes (group meta.k8s.io, kind CreateOptions)',
      'fieldManager: FieldValueTooLong: Too long: may not be more than 128 bytes',
    ])
  })

  it('refuses a fieldManager with a sign that cannot be printed', async (at) => {
    expect(said(await at.post(`${configMaps}?fieldManager=a%01b`, configMap('a')))).toEqual([
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\x01b": invalid character U+0001 (at position 1) (group meta.k8s.io, kind CreateOptions)',
      'fieldManager: FieldValueInvalid: Invalid value: "a\\x01b": invalid character U+0001 (at position 1)',
    ])
  })

  it('drops what only the server may set', async (at) => {
    const made = await at.post(
      configMaps,
      configMap(
        'a',
        {},
        {
          uid: '11111111-1111-4111-8111-111111111111',
          creationTimestamp: '2001-01-01T00:00:00Z',
          deletionTimestamp: '2001-01-01T00:00:00Z',
          deletionGracePeriodSeconds: 7,
          generation: 9,
          selfLink: '/mine',
        },
      ),
    )
    expect(part(made, 'metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      generation: 9,
      creationTimestamp: 'TIME',
    })
    expect(valueAt(made.raw, 'metadata', 'uid')).not.toBe('11111111-1111-4111-8111-111111111111')
    expect(textAt(made.raw, 'metadata', 'creationTimestamp')).not.toBe('2001-01-01T00:00:00Z')
  })

  it('keeps labels, annotations and finalizers', async (at) => {
    const metadata = { labels: { a: 'b' }, annotations: { 'example.com/c': 'd e' }, finalizers: ['example.com/f'] }
    expect(part(await at.post(configMaps, configMap('a', {}, metadata)), 'metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
      labels: { a: 'b' },
      annotations: { 'example.com/c': 'd e' },
      finalizers: ['example.com/f'],
    })
  })

  it('leaves out empty labels, annotations, finalizers and owners', async (at) => {
    const metadata = { labels: {}, annotations: {}, finalizers: [], ownerReferences: [] }
    expect(part(await at.post(configMaps, configMap('a', {}, metadata)), 'metadata')).toEqual({
      name: 'a',
      namespace: 'NS',
      uid: 'UID',
      resourceVersion: 'RV',
      creationTimestamp: 'TIME',
    })
  })

  it('takes null for absent', async (at) => {
    const made = await at.post(configMaps, {
      ...configMap('a', { x: null }, { labels: null, annotations: { y: null } }),
      binaryData: null,
      immutable: null,
    })
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'a',
          namespace: 'NS',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          annotations: { y: '' },
        },
        data: { x: '' },
      },
    })
  })

  it('drops a status that a client sends', async (at) => {
    const made = await at.post('/apis/apps/v1/~/deployments', { ...deployment('a'), status: { replicas: 5 } })
    expect(part(made, 'status')).toEqual({})
  })

  it('sets the status of a Pod', async (at) => {
    const made = await at.post('/api/v1/~/pods', { ...pod('a'), status: { phase: 'Failed', podIP: '10.0.0.1' } })
    expect(part(made, 'status')).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
  })

  it('moves stringData of a Secret into data', async (at) => {
    const made = await at.post(
      '/api/v1/~/secrets',
      secret('a', { data: { x: 'b2xk', y: 'eQ==' }, stringData: { x: 'new', z: '' } }),
    )
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: 'bmV3', y: 'eQ==', z: '' },
        type: 'Opaque',
      },
    })
  })

  it('takes YAML', async (at) => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n'
    const made = await at.post(configMaps, yaml, { 'content-type': 'application/yaml' })
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: '1' },
      },
    })
  })

  it('refuses YAML that is none', async (at) => {
    const made = await at.post(configMaps, 'a: [', { 'content-type': 'application/yaml' })
    expect(said(made)).toEqual(
      '400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): yaml: line 1: did not find expected node content (613a205b)',
    )
  })

  it('refuses a content type that it does not know', async (at) => {
    const made = await at.post(configMaps, '<a/>', { 'content-type': 'application/xml' })
    expect(said(made)).toEqual(
      '415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  })

  it('takes a body without a content type for JSON', async (at) => {
    const made = await at.post(configMaps, '{"metadata":{"name":"a"}}', { 'content-type': '' })
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    })
  })

  it('takes a key twice, the last one counts, with a warning', async (at) => {
    const made = await at.post(configMaps, '{"metadata":{"name":"a"},"data":{"x":"1","x":"2"}}')
    expect([part(made, 'data'), made.warnings]).toEqual([{ x: '2' }, ['duplicate field "data.x"']])
  })

  it('refuses a Pod whose ServiceAccount is not there', async (at) => {
    const made = await at.post(
      '/api/v1/~/pods',
      pod('a', { containers: [{ name: 'c', image: 'i' }], serviceAccountName: 'x' }),
    )
    expect(said(made)).toEqual(
      '403 Forbidden: pods "a" is forbidden: error looking up service account NS/x: serviceaccount "x" not found (name a, kind pods)',
    )
  })

  it('does not take a PUT on the collection', async (at) => {
    expect(said(await at.put(configMaps, configMap('a')))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('does not take a POST on an object', async (at) => {
    expect(said(await at.post(`${configMaps}/a`, configMap('a')))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('does not create what can only be read', async (at) => {
    expect(said(await at.post('/api/v1/componentstatuses', { metadata: { name: 'a' } }))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })
})
