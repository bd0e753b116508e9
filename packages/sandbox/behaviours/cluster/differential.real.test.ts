// The same stories told to the sandbox and to the real API server with its controllers: what is left must be the same.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { expect, it } from 'vitest'
import { describeRealCluster } from '../../../../test/cluster/shared.ts'
import { objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { openSandbox } from '../../sandbox.ts'
import { openClient } from '../../testing/client.ts'
import { openTestClock } from '../../testing/clock.ts'
import { comparable } from '../../testing/steps.ts'
import { clusterAdmission, clusterControllers } from './all.ts'

/** A server to which a story is told. */
interface Server {
  readonly namespace: string
  readonly ask: (method: string, path: string, body?: Json) => Promise<JsonObject>
  /** Lets time go on until something holds. */
  readonly until: (holds: () => Promise<boolean>) => Promise<void>
}

async function sandboxServer(): Promise<Server> {
  const clock = openTestClock()
  const client = openClient(
    openSandbox({ clock, seed: 'cluster', controllers: clusterControllers(), admission: clusterAdmission }),
    clock,
  )
  const headers = (method: string): Readonly<Record<string, string>> => ({
    'user-agent': 'mainstay-test-bed',
    'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  })
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'story-' } }
  const made = await client.ask('POST', '/api/v1/namespaces', body, headers('POST'))
  return {
    namespace: textAt(made.body, 'metadata', 'name'),
    ask: async (method, path, body) => (await client.ask(method, path, body, headers(method))).body,
    until: async (holds) => {
      for (let seconds = 0; seconds < 120; seconds++) {
        clock.advance(1000)
        if (await holds()) return
      }
      throw new Error('it never comes about in the sandbox')
    },
  }
}

type Story = (server: Server) => Promise<Json>

const MAPS = (server: Server): string => `/api/v1/namespaces/${server.namespace}/configmaps`

async function map(server: Server, name: string, metadata: JsonObject = {}): Promise<KubeObject> {
  return (await server.ask('POST', MAPS(server), { metadata: { name, ...metadata } })) as KubeObject // A ConfigMap.
}

function owner({ apiVersion, kind, metadata }: KubeObject, block: boolean): JsonObject {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', blockOwnerDeletion: block }
}

/** ConfigMaps without the certificate. */
async function maps(server: Server): Promise<readonly JsonObject[]> {
  const { items } = await server.ask('GET', MAPS(server))
  return objectsAt({ items: items ?? [] }, 'items').filter(
    (each) => textAt(each, 'metadata', 'name') !== 'kube-root-ca.crt',
  )
}

/** An owner, its dependant, and the dependant's own. */
async function chain(server: Server): Promise<void> {
  const top = await map(server, 'top')
  const middle = await map(server, 'middle', { ownerReferences: [owner(top, true)] })
  await map(server, 'bottom', { ownerReferences: [owner(middle, false)] })
  // The real collector must have seen them.
  await server.until(async () => (await maps(server)).length === 3)
}

const free = { metadata: { finalizers: null } }

function collected(propagationPolicy: string, left: number): Story {
  return async (server) => {
    await chain(server)
    await server.ask('DELETE', `${MAPS(server)}/top`, { propagationPolicy })
    await server.until(async () => (await maps(server)).length === left)
    return [...(await maps(server))]
  }
}

/** A finalizer holds the dependant; what is seen then, and after it was let go. */
function held(propagationPolicy: string, whileHeld: (names: readonly string[]) => boolean, left: number): Story {
  return async (server) => {
    const top = await map(server, 'top')
    await map(server, 'middle', { ownerReferences: [owner(top, true)], finalizers: ['example.com/hold'] })
    await server.ask('DELETE', `${MAPS(server)}/top`, { propagationPolicy })
    const seen = async (): Promise<boolean> => {
      const all = await maps(server)
      const going = all.filter((each) => textAt(each, 'metadata', 'deletionTimestamp') !== '')
      return whileHeld(going.map((each) => textAt(each, 'metadata', 'name')))
    }
    await server.until(seen)
    const during = await maps(server)
    await server.ask('PATCH', `${MAPS(server)}/middle`, free)
    await server.until(async () => (await maps(server)).length === left)
    return [[...during], [...(await maps(server))]]
  }
}

const stories: Readonly<Record<string, Story>> = {
  'an owner goes in the background': collected('Background', 0),
  'an owner goes in the foreground': collected('Foreground', 0),
  'an owner leaves orphans': collected('Orphan', 2),
  'a finalizer holds what is owned, in the background': held('Background', (names) => names.join() === 'middle', 0),
  'a finalizer holds what is owned, in the foreground': held('Foreground', (names) => names.join() === 'middle,top', 0),
  'two owners, of which one goes and one never was': async (server) => {
    const [a, b] = [await map(server, 'a'), await map(server, 'b')]
    const nobody = { ...owner(a, false), name: 'nobody', uid: '11111111-2222-4333-8444-555555555555' }
    await map(server, 'both', { ownerReferences: [owner(a, true), owner(b, true), nobody] })
    const owners = async (): Promise<number> => {
      const both = (await maps(server)).find((each) => textAt(each, 'metadata', 'name') === 'both')
      return objectsAt(both ?? {}, 'metadata', 'ownerReferences').length
    }
    await server.until(async () => (await owners()) === 2)
    await server.ask('DELETE', `${MAPS(server)}/a`)
    await server.until(async () => (await owners()) === 1)
    return [...(await maps(server))]
  },
  'an owner in another namespace': async (server) => {
    const { items } = await server.ask('GET', '/api/v1/namespaces/default/configmaps')
    const [other = {}] = objectsAt({ items: items ?? [] }, 'items')
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: textAt(other, 'metadata', 'name') }
    await map(server, 'mine', { ownerReferences: [{ ...reference, uid: textAt(other, 'metadata', 'uid') }] })
    await server.until(async () => (await maps(server)).length === 0)
    return []
  },
  'a namespace that is held': async (server) => {
    await map(server, 'held', { finalizers: ['example.com/hold', 'example.com/more'] })
    await map(server, 'free')
    const path = `/api/v1/namespaces/${server.namespace}`
    await server.ask('DELETE', path)
    await server.until(async () => objectsAt(await server.ask('GET', path), 'status', 'conditions').length > 0)
    const during = await server.ask('GET', path)
    const content = await maps(server)
    await server.ask('PATCH', `${MAPS(server)}/held`, free)
    await server.until(async () => (await server.ask('GET', path)).code === 404)
    return [during, [...content], await server.ask('GET', path)]
  },
  'the account and the certificate of a namespace come back': async (server) => {
    const account = `/api/v1/namespaces/${server.namespace}/serviceaccounts/default`
    const certificate = `${MAPS(server)}/kube-root-ca.crt`
    const made = async (): Promise<boolean> =>
      (await server.ask('GET', account)).code !== 404 && (await server.ask('GET', certificate)).code !== 404
    await server.until(made)
    await server.ask('DELETE', account)
    await server.ask('DELETE', certificate)
    await server.until(made)
    return [await server.ask('GET', account), { ...(await server.ask('GET', certificate)), data: null }]
  },
  'a claim gets a volume, and the volume is released': async (server) => {
    const claims = `/api/v1/namespaces/${server.namespace}/persistentvolumeclaims`
    const volume = `/api/v1/persistentvolumes/${server.namespace}`
    const shared = { accessModes: ['ReadWriteOnce'], storageClassName: server.namespace }
    await server.ask('POST', '/api/v1/persistentvolumes', {
      metadata: { name: server.namespace },
      spec: { ...shared, capacity: { storage: '5Gi' }, hostPath: { path: '/data' } },
    })
    const phase = async (path: string): Promise<string> => textAt(await server.ask('GET', path), 'status', 'phase')
    await server.until(async () => (await phase(volume)) === 'Available')
    const available = await server.ask('GET', volume)
    await server.ask('POST', claims, {
      metadata: { name: 'data' },
      spec: { ...shared, resources: { requests: { storage: '1Gi' } } },
    })
    await server.until(async () => (await phase(`${claims}/data`)) === 'Bound')
    const bound = [await server.ask('GET', volume), await server.ask('GET', `${claims}/data`)]
    await server.ask('DELETE', `${claims}/data`)
    await server.until(async () => (await phase(volume)) === 'Released')
    const released = await server.ask('GET', volume)
    await server.ask('DELETE', volume)
    await server.until(async () => (await server.ask('GET', volume)).code === 404)
    return [available, ...bound, released]
  },
  'a Service without Pods, and one without a selector': async (server) => {
    const below = (plural: string): string => `/api/v1/namespaces/${server.namespace}/${plural}`
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${server.namespace}/endpointslices`
    const ports = [{ port: 80, targetPort: 8080 }]
    await server.ask('POST', below('services'), {
      metadata: { name: 'web', labels: { is: 'web' } },
      spec: { selector: { app: 'web' }, ports },
    })
    await server.ask('POST', below('services'), {
      metadata: { name: 'head' },
      spec: { clusterIP: 'None', selector: { app: 'web' } },
    })
    await server.ask('POST', below('services'), { metadata: { name: 'other' }, spec: { ports } })
    const list = async (path: string): Promise<readonly JsonObject[]> =>
      objectsAt({ items: (await server.ask('GET', path)).items ?? [] }, 'items')
    await server.until(async () => (await list(slices)).length === 2 && (await list(below('endpoints'))).length === 2)
    const made = [await list(below('endpoints')), await list(slices)].map((each) => each.map(nameless))
    for (const name of ['web', 'head', 'other']) await server.ask('DELETE', `${below('services')}/${name}`)
    await server.until(async () => (await list(slices)).length === 0 && (await list(below('endpoints'))).length === 0)
    return made
  },
}

/** More, about what depends on objects that others wrote. */
const more: Readonly<Record<string, Story>> = {
  'Endpoints by hand are mirrored': async (server) => {
    const below = (plural: string): string => `/api/v1/namespaces/${server.namespace}/${plural}`
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${server.namespace}/endpointslices`
    await server.ask('POST', below('services'), { metadata: { name: 'db' }, spec: { ports: [{ port: 80 }] } })
    const addresses = [{ ip: '192.0.2.7' }, { ip: '192.0.2.8', hostname: 'second' }]
    const subsets = [{ addresses, ports: [{ port: 5432 }] }]
    await server.ask('POST', below('endpoints'), { metadata: { name: 'db', labels: { is: 'db' } }, subsets })
    const list = async (): Promise<readonly JsonObject[]> =>
      objectsAt({ items: (await server.ask('GET', slices)).items ?? [] }, 'items')
    await server.until(async () => (await list()).length === 1)
    // The real controller keeps the addresses in a Go map, whose order is chance.
    return (await list()).map((slice) => ({
      ...nameless(slice),
      endpoints: objectsAt(slice, 'endpoints').toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    }))
  },
  'the token of an account': async (server) => {
    const below = (plural: string): string => `/api/v1/namespaces/${server.namespace}/${plural}`
    await server.until(async () => (await server.ask('GET', `${below('serviceaccounts')}/default`)).code !== 404)
    const secret = (name: string, account: string): Json => ({
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': account } },
      type: 'kubernetes.io/service-account-token',
    })
    await server.ask('POST', below('secrets'), secret('token', 'default'))
    await server.ask('POST', below('secrets'), secret('nobody', 'nobody'))
    const get = (name: string): Promise<JsonObject> => server.ask('GET', `${below('secrets')}/${name}`)
    await server.until(
      async () => textAt(await get('token'), 'data', 'token') !== '' && (await get('nobody')).code === 404,
    )
    const filled = await get('token')
    await server.ask('DELETE', `${below('serviceaccounts')}/default`)
    await server.until(async () => (await get('token')).code === 404)
    return { ...filled, data: Object.keys(objectAt(filled, 'data')).sort() }
  },
  'a quota counts': async (server) => {
    const below = (plural: string): string => `/api/v1/namespaces/${server.namespace}/${plural}`
    const hard = { configmaps: '3', 'count/secrets': '2', 'services.nodeports': '1', 'requests.cpu': '2', pods: '4' }
    await server.until(async () => (await server.ask('GET', `${MAPS(server)}/kube-root-ca.crt`)).code !== 404)
    await server.ask('POST', below('resourcequotas'), { metadata: { name: 'small' }, spec: { hard } })
    const used = async (): Promise<JsonObject> =>
      objectAt(await server.ask('GET', `${below('resourcequotas')}/small`), 'status', 'used')
    await server.until(async () => (await used()).configmaps === '1')
    const answers = [await map(server, 'a'), await map(server, 'b'), await map(server, 'c')]
    await server.until(async () => (await used()).configmaps === '3')
    return [...answers, objectAt(await server.ask('GET', `${below('resourcequotas')}/small`), 'status')]
  },
  'a budget without Pods': async (server) => {
    const budgets = `/apis/policy/v1/namespaces/${server.namespace}/poddisruptionbudgets`
    const selector = { matchLabels: { app: 'web' } }
    await server.ask('POST', budgets, { metadata: { name: 'part' }, spec: { minAvailable: '60%', selector } })
    await server.ask('POST', budgets, { metadata: { name: 'count' }, spec: { minAvailable: 2, selector } })
    const get = (name: string): Promise<JsonObject> => server.ask('GET', `${budgets}/${name}`)
    const seen = async (): Promise<boolean> =>
      (await Promise.all(['part', 'count'].map(get))).every(
        (each) => objectsAt(each, 'status', 'conditions').length > 0,
      )
    await server.until(seen)
    return [await get('part'), await get('count')]
  },
}

const all = { ...stories, ...more }

/** Without what only the moment decides: times, and the order of managers that wrote within a second. */
function timeless(value: Json): Json {
  if (isList(value)) return value.map(timeless)
  if (!isObject(value)) return value
  const own = Object.entries(value).map(([key, item]): readonly [string, Json] => {
    if (key === 'lastPhaseTransitionTime') return [key, 'OWN']
    if (key !== 'managedFields' || !isList(item)) return [key, timeless(item)]
    const sorted = [...item].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
    return [key, sorted]
  })
  return Object.fromEntries(own)
}

/** Without what the API server makes up, and the time of the change. */
function nameless(object: JsonObject): JsonObject {
  const name = textAt(object, 'metadata', 'name').replace(/-[a-z0-9]{5}$/, '-RANDOM')
  const metadata = { ...Object(object.metadata), name, annotations: null }
  return { ...object, metadata }
}

describeRealCluster('a cluster in memory and a real one', (cluster) => {
  it.each(Object.keys(all))('leave the same behind: %s', async (name) => {
    const story = all[name]
    if (story === undefined) throw new Error('there is a story')
    const here = await sandboxServer()
    const { api, namespace } = await cluster()
    const there: Server = {
      namespace: await namespace('story'),
      ask: async (method, path, body) => {
        const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
        return (await api.request(method, path, body, type)).body as JsonObject // The API server answers with objects.
      },
      until: async (holds) => {
        while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
      },
    }
    const said = await Promise.all(
      [here, there].map(async (server) => timeless(comparable(await story(server), { NS: server.namespace }))),
    )
    expect(said[0]).toEqual(said[1])
  })
})
