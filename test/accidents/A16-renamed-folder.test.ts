// A16 (fluxcd/helm-controller#1340): a renamed folder is the same application; renamed objects are made before the old ones go.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditMark, auditSince, isWrite } from '../cluster/audit.ts'
import { describeCluster } from '../cluster/shared.ts'
import { doomed } from './bed.ts'
import type { Shop } from './shop.ts'
import { openShop } from './shop.ts'

describeCluster('A16: the folder of the manifests is renamed', (cluster) => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop(await cluster(), 'folder', { namespace: 'given', byHand: false })
  })
  afterAll(() => shop.dispose())

  const readFrom = (path: string): Promise<void> =>
    shop.writeApp({ source: { repoURL: `file://${shop.bench.repository}`, path, targetRevision: 'main' } })
  /** The files of the shop, moved to another folder. */
  const movedTo = (folder: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(shop.files).map(([path, text]) => [path.replace('shop/', `${folder}/`), text]))

  it('writes nothing to the cluster when nothing changed at all', async () => {
    const mark = await auditMark(shop.cluster)
    const ran = await shop.app('sync')
    expect(ran.code, ran.out + ran.err).toBe(0)
    const sent = await auditSince(shop.cluster, mark, (entry) => {
      return (
        isWrite(entry) && entry.userAgent?.startsWith('mainstay/') === true && entry.requestURI.includes('/folder-')
      )
    })
    expect(sent).toEqual([])
  })

  it('deletes nothing and changes no identity when the same manifests are in another folder', async () => {
    const memory = await shop.remember()
    const removed = Object.fromEntries(Object.keys(shop.files).map((path) => [path, null]))
    await shop.bench.commit('a better name', { ...removed, ...movedTo('store') })
    await readFrom('store')
    const { plan } = await shop.planned('plan')
    expect(doomed(plan)).toEqual([])
    expect(plan.totals).toMatchObject({ objects: 11, same: 11 })
    const ran = await shop.app('sync')
    expect(ran.code, ran.out + ran.err).toBe(0)
    await memory.unharmed()
  })

  it('refuses while the application still names the old folder, and goes on when it is put right', async () => {
    const memory = await shop.remember()
    await readFrom('shop')
    const ran = await shop.app('sync')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain('shop')
    await readFrom('store')
    expect((await shop.app('plan')).code).toBe(0)
    await memory.unharmed()
  })

  it('makes renamed objects first, and lists addresses and names that go with the old ones, before anybody approves', async () => {
    const memory = await shop.remember()
    const store = movedTo('store')
    const renamed = ['service', 'ingress'].map((file): readonly [string, string] => {
      const text = store[`store/${file}.yaml`] ?? ''
      return [`store/${file}.yaml`, text.replaceAll('web-lb', 'front-lb').replace('name: web\n', 'name: front\n')]
    })
    await shop.bench.commit('another release name', Object.fromEntries(renamed))
    const asked = await shop.app('sync')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toMatch(/Service\/web-lb holds address 198\.18/)
    expect(asked.out).toContain('shop.example.net will point to nothing')
    const { plan } = await shop.planned('plan')
    expect(doomed(plan)).toEqual(['Ingress/web', 'Service/web-lb'])
    const kinds = plan.steps.map((step) => (step.kind === 'wait' ? `until ${step.until}` : step.kind))
    const order = ['apply', 'until healthy', 'delete'].map((kind) => kinds.indexOf(kind))
    expect(order).not.toContain(-1)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(kinds.lastIndexOf('apply')).toBeLessThan(kinds.indexOf('delete'))
    await memory.unharmed()
    const ran = await shop.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect([...(await memory.deleted())].sort()).toEqual(['ingresses/web', 'services/web-lb'])
    await memory.traced()
  })
})
