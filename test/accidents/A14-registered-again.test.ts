// A14 (2019): deleting a registration to change the repository's address lists what would be lost; changing it in place loses nothing.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { alongWith, doomed } from './bed.ts'
import type { Shop } from './shop.ts'
import { openShop } from './shop.ts'

describeCluster('A14: the repository gets another address', (cluster) => {
  let shop: Shop
  let elsewhere: string

  beforeAll(async () => {
    shop = await openShop(await cluster(), 'address', { namespace: 'given' })
    elsewhere = join(shop.bench.folder, 'elsewhere')
    await cp(shop.bench.repository, elsewhere, { recursive: true })
  })
  afterAll(() => shop.dispose())

  const register = (repository: string): Promise<void> =>
    shop.writeApp({ source: { repoURL: `file://${repository}`, path: 'shop', targetRevision: 'main' } })

  it('names addresses, names, volumes and the hand edits that Git cannot bring back, and deletes nothing', async () => {
    const memory = await shop.remember()
    const asked = await shop.app('delete')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toMatch(/Service\/web-lb holds address 198\.18\.\d+\.\d+/)
    expect(asked.out).toContain('shop.example.net will point to nothing')
    expect(asked.out).toMatch(/PersistentVolumeClaim\/uploads holds volume \S+-uploads/)
    expect(asked.out).toMatch(/loses edits that Git does not know: spec\.replicas .*DEBUG_UNTIL/)
    expect(asked.out).toContain('--cascade=false')
    await memory.unharmed()
  })

  it('lists exactly what Git made, and whatever goes with it', async () => {
    const { plan } = await shop.planned('delete')
    expect(doomed(plan)).toEqual([
      ...[
        'ConfigMap/web-config',
        'Deployment/web',
        'Ingress/web',
        'PersistentVolumeClaim/uploads',
        'Secret/web-secret',
      ],
      ...['Service/web-lb', 'StatefulSet/db', 'Widget/w1', 'Widget/w2', 'Widget/w3'],
    ])
    const along = alongWith(plan)
    expect(along).toContain('Pod/db-0')
    expect(along.filter((name) => name.startsWith('Pod/web-')).length).toBeGreaterThanOrEqual(5)
    expect(along).not.toContain('Ingress/legacy-admin')
  })

  it('offers to write the hand edits into Git where the address is changed in place, and would delete nothing', async () => {
    await register(elsewhere)
    const { code, plan } = await shop.planned('plan')
    expect(code).toBe(1)
    expect(doomed(plan)).toEqual([])
    const edit = plan.findings.find((finding) => finding.rule === 'hand-edit')
    expect(edit?.fixes).toContainEqual({ kind: 'do', text: 'write the edit into Git if it is to stay' })
  })

  it('makes an approved deletion void when the application is registered again before it ran', async () => {
    await register(shop.bench.repository)
    const asked = await shop.app('delete')
    await register(elsewhere)
    const memory = await shop.remember()
    const synced = await shop.app('sync')
    expect(synced.code, synced.out + synced.err).toBe(0)
    const ran = await shop.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain('the world moved')
    await memory.unharmed()
  })

  it('keeps everything at the last good state while the new address cannot be read', async () => {
    const memory = await shop.remember()
    await register(`${shop.bench.folder}/nowhere`)
    const ran = await shop.app('sync')
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('nowhere')
    await memory.unharmed()
  })

  it('finds everything again when the application was forgotten and registered anew', async () => {
    await register(shop.bench.repository)
    const memory = await shop.remember()
    const forgotten = await shop.approve(await shop.app('delete', '--cascade=false'))
    expect(forgotten.code, forgotten.out + forgotten.err).toBe(0)
    await register(elsewhere)
    const again = await shop.app('sync')
    expect(again.code, again.out + again.err).toBe(0)
    await memory.unharmed()
    expect((await shop.app('plan')).out).toContain('11 objects: 11 same')
  })
})
