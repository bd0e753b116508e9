// Going back to what was synced before: a plan like any other, by the recorded commit.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, LEGACY } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

describeCluster('a rollback', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'rollback')
    await bench.commit('first', { 'shop/config.yaml': CONFIG, 'shop/legacy.yaml': LEGACY })
    expect((await bench.mainstay('app', 'sync', 'rollback', '-f', bench.appFile)).code).toBe(0)
    const extra = LEGACY.replace('name: legacy', 'name: extra')
    await bench.commit('second', {
      'shop/config.yaml': CONFIG.replace('info', 'debug'),
      'shop/legacy.yaml': null,
      'shop/extra.yaml': extra,
    })
    const second = await bench.mainstay('app', 'sync', 'rollback', '-f', bench.appFile, '--prune')
    expect(second, second.out + second.err).toMatchObject({ code: 0 })
  })
  afterAll(() => bench.dispose())

  const data = async (name: string): Promise<Record<string, string> | undefined> => {
    const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/${name}`)
    return (answer.body as { data?: Record<string, string> }).data
  }

  it('finds both syncs in the history', async () => {
    const list = await bench.mainstay('app', 'history', 'rollback', '-f', bench.appFile)
    expect(list.out).toContain('first')
    expect(list.out).toContain('second')
  })

  it('shows what it would do and does nothing with --dry-run', async () => {
    const shown = await bench.mainstay('app', 'rollback', 'rollback', '-f', bench.appFile, '--dry-run')
    expect(shown.code).toBe(1)
    expect(shown.out).toMatch(/data\.LEVEL debug → info/)
    expect(await data('legacy')).toBeUndefined()
  })

  it('brings back what was removed, keeps what came later until pruning is asked for', async () => {
    const back = await bench.mainstay('app', 'rollback', 'rollback', '-f', bench.appFile)
    expect(back, back.out + back.err).toMatchObject({ code: 0 })
    expect(await data('web-config')).toEqual({ LEVEL: 'info' })
    expect(await data('legacy')).toEqual({ KEEP: 'no' })
    expect(await data('extra')).toEqual({ KEEP: 'no' })
    const pruned = await bench.mainstay('app', 'rollback', 'rollback', '0', '-f', bench.appFile, '--prune')
    expect(pruned, pruned.out + pruned.err).toMatchObject({ code: 0 })
    expect(await data('extra'), pruned.out).toBeUndefined()
  })

  it('is refused for an entry that does not exist, and names those that do', async () => {
    const refused = await bench.mainstay('app', 'rollback', 'rollback', '99', '-f', bench.appFile)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('99')
    expect(refused.err).toMatch(/it has: .*1/)
  })

  it('is left again by a sync to the branch', async () => {
    const again = await bench.mainstay('app', 'sync', 'rollback', '-f', bench.appFile, '--prune')
    expect(again, again.out + again.err).toMatchObject({ code: 0 })
    expect(await data('web-config')).toEqual({ LEVEL: 'debug' })
    expect(await data('legacy')).toBeUndefined()
  })
})
