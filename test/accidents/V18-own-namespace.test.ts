// V18 (fluxcd/flux2#4570): an application that got hold of the control plane's own namespace can never delete it.
import { expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { openWorkbench } from '../scenarios/workbench.ts'
import { bedOf, config, writeNeighbour } from './bed.ts'

describeCluster('V18: an application holds the namespace of the control plane', (cluster) => {
  it('is blocked from deleting it, by pruning and with the application, and no approval helps', async () => {
    const shared = await cluster()
    const bench = await openWorkbench(shared, 'self')
    const controlPlane = await shared.namespace('control')
    const bed = bedOf(shared, bench, 'self', { also: [`/api/v1/namespaces/${controlPlane}`] })
    const namespace = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${controlPlane}\n`
    await bench.commit('everything', { 'shop/namespace.yaml': namespace, 'shop/a.yaml': config('a') })
    const file = await writeNeighbour(bench, { name: 'self', path: 'shop', destination: bench.namespace, controlPlane })
    const app = (verb: string, ...flags: readonly string[]) =>
      bench.mainstay('--control-plane-namespace', controlPlane, 'app', verb, 'self', '-f', file, ...flags)
    const synced = await app('sync')
    expect(synced.code, synced.out + synced.err).toBe(0)
    const memory = await bed.remember()
    const asked = await app('delete')
    expect(asked.code, asked.out + asked.err).toBe(4)
    expect(asked.out).toContain('it is the namespace that applications are kept in')
    await bench.commit('without it', { 'shop/namespace.yaml': null })
    const pruned = await app('sync', '--prune')
    expect(pruned.code, pruned.out + pruned.err).toBe(4)
    const approved = await bench.mainstay('approve', /Plan ([0-9a-f]{6})/.exec(pruned.out)?.[1] ?? '')
    expect(approved.code, approved.out + approved.err).not.toBe(0)
    await memory.unharmed()
    await bench.dispose()
  })
})
