// What the API says of itself.
import { expect, it } from 'vitest'
import { openClient, refusal } from '../testing/client.ts'

it('says its version and that it is well', async () => {
  const { ask } = openClient()
  expect((await ask('GET', '/version')).body).toMatchObject({ gitVersion: 'v1.36.3' })
  for (const path of ['/healthz', '/livez', '/readyz', '/livez/ping']) expect((await ask('GET', path)).text).toBe('ok')
})

it('lists its groups and resources in both forms', async () => {
  const { ask } = openClient()
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
  const whole = await ask('GET', '/apis', undefined, { accept })
  expect(whole.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' })
  const again = await ask('GET', '/apis', undefined, { accept, 'if-none-match': whole.header('etag') ?? '' })
  expect(again.status).toBe(304)
  expect((await ask('GET', '/apis')).body.kind).toBe('APIGroupList')
  expect((await ask('GET', '/apis/apps/v1')).body.kind).toBe('APIResourceList')
})

it.each([
  ['/nope', '404 page not found\n'],
  ['/apis/nope', '404 page not found\n'],
  ['/apis/nope/v1/things', '404 page not found\n'],
])('does not know %s', async (path, text) => {
  const answer = await openClient().ask('GET', path)
  expect([answer.status, answer.text]).toEqual([404, text])
})

it.each(['/apis/apps/v9', '/api/v2', '/api/v1/nopes', '/api/v1/configmaps/a', '/api/v1/namespaces/default/nodes'])(
  'has no resource at %s',
  async (path) => {
    expect(refusal(await openClient().ask('GET', path))).toBe(
      '404 NotFound: the server could not find the requested resource',
    )
  },
)

it('gives OpenAPI documents with tags', async () => {
  const { ask } = openClient()
  const first = await ask('GET', '/openapi/v3/apis/apps/v1')
  expect(first.body.openapi).toBe('3.0.0')
  const again = await ask('GET', '/openapi/v3/apis/apps/v1', undefined, { 'if-none-match': first.header('etag') ?? '' })
  expect(again.status).toBe(304)
  expect((await ask('GET', '/openapi/v2')).body.swagger).toBe('2.0')
})

it('answers reviews: everybody may do everything', async () => {
  const { ask } = openClient()
  const spec = { resourceAttributes: { verb: 'delete', resource: 'pods' } }
  const may = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec })
  expect([may.status, may.body.status]).toEqual([201, { allowed: true }])
  const who = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
  expect(who.body.status).toMatchObject({ userInfo: { username: 'kubernetes-admin' } })
})
