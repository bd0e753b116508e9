// A26 (argoproj/argo-cd#9853, #11227): claims need an approval of their own; what is marked stays; a restore binds the same volume.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { CLAIM, CONFIG, volume } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { alongWith, openBed } from './bed.ts'
import type { Shop } from './shop.ts'
import { openShop } from './shop.ts'

const PATH = '/api/v1/namespaces/NS/persistentvolumeclaims/uploads'
const MARKED = CLAIM.replace(
  'name: uploads',
  'name: uploads\n  annotations: {argocd.argoproj.io/sync-options: Prune=false}',
)

describeCluster('A26: a claim with its data', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'claim', { 'shop/config.yaml': CONFIG })
    const { namespace } = bed.bench
    await bed.put('POST', '/api/v1/persistentvolumes', volume(namespace, namespace))
    await bed.bench.commit('a marked claim', { 'shop/uploads.yaml': MARKED })
    expect((await bed.app('sync')).code).toBe(0)
    await bound()
  })
  afterAll(async () => {
    await bed.put('DELETE', `/api/v1/persistentvolumes/${bed.bench.namespace}`)
    await bed.dispose()
  })

  /** Waits until the claim is bound and answers the name of its volume. */
  async function bound(): Promise<string> {
    const stop = AbortSignal.timeout(20_000)
    const { namespace } = bed.bench
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims?watch=true&fieldSelector=metadata.name=uploads`
    for await (const { object } of bed.cluster.api.watch(path, stop)) {
      const { status, spec } = object as { status?: { phase?: string }; spec?: { volumeName?: string } }
      if (status?.phase === 'Bound') return spec?.volumeName ?? ''
    }
    throw new Error('the watch ended before the claim was bound')
  }

  it('stays when its application is deleted, because Prune=false says that somebody minds', async () => {
    const asked = await bed.app('delete')
    expect(asked.out).toContain('PersistentVolumeClaim/uploads')
    expect(asked.out).not.toMatch(/- delete {2}PersistentVolumeClaim/)
    expect(asked.out).toContain('Prune=false')
  })

  it('without a mark needs an approval that names its volume and what becomes of the data', async () => {
    await bed.bench.commit('an unmarked claim', { 'shop/uploads.yaml': CLAIM })
    expect((await bed.app('sync')).code).toBe(0)
    const memory = await bed.remember()
    await bed.bench.commit('no claim', { 'shop/uploads.yaml': null })
    const asked = await bed.app('sync', '--prune')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain(`PersistentVolumeClaim/uploads holds volume ${bed.bench.namespace}`)
    expect(asked.out).toContain('reclaim policy Retain')
    await memory.unharmed()
  })

  it('comes back on the same volume after it was deleted with approval', async () => {
    const asked = await bed.app('sync', '--prune')
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await bed.get(PATH)).toBeNull()
    const trash = JSON.parse((await bed.bench.mainstay('trash', 'list', '--json')).out) as { plan: string }[]
    const restored = await bed.bench.mainstay('trash', 'restore', '--plan', trash[0]?.plan ?? '')
    expect(restored.code, restored.out + restored.err).toBe(0)
    expect(await bound()).toBe(bed.bench.namespace)
  })
})

describeCluster('A26: claims whose volumes are reclaimed', (cluster) => {
  let shop: Shop

  beforeAll(async () => {
    const options = { namespace: 'given', byHand: false, reclaim: 'Delete', claimsGo: true } as const
    shop = await openShop(await cluster(), 'reclaim', options)
  })
  afterAll(() => shop.dispose())

  const volumePath = (name: string) => `/api/v1/persistentvolumes/${shop.namespace}-${name}`
  const policyOf = async (name: string) => (await shop.get(volumePath(name)))?.spec?.persistentVolumeReclaimPolicy
  const restore = () => shop.bench.mainstay('trash', 'restore', '--app', 'reclaim')

  it('names before anything is approved what becomes of each volume, also of a StatefulSet that takes its claims along', async () => {
    const memory = await shop.remember()
    const asked = await shop.app('delete')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(alongWith((await shop.planned('delete')).plan)).toContain('PersistentVolumeClaim/data-db-0')
    for (const volume of ['uploads', 'db']) {
      const name = `${shop.namespace}-${volume}`
      expect(asked.out).toMatch(new RegExp(`~ retain +PersistentVolume/${name}`))
      expect(asked.out).toContain(`the data of volume ${name} stay (its reclaim policy Delete is set to Retain first)`)
    }
    await memory.unharmed()
  })

  it('keeps what is on the disks although the deletion was approved, and binds the restored claim to the same one', async () => {
    const ran = await shop.approve(await shop.app('delete', '--cascade', 'background'))
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await shop.get(PATH)).toBeNull()
    expect([await policyOf('uploads'), await policyOf('db')]).toEqual(['Retain', 'Retain'])
    expect(shop.cloud.contentOf(`${shop.namespace}-uploads`)).toBe('marker file M2')
    expect(shop.cloud.contentOf(`${shop.namespace}-db`)).toBe('marker row M1')
    const restored = await restore()
    expect(restored.code, restored.out + restored.err).toBe(0)
    const bound = async () => (await shop.get(PATH))?.status?.phase === 'Bound'
    await vi.waitUntil(bound, { timeout: 20_000, interval: 50 })
    expect((await shop.get(PATH))?.spec?.volumeName).toBe(`${shop.namespace}-uploads`)
  })

  it('asks again before it restores a claim whose volume somebody deleted: it would be empty', async () => {
    const ran = await shop.approve(await shop.app('delete', '--cascade', 'background'))
    expect(ran.code, ran.out + ran.err).toBe(0)
    await shop.put('DELETE', volumePath('uploads'))
    await vi.waitUntil(async () => (await shop.get(volumePath('uploads'))) === null, { timeout: 20_000, interval: 50 })
    const restored = await restore()
    expect(restored.code, restored.out + restored.err).toBe(3)
    expect(restored.out).toContain('the volume of PersistentVolumeClaim/uploads does not exist any more')
    expect(await shop.get(PATH)).toBeNull()
  })
})
