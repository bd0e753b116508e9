// The client on the shared real API server, for the tests that hold it to its contract.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { findKind, type KindTable } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { afterAll, beforeAll } from 'vitest'
import { describeCluster, type SharedCluster } from '../../../../test/cluster/shared.ts'
import { discover } from '../discovery.ts'
import { loadCluster } from '../kubeconfig.ts'
import type { Resource } from '../resource-path.ts'
import { openTransport, type Transport } from '../transport.ts'

/** What a test has at hand; filled before the first one runs. */
export interface Real {
  readonly shared: SharedCluster
  /** The administrator's. */
  readonly transport: Transport
  /** Another client, closed after the tests. */
  readonly as: (kubeconfig: string) => Promise<Transport>
  /** A kind in its preferred version. */
  readonly resource: (group: string, kind: string) => Resource
}

/** Config maps: the plainest kind there is. */
export const configMaps: Resource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  scope: 'namespaced',
}

/** A config map's manifest. */
export function configMap(namespace: string, name: string, data: JsonObject, more: JsonObject = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...more }, data }
}

/** A `describe` on the real server; skipped, with the reason in its name, where it cannot be run. */
export function describeReal(name: string, body: (real: () => Real) => void): void {
  describeCluster(name, (cluster) => {
    const open: Transport[] = []
    let ready: Real | null = null
    beforeAll(async () => {
      const shared = await cluster()
      const as = async (kubeconfig: string): Promise<Transport> => {
        const opened = openTransport(await loadCluster({ kubeconfig, env: process.env }))
        open.push(opened)
        return opened
      }
      const transport = await as(shared.kubeconfig)
      const { table } = await discover(transport)
      ready = { shared, transport, as, resource: (group, kind) => resourceIn(table, group, kind) }
    })
    afterAll(async () => {
      for (const each of open) await each.close()
    })
    body(() => {
      if (ready === null) throw new Error('only inside a test')
      return ready
    })
  })
}

function resourceIn(table: KindTable, group: string, kind: string): Resource {
  const found = findKind(table, { group, kind })
  if (found.kind !== 'known') throw new Error(`the server has no ${group}/${kind}`)
  return { ...found.info, version: found.info.versions[0] ?? '' }
}
