// The read side of the cluster in memory, so that plans for tests are made from it as a session makes them.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import type { KindInfo, KindTable } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import { kindKey } from '@mainstay/core/object/ref.ts'
import type { ClusterIdentity } from '@mainstay/core/plan/plan.ts'
import { exampleKinds } from '@mainstay/core/testing/examples.ts'
import { testSchemas } from '@mainstay/core/testing/schemas.ts'
import { FaultError } from '../../fault.ts'
import type { ClusterReader, ListRequest } from '../../ports.ts'
import type { Address } from '../target.ts'
import type { MemoryTarget } from './memory-target.ts'

/** Which cluster it is. */
export const CLUSTER: ClusterIdentity = { id: 'cluster-1', name: 'test', server: 'https://10.0.0.1' }

const volumes: KindInfo = {
  group: '',
  kind: 'PersistentVolume',
  scope: 'cluster',
  resource: 'persistentvolumes',
  versions: ['v1'],
  verbs: ['get', 'list', 'patch', 'delete'],
}

/** What planning asks. A read is no request of the executor: no hook is called and nothing is noted. */
export class MemoryReader implements ClusterReader {
  readonly #target: MemoryTarget

  constructor(target: MemoryTarget) {
    this.#target = target
  }

  identity(): Promise<ClusterIdentity> {
    return Promise.resolve(CLUSTER)
  }

  version(): Promise<string> {
    return Promise.resolve('v1.0.0')
  }

  kinds(): Promise<KindTable> {
    const { kinds, failedGroups } = exampleKinds()
    return Promise.resolve({ kinds: new Map([...kinds, [kindKey(volumes), volumes]]), failedGroups })
  }

  schemas(): Promise<SchemaLookup> {
    return Promise.resolve(testSchemas)
  }

  list({ group, kind, namespace }: ListRequest): Promise<readonly KubeObject[]> {
    const found = this.#target.objects.filter((object) => {
      const ref = refOf(object)
      return ref.group === group && ref.kind === kind && (namespace === null || ref.namespace === namespace)
    })
    return Promise.resolve(found)
  }

  get({ ref }: Address): Promise<KubeObject | null> {
    return Promise.resolve(this.#target.find(ref))
  }

  dryRun(manifest: KubeObject): Promise<DryRun> {
    const request = { manifest, uid: null, resourceVersion: null, force: true, fieldValidation: 'Strict' } as const
    try {
      return Promise.resolve({ kind: 'accepted', ...this.#target.judge(request) })
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      const refusal = { reason: 'Invalid', message: error.fault.why ?? '', fields: [] }
      return Promise.resolve({ kind: 'refused', refusal })
    }
  }

  creatable(manifest: KubeObject): Promise<boolean> {
    return Promise.resolve(this.#target.accepts(manifest))
  }
}
