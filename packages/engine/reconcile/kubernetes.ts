// The read side of a cluster over the Kubernetes client: what planning asks, in the words of its port.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { ClusterIdentity } from '@mainstay/core/plan/plan.ts'
import { ClusterFault, detailOf } from '../cluster/cluster-fault.ts'
import { discover } from '../cluster/discovery.ts'
import { dryRunApply, dryRunCreate } from '../cluster/dry-run.ts'
import { getObject } from '../cluster/get.ts'
import { listObjects } from '../cluster/list.ts'
import type { SchemaCatalog, SchemaStore } from '../cluster/openapi.ts'
import { openSchemas } from '../cluster/openapi.ts'
import type { Resource } from '../cluster/resource-path.ts'
import type { Transport } from '../cluster/transport.ts'
import { serverVersion } from '../cluster/version.ts'
import { FaultError, isFault } from '../fault.ts'
import type { ClusterReader, ListRequest } from '../ports.ts'

/** The core group's namespace whose uid tells one cluster from another that answers under the same address. */
const IDENTITY: ObjectRef = { group: '', kind: 'Namespace', namespace: null, name: 'kube-system' }

/** Reads a cluster through one transport. Kinds and schemas are kept for the life of the reader. */
export class KubernetesReader implements ClusterReader {
  readonly #transport: Transport
  readonly #catalog: SchemaCatalog
  readonly #schemas = new Map<string, Promise<SchemaLookup>>()
  #kinds: Promise<KindTable> | null = null
  #identity: Promise<ClusterIdentity> | null = null

  constructor(transport: Transport, store: SchemaStore | null) {
    this.#transport = transport
    this.#catalog = openSchemas(transport, store)
  }

  identity(signal?: AbortSignal): Promise<ClusterIdentity> {
    this.#identity ??= this.#readIdentity(signal).catch((error: unknown) => {
      this.#identity = null
      throw error
    })
    return this.#identity
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await serverVersion(this.#transport, signal)).gitVersion
  }

  kinds(options: { readonly fresh: boolean; readonly signal?: AbortSignal }): Promise<KindTable> {
    if (options.fresh) {
      this.#kinds = null
      this.#schemas.clear()
    }
    this.#kinds ??= discover(this.#transport, options.signal).then(
      (found) => found.table,
      (error: unknown) => {
        this.#kinds = null
        throw error
      },
    )
    return this.#kinds
  }

  schemas(
    groupVersions: readonly { readonly group: string; readonly version: string }[],
    signal?: AbortSignal,
  ): Promise<SchemaLookup> {
    const key = groupVersions
      .map(({ group, version }) => `${group}/${version}`)
      .sort()
      .join(' ')
    let loaded = this.#schemas.get(key)
    if (loaded === undefined) {
      // A group-version whose types cannot be read is compared without them: the dry run then gives the answer.
      loaded = this.#catalog.load(groupVersions, signal).then((schemas) => schemas.lookup)
      this.#schemas.set(key, loaded)
      loaded.catch(() => this.#schemas.delete(key))
    }
    return loaded
  }

  async list(request: ListRequest, signal?: AbortSignal): Promise<readonly KubeObject[]> {
    const resource = await this.#resource(request, request.version, signal)
    const { namespace, metadataOnly, labelSelector } = request
    const chosen = labelSelector === undefined ? {} : { labelSelector }
    const options = { namespace, metadataOnly, ...chosen, ...signalOf(signal) }
    const listed = await listObjects(this.#transport, resource, options)
    return listed.objects
  }

  async get(
    address: { readonly ref: ObjectRef; readonly apiVersion: string },
    signal?: AbortSignal,
  ): Promise<KubeObject | null> {
    const found = findKind(await this.kinds({ fresh: false, ...signalOf(signal) }), address.ref)
    // A kind that complete discovery does not know has no objects.
    if (found.kind === 'absent') return null
    const { version } = parseApiVersion(address.apiVersion)
    return getObject(this.#transport, await this.#resource(address.ref, version, signal), address.ref, signal)
  }

  async dryRun(
    manifest: KubeObject,
    options: { readonly validate: boolean; readonly signal?: AbortSignal },
  ): Promise<DryRun> {
    const { group, version } = parseApiVersion(manifest.apiVersion)
    const resource = await this.#resource({ group, kind: manifest.kind }, version, options.signal)
    try {
      const written = await dryRunApply(this.#transport, resource, manifest, {
        fieldValidation: options.validate ? 'Strict' : 'Ignore',
        ...signalOf(options.signal),
      })
      return { kind: 'accepted', object: written.object, warnings: written.warnings }
    } catch (error) {
      return refusalOf(error)
    }
  }

  async creatable(manifest: KubeObject, signal?: AbortSignal): Promise<boolean> {
    const { group, version } = parseApiVersion(manifest.apiVersion)
    const resource = await this.#resource({ group, kind: manifest.kind }, version, signal)
    return dryRunCreate(this.#transport, resource, manifest, signal)
  }

  async #readIdentity(signal?: AbortSignal): Promise<ClusterIdentity> {
    const { name, server } = this.#transport.config
    const namespace = await this.get({ ref: IDENTITY, apiVersion: 'v1' }, signal).catch((error: unknown) => {
      // Without the right to read it the server's address is the best identity there is.
      if (isFault(error, 'forbidden')) return null
      throw error
    })
    return { id: (namespace === null ? null : uidOf(namespace)) ?? server, name, server }
  }

  async #resource(
    kind: { readonly group: string; readonly kind: string },
    version: string,
    signal?: AbortSignal,
  ): Promise<Resource> {
    return resourceOf(await this.kinds({ fresh: false, ...signalOf(signal) }), kind, version)
  }
}

/** Where a kind lives in the API, in the version asked for. */
export function resourceOf(
  kinds: KindTable,
  kind: { readonly group: string; readonly kind: string },
  version: string,
): Resource {
  const found = findKind(kinds, kind)
  if (found.kind === 'known') return { ...found.info, version }
  const name = `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`}`
  throw new FaultError({
    kind: found.kind === 'unseen' ? 'unreachable' : 'not-found',
    what: `the cluster does not ${found.kind === 'unseen' ? 'answer for' : 'know'} the kind ${name}`,
    where: name,
    why: found.kind === 'unseen' ? found.reason : null,
    fix: [found.kind === 'unseen' ? 'See kubectl get apiservices.' : 'Install its CustomResourceDefinition first.'],
  })
}

/** The server's judgement where it made one; a request that got no judgement is thrown on. */
function refusalOf(error: unknown): DryRun {
  if (!(error instanceof ClusterFault)) throw error
  const judged = error.fault.kind === 'rejected' || error.fault.kind === 'forbidden' || error.fault.kind === 'conflict'
  if (!judged) throw error
  const detail = detailOf(error)
  const fields = detail.kind === 'invalid' ? detail.fields : []
  const reason = error.refusal.reason === '' ? error.fault.kind : error.refusal.reason
  return { kind: 'refused', refusal: { reason, message: error.fault.why ?? error.fault.what, fields } }
}

function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
