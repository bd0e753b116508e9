// A25 (argoproj/argo-cd#11402): an application of the same name in another installation neither takes nor deletes what is not its own.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Ran } from '../scenarios/workbench.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

describeCluster('A25: two installations, one name', (cluster) => {
  let bed: Bed
  let second: string

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'twice', { 'shop/a.yaml': config('a'), 'shop/b.yaml': config('b') })
    await bed.bench.commit('the other one', { 'other/a.yaml': config('a', '2'), 'other/c.yaml': config('c') })
    second = join(bed.bench.folder, 'second.yaml')
    const spec = {
      project: 'default',
      source: { repoURL: `file://${bed.bench.repository}`, path: 'other', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: bed.bench.namespace },
    }
    const metadata = { name: 'twice', namespace: 'argocd' }
    await writeFile(second, JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec }))
  })
  afterAll(() => bed.dispose())

  /** The other installation: the same name and marks, records of its own. */
  const elsewhere = (verb: string, ...flags: readonly string[]): Promise<Ran> =>
    bed.bench.mainstayAt(join(bed.bench.folder, 'second-home'), 'app', verb, 'twice', '-f', second, ...flags)

  it('does not delete what the other one recorded: a mark alone asks first, by name', async () => {
    const memory = await bed.remember()
    const ran = await elsewhere('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('ConfigMap/b')
    expect(ran.out).toMatch(/never recorded|no record|not recorded/)
    await memory.unharmed()
  })
})
