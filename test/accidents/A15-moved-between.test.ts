// A15 (Flux FAQ, argoproj/applicationset#254): manifests that move to another application take their objects along; nothing is deleted.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Ran } from '../scenarios/workbench.ts'
import type { Bed } from './bed.ts'
import { config, doomed, openBed, planIn, writeNeighbour } from './bed.ts'

describeCluster('A15: manifests move to another application', (cluster) => {
  let bed: Bed
  let billing: (verb: string, ...flags: readonly string[]) => Promise<Ran>

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'moving', {
      'shop/web-config.yaml': config('web-config'),
      'shop/prices.yaml': config('prices'),
      'billing/bills.yaml': config('bills'),
    })
    const file = await writeNeighbour(bed.bench, { name: 'billing', path: 'billing', destination: bed.namespace })
    billing = (verb, ...flags) => bed.bench.mainstay('app', verb, 'billing', '-f', file, ...flags)
    expect((await billing('sync')).code).toBe(0)
  })
  afterAll(() => bed.dispose())

  it('is a transfer of the one file that moved, named with its owner, and the old application lets go of it', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('moved', { 'shop/web-config.yaml': null, 'billing/web-config.yaml': config('web-config') })
    const early = await bed.app('sync', '--prune')
    expect(early.code, early.out + early.err).toBe(3)
    expect(early.out).toContain('ConfigMap/web-config is still in Git: its file moved to billing/web-config.yaml')
    expect(early.out).toMatch(/- delete +ConfigMap\/web-config .*moved to billing\/web-config\.yaml in /)
    const asked = await billing('sync', '--prune')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain('taken over from application argocd/moving: ConfigMap/web-config')
    expect(doomed(planIn(await billing('plan', '--prune', '-o', 'json')))).toEqual([])
    const moved = await bed.approve(asked)
    expect(moved.code, moved.out + moved.err).toBe(0)
    const old = await bed.app('sync', '--prune')
    expect(old.code, old.out + old.err).toBe(0)
    expect(old.out).toContain('1 object: 1 same')
    await memory.unharmed()
    const mark = (await bed.get('/api/v1/namespaces/NS/configmaps/web-config'))?.metadata.annotations
    expect(mark?.['argocd.argoproj.io/tracking-id']).toBe(`billing:/ConfigMap:${bed.namespace}/web-config`)
  })

  it('refuses while the new application cannot be rendered, and the old one keeps what it had', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('moved, and broken', {
      'shop/prices.yaml': null,
      'billing/prices.yaml': config('prices'),
      'billing/broken.yaml': 'kind: [\n',
    })
    const fresh = await billing('sync', '--prune')
    expect(fresh.code, fresh.out + fresh.err).toBe(2)
    expect(fresh.err).toContain('billing/broken.yaml')
    const old = await bed.app('sync', '--prune')
    expect(old.code, old.out + old.err).toBe(2)
    expect(old.err).toContain('the path "shop" does not exist')
    await memory.unharmed()
  })

  it('is a transfer also when the other half of the move comes with a later commit', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('mended', { 'billing/broken.yaml': null })
    const asked = await billing('sync', '--prune')
    expect(asked.out).toContain('taken over from application argocd/moving: ConfigMap/prices')
    const moved = await bed.approve(asked)
    expect(moved.code, moved.out + moved.err).toBe(0)
    await memory.unharmed()
    const gone = await bed.app('delete')
    expect(gone.out).not.toContain('- delete')
  })
})
