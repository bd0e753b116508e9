// Stories of workloads, told to a real cluster and to a sandbox: both come to the same state after every step.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect, it, vi } from 'vitest'
import { describeRealCluster } from '../../../../test/cluster/shared.ts'
import { sampled } from '../../../../test/run/whole.ts'
import { objectsAt } from '../../kinds/look.ts'
import { openSandbox } from '../../sandbox.ts'
import { openTestClock } from '../../testing/clock.ts'
import { clusterControllers } from '../cluster/all.ts'
import { workloadControllers } from './all.ts'
import { type Deed, STORIES, type Story } from './testing/stories.ts'
import { COLLECTIONS, type Lists, viewOfLists } from './testing/view.ts'

const STRATEGIC = 'application/strategic-merge-patch+json'
const MANAGER = 'fieldManager=story'
/** The first story also waits for the cluster to start; what differs is waited for a while. */
const LIMIT_MS = 90_000

/** A server that is asked. */
interface Server {
  readonly ask: (
    method: string,
    path: string,
    body?: JsonObject,
  ) => Promise<{ readonly status: number; readonly body: unknown }>
}

describeRealCluster('workloads beside a real cluster', (cluster) => {
  it.each(sampled(STORIES, 4))(
    '$name',
    async (story) => {
      const { api, namespace: make } = await cluster()
      const namespace = await make('workloads')
      const type = (method: string): string => (method === 'PATCH' ? STRATEGIC : 'application/json')
      const real: Server = { ask: (method, path, body) => api.request(method, path, body, type(method)) }
      await tell(story, real, namespace)
    },
    LIMIT_MS,
  )
})

async function tell(story: Story, real: Server, namespace: string): Promise<void> {
  const clock = openTestClock()
  const controllers = [...clusterControllers(), ...workloadControllers()]
  const sandbox = openSandbox({ clock, seed: story.name, controllers })
  const ours: Server = {
    ask: async (method, path, body) => {
      const headers = { 'content-type': method === 'PATCH' ? STRATEGIC : 'application/json' }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await sandbox.fetch(new Request(`https://sandbox.example${path}`, { method, headers, ...sent }))
      return { status: answer.status, body: await answer.json() }
    },
  }
  await ours.ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  clock.advance(1000)
  for (const deed of story.deeds) {
    await act(real, deed, namespace)
    await act(ours, deed, namespace)
    clock.advance((deed.seconds ?? 120) * 1000)
    const mine = viewOfLists(await listsOf(ours, namespace), namespace)
    const compare = async (): Promise<void> => {
      expect(mine, deed.what).toEqual(viewOfLists(await listsOf(real, namespace), namespace))
    }
    await vi.waitFor(compare, { timeout: 10_000, interval: 200 })
  }
}

async function act(server: Server, { method, path, body }: Deed, namespace: string): Promise<void> {
  const place = `${path.replaceAll('NS', namespace)}?${MANAGER}`
  const answer = await server.ask(method, place, body)
  if (answer.status >= 300) throw new Error(`${method} ${place}: ${JSON.stringify(answer.body)}`)
}

async function listsOf(server: Server, namespace: string): Promise<Lists> {
  const lists = new Map<string, readonly JsonObject[]>()
  for (const [kind, path] of COLLECTIONS) {
    const { body } = await server.ask('GET', path.replaceAll('NS', namespace))
    lists.set(kind, objectsAt(body as JsonObject, 'items'))
  }
  return lists
}
