// A05 (rancher/fleet#5406), V11, V12, V21: a cluster that answers in part, wrongly or not at all is unknown, never empty.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Faults, Passing } from './faults.ts'
import { openFaults } from './faults.ts'
import type { Shop } from './shop.ts'
import { openShop } from './shop.ts'

/** What is broken, and by which words the refusal names it. */
interface Broken {
  readonly name: string
  readonly put: (faults: Faults, group: string) => Promise<void> | void
  readonly says: RegExp
}

const listsOf =
  (plural: string) =>
  ({ method, collection }: Passing): boolean =>
    method === 'GET' && collection === plural

const NOTHING_WORKS: readonly Broken[] = [
  { name: 'is cut off', put: (faults) => faults.cut(), says: /nothing listens there/ },
  {
    name: 'does not know the credential any more (V21)',
    put: (faults) => faults.fail(() => true, 401, 'Unauthorized', 'Unauthorized'),
    says: /Unauthorized[\s\S]*log in again/,
  },
  {
    name: 'answers every request with an error',
    put: (faults) => faults.fail(() => true, 500, 'InternalError', 'etcdserver: no leader'),
    says: /etcdserver: no leader/,
  },
]

const PARTS_FAIL: readonly Broken[] = [
  {
    name: 'cannot convert the objects of one kind (V12)',
    put: (faults) => faults.fail(listsOf('widgets'), 500, 'InternalError', 'conversion webhook for Widget failed'),
    says: /conversion webhook for Widget failed/,
  },
  {
    name: 'does not let us list one kind any more',
    put: (faults) =>
      faults.fail(({ collection }) => collection === 'widgets', 403, 'Forbidden', 'widgets is forbidden'),
    says: /forbidden/,
  },
  {
    name: 'says that the server of one API group does not answer (V11)',
    put: (faults, group) => faults.staleGroup(group),
    says: /the server behind this API group does not answer/,
  },
  {
    name: 'lists one API group no more, as one that has only just started (V11)',
    put: (faults, group) => faults.dropGroup(group),
    says: /the API group is registered \(v1\.\S+\) and its kinds are not served/,
  },
  {
    name: 'lists nothing where there is something',
    put: (faults) => faults.emptyList('widgets'),
    says: /the server's list misses Widget\/w\d, which answers to its name/,
  },
]

describeCluster('A05: the connection to the cluster is lost', (cluster) => {
  let shop: Shop
  let faults: Faults

  beforeAll(async () => {
    shop = await openShop(await cluster(), 'lost', { namespace: 'given', byHand: false })
    faults = await openFaults(shop.cluster)
    const [first = ''] = (shop.files['shop/widgets.yaml'] ?? '').split('---\n')
    await shop.bench.commit('two widgets less', { 'shop/widgets.yaml': first })
  })
  afterAll(async () => {
    await faults.close()
    await shop.dispose()
  })

  /** After the fault: exactly what Git asked for is planned, from records that are as they were. */
  async function recovers(): Promise<void> {
    await faults.clear()
    const plan = await shop.appAs(faults.kubeconfig, 'plan')
    expect(plan.code, plan.out + plan.err).toBe(1)
    expect(plan.out).toContain('11 objects: 9 same, 2 to delete')
    expect(plan.out).not.toContain('unrecorded')
  }

  for (const { name, put, says } of NOTHING_WORKS) {
    it(`refuses to sync and to delete while the server ${name}, and goes on afterwards`, async () => {
      const memory = await shop.remember()
      await put(faults, shop.group)
      for (const verb of ['sync', 'delete']) {
        const ran = await shop.appAs(faults.kubeconfig, verb)
        expect(ran.code, ran.out + ran.err).toBe(2)
        expect(ran.err).toMatch(says)
      }
      await recovers()
      await memory.unharmed()
    })
  }

  for (const { name, put, says } of PARTS_FAIL) {
    it(`does nothing about that part and refuses to delete the application while the server ${name}`, async () => {
      const memory = await shop.remember()
      await put(faults, shop.group)
      const synced = await shop.appAs(faults.kubeconfig, 'sync')
      expect(synced.code, synced.out + synced.err).toBe(2)
      expect(synced.out).toMatch(says)
      expect(synced.out).toMatch(/11 objects: 8 same, 3 unseen/)
      const asked = await shop.appAs(faults.kubeconfig, 'delete')
      expect(asked.code, asked.out + asked.err).toBe(2)
      expect(asked.out).toMatch(/deleting now would leave it behind unknown/)
      expect(asked.err).toContain('is blocked; nothing was changed')
      await recovers()
      await memory.unharmed()
    })
  }

  it('asks again when the server breaks off in the middle of a list, and then takes the part for unknown', async () => {
    const memory = await shop.remember()
    faults.reset(listsOf('widgets'))
    const plan = await shop.appAs(faults.kubeconfig, 'plan')
    expect(plan.code, plan.out + plan.err).toBe(2)
    expect(plan.out).toMatch(/3 unseen[\s\S]*the connection was closed in the middle/)
    await recovers()
    await memory.unharmed()
  })

  it('forgets without an own look nothing that it could not see, and says what it leaves behind', async () => {
    faults.staleGroup(shop.group)
    const asked = await shop.appAs(faults.kubeconfig, 'delete', '--cascade=false')
    expect(asked.code, asked.out + asked.err).toBe(3)
    for (const name of ['w1', 'w2', 'w3']) expect(asked.out).toContain(`Widget/${name}`)
    await recovers()
  })

  it('goes on with a deletion whose request was cut off, and does not take it for done', async () => {
    const memory = await shop.remember()
    faults.reset(({ method, query }) => method === 'DELETE' && !query.has('dryRun'))
    const ran = await shop.appAs(faults.kubeconfig, 'sync')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.out).toContain('the connection was closed in the middle')
    await recovers()
    await memory.unharmed()
  })

  it('finds out that a deletion was carried out although its answer was lost', async () => {
    await shop.bench.commit('one Ingress less instead', {
      'shop/widgets.yaml': shop.files['shop/widgets.yaml'] ?? '',
      'shop/ingress.yaml': null,
    })
    const memory = await shop.remember()
    faults.lose(({ method, query }) => method === 'DELETE' && !query.has('dryRun'))
    const ran = await shop.appAs(faults.kubeconfig, 'sync')
    expect(ran.code, ran.out + ran.err).toBe(2)
    await faults.clear()
    const path = '/apis/networking.k8s.io/v1/namespaces/NS/ingresses/web'
    await vi.waitUntil(async () => (await shop.get(path)) === null, { timeout: 10_000, interval: 20 })
    const after = await shop.appAs(faults.kubeconfig, 'sync')
    expect(after.code, after.out + after.err).toBe(0)
    expect(after.out).toContain('10 objects: 10 same')
    expect(await memory.deleted()).toEqual(['ingresses/web'])
  })
})
