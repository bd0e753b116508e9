// A28 (velero-io/velero#2975): an object that carries a copied mark is not ours, is never planned for deletion.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

describeCluster('A28: somebody copies labels and annotations', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'copied', { 'shop/daily.yaml': config('daily'), 'shop/b.yaml': config('b') })
    const daily = await bed.get('/api/v1/namespaces/NS/configmaps/daily')
    const annotations = daily?.metadata.annotations
    const labels = { 'app.kubernetes.io/instance': 'copied' }
    const copy = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'daily-20260801', annotations, labels } }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', copy)
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'daily', uid: daily?.metadata.uid }]
    const owned = { ...copy, metadata: { ...copy.metadata, name: 'daily-owned', ownerReferences } }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', owned)
  })
  afterAll(() => bed.dispose())

  it('never stands in a plan, whether Git changes or the application is synced with pruning', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('b changes', { 'shop/b.yaml': config('b', '2') })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).not.toMatch(/- delete .*daily-/)
    await memory.unharmed()
  })

  it('stays when the application is deleted', async () => {
    const asked = await bed.app('delete')
    expect(asked.out).not.toMatch(/- delete {2}ConfigMap\/daily-2026/)
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await bed.get('/api/v1/namespaces/NS/configmaps/daily-20260801')).not.toBeNull()
    expect(await bed.get('/api/v1/namespaces/NS/configmaps/daily')).toBeNull()
  })
})
