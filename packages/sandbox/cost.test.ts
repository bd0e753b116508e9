// What a write costs grows with what it changes: everything else of the object stays the same value.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, test } from 'vitest'
import { known } from './schema/recent.ts'
import { type Client, openClient } from './testing/client.ts'

const PATH = '/apis/apps/v1/namespaces/default/deployments/web'

function container(name: string, image: string): JsonObject {
  const httpGet = { path: '/', port: 80 }
  return {
    name,
    image,
    ports: [{ containerPort: 80 }],
    env: [{ name: 'A', value: 'x' }],
    resources: { requests: { cpu: '100m' } },
    livenessProbe: { httpGet, periodSeconds: 5 },
  }
}

function manifest(image: string, replicas: number): JsonObject {
  const labels = { app: 'web' }
  const volumes = [{ name: 'scratch', emptyDir: {} }]
  const spec = { containers: [container('web', image), container('proxy', 'proxy:1')], volumes }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  }
}

async function applied(client: Client, image: string, replicas: number): Promise<KubeObject> {
  const type = { 'content-type': 'application/apply-patch+yaml' }
  const answer = await client.ask('PATCH', `${PATH}?fieldManager=me`, manifest(image, replicas), type)
  expect(answer.status).toBeLessThan(300)
  const place = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }
  return client.sandbox.world.get(place) as KubeObject // It was made just now.
}

/** Paths of the objects and lists of `after` that are not those of `before`. */
function fresh(before: Json | undefined, after: Json, path = ''): readonly string[] {
  if (before === after || typeof after !== 'object' || after === null) return []
  const old = (typeof before === 'object' && before !== null ? before : {}) as JsonObject
  return [path, ...Object.entries(after).flatMap(([key, value]) => fresh(old[key], value as Json, `${path}.${key}`))]
}

describe('an apply', () => {
  test('of one field of a container makes the way to it anew, and who wrote when', async () => {
    const client = openClient()
    const before = await applied(client, 'web:1', 3)
    client.clock.advance(5000)
    expect(fresh(before, await applied(client, 'web:2', 3))).toEqual([
      '',
      '.metadata',
      '.metadata.managedFields',
      '.metadata.managedFields.0',
      '.spec',
      '.spec.template',
      '.spec.template.spec',
      '.spec.template.spec.containers',
      '.spec.template.spec.containers.0',
    ])
  })

  test('of the replicas leaves the template as it is', async () => {
    const client = openClient()
    const before = await applied(client, 'web:1', 3)
    expect(fresh(before, await applied(client, 'web:1', 4))).not.toContain('.spec.template')
  })

  test('of one field notes the way to it and nothing else', async () => {
    const client = openClient()
    for (const image of ['web:1', 'web:2', 'web:3']) await applied(client, image, 3)
    const before = known.count
    await applied(client, 'web:4', 3)
    // The spec, the template, its spec and the container; everything else is known by then.
    expect(known.count - before).toBeLessThanOrEqual(4)
  })

  test('of what is there already makes nothing', async () => {
    const client = openClient()
    const before = await applied(client, 'web:1', 3)
    expect(await applied(client, 'web:1', 3)).toBe(before)
  })
})

test('objects that are applied alike share what their managers own', async () => {
  const client = openClient()
  const type = { 'content-type': 'application/apply-patch+yaml' }
  for (const name of ['a', 'b']) {
    const body = { ...manifest('web:1', 3), metadata: { name, labels: { app: 'web' } } }
    await client.ask('PATCH', `${PATH.replace('web', name)}?fieldManager=me`, body, type)
  }
  const entry = (name: string): JsonObject => {
    const place = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name }
    const entries = client.sandbox.world.get(place)?.metadata.managedFields as readonly JsonObject[] | undefined
    return entries?.[0] ?? {}
  }
  expect(entry('b').fieldsV1).toBeDefined()
  expect(entry('b').fieldsV1).toBe(entry('a').fieldsV1)
})
