// Namespaces: their own life, and the life within them.

import { expect } from 'vitest'
import { type Desk, valueAt } from '../desk.ts'
import { configMap, secret } from '../objects.ts'
import { faults, names, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const held = { metadata: { name: 's', finalizers: ['example.com/f'] } }

/** Deletes the check's namespace and waits until its contents are being deleted; a held Secret keeps it there. */
async function terminating(at: Desk): Promise<void> {
  await at.given('/api/v1/~/secrets', held)
  await at.delete(`/api/v1/namespaces/${at.ns}`)
  await at.eventually(
    '/api/v1/~/secrets/s',
    (answer) => valueAt(answer.body, 'metadata', 'deletionTimestamp') !== undefined,
  )
}

/** Lets go what was held. */
async function release(at: Desk): Promise<void> {
  await at.merge('/api/v1/~/secrets/s', { metadata: { finalizers: null } })
}

topic('namespaces', (it) => {
  it('are active at once, with a finalizer and a label', async (at) => {
    const made = await at.post('/api/v1/namespaces', { metadata: { name: `${at.ns}-new` } })
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: {
          name: 'NS-new',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          labels: { 'kubernetes.io/metadata.name': 'NS-new' },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    })
    await at.delete(`/api/v1/namespaces/${at.ns}-new`)
  })

  it('keep the label of their name whatever a client sends', async (at) => {
    const changed = await at.merge(`/api/v1/namespaces/${at.ns}`, {
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x', more: '1' } },
    })
    const removed = await at.merge(`/api/v1/namespaces/${at.ns}`, { metadata: { labels: null } })
    expect([said(changed), part(removed, 'metadata.labels')]).toEqual([
      {
        status: 200,
        body: {
          kind: 'Namespace',
          apiVersion: 'v1',
          metadata: {
            name: 'NS',
            generateName: 'conform-',
            uid: 'UID',
            resourceVersion: 'RV',
            creationTimestamp: 'TIME',
            labels: { 'kubernetes.io/metadata.name': 'NS', more: '1' },
          },
          spec: { finalizers: ['kubernetes'] },
          status: { phase: 'Active' },
        },
      },
      { 'kubernetes.io/metadata.name': 'NS' },
    ])
  })

  it('get a default ServiceAccount and the root certificate', async (at) => {
    expect([names(await at.get('/api/v1/~/serviceaccounts')), names(await at.get('/api/v1/~/configmaps'))]).toEqual([
      ['default'],
      ['kube-root-ca.crt'],
    ])
  })

  it('get the default ServiceAccount again where it is deleted', async (at) => {
    const uid = valueAt((await at.get('/api/v1/~/serviceaccounts/default')).raw, 'metadata', 'uid')
    await at.delete('/api/v1/~/serviceaccounts/default')
    await at.eventually(
      '/api/v1/~/serviceaccounts/default',
      (answer) => answer.status === 200 && valueAt(answer.raw, 'metadata', 'uid') !== uid,
    )
  })

  it('there are four from the start', async (at) => {
    const { body } = await at.get('/api/v1/namespaces')
    const all = (valueAt(body, 'items') as readonly object[]).map((one) => valueAt(one as never, 'metadata', 'name'))
    expect(all).toEqual(expect.arrayContaining(['default', 'kube-node-lease', 'kube-public', 'kube-system']))
  })

  it('are marked when they are deleted and stay while something is in them', async (at) => {
    await at.given('/api/v1/~/secrets', held)
    const deleted = await at.delete(`/api/v1/namespaces/${at.ns}`)
    expect(said(deleted)).toEqual({
      status: 200,
      body: {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: {
          name: 'NS',
          generateName: 'conform-',
          uid: 'UID',
          resourceVersion: 'RV',
          creationTimestamp: 'TIME',
          deletionTimestamp: 'TIME',
          labels: { 'kubernetes.io/metadata.name': 'NS' },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Terminating' },
      },
    })
    await at.eventually(
      '/api/v1/~/secrets/s',
      (answer) => valueAt(answer.body, 'metadata', 'deletionTimestamp') !== undefined,
    )
    expect(part(await at.get(`/api/v1/namespaces/${at.ns}`), 'status.phase')).toBe('Terminating')
    await release(at)
  })

  it('take nothing new while they are being deleted', async (at) => {
    await terminating(at)
    expect(said(await at.post('/api/v1/~/configmaps', configMap('a')))).toEqual([
      '403 Forbidden: configmaps "a" is forbidden: unable to create new content in namespace NS because it is being terminated (name a, kind configmaps)',
      'metadata.namespace: NamespaceTerminating: namespace NS is being terminated',
    ])
    expect(said(await at.apply('/api/v1/~/configmaps/a', configMap('a')))).toEqual([
      '403 Forbidden: configmaps "a" is forbidden: unable to create new content in namespace NS because it is being terminated (name a, kind configmaps)',
      'metadata.namespace: NamespaceTerminating: namespace NS is being terminated',
    ])
    await release(at)
  })

  it('take changes of what is in them while they are being deleted', async (at) => {
    await terminating(at)
    expect((await at.merge('/api/v1/~/secrets/s', { metadata: { labels: { l: '1' } } })).status).toBe(200)
    await release(at)
  })

  it('say what keeps them', async (at) => {
    await terminating(at)
    const answer = await at.eventually(`/api/v1/namespaces/${at.ns}`, (one) =>
      JSON.stringify(one.body).includes('SomeFinalizersRemain'),
    )
    expect(part(answer, 'status')).toEqual({
      phase: 'Terminating',
      conditions: [
        {
          type: 'NamespaceDeletionDiscoveryFailure',
          status: 'False',
          lastTransitionTime: 'TIME',
          reason: 'ResourcesDiscovered',
          message: 'All resources successfully discovered',
        },
        {
          type: 'NamespaceDeletionGroupVersionParsingFailure',
          status: 'False',
          lastTransitionTime: 'TIME',
          reason: 'ParsedGroupVersions',
          message: 'All legacy kube types successfully parsed',
        },
        {
          type: 'NamespaceDeletionContentFailure',
          status: 'False',
          lastTransitionTime: 'TIME',
          reason: 'ContentDeleted',
          message: 'All content successfully deleted, may be waiting on finalization',
        },
        {
          type: 'NamespaceContentRemaining',
          status: 'True',
          lastTransitionTime: 'TIME',
          reason: 'SomeResourcesRemain',
          message: 'Some resources are remaining: secrets. has 1 resource instances',
        },
        {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          lastTransitionTime: 'TIME',
          reason: 'SomeFinalizersRemain',
          message: 'Some content in the namespace has finalizers remaining: example.com/f in 1 resource instances',
        },
      ],
    })
    await release(at)
  })

  it('answer a second deletion with themselves', async (at) => {
    await terminating(at)
    const again = await at.delete(`/api/v1/namespaces/${at.ns}`)
    expect(again.status === 200 ? part(again, 'status.phase') : said(again)).toEqual('Terminating')
    await release(at)
  })

  it('take everything with them', async (at) => {
    await at.given('/api/v1/~/secrets', secret('a'))
    await at.given('/apis/coordination.k8s.io/v1/~/leases', { metadata: { name: 'a' } })
    await at.delete(`/api/v1/namespaces/${at.ns}`)
    await at.eventually(`/api/v1/namespaces/${at.ns}`, (answer) => answer.status === 404)
    expect(names(await at.get('/api/v1/~/secrets'))).toEqual([])
  })

  it('go away at once where finalize takes their finalizer', async (at) => {
    const name = `${at.ns}-f`
    await at.given('/api/v1/namespaces', { metadata: { name } })
    await at.delete(`/api/v1/namespaces/${name}`)
    await at.put(`/api/v1/namespaces/${name}/finalize`, { metadata: { name }, spec: { finalizers: [] } })
    await at.eventually(`/api/v1/namespaces/${name}`, (answer) => answer.status === 404)
  })

  it('take finalizers in their spec at finalize alone', async (at) => {
    const changed = await at.merge(`/api/v1/namespaces/${at.ns}`, { spec: { finalizers: ['example.com/mine'] } })
    expect(part(changed, 'spec')).toEqual({ finalizers: ['kubernetes'] })
  })

  it('do not let the default one be deleted', async (at) => {
    expect(said(await at.delete('/api/v1/namespaces/default?dryRun=All'))).toEqual(
      '403 Forbidden: namespaces "default" is forbidden: this namespace may not be deleted (name default, kind namespaces)',
    )
    expect(said(await at.delete('/api/v1/namespaces/kube-system?dryRun=All'))).toEqual(
      '403 Forbidden: namespaces "kube-system" is forbidden: this namespace may not be deleted (name kube-system, kind namespaces)',
    )
    expect(said(await at.delete('/api/v1/namespaces/kube-public?dryRun=All'))).toEqual(
      '403 Forbidden: namespaces "kube-public" is forbidden: this namespace may not be deleted (name kube-public, kind namespaces)',
    )
  })

  it('do not take a name with capital letters', async (at) => {
    expect(faults(await at.post('/api/v1/namespaces', { metadata: { name: 'Abc' } }))).toEqual([
      "metadata.name: FieldValueInvalid: Invalid value: \"Abc\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ])
  })

  it('take a namespace within the object for none', async (at) => {
    const made = await at.post('/api/v1/namespaces?dryRun=All', { metadata: { name: `${at.ns}-x`, namespace: 'y' } })
    expect(said(made)).toEqual({
      status: 201,
      body: {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: {
          name: 'NS-x',
          uid: 'UID',
          creationTimestamp: 'TIME',
          labels: { 'kubernetes.io/metadata.name': 'NS-x' },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    })
  })

  it('are found by the path of themselves', async (at) => {
    expect((await at.get('/api/v1/~')).raw).toEqual((await at.get(`/api/v1/namespaces/${at.ns}`)).raw)
  })
})
