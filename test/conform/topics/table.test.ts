// Tables: what `kubectl get` shows of a kind.

import { expect } from 'vitest'
import { valueAt } from '../desk.ts'
import { configMap, secret } from '../objects.ts'
import { acceptTable as accept, said, shown, table } from '../said.ts'
import { topic } from '../suite.ts'

topic('table', (it) => {
  it('describes each column', async (at) => {
    const { body, header } = await at.get('/api/v1/~/secrets', { accept })
    expect(header('content-type')).toBe('application/json')
    expect(body).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: 'RV' },
      columnDefinitions: [
        {
          name: 'Name',
          type: 'string',
          format: 'name',
          description:
            'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
          priority: 0,
        },
        {
          name: 'Type',
          type: 'string',
          format: '',
          description:
            'Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types',
          priority: 0,
        },
        {
          name: 'Data',
          type: 'string',
          format: '',
          description:
            "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4",
          priority: 0,
        },
        {
          name: 'Age',
          type: 'string',
          format: '',
          description:
            'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
          priority: 0,
        },
      ],
      rows: [],
    })
  })

  it('gives the metadata of each object in its row', async (at) => {
    await at.given('/api/v1/~/secrets', { ...secret('a'), metadata: { name: 'a', labels: { l: '1' } } })
    const { body } = await at.get('/api/v1/~/secrets', { accept })
    expect(valueAt(body, 'rows', 0, 'object')).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: {
        name: 'a',
        namespace: 'NS',
        uid: 'UID',
        resourceVersion: 'RV',
        creationTimestamp: 'TIME',
        labels: { l: '1' },
      },
    })
  })

  it('leaves the objects out where they are not wanted', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a'))
    const { body } = await at.get('/api/v1/~/secrets?includeObject=None', { accept })
    expect(valueAt(body, 'rows', 0)).toEqual({ cells: ['a', 'Opaque', 0, expect.any(String)], object: null })
  })

  it('gives whole objects where they are wanted', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a', { data: { x: 'MQ==' } }))
    const { body } = await at.get('/api/v1/~/secrets?includeObject=Object', { accept })
    expect(valueAt(body, 'rows', 0, 'object')).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      data: { x: 'MQ==' },
      type: 'Opaque',
    })
  })

  it('refuses an unknown includeObject', async (at) => {
    expect(said(await at.get('/api/v1/~/secrets?includeObject=Some', { accept }))).toEqual(
      "400 BadRequest: Unable to convert to Table as requested: includeObject: Invalid value: \"Some\": must be 'Metadata', 'Object', 'None', or empty",
    )
  })

  it('gives one object as a Table of one row', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a'))
    expect(table(await at.get('/api/v1/~/secrets/a', { accept }))).toEqual([
      'Name, Type, Data, Age',
      ['a', 'Opaque', 0, 'AGE'],
    ])
  })

  it('gives a page of a list as a Table with its token', async (at) => {
    for (const name of ['a', 'b', 'c']) await at.given('/api/v1/~/secrets', secret(name))
    const answer = await at.get('/api/v1/~/secrets?limit=2', { accept })
    expect([table(answer), valueAt(answer.body, 'metadata')]).toEqual([
      ['Name, Type, Data, Age', ['a', 'Opaque', 0, 'AGE'], ['b', 'Opaque', 0, 'AGE']],
      { resourceVersion: 'RV', continue: 'CONTINUE', remainingItemCount: 1 },
    ])
  })

  it('gives what was created as a Table', async (at) => {
    const answer = await at.post('/api/v1/~/configmaps', configMap('a', { x: '1', y: '2' }), { accept })
    expect([answer.status, table(answer)]).toEqual([201, ['Name, Data, Age', ['a', 2, 'AGE']]])
  })

  it('takes the second of what is accepted where the first is not there', async (at) => {
    const answer = await at.get('/api/v1/~/secrets', {
      accept: 'application/json;as=Chair;v=v1;g=meta.k8s.io, application/json',
    })
    expect(valueAt(answer.body, 'kind')).toBe('SecretList')
  })

  it('prefers the Table where it comes first', async (at) => {
    const answer = await at.get('/api/v1/~/secrets', { accept: `${accept}, application/json` })
    expect(valueAt(answer.body, 'kind')).toBe('Table')
  })

  it('gives a Table of v1beta1', async (at) => {
    const answer = await at.get('/api/v1/~/secrets', { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' })
    expect([valueAt(answer.body, 'kind'), valueAt(answer.body, 'apiVersion')]).toEqual(['Table', 'meta.k8s.io/v1beta1'])
  })

  it('refuses a Table of a version that is not there', async (at) => {
    const answer = await at.get('/api/v1/~/secrets', { accept: 'application/json;as=Table;v=v9;g=meta.k8s.io' })
    expect(said(answer)).toEqual(
      '406 NotAcceptable: only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  })

  it('answers a refusal as a Status', async (at) => {
    expect(said(await at.get('/api/v1/~/secrets/none', { accept }))).toEqual(
      '404 NotFound: secrets "none" not found (name none, kind secrets)',
    )
  })

  it('counts ages in short words', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a'))
    const { body } = await at.get('/api/v1/~/secrets', { accept })
    expect(valueAt(body, 'rows', 0, 'cells', 3)).toMatch(/^\d+s$/)
  })

  it('shows a Namespace with its phase', async (at) => {
    const answer = await at.get(`/api/v1/namespaces/${at.ns}`, { accept })
    expect(table(answer)).toEqual(['Name, Status, Age', ['NS', 'Active', 'AGE']])
  })

  it('shows a Node in its columns', async (at) => {
    const columns = await at.get('/api/v1/nodes?limit=1', { accept })
    const [names] = table(columns) as readonly unknown[]
    expect(names).toEqual(
      'Name, Status, Roles, Age, Version, Internal-IP (wide), External-IP (wide), OS-Image (wide), Kernel-Version (wide), Container-Runtime (wide)',
    )
  })

  it('shows a PersistentVolume in its columns', async (at) => {
    const volume = {
      metadata: { name: at.ns },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'manual',
        hostPath: { path: '/data' },
      },
    }
    await at.given('/api/v1/persistentvolumes', volume)
    await at.eventually(
      `/api/v1/persistentvolumes/${at.ns}`,
      (answer) => valueAt(answer.body, 'status', 'phase') === 'Available',
    )
    expect(table(await at.get(`/api/v1/persistentvolumes/${at.ns}`, { accept }))).toEqual([
      'Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age, VolumeMode (wide)',
      ['NS', '1Gi', 'RWO', 'Retain', 'Available', '', 'manual', '<unset>', '', 'AGE', 'Filesystem'],
    ])
    await at.delete(`/api/v1/persistentvolumes/${at.ns}`)
  })

  it('shows an Event in its columns', async (at) => {
    const event = {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: at.ns },
      reason: 'Because',
      message: 'It had to be.\n',
      type: 'Warning',
      count: 3,
      source: { component: 'conform' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    }
    const seen = (await shown(at, '/api/v1/~/events', event)) as readonly unknown[]
    expect(JSON.stringify(seen).replace(/"\d+d"/g, '"DAYS"')).toEqual(
      '["Last Seen, Type, Reason, Object, Subobject (wide), Source (wide), Message, First Seen (wide), Count (wide), Name (wide)",["DAYS","Warning","Because","pod/p","","conform","It had to be.","DAYS",3,"e"]]',
    )
  })
})
