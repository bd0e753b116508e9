// A23 (argoproj/argo-cd#22607, #29739): a Namespace with objects of others is never taken away by one of its owners.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

describeCluster('A23: a shared namespace', (cluster) => {
  let bed: Bed
  let namespace: string
  const manifest = (options = ''): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n${options}`

  beforeAll(async () => {
    const shared = await cluster()
    namespace = `${await shared.namespace('shared')}-prod`
    bed = await openBed(shared, 'sharing', {
      'shop/namespace.yaml': manifest(),
      'shop/a.yaml': config('a', '1', `  namespace: ${namespace}\n`),
    })
    const key = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'manual-key' }, stringData: { key: 'x' } }
    await bed.put('POST', `/api/v1/namespaces/${namespace}/secrets`, key)
  })
  afterAll(async () => {
    await bed.put('DELETE', `/api/v1/namespaces/${namespace}`)
    await bed.dispose()
  })

  const exists = async (): Promise<string | undefined> => {
    const found = await bed.get(`/api/v1/namespaces/${namespace}`)
    return found?.metadata.deletionTimestamp === undefined ? found?.metadata.uid : undefined
  }

  it('is not deleted with its application while it holds what nobody of ours made; the list names it', async () => {
    const uid = await exists()
    const ran = await bed.app('delete')
    expect(ran.code, ran.out + ran.err).toBe(4)
    expect(ran.out).toContain('manual-key')
    expect(await exists()).toBe(uid)
  })

  it('is not pruned either, although its application dropped it', async () => {
    const uid = await exists()
    await bed.bench.commit('dropped', { 'shop/namespace.yaml': null })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(4)
    expect(await exists()).toBe(uid)
  })

  it('is never replaced, whatever force is asked for', async () => {
    const uid = await exists()
    const options =
      '  annotations: {argocd.argoproj.io/sync-options: "Replace=true,Force=true"}\n  labels: {changed: "yes"}\n'
    await bed.bench.commit('forced', { 'shop/namespace.yaml': manifest(options) })
    const ran = await bed.app('sync', '--force')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).not.toContain('- delete')
    expect(await exists()).toBe(uid)
  })
})
