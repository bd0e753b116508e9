// An application with several sources: together one wanted set, a repeated object told with both places.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

const config = (name: string, from: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {from: ${from}}\n`

describeCluster('several sources', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'sources')
    await mkdir(join(bench.folder, 'unused'))
    const source = (path: string) => ({ repoURL: `file://${bench.repository}`, path, targetRevision: 'main' })
    await bench.writeApp({ source: undefined, sources: [source('base'), source('team')] })
  })
  afterAll(() => bench.dispose())

  const from = async (name: string): Promise<string | undefined> => {
    const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/${name}`)
    return (answer.body as { data?: { from?: string } }).data?.from
  }

  it('are synced together; of an object in two of them the later wins, and both places are told', async () => {
    await bench.commit('two sources', {
      'base/a.yaml': config('a', 'base'),
      'base/shared.yaml': config('shared', 'base'),
      'team/b.yaml': config('b', 'team'),
      'team/shared.yaml': config('shared', 'team'),
    })
    const plan = await bench.mainstay('app', 'plan', 'sources', '-f', bench.appFile)
    expect(plan.code, plan.out + plan.err).toBe(1)
    expect(plan.out).toContain('base/shared.yaml')
    expect(plan.out).toContain('team/shared.yaml')
    const ran = await bench.mainstay('app', 'sync', 'sources', '-f', bench.appFile)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect([await from('a'), await from('b'), await from('shared')]).toEqual(['base', 'team', 'team'])
  })

  it('lose nothing when an object leaves one of them and stays in the other', async () => {
    await bench.commit('only the base has it', { 'team/shared.yaml': null })
    const ran = await bench.mainstay('app', 'sync', 'sources', '-f', bench.appFile, '--prune')
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(ran.out).not.toContain('- delete')
    expect(await from('shared')).toBe('base')
  })

  it('prune what left all of them', async () => {
    await bench.commit('b is gone', { 'team/b.yaml': null, 'team/c.yaml': config('c', 'team') })
    const ran = await bench.mainstay('app', 'sync', 'sources', '-f', bench.appFile, '--prune')
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect([await from('b'), await from('c')]).toEqual([undefined, 'team'])
  })
})
