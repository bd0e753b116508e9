// The write side of a cluster over the Kubernetes client: the executor's port, and the only caller of its write verbs.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { getObject } from '../cluster/get.ts'
import type { Resource } from '../cluster/resource-path.ts'
import type { Transport } from '../cluster/transport.ts'
import { applyObject, deleteObject, mergePatch } from '../cluster/write.ts'
import { FaultError } from '../fault.ts'
import { followObjects } from './follow.ts'
import type { Address, Applied, ApplyRequest, ExecuteTarget } from './target.ts'

/** Writes to a cluster through one transport. `kinds` is asked anew when a kind appears during a run (a CRD). */
export class KubernetesTarget implements ExecuteTarget {
  readonly #transport: Transport
  readonly #kinds: (fresh: boolean) => Promise<KindTable>

  constructor(transport: Transport, kinds: (fresh: boolean) => Promise<KindTable>) {
    this.#transport = transport
    this.#kinds = kinds
  }

  async get(address: Address, signal: AbortSignal): Promise<KubeObject | null> {
    return getObject(this.#transport, await this.#resource(address.ref, address.apiVersion), address.ref, signal)
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
    const { manifest, ...options } = request
    const { group } = parseApiVersion(manifest.apiVersion)
    const resource = await this.#resource({ group, kind: manifest.kind }, manifest.apiVersion)
    return applyObject(this.#transport, resource, manifest, { ...options, signal })
  }

  async mergePatch(address: Address, patch: JsonObject, signal: AbortSignal): Promise<KubeObject> {
    const resource = await this.#resource(address.ref, address.apiVersion)
    const written = await mergePatch(this.#transport, resource, address.ref, patch, { signal })
    return written.object
  }

  async delete(
    address: Address,
    options: { readonly uid: string; readonly cascade: 'foreground' | 'background' | 'orphan' },
    signal: AbortSignal,
  ): Promise<'gone' | 'terminating'> {
    const resource = await this.#resource(address.ref, address.apiVersion)
    return deleteObject(this.#transport, resource, address.ref, { ...options, signal })
  }

  async follow(
    addresses: readonly Address[],
    onChange: (address: Address, object: KubeObject | null) => 'go-on' | 'stop',
    signal: AbortSignal,
  ): Promise<void> {
    const resources = await Promise.all(addresses.map((each) => this.#resource(each.ref, each.apiVersion)))
    await followObjects(this.#transport, addresses, resources, onChange, signal)
  }

  async #resource(kind: { readonly group: string; readonly kind: string }, apiVersion: string): Promise<Resource> {
    const { version } = parseApiVersion(apiVersion)
    let found = findKind(await this.#kinds(false), kind)
    if (found.kind === 'absent') found = findKind(await this.#kinds(true), kind)
    if (found.kind === 'known') return { ...found.info, version }
    throw new FaultError({
      kind: found.kind === 'unseen' ? 'unreachable' : 'rejected',
      what: `the cluster does not ${found.kind === 'unseen' ? 'answer for' : 'know'} the kind ${kind.kind}`,
      where: `${kind.group === '' ? '' : `${kind.group}/`}${kind.kind}`,
      why: found.kind === 'unseen' ? found.reason : null,
      fix: ['Install its CustomResourceDefinition in an earlier wave.'],
    })
  }
}
