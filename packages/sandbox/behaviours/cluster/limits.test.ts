// What a namespace limits, and how many Pods may go at once: the real server's words, asked of it once and written down.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { objectAt } from '../../kinds/look.ts'
import { openSandbox } from '../../sandbox.ts'
import { type Client, openClient, refusal } from '../../testing/client.ts'
import { openTestClock } from '../../testing/clock.ts'
import { clusterAdmission, clusterControllers } from './all.ts'

function open(): Client {
  const clock = openTestClock()
  const options = { clock, seed: 'limits', controllers: clusterControllers(), admission: clusterAdmission }
  const client = openClient(openSandbox(options), clock)
  clock.advance(100)
  return client
}

const path = (plural: string): string => `/api/v1/namespaces/default/${plural}`
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

function pod(name: string, resources: Json): JsonObject {
  return { metadata: { name }, spec: { containers: [{ name: 'main', image: 'web:1', resources }] } }
}

function deployment(name: string): JsonObject {
  const labels = { app: name }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } }
  return { metadata: { name }, spec: { replicas: 0, selector: { matchLabels: labels }, template } }
}

async function withQuota(hard: JsonObject, more: JsonObject = {}): Promise<Client> {
  const client = open()
  await client.ask('POST', path('resourcequotas'), { metadata: { name: 'small' }, spec: { hard, ...more } })
  client.clock.advance(100)
  return client
}

describe('a quota', () => {
  it('counts what is there and refuses what is more', async () => {
    const { ask, clock } = await withQuota({ configmaps: '2', 'count/deployments.apps': '1' })
    expect((await ask('POST', path('configmaps'), { metadata: { name: 'a' } })).status).toBe(201)
    expect(refusal(await ask('POST', path('configmaps'), { metadata: { name: 'b' } }))).toBe(
      '403 Forbidden: configmaps "b" is forbidden: exceeded quota: small, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
    )
    await ask('POST', DEPLOYMENTS, deployment('x'))
    expect(refusal(await ask('POST', DEPLOYMENTS, deployment('y')))).toBe(
      '403 Forbidden: deployments.apps "y" is forbidden: exceeded quota: small, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1',
    )
    clock.advance(100)
    const used = objectAt((await ask('GET', `${path('resourcequotas')}/small`)).body, 'status', 'used')
    expect(used).toEqual({ configmaps: '2', 'count/deployments.apps': '1' })
    await ask('DELETE', `${path('configmaps')}/a`)
    expect((await ask('POST', path('configmaps'), { metadata: { name: 'b' } })).status).toBe(201)
  })

  it('adds up what Pods ask for, and wants them to say it', async () => {
    const { ask } = await withQuota({ pods: '3', 'requests.cpu': '1', 'limits.memory': '1Gi' })
    expect(refusal(await ask('POST', path('pods'), pod('silent', {})))).toBe(
      '403 Forbidden: pods "silent" is forbidden: failed quota: small: must specify limits.memory for: main; requests.cpu for: main',
    )
    const resources = { requests: { cpu: '700m' }, limits: { memory: '100Mi' } }
    expect((await ask('POST', path('pods'), pod('one', resources))).status).toBe(201)
    expect(refusal(await ask('POST', path('pods'), pod('two', resources)))).toBe(
      '403 Forbidden: pods "two" is forbidden: exceeded quota: small, requested: requests.cpu=700m, used: requests.cpu=700m, limited: requests.cpu=1',
    )
  })

  it('is about node ports, claims of a class, and only Pods in its scope', async () => {
    const services = await withQuota({ 'services.nodeports': '0' })
    const nodePort = { metadata: { name: 'x' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } }
    expect(refusal(await services.ask('POST', path('services'), nodePort))).toBe(
      '403 Forbidden: services "x" is forbidden: exceeded quota: small, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
    )
    const claims = await withQuota({ 'disk.storageclass.storage.k8s.io/requests.storage': '2Gi' })
    const spec = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'disk',
      resources: { requests: { storage: '3Gi' } },
    }
    const told = refusal(await claims.ask('POST', path('persistentvolumeclaims'), { metadata: { name: 'c' }, spec }))
    expect(told).toContain('requested: disk.storageclass.storage.k8s.io/requests.storage=3Gi')
    const scoped = await withQuota({ pods: '0' }, { scopes: ['BestEffort'] })
    expect((await scoped.ask('POST', path('pods'), pod('free', {}))).status).toBe(403)
    expect((await scoped.ask('POST', path('pods'), pod('asks', { requests: { cpu: '1' } }))).status).toBe(201)
  })

  it('counts for nothing at once, and refuses everything as long as nobody has counted', async () => {
    const clock = openTestClock()
    const { ask } = openClient(openSandbox({ clock, seed: 'limits', admission: clusterAdmission }), clock)
    await ask('POST', path('resourcequotas'), { metadata: { name: 'new' }, spec: { hard: { configmaps: '9' } } })
    expect((await ask('POST', path('configmaps'), { metadata: { name: 'early' } })).status).toBe(201)
    clock.advance(1000)
    expect(refusal(await ask('POST', path('configmaps'), { metadata: { name: 'a' } }))).toBe(
      '403 Forbidden: configmaps "a" is forbidden: status unknown for quota: new, resources: configmaps',
    )
  })
})

const LIMIT = {
  type: 'Container',
  default: { cpu: '500m', memory: '1Gi' },
  defaultRequest: { cpu: '100m' },
  min: { cpu: '50m' },
  maxLimitRequestRatio: { memory: '4' },
}

describe('a LimitRange', () => {
  it('gives containers what they do not ask for', async () => {
    const { ask } = open()
    await ask('POST', path('limitranges'), { metadata: { name: 'lim' }, spec: { limits: [LIMIT] } })
    const { body } = await ask('POST', path('pods'), pod('p', {}))
    expect(body).toMatchObject({
      metadata: {
        annotations: {
          'kubernetes.io/limit-ranger':
            'LimitRanger plugin set: cpu, memory request for container main; cpu, memory limit for container main',
        },
      },
      spec: {
        containers: [
          { resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } } },
        ],
      },
    })
  })

  it('refuses too little, too much and too far apart', async () => {
    const { ask } = open()
    const storage = { type: 'PersistentVolumeClaim', max: { storage: '3Gi' } }
    await ask('POST', path('limitranges'), { metadata: { name: 'lim' }, spec: { limits: [LIMIT, storage] } })
    const resources = { requests: { cpu: '10m', memory: '1Mi' }, limits: { memory: '100Mi' } }
    expect(refusal(await ask('POST', path('pods'), pod('p', resources)))).toBe(
      '403 Forbidden: pods "p" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, memory max limit to request ratio per Container is 4, but provided ratio is 100.000000]',
    )
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } }
    expect(refusal(await ask('POST', path('persistentvolumeclaims'), { metadata: { name: 'c' }, spec }))).toBe(
      '403 Forbidden: persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 3Gi, but request is 5Gi',
    )
  })
})

describe('a budget of disruptions', () => {
  it('says how many Pods may go, and lets the last ones not be evicted', async () => {
    const { ask, clock, sandbox } = open()
    for (const name of ['a', 'b', 'c']) {
      const { body } = await ask('POST', path('pods'), { ...pod(name, {}), metadata: { name, labels: { app: 'web' } } })
      const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
      await ask('PUT', `${path('pods')}/${name}/status`, { ...body, status: ready })
    }
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'
    const selector = { matchLabels: { app: 'web' } }
    await ask('POST', budgets, { metadata: { name: 'two' }, spec: { minAvailable: 2, selector } })
    clock.advance(100)
    const status = async (): Promise<Json> => objectAt((await ask('GET', `${budgets}/two`)).body, 'status')
    expect(await status()).toMatchObject({
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
      expectedPods: 3,
      observedGeneration: 1,
      conditions: [{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }],
    })
    sandbox.world.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' })
    clock.advance(100)
    expect(await status()).toMatchObject({ disruptionsAllowed: 0, conditions: [{ reason: 'InsufficientPods' }] })
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'b', namespace: 'default' } }
    expect((await ask('POST', `${path('pods')}/b/eviction`, eviction)).status).toBe(429)
  })
})

describe('the default class of Ingresses', () => {
  it('is the newest of those that are marked, for whoever names none', async () => {
    const { ask, clock } = open()
    const group = '/apis/networking.k8s.io/v1'
    for (const name of ['first', 'second']) {
      const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' }
      await ask('POST', `${group}/ingressclasses`, {
        metadata: { name, annotations },
        spec: { controller: 'example.com/a' },
      })
      clock.advance(1000)
    }
    const classOf = async (name: string, more: JsonObject): Promise<Json> => {
      const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...more }
      const made = await ask('POST', `${group}/namespaces/default/ingresses`, { metadata: { name }, spec })
      return objectAt(made.body, 'spec').ingressClassName ?? null
    }
    expect([await classOf('a', {}), await classOf('b', { ingressClassName: 'first' })]).toEqual(['second', 'first'])
  })
})
