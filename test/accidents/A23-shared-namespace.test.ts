// A23 (argoproj/argo-cd#22607, #29739): a Namespace with objects of others is never taken away by one of its owners.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Ran } from '../scenarios/workbench.ts'
import type { Bed } from './bed.ts'
import { config, openBed, writeNeighbour } from './bed.ts'

describeCluster('A23: a shared namespace', (cluster) => {
  let bed: Bed
  let namespace: string
  let jobs: (verb: string, ...flags: readonly string[]) => Promise<Ran>
  const manifest = (options = ''): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n${options}`

  beforeAll(async () => {
    const shared = await cluster()
    namespace = `${await shared.namespace('shared')}-prod`
    bed = await openBed(shared, 'sharing', {
      'shop/namespace.yaml': manifest(),
      'shop/a.yaml': config('a', '1', `  namespace: ${namespace}\n`),
    })
    const file = await writeNeighbour(bed.bench, { name: 'shop-jobs', path: 'jobs', destination: namespace })
    jobs = (verb, ...flags) => bed.bench.mainstay('app', verb, 'shop-jobs', '-f', file, ...flags)
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

  it('stays with its first owner when another application that names it comes and goes', async () => {
    const uid = await exists()
    await bed.bench.commit('a second one', { 'jobs/namespace.yaml': manifest(), 'jobs/job.yaml': config('job') })
    const asked = await jobs('sync')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain(`Namespace/${namespace} belongs to application argocd/sharing`)
    const synced = await jobs('sync', '--resource', '!:Namespace:*')
    expect(synced.code, synced.out + synced.err).toBe(0)
    const memory = await bed.remember()
    const gone = await bed.approve(await jobs('delete'))
    expect(gone.code, gone.out + gone.err).toBe(0)
    expect(gone.out).not.toContain('Namespace')
    await memory.unharmed()
    expect(await exists()).toBe(uid)
    expect((await bed.app('plan')).out).toContain('2 objects: 2 same')
  })

  it('survives both: whoever took it over cannot delete it, and every object in it is named', async () => {
    const uid = await exists()
    const took = await bed.approve(await jobs('sync'))
    expect(took.code, took.out + took.err).toBe(0)
    const second = await jobs('delete')
    expect(second.code, second.out + second.err).toBe(4)
    for (const name of ['ConfigMap/a', 'Secret/manual-key']) expect(second.out).toContain(name)
    const first = await bed.app('delete')
    expect(first.out).not.toContain('- delete  Namespace')
    await bed.bench.commit('it leaves the second one', { 'jobs/namespace.yaml': null })
    const pruned = await jobs('sync', '--prune')
    expect(pruned.code, pruned.out + pruned.err).toBe(4)
    expect(await exists()).toBe(uid)
  })
})
