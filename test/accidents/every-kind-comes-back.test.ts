// Undo: whatever somebody approved to delete, of every kind that the shop has, comes back with one command.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { config, doomed } from './bed.ts'
import type { Shop } from './shop.ts'
import { openShop } from './shop.ts'

const DEPLOYMENT = '/apis/apps/v1/namespaces/NS/deployments/web'

/** A Namespace goes with all that is in it: on a busy machine that takes its time. Milliseconds. */
const PATIENCE = 120_000

describeCluster('every kind comes back', (cluster) => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop(await cluster(), 'undo', { namespace: 'given' })
  })
  afterAll(() => shop.dispose())

  /** What must be the same again; uids, and the address that a cloud gives away, cannot be. */
  async function lasting(): Promise<unknown> {
    const { clusterIP, dns, uploads, 'data-db-0': data } = await shop.identity()
    const kept = [uploads, data].map((claim) => ({ ...(claim as object), claimedBy: 'of a claim of that name' }))
    return { clusterIP, names: Object.keys(dns as object).sort(), kept }
  }

  async function undo(): Promise<void> {
    const ran = await shop.bench.mainstay('trash', 'restore', '--app', 'undo')
    expect(ran.code, ran.out + ran.err).toBe(0)
  }

  it(
    'when a commit removed the definition with its objects',
    async () => {
      await shop.writeApp({ syncPolicy: { syncOptions: ['PrunePropagationPolicy=background'] } })
      await shop.bench.commit('no widgets', { 'shop/widgets.yaml': null, 'shop/definition.yaml': null })
      const only = [
        '--resource',
        'apiextensions.k8s.io:CustomResourceDefinition:*',
        '--resource',
        `${shop.group}:Widget:*`,
      ]
      const asked = await shop.app('sync', '--prune', ...only)
      expect(asked.code, asked.out + asked.err).toBe(3)
      expect(asked.out).toContain(`CustomResourceDefinition/widgets.${shop.group} goes with every object of its kind`)
      const ran = await shop.approve(asked)
      expect(ran.code, ran.out + ran.err).toBe(0)
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${shop.group}`
      expect(await shop.get(path)).toBeNull()
      await undo()
      expect(await shop.get(path)).not.toBeNull()
      for (const name of ['w1', 'w2', 'w3']) {
        expect((await shop.get(`/apis/${shop.group}/v1/namespaces/NS/widgets/${name}`))?.spec).toEqual({ size: 1 })
      }
      const { 'shop/widgets.yaml': widgets = '', 'shop/definition.yaml': definition = '' } = shop.files
      await shop.bench.commit('as before', { 'shop/widgets.yaml': widgets, 'shop/definition.yaml': definition })
    },
    PATIENCE,
  )

  it(
    'when a commit removed a Namespace of its own with all that is in it',
    async () => {
      const inner = `${shop.namespace}-inner`
      const [namespace, object] = [`/api/v1/namespaces/${inner}`, `/api/v1/namespaces/${inner}/configmaps/inside`]
      await shop.bench.commit('a namespace', {
        'shop/inner.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${inner}\n  labels: {team: shop}\n`,
        'shop/inside.yaml': config('inside', 'kept', `  namespace: ${inner}\n`),
      })
      const only = ['--resource', `:Namespace:${inner}`, '--resource', `:ConfigMap:${inner}/inside`]
      expect((await shop.app('sync', ...only)).code).toBe(0)
      await shop.bench.commit('no namespace', { 'shop/inner.yaml': null, 'shop/inside.yaml': null })
      expect(doomed((await shop.planned('plan', '--prune', ...only)).plan)).toEqual([
        'ConfigMap/inside',
        `Namespace/${inner}`,
      ])
      const ran = await shop.approve(await shop.app('sync', '--prune', ...only))
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect(await shop.get(namespace)).toBeNull()
      await undo()
      expect((await shop.get(object))?.data).toEqual({ value: 'kept' })
    },
    PATIENCE,
  )

  it(
    'when the application was deleted: volumes with what is on them, cluster IP, names, hand edits',
    async () => {
      const before = await lasting()
      const memory = await shop.remember()
      const asked = await shop.app('delete', '--cascade', 'background')
      expect(asked.code, asked.out + asked.err).toBe(3)
      const ran = await shop.approve(asked)
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect([...(await memory.deleted())].sort()).toEqual([
        ...['configmaps/web-config', 'deployments/web', 'ingresses/web', 'persistentvolumeclaims/uploads'],
        ...['secrets/web-secret', 'services/web-lb', 'statefulsets/db', 'widgets/w1', 'widgets/w2', 'widgets/w3'],
      ])
      await memory.traced()
      await undo()
      expect(await lasting()).toEqual(before)
      expect((await shop.get(DEPLOYMENT))?.spec?.replicas).toBe(5)
      expect(JSON.stringify(await shop.get(DEPLOYMENT))).toContain('DEBUG_UNTIL')
      const secret = await shop.get('/api/v1/namespaces/NS/secrets/web-secret')
      expect(Buffer.from(secret?.data?.password ?? '', 'base64').toString()).toBe('correct-horse-battery')
      // What Git wants is all there and recorded; only what was edited by hand differs.
      const { plan } = await shop.planned('plan')
      expect(plan.totals).toMatchObject({ same: 10, update: 1, create: 0, delete: 0 })
    },
    PATIENCE,
  )
})
