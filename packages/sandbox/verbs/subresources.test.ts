// Scale, binding, eviction and tokens.
import { expect, it } from 'vitest'
import { type Client, openClient, refusal } from '../testing/client.ts'

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const PODS = '/api/v1/namespaces/default/pods'

async function withDeployment(): Promise<Client> {
  const client = openClient()
  const labels = { app: 'a' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  await client.ask('POST', DEPLOYMENTS, {
    metadata: { name: 'a' },
    spec: { selector: { matchLabels: labels }, template },
  })
  return client
}

it('reads and writes the replicas of a workload as a Scale', async () => {
  const { ask } = await withDeployment()
  const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 1 }, status: { selector: 'app=a' } }
  expect((await ask('GET', `${DEPLOYMENTS}/a/scale`)).body).toMatchObject(scale)
  const put = await ask('PUT', `${DEPLOYMENTS}/a/scale`, { metadata: { name: 'a' }, spec: { replicas: 5 } })
  expect(put.body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } })
  const merge = { 'content-type': 'application/merge-patch+json' }
  await ask('PATCH', `${DEPLOYMENTS}/a/scale`, { spec: { replicas: 6 } }, merge)
  expect((await ask('GET', `${DEPLOYMENTS}/a`)).body).toMatchObject({
    metadata: { generation: 3 },
    spec: { replicas: 6 },
  })
  expect(refusal(await ask('PUT', `${DEPLOYMENTS}/a/scale`, { metadata: { name: 'a' }, spec: { replicas: -1 } }))).toBe(
    '422 Invalid: Scale.autoscaling "a" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  )
})

it('binds a Pod to a node once, and evicts it', async () => {
  const { ask } = openClient()
  await ask('POST', PODS, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } })
  const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } }
  expect((await ask('POST', `${PODS}/p/binding`, binding)).status).toBe(201)
  expect((await ask('GET', `${PODS}/p`)).body.spec).toMatchObject({ nodeName: 'n' })
  expect((await ask('POST', `${PODS}/p/binding`, binding)).status).toBe(409)
  expect((await ask('POST', `${PODS}/p/eviction`, { metadata: { name: 'p' } })).status).toBe(201)
  expect((await ask('GET', `${PODS}/p`)).body.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 })
})

it('gives a ServiceAccount a token that says whose it is', async () => {
  const { ask } = openClient()
  const accounts = '/api/v1/namespaces/default/serviceaccounts'
  await ask('POST', accounts, { metadata: { name: 's' } })
  const { body } = await ask('POST', `${accounts}/s/token`, { spec: { audiences: ['x'], expirationSeconds: 600 } })
  const [, claims = ''] = (body.status as { token: string }).token.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    aud: ['x'],
    sub: 'system:serviceaccount:default:s',
  })
  expect((body.status as { expirationTimestamp: string }).expirationTimestamp).toBe('2026-01-01T12:10:00Z')
})
