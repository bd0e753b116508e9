// V23: patterns that choose fewer files remove objects as a commit does: the plan says so, and the brake applies.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, doomed, openBed } from './bed.ts'

const NAMES = Array.from({ length: 12 }, (_, n) => `c${String(n).padStart(2, '0')}`)

describeCluster('V23: the patterns of an application choose fewer files', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(
      await cluster(),
      'smaller',
      Object.fromEntries(NAMES.map((name) => [`shop/${name}.yaml`, config(name)])),
    )
  })
  afterAll(() => bed.dispose())

  const choose = (directory: unknown): Promise<void> =>
    bed.bench.writeApp({
      source: { repoURL: `file://${bed.bench.repository}`, path: 'shop', targetRevision: 'main', directory },
    })

  it('plans what an edit of include leaves out, and waits for approval where that is much', async () => {
    const memory = await bed.remember()
    await choose({ include: 'c0*.yaml' })
    const { plan } = await bed.planned('plan', '--prune')
    expect(doomed(plan)).toEqual(['ConfigMap/c10', 'ConfigMap/c11'])
    expect(plan.verdict).toBe('proceed')
    await choose({ include: 'c1*.yaml' })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('10 of 12 objects (83 %) would be deleted, more than 30 %')
    await memory.unharmed()
  })

  it('does the same for a file of overrides that comes with a commit', async () => {
    const memory = await bed.remember()
    await bed.bench.writeApp({})
    const overrides = 'directory: {exclude: "c0*.yaml"}\n'
    await bed.bench.commit('overrides', { 'shop/.argocd-source-smaller.yaml': overrides })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('10 of 12 objects (83 %) would be deleted')
    await memory.unharmed()
  })

  it('blocks patterns that choose nothing', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('no overrides', { 'shop/.argocd-source-smaller.yaml': null })
    await choose({ include: 'nothing*.yaml' })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(4)
    await choose({})
    expect((await bed.app('plan', '--prune')).out).toContain('12 objects: 12 same')
    await memory.unharmed()
  })
})
