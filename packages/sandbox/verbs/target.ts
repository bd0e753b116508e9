// What a request is about, and the cluster it is carried out in.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { SandboxClock } from '../clock.ts'
import type { Admission } from '../registry/admission.ts'
import type { Registry, Resource, ServedVersion, Surroundings } from '../registry/kind.ts'
import type { About } from '../registry/status.ts'
import { uuidFrom } from '../store/random.ts'
import type { Store } from '../store/store.ts'
import { resourceKey } from '../store/store.ts'
import { equalJson } from './equal.ts'

/** The cluster that verbs work on. */
export interface Cluster {
  readonly store: Store
  readonly registry: Registry
  readonly clock: SandboxClock
  /** Who else has a say in writes, in the order in which they are asked. */
  readonly admission?: readonly Admission[]
  /** Signs the tokens of ServiceAccounts; absent where nobody is asked for one. */
  readonly sign?: Sign
}

/** A signature of a text that nobody else can make, in the letters of base64url. */
export type Sign = (text: string) => string

/** A resource in one version and namespace. */
export interface Target {
  readonly resource: Resource
  readonly version: ServedVersion
  /** null for all namespaces and for what is in none. */
  readonly namespace: string | null
  readonly subresource: string | null
}

/** What a client may say about a write. */
export interface WriteOptions {
  readonly dryRun: boolean
  /** The name of the field manager: as said, or from the user agent. */
  readonly manager: string
  readonly validation: 'Ignore' | 'Warn' | 'Strict'
  /** Throws what its author may not give away; absent where nobody is asked. `old` null: it is made. */
  readonly checkGrant?: (target: Target, object: KubeObject, old: KubeObject | null) => void
  readonly warn: (text: string) => void
}

/** `apps/v1`, or `v1` of the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** The apiVersion of a target. */
export function versionOf(target: Target): string {
  return apiVersionOf(target.resource.group, target.version.name)
}

/** What a failure says it is about. */
export function aboutOf(target: Target, name: string): About {
  return { group: target.resource.group, resource: target.resource.plural, name }
}

/** The same with the kind, as `Invalid` has it. */
export function aboutKind(target: Target, name: string): About {
  return { group: target.resource.group, resource: target.resource.kind, name }
}

/** An object in another version of its resource. */
export function convertTo(resource: Resource, object: KubeObject, version: string): KubeObject {
  const apiVersion = apiVersionOf(resource.group, version)
  if (object.apiVersion === apiVersion) return object
  return resource.convert?.(object, version) ?? { ...object, apiVersion }
}

/** An object as it is kept. */
export function stored({ resource }: Target, object: KubeObject): KubeObject {
  return coerced(resource, object, convertTo(resource, object, resource.storage))
}

/** What was converted is held against its schema once more. */
function coerced({ behaviour }: Resource, before: KubeObject, object: KubeObject): KubeObject {
  return before.apiVersion === object.apiVersion ? object : (behaviour.coerce?.(object) ?? object)
}

/** An object in the version in which a write is judged: the kept one, and of a custom resource that of the request. */
export function judged(target: Target, object: KubeObject): KubeObject {
  return target.resource.custom === true ? object : stored(target, object)
}

/** A kept object as it is judged. */
export function judgedLive(target: Target, live: KubeObject): KubeObject {
  return target.resource.custom === true ? served(target, live) : live
}

/** What a write made, as it is answered: where nothing was kept of a custom resource, nobody has read it again. */
export function answered(target: Target, object: KubeObject): KubeObject {
  return target.resource.custom === true ? object : served(target, object)
}

/** A kept object as it is read: in the version in which it is kept. */
export function readStored({ resource }: Target, object: KubeObject): KubeObject {
  return resource.custom === true ? filledIn(resource, object) : object
}

/** A kept object as the target's version has it. */
export function served(target: Target, object: KubeObject): KubeObject {
  const { resource, version } = target
  const read = readStored(target, object)
  return coerced(resource, read, convertTo(resource, read, version.name))
}

const filled = new WeakMap<Resource, WeakMap<KubeObject, KubeObject>>()

/** A custom resource gets the defaults that its definition has now whenever it is read, not only when it is written. */
function filledIn(resource: Resource, object: KubeObject): KubeObject {
  const known = filled.get(resource) ?? new WeakMap<KubeObject, KubeObject>()
  filled.set(resource, known)
  const before = known.get(object)
  if (before !== undefined) return before
  const made = resource.behaviour.fillIn?.(object) ?? object
  // What was filled in when it was written is kept as it is.
  const read = equalJson(made, object) ? object : made
  known.set(object, read)
  return read
}

/** The live object of a target, as it is kept; null where there is none. */
export function liveOf(cluster: Cluster, target: Target, name: string): KubeObject | null {
  return cluster.store.get(resourceKey(target.resource), target.namespace, name)
}

/** The world as a behaviour may look at it. */
export function surroundings(cluster: Cluster, dryRun: boolean): Surroundings {
  const { store, clock } = cluster
  return {
    get now() {
      return clock.now()
    },
    dryRun,
    uid: () => uuidFrom(store.random),
    random: () => store.random.next(),
    get: (resource, namespace, name) => store.get(resourceKey(resource), namespace, name),
    list: (resource, namespace) => [...store.list(resourceKey(resource), namespace)],
  }
}
