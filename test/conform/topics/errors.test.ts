// Refusals that have nothing to do with one kind: unknown paths, methods, queries, names.

import { expect } from 'vitest'
import { configMap, deployment } from '../objects.ts'
import { said } from '../said.ts'
import { topic } from '../suite.ts'

const configMaps = '/api/v1/~/configmaps'

topic('errors', (it) => {
  it('answers 404 for an object that is not there', async (at) => {
    expect(said(await at.get(`${configMaps}/none`))).toEqual(
      '404 NotFound: configmaps "none" not found (name none, kind configmaps)',
    )
  })

  it('answers 404 with the group for an object that is not there', async (at) => {
    expect(said(await at.get('/apis/apps/v1/~/deployments/none'))).toEqual(
      '404 NotFound: deployments.apps "none" not found (name none, group apps, kind deployments)',
    )
  })

  it('answers 404 in plain text for a group that is not there', async (at) => {
    const answer = await at.get('/apis/none.example.com/v1')
    expect([answer.status, answer.header('content-type'), answer.body]).toEqual([
      404,
      'text/plain; charset=utf-8',
      '404 page not found\n',
    ])
  })

  it('answers 404 as a Status for a version that is not there', async (at) => {
    const answer = await at.get('/apis/apps/v9/deployments')
    expect([answer.status, answer.header('content-type'), answer.body]).toEqual([
      404,
      'application/json',
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'the server could not find the requested resource',
        reason: 'NotFound',
        details: {},
        code: 404,
      },
    ])
  })

  it('answers 404 as a Status for a resource that is not there', async (at) => {
    const answer = await at.get('/api/v1/~/nothings')
    expect([answer.status, answer.header('content-type'), answer.body]).toEqual([
      404,
      'application/json',
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'the server could not find the requested resource',
        reason: 'NotFound',
        details: {},
        code: 404,
      },
    ])
  })

  it('answers 404 as a Status for an object of a resource that is not there', async (at) => {
    expect(said(await at.get('/apis/apps/v1/~/nothings/a'))).toEqual(
      '404 NotFound: the server could not find the requested resource ()',
    )
  })

  it('answers 404 for a subresource that is not there', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.get(`${configMaps}/a/status`))).toEqual(
      '404 NotFound: the server could not find the requested resource ()',
    )
  })

  it('answers 404 for a path that means nothing', async (at) => {
    const answer = await at.get('/nowhere')
    expect([answer.status, answer.header('content-type')]).toEqual([404, 'text/plain; charset=utf-8'])
  })

  it('lists the paths at the root', async (at) => {
    const { status, body } = await at.get('/')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      paths: expect.arrayContaining([
        '/api',
        '/api/v1',
        '/apis',
        '/apis/apps',
        '/apis/apps/v1',
        '/version',
        '/openapi/v2',
        '/openapi/v3',
        '/healthz',
        '/readyz',
        '/livez',
      ]),
    })
  })

  it('answers 405 for a method that a resource does not take', async (at) => {
    expect(said(await at.ask('PATCH', configMaps, {}, { 'content-type': 'application/merge-patch+json' }))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('answers 405 for deletecollection of Services in all namespaces', async (at) => {
    expect(said(await at.delete('/api/v1/services'))).toEqual(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource ()',
    )
  })

  it('answers 404 for an update of an object that is not there', async (at) => {
    expect(said(await at.put(`${configMaps}/a`, configMap('a')))).toEqual(
      '404 NotFound: configmaps "a" not found (name a, kind configmaps)',
    )
  })

  it('answers 404 for an update of an object that is not there and names its version', async (at) => {
    expect(said(await at.put(`${configMaps}/a`, configMap('a', {}, { resourceVersion: '1' })))).toEqual(
      '404 NotFound: configmaps "a" not found (name a, kind configmaps)',
    )
  })

  it('answers 404 for an update of an object that is not there and names its uid', async (at) => {
    const uid = '11111111-1111-4111-8111-111111111111'
    expect(said(await at.put(`${configMaps}/a`, configMap('a', {}, { uid })))).toEqual(
      '404 NotFound: configmaps "a" not found (name a, kind configmaps)',
    )
  })

  it('answers 404 for a patch of an object that is not there', async (at) => {
    expect(said(await at.merge(`${configMaps}/a`, { data: { x: '1' } }))).toEqual(
      '404 NotFound: configmaps "a" not found (name a, kind configmaps)',
    )
  })

  it('answers 404 for the deletion of an object that is not there', async (at) => {
    expect(said(await at.delete(`${configMaps}/a`))).toEqual(
      '404 NotFound: configmaps "a" not found (name a, kind configmaps)',
    )
  })

  it('answers 404 for the scale of an object that is not there', async (at) => {
    expect(said(await at.get('/apis/apps/v1/~/deployments/a/scale'))).toEqual(
      '404 NotFound: deployments.apps "a" not found (name a, group apps, kind deployments)',
    )
  })

  it('answers 404 for the log of a Pod that is not there', async (at) => {
    expect(said(await at.get('/api/v1/~/pods/a/log'))).toEqual('404 NotFound: pods "a" not found (name a, kind pods)')
  })

  it('answers 415 for a patch of an unknown type', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.ask('PATCH', `${configMaps}/a`, {}, { 'content-type': 'application/json' }))).toEqual(
      '415 UnsupportedMediaType: 415: Unsupported Media Type ()',
    )
  })

  it('answers 415 for a patch without a type', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.ask('PATCH', `${configMaps}/a`, '{}', { 'content-type': '' }))).toEqual(
      '415 UnsupportedMediaType: 415: Unsupported Media Type ()',
    )
  })

  it('answers 406 where nothing that is accepted can be made', async (at) => {
    const answer = await at.get(configMaps, { accept: 'text/html' })
    expect([answer.status, answer.header('content-type'), answer.body]).toEqual([
      406,
      'application/json',
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
        reason: 'NotAcceptable',
        details: {},
        code: 406,
      },
    ])
  })

  it('refuses a limit that is no number', async (at) => {
    expect(said(await at.get(`${configMaps}?limit=some`))).toEqual(
      '400 BadRequest: strconv.ParseInt: parsing "some": invalid syntax',
    )
  })

  it('refuses a timeoutSeconds that is no number', async (at) => {
    expect(said(await at.get(`${configMaps}?timeoutSeconds=soon`))).toEqual(
      '400 BadRequest: strconv.ParseInt: parsing "soon": invalid syntax',
    )
  })

  it('takes false and 0 for no watch', async (at) => {
    const answers = []
    for (const word of ['0', 'false', 'FALSE']) answers.push((await at.get(`${configMaps}?watch=${word}`)).status)
    expect(answers).toEqual([200, 200, 200])
  })

  it('refuses a resourceVersion that is no number', async (at) => {
    expect(said(await at.get(`${configMaps}?resourceVersion=abc`))).toEqual(
      '400 BadRequest: invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    )
  })

  it('refuses a label selector that cannot be read', async (at) => {
    expect(said(await at.get(`${configMaps}?labelSelector=a%3D%3D%3Db`))).toEqual(
      "400 BadRequest: unable to parse requirement: found '=', expected: identifier",
    )
  })

  it('refuses a field selector that cannot be read', async (at) => {
    expect(said(await at.get(`${configMaps}?fieldSelector=a`))).toEqual(
      "400 BadRequest: invalid selector: 'a'; can't understand 'a'",
    )
  })

  it('refuses a field selector on a field that the kind does not offer', async (at) => {
    expect(said(await at.get(`${configMaps}?fieldSelector=data.x%3D1`))).toEqual(
      '400 BadRequest: "data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    )
  })

  it('ignores a query that it does not know', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect((await at.get(`${configMaps}/a?colour=red`)).status).toBe(200)
  })

  it('refuses a body for a merge patch that is no JSON', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.merge(`${configMaps}/a`, '{"data":'))).toEqual(
      '400 BadRequest: error decoding patch: unexpected end of JSON input',
    )
  })

  it('refuses DeleteOptions that are no JSON', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a`, '{"grace'))).toEqual(
      "400 BadRequest: couldn't get version/kind; json parse error: unexpected end of JSON input",
    )
  })

  it('refuses an unknown propagationPolicy', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a?propagationPolicy=Loudly`))).toEqual([
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Loudly": supported values: "Foreground", "Background", "Orphan", "nil" (group meta.k8s.io, kind DeleteOptions)',
      'propagationPolicy: FieldValueNotSupported: Unsupported value: "Loudly": supported values: "Foreground", "Background", "Orphan", "nil"',
    ])
  })

  it('takes a negative grace period', async (at) => {
    await at.given(configMaps, configMap('a'))
    expect(said(await at.delete(`${configMaps}/a?gracePeriodSeconds=-5`))).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: 'UID' },
      },
    })
  })

  it('names the kind of a scale that cannot be written', async (at) => {
    await at.given('/apis/apps/v1/~/deployments', deployment('a'))
    expect(said(await at.put('/apis/apps/v1/~/deployments/a/scale', deployment('a')))).toEqual(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Scale: converting (v1.Deployment) to (autoscaling.Scale): unknown conversion',
    )
  })

  it('answers the health endpoints with ok', async (at) => {
    const seen = []
    for (const path of ['/healthz', '/livez', '/readyz']) {
      const { status, text, header } = await at.get(path)
      seen.push(`${path} ${status} ${text} ${header('content-type')}`)
    }
    expect(seen).toEqual([
      '/healthz 200 ok text/plain; charset=utf-8',
      '/livez 200 ok text/plain; charset=utf-8',
      '/readyz 200 ok text/plain; charset=utf-8',
    ])
  })

  it('says what is well with verbose', async (at) => {
    const { status, text } = await at.get('/readyz?verbose')
    expect(status).toBe(200)
    expect(text).toMatch(/^\[\+\]ping ok\n/)
    expect(text).toMatch(/\nreadyz check passed\n$/)
  })
})
