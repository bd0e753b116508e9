// The objects of a live cluster for a sandbox: lists alone are asked of it, and what could not be seen is told.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { type DiscoveredKind, discover } from '@mainstay/engine/cluster/discovery.ts'
import { listObjects } from '@mainstay/engine/cluster/list.ts'
import type { Resource as Listable } from '@mainstay/engine/cluster/resource-path.ts'
import type { Transport } from '@mainstay/engine/cluster/transport.ts'
import { isFault } from '@mainstay/engine/fault.ts'
import { builtInResources } from '@mainstay/sandbox/kinds/built-in.ts'
import { resourceKey } from '@mainstay/sandbox/store/store.ts'

/** What was read. */
export interface Gathered {
  readonly objects: readonly KubeObject[]
  /** Kinds that are not among them, each with the reason: `pods.metrics.k8s.io: not served by a sandbox`. */
  readonly missing: readonly string[]
}

/** How far the reading is. */
export interface GatherProgress {
  readonly kinds: number
  readonly read: number
  readonly objects: number
}

/** How to read. */
export interface GatherOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: GatherProgress) => void
}

/** Lists under way at the same time: quick, and no burden for the API server. */
const WIDTH = 4

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions'

/** Events tell of what happened there, which nothing here goes on from; they are also the most of a cluster's objects. */
const LEFT_OUT = new Set(['/events', 'events.k8s.io/events'])

/**
 * Reads all objects of a cluster that a sandbox can hold.
 *
 * @throws FaultError where the cluster cannot be asked at all; a kind that cannot be listed is `missing`
 */
export async function gatherLive(transport: Transport, options: GatherOptions): Promise<Gathered> {
  const { kinds, gaps } = await discover(transport, options.signal)
  const listed = kinds.filter((kind) => kind.verbs.includes('list') && kind.verbs.includes('watch'))
  const missing = gaps.map((gap) => `${gap.group}/${gap.version}: ${gap.reason}`)
  const reading = new Reading(transport, options, listed.length)
  const definitions = await reading.read(listed.filter((kind) => keyOf(kind) === DEFINITIONS).map(newest))
  const known = new Map([...builtIn, ...definitions.flatMap(definedBy)])
  const wanted: Listable[] = []
  for (const kind of listed) {
    const key = keyOf(kind)
    if (key === DEFINITIONS || LEFT_OUT.has(key)) continue
    const version = known.get(key)?.find((each) => kind.versions.includes(each))
    if (version === undefined) missing.push(`${nameOf(kind)}: not served by a sandbox`)
    else wanted.push({ ...kind, version })
  }
  const objects = await reading.read(wanted)
  return { objects: [...definitions, ...objects], missing: [...missing, ...reading.failed] }
}

class Reading {
  readonly failed: string[] = []
  readonly #transport: Transport
  readonly #options: GatherOptions
  readonly #kinds: number
  #read = 0
  #objects = 0

  constructor(transport: Transport, options: GatherOptions, kinds: number) {
    this.#transport = transport
    this.#options = options
    this.#kinds = kinds
  }

  /** The objects of some kinds, in the order of the kinds. */
  async read(kinds: readonly Listable[]): Promise<readonly KubeObject[]> {
    const found: (readonly KubeObject[])[] = kinds.map(() => [])
    let next = 0
    const work = async (): Promise<void> => {
      for (let at = next++; at < kinds.length; at = next++) {
        const kind = kinds[at]
        if (kind !== undefined) found[at] = await this.#list(kind)
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, work))
    return found.flat()
  }

  async #list(kind: Listable): Promise<readonly KubeObject[]> {
    const { signal, onProgress } = this.#options
    let objects: readonly KubeObject[] = []
    try {
      objects = (await listObjects(this.#transport, kind, { namespace: null, signal })).objects
    } catch (error) {
      if (!isFault(error) || error.fault.kind === 'cancelled') throw error
      this.failed.push(`${nameOf(kind)}: ${error.fault.why ?? error.fault.what}`)
    }
    this.#read += 1
    this.#objects += objects.length
    onProgress({ kinds: this.#kinds, read: this.#read, objects: this.#objects })
    return objects
  }
}

/** Each resource with its versions, the one in which it is kept first. */
const builtIn: ReadonlyMap<string, readonly string[]> = new Map(
  builtInResources.map((each) => [resourceKey(each), [each.storage, ...each.versions.map(({ name }) => name)]]),
)

function definedBy(definition: KubeObject): readonly (readonly [string, readonly string[]])[] {
  const group = stringAt(definition, 'spec', 'group')
  const plural = stringAt(definition, 'spec', 'names', 'plural')
  const spec = definition.spec as JsonObject | undefined // A definition that the API server took has a spec.
  const versions = spec?.versions as readonly { readonly name: string; readonly storage: boolean }[] | undefined
  if (group === undefined || plural === undefined || versions === undefined) return []
  const kept = versions.filter((each) => each.storage)
  return [[`${group}/${plural}`, [...kept, ...versions].map(({ name }) => name)]]
}

function newest(kind: DiscoveredKind): Listable {
  return { ...kind, version: kind.versions[0] ?? 'v1' }
}

function keyOf(kind: Pick<DiscoveredKind, 'group' | 'resource'>): string {
  return resourceKey({ group: kind.group, plural: kind.resource })
}

function nameOf(kind: Pick<DiscoveredKind, 'group' | 'resource'>): string {
  return kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`
}
