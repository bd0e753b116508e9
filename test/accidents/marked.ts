// An application whose objects are marked as an installation says, beside a release with the very same marks that is not its own.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { expect } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import type { Ran } from '../scenarios/workbench.ts'
import { openWorkbench, planIdIn } from '../scenarios/workbench.ts'
import type { Bed } from './bed.ts'
import { bedOf, config, planIn, writeNeighbour } from './bed.ts'

/** The application `db`, not synced yet, in a control plane of its own. */
export interface Marked extends AsyncDisposable {
  readonly app: (verb: string, ...flags: readonly string[]) => Promise<Ran>
  readonly planned: (verb: string) => Promise<Plan>
  /** Approves the plan that a command printed and runs it. */
  readonly approve: (ran: Ran) => Promise<Ran>
  /** Where its objects are, but for the ConfigMap `own`. */
  readonly own: Bed
  /** Where the release is, and the ConfigMap `own`. */
  readonly foreign: Bed
  /** Sets the tracking method of the installation. */
  readonly track: (method: string) => Promise<void>
}

/** Makes one; its objects are tracked by `method`. */
export async function openMarked(cluster: SharedCluster, method: string): Promise<Marked> {
  const bench = await openWorkbench(cluster, 'db')
  const controlPlane = await cluster.namespace('control')
  const own = bedOf(cluster, bench, 'db')
  const foreign = bedOf(cluster, bench, 'db', { namespace: await cluster.namespace('release') })
  const settings = `/api/v1/namespaces/${controlPlane}/configmaps`
  const data = { 'application.resourceTrackingMethod': method }
  await own.put('POST', settings, { metadata: { name: 'argocd-cm' }, data })
  await bench.commit('the database', {
    'shop/b.yaml': config('b'),
    'shop/own.yaml': config('own', '1', `  namespace: ${foreign.namespace}\n`),
    'shop/claim.yaml': CLAIM,
  })
  await release(foreign, own.namespace)
  const file = await writeNeighbour(bench, { name: 'db', path: 'shop', destination: own.namespace, controlPlane })
  const mainstay = (...argv: readonly string[]): Promise<Ran> =>
    bench.mainstay('--control-plane-namespace', controlPlane, ...argv)
  const app: Marked['app'] = (verb, ...flags) => mainstay('app', verb, 'db', '-f', file, ...flags)
  return {
    app,
    planned: async (verb) => planIn(await app(verb, '-o', 'json')),
    approve: async (ran) => {
      const id = planIdIn(ran.out + ran.err)
      expect((await mainstay('approve', id)).code).toBe(0)
      return await mainstay('apply', id)
    },
    ...{ own, foreign },
    track: async (next) => {
      const patch = { data: { 'application.resourceTrackingMethod': next } }
      await own.put('PATCH', `${settings}/argocd-cm`, patch, 'application/merge-patch+json')
    },
    [Symbol.asyncDispose]: () => bench.dispose(),
  }
}

/** The release: the application's label on each object, and a tracking annotation that was copied from one of its objects. */
async function release(foreign: Bed, home: string): Promise<void> {
  const metadata = {
    name: 'data',
    labels: { 'app.kubernetes.io/instance': 'db', 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'argocd.argoproj.io/tracking-id': `db:/ConfigMap:${home}/b` },
  }
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  await foreign.put('POST', '/api/v1/namespaces/NS/configmaps', { metadata })
  await foreign.put('POST', '/api/v1/namespaces/NS/persistentvolumeclaims', { metadata, spec })
}

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: claim
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
`
