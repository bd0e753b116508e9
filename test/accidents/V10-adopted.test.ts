// V10 (carvel-dev/kapp#99): what existed before the application is told when it is taken over and again before it would be deleted.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const PATH = '/api/v1/namespaces/NS/configmaps/before'

describeCluster('V10: an object that was there before', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'adopted', { 'shop/a.yaml': config('a') })
    const metadata = { name: 'before' }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { value: '0', theirs: 'stays' },
    })
    await bed.bench.commit('it is in Git now', { 'shop/before.yaml': config('before') })
  })
  afterAll(() => bed.dispose())

  it('is adopted in sight: its fields in Git are overwritten, all others stay, nothing is deleted', async () => {
    const memory = await bed.remember()
    const ran = await bed.app('sync')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).toContain('existed before')
    expect((await bed.get(PATH))?.data).toEqual({ value: '1', theirs: 'stays' })
    await memory.unharmed()
  })

  it('is pruned only by an approval that says it existed before', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('it is not in Git any more', { 'shop/before.yaml': null })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toMatch(/ConfigMap\/before .*(existed|was there) before/)
    await memory.unharmed()
  })
})
