// Deleting many at once.

import { expect } from 'vitest'
import { valueAt } from '../desk.ts'
import { pod, podSpec, secret } from '../objects.ts'
import { names, part, said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'
const labelled = (name: string, app: string) => ({ ...secret(name), metadata: { name, labels: { app } } })

topic('delete collection', (it) => {
  it('deletes everything in a namespace and answers with a list of it', async (at) => {
    for (const name of ['a', 'b']) await at.given(secrets, secret(name))
    expect(said(await at.delete(secrets))).toEqual({
      status: 200,
      body: {
        kind: 'SecretList',
        apiVersion: 'v1',
        metadata: { resourceVersion: 'RV' },
        items: [
          {
            metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
            type: 'Opaque',
          },
          {
            metadata: { name: 'b', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
            type: 'Opaque',
          },
        ],
      },
    })
    expect(names(await at.get(secrets))).toEqual([])
  })

  it('answers with an empty list where nothing is there', async (at) => {
    expect(said(await at.delete(secrets))).toEqual({
      status: 200,
      body: { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: 'RV' }, items: [] },
    })
  })

  it('keeps what a label selector does not let through', async (at) => {
    await at.given(secrets, labelled('a', 'x'))
    await at.given(secrets, labelled('b', 'y'))
    expect(names(await at.delete(`${secrets}?labelSelector=app%3Dx`))).toEqual(['a'])
    expect(names(await at.get(secrets))).toEqual(['b'])
  })

  it('keeps what a field selector does not let through', async (at) => {
    await at.given(secrets, secret('a'))
    await at.given(secrets, secret('b'))
    await at.delete(`${secrets}?fieldSelector=metadata.name%21%3Da`)
    expect(names(await at.get(secrets))).toEqual(['a'])
  })

  it('keeps other namespaces', async (at) => {
    const other = await at.other()
    await at.given(secrets, secret('a'))
    await at.given(`/api/v1/namespaces/${other}/secrets`, secret('b'))
    await at.delete(secrets)
    expect(names(await at.get(`/api/v1/namespaces/${other}/secrets`))).toEqual(['b'])
  })

  it('marks what a finalizer holds', async (at) => {
    await at.given(secrets, { ...secret('a'), metadata: { name: 'a', finalizers: ['example.com/f'] } })
    await at.given(secrets, secret('b'))
    const answer = await at.delete(secrets)
    expect([names(answer), part(answer, 'items.0.metadata.deletionGracePeriodSeconds')]).toEqual([['a', 'b'], null])
    const left = await at.get(secrets)
    expect([names(left), valueAt(left.body, 'items', 0, 'metadata', 'deletionTimestamp')]).toEqual([['a'], 'TIME'])
  })

  it('deletes nothing in a dry run', async (at) => {
    await at.given(secrets, secret('a'))
    expect(names(await at.delete(`${secrets}?dryRun=All`))).toEqual(['a'])
    expect(names(await at.get(secrets))).toEqual(['a'])
  })

  it('takes options in its body', async (at) => {
    await at.given(
      '/api/v1/~/pods',
      pod('a', podSpec({ nodeName: 'elsewhere' }), { annotations: { 'mainstay.dev/stage': 'never-placed' } }),
    )
    await at.delete('/api/v1/~/pods', { gracePeriodSeconds: 0 })
    expect(names(await at.get('/api/v1/~/pods'))).toEqual([])
  })

  it('refuses a selector that cannot be read', async (at) => {
    expect(said(await at.delete(`${secrets}?labelSelector=a%3D%3D%3Db`))).toEqual(
      "400 BadRequest: unable to parse requirement: found '=', expected: identifier",
    )
  })

  it('refuses an unknown propagationPolicy', async (at) => {
    expect(said(await at.delete(`${secrets}?propagationPolicy=Loudly`))).toEqual([
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Loudly": supported values: "Foreground", "Background", "Orphan", "nil" (group meta.k8s.io, kind DeleteOptions)',
      'propagationPolicy: FieldValueNotSupported: Unsupported value: "Loudly": supported values: "Foreground", "Background", "Orphan", "nil"',
    ])
  })

  it('refuses a precondition on a uid that no object has', async (at) => {
    await at.given(secrets, secret('a'))
    const answer = await at.delete(secrets, { preconditions: { uid: '11111111-1111-4111-8111-111111111111' } })
    expect(said(answer)).toEqual(
      '409 Conflict: Operation cannot be fulfilled on Secret "a": the UID in the precondition (UID) does not match the UID in record (UID). The object might have been deleted and then recreated (name a, kind Secret)',
    )
  })

  it('is not there for namespaces', async (at) => {
    expect(said(await at.delete('/api/v1/namespaces'))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('is not there for all namespaces at once', async (at) => {
    expect(said(await at.delete('/api/v1/secrets'))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })
})
