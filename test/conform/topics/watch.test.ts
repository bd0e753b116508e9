// Watching: what comes, in which order, from which version, and how a watch ends.

import { expect } from 'vitest'
import { type Desk, textAt, valueAt } from '../desk.ts'
import { configMap, pod, secret } from '../objects.ts'
import { said } from '../said.ts'
import { topic } from '../suite.ts'

const secrets = '/api/v1/~/secrets'

async function versionOf(at: Desk, path = secrets): Promise<string> {
  return textAt((await at.get(path)).raw, 'metadata', 'resourceVersion')
}

const labelled = (name: string, labels: Record<string, string>) => ({ ...secret(name), metadata: { name, labels } })

topic('watch', (it) => {
  it('tells what was created, changed and deleted since a version, in order', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('a'))
    await at.given(secrets, secret('b'))
    await at.merge(`${secrets}/a`, { data: { x: 'MQ==' } })
    await at.delete(`${secrets}/b`)
    const watch = await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)
    expect(await watch.take(4)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'])
  })

  it('tells what happens while it is open', async (at) => {
    const watch = await at.watch(`${secrets}?watch=true&resourceVersion=${await versionOf(at)}`)
    await at.given(secrets, secret('a'))
    expect(await watch.take(1)).toEqual(['ADDED a'])
    await at.delete(`${secrets}/a`)
    expect(await watch.take(1)).toEqual(['DELETED a'])
  })

  it('gives whole objects with kind and apiVersion', async (at) => {
    const version = await versionOf(at)
    const made = await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    const event = await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)).next()
    expect(event?.raw).toEqual(made)
  })

  it('gives the last state of a deleted object with the version of its deletion', async (at) => {
    const made = await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.delete(`${secrets}/a`)
    const event = await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)).next()
    expect([event?.type, event?.object]).toEqual([
      'DELETED',
      {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
        data: { x: 'MQ==' },
        type: 'Opaque',
      },
    ])
    expect(Number(textAt(event?.raw, 'metadata', 'resourceVersion'))).toBeGreaterThan(Number(version))
  })

  it('begins with what is there where no version is given', async (at) => {
    await at.given(secrets, secret('b'))
    await at.given(secrets, secret('a'))
    const watch = await at.watch(`${secrets}?watch=true`)
    expect([...(await watch.take(2))].sort()).toEqual(['ADDED a', 'ADDED b'])
    await at.delete(`${secrets}/a`)
    expect(await watch.take(1)).toEqual(['DELETED a'])
  })

  it('begins with what is there at version 0', async (at) => {
    await at.given(secrets, secret('a'))
    await at.eventually(`${secrets}/a?resourceVersion=0`, (answer) => answer.status === 200)
    expect(await (await at.watch(`${secrets}?watch=true&resourceVersion=0`)).take(1)).toEqual(['ADDED a'])
  })

  it('tells nothing where nothing changed', async (at) => {
    const made = await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.merge(`${secrets}/a`, { data: { x: 'MQ==' } })
    await at.given(secrets, secret('b'))
    expect(await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)).take(1)).toEqual(['ADDED b'])
  })

  it('tells nothing of a dry run', async (at) => {
    const version = await versionOf(at)
    await at.post(`${secrets}?dryRun=All`, secret('a'))
    await at.given(secrets, secret('b'))
    expect(await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)).take(1)).toEqual(['ADDED b'])
  })

  it('tells of a deletion that waits for a finalizer as a change, then as a deletion', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, { ...secret('a'), metadata: { name: 'a', finalizers: ['example.com/f'] } })
    await at.delete(`${secrets}/a`)
    await at.merge(`${secrets}/a`, { metadata: { finalizers: null } })
    const watch = await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)
    expect(await watch.take(3)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
  })

  it('tells of an object that comes into a selector as added', async (at) => {
    const made = await at.given(secrets, labelled('a', { app: 'x' }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.merge(`${secrets}/a`, { metadata: { labels: { app: 'y' } } })
    expect(
      await (await at.watch(`${secrets}?watch=true&labelSelector=app%3Dy&resourceVersion=${version}`)).take(1),
    ).toEqual(['ADDED a'])
  })

  it('tells of an object that leaves a selector as deleted, as it was before', async (at) => {
    const made = await at.given(secrets, labelled('a', { app: 'x' }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.merge(`${secrets}/a`, { metadata: { labels: { app: 'y' } } })
    const event = await (
      await at.watch(`${secrets}?watch=true&labelSelector=app%3Dx&resourceVersion=${version}`)
    ).next()
    expect([event?.type, valueAt(event?.object, 'metadata', 'labels')]).toEqual(['DELETED', { app: 'x' }])
    expect(Number(textAt(event?.raw, 'metadata', 'resourceVersion'))).toBeGreaterThan(Number(version))
  })

  it('tells of changes within a selector', async (at) => {
    const made = await at.given(secrets, labelled('a', { app: 'x' }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.merge(`${secrets}/a`, { metadata: { labels: { more: 'y' } } })
    expect(
      await (await at.watch(`${secrets}?watch=true&labelSelector=app%3Dx&resourceVersion=${version}`)).take(1),
    ).toEqual(['MODIFIED a'])
  })

  it('tells of one object that a field selector names', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('b'))
    await at.given(secrets, secret('a'))
    expect(
      await (await at.watch(`${secrets}?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=${version}`)).take(
        1,
      ),
    ).toEqual(['ADDED a'])
  })

  it('tells of a Pod that comes into a field selector as added', async (at) => {
    const annotations = { 'mainstay.dev/stage': 'never-placed' }
    const made = await at.given('/api/v1/~/pods', pod('a', undefined, { annotations }))
    const version = textAt(made, 'metadata', 'resourceVersion')
    await at.merge('/api/v1/~/pods/a/status', { status: { phase: 'Running' } })
    const watch = await at.watch(
      `/api/v1/~/pods?watch=true&fieldSelector=status.phase%3DRunning&resourceVersion=${version}`,
    )
    expect(await watch.take(1)).toEqual(['ADDED a'])
  })

  it('watches one object by the old path', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('b'))
    await at.given(secrets, secret('a'))
    expect(await (await at.watch(`/api/v1/watch/~/secrets/a?resourceVersion=${version}`)).take(1)).toEqual(['ADDED a'])
  })

  it('watches a collection by the old path', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('b'))
    expect(await (await at.watch(`/api/v1/watch/~/secrets?resourceVersion=${version}`)).take(1)).toEqual(['ADDED b'])
  })

  it('watches all namespaces', async (at) => {
    const other = await at.other()
    const version = await versionOf(at)
    const path = `/api/v1/secrets?watch=true&labelSelector=conform%2Fwatch%3D${at.ns}&resourceVersion=${version}`
    await at.given(secrets, labelled('a', { 'conform/watch': at.ns }))
    await at.given(`/api/v1/namespaces/${other}/secrets`, labelled('b', { 'conform/watch': at.ns }))
    expect(await (await at.watch(path)).take(2)).toEqual(['ADDED a', 'ADDED b'])
  })

  it('ends after timeoutSeconds', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('a'))
    const watch = await at.watch(`${secrets}?watch=true&timeoutSeconds=1&resourceVersion=${version}`)
    expect(await watch.take(1)).toEqual(['ADDED a'])
    expect(await watch.take(1)).toEqual(['end'])
  })

  it('sends what is there and then a marked bookmark as initial events', async (at) => {
    await at.given(secrets, secret('b'))
    await at.given(secrets, secret('a'))
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const watch = await at.watch(`${secrets}?${query}`)
    expect(await watch.take(2)).toEqual(['ADDED a', 'ADDED b'])
    const mark = await watch.next()
    expect([mark?.type, mark?.object]).toEqual([
      'BOOKMARK',
      {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { resourceVersion: 'RV', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    ])
    await at.delete(`${secrets}/a`)
    expect(await watch.take(1)).toEqual(['DELETED a'])
  })

  it('sends no mark after initial events without bookmarks', async (at) => {
    await at.given(secrets, secret('a'))
    const watch = await at.watch(`${secrets}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`)
    expect(await watch.take(1)).toEqual(['ADDED a'])
    await at.given(secrets, secret('b'))
    expect(await watch.take(1)).toEqual(['ADDED b'])
  })

  it('sends no initial events where they are refused', async (at) => {
    await at.given(secrets, secret('a'))
    const watch = await at.watch(`${secrets}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`)
    await at.given(secrets, secret('b'))
    expect(await watch.take(1)).toEqual(['ADDED b'])
  })

  it('refuses initial events without resourceVersionMatch', async (at) => {
    expect(said(await at.get(`${secrets}?watch=true&sendInitialEvents=true`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ])
  })

  it('refuses resourceVersionMatch for a watch without initial events', async (at) => {
    expect(said(await at.get(`${secrets}?watch=true&resourceVersion=5&resourceVersionMatch=NotOlderThan`))).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ])
  })

  it('refuses resourceVersionMatch Exact for a watch', async (at) => {
    expect(
      said(await at.get(`${secrets}?watch=true&resourceVersion=5&resourceVersionMatch=Exact&sendInitialEvents=true`)),
    ).toEqual([
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"] (group meta.k8s.io, kind ListOptions)',
      'resourceVersionMatch: FieldValueForbidden: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      'resourceVersionMatch: FieldValueNotSupported: Unsupported value: "Exact": supported values: "NotOlderThan"',
    ])
  })

  it('refuses a version that is no number', async (at) => {
    expect(said(await at.get(`${secrets}?watch=true&resourceVersion=abc`))).toEqual(
      '500: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    )
  })

  it('refuses a selector that cannot be read', async (at) => {
    expect(said(await at.get(`${secrets}?watch=true&labelSelector=a%3D%3D%3Db`))).toEqual(
      "400 BadRequest: unable to parse requirement: found '=', expected: identifier",
    )
  })

  it('names the type of a stream', async (at) => {
    const stop = new AbortController()
    const reply = await at.subject.fetch(at.path(`${secrets}?watch=true`), {
      signal: stop.signal,
      headers: { accept: 'application/json' },
    })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json'])
    stop.abort()
  })

  it('gives metadata alone where that is asked for', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('a', { data: { x: 'MQ==' } }))
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    const event = await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`, accept)).next()
    expect([event?.type, event?.object]).toEqual([
      'ADDED',
      {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { name: 'a', namespace: 'NS', uid: 'UID', resourceVersion: 'RV', creationTimestamp: 'TIME' },
      },
    ])
  })

  it('gives a Table for each event, with columns in the first', async (at) => {
    const version = await versionOf(at)
    await at.given(secrets, secret('a'))
    await at.given(secrets, secret('b'))
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1'
    const watch = await at.watch(`${secrets}?watch=true&resourceVersion=${version}`, accept)
    const [first, second] = [await watch.next(), await watch.next()]
    const shape = [first, second].map((event) => [
      event?.type,
      valueAt(event?.object, 'kind'),
      Array.isArray(valueAt(event?.object, 'columnDefinitions')),
      valueAt(event?.object, 'rows', 0, 'cells', 0),
    ])
    expect(shape).toEqual([
      ['ADDED', 'Table', true, 'a'],
      ['ADDED', 'Table', false, 'b'],
    ])
  })

  it('keeps events of two collections apart', async (at) => {
    const version = await versionOf(at)
    await at.given('/api/v1/~/configmaps', configMap('a'))
    await at.given(secrets, secret('b'))
    expect(await (await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)).take(1)).toEqual(['ADDED b'])
  })

  it('tells each of several watches the same', async (at) => {
    const version = await versionOf(at)
    const watches = await Promise.all([1, 2, 3].map(() => at.watch(`${secrets}?watch=true&resourceVersion=${version}`)))
    await at.given(secrets, secret('a'))
    await at.merge(`${secrets}/a`, { data: { x: 'MQ==' } })
    const seen = await Promise.all(watches.map((watch) => watch.take(2)))
    expect(seen).toEqual([1, 2, 3].map(() => ['ADDED a', 'MODIFIED a']))
  })

  it('gives versions that only grow', async (at) => {
    const version = await versionOf(at)
    for (const name of ['a', 'b', 'c']) await at.given(secrets, secret(name))
    const watch = await at.watch(`${secrets}?watch=true&resourceVersion=${version}`)
    const versions = []
    for (let count = 0; count < 3; count += 1)
      versions.push(Number(textAt((await watch.next())?.raw, 'metadata', 'resourceVersion')))
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(versions[0]).toBeGreaterThan(Number(version))
  })

  it('answers a watch of a kind that is not there as a list of it', async (at) => {
    expect(said(await at.get('/api/v1/~/nothings?watch=true'))).toEqual(
      '404 NotFound: the server could not find the requested resource ()',
    )
  })
})
