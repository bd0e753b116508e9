// The objects of a sandbox without HTTP: for controllers, which act as clients do, and for tests that look and set.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Resource } from './registry/kind.ts'
import type { Change } from './store/log.ts'
import { resourceKey } from './store/store.ts'
import { create } from './verbs/create.ts'
import { type DeleteOptions, remove } from './verbs/delete.ts'
import { scaleTarget, writeScale } from './verbs/scale.ts'
import type { Cluster, Target, WriteOptions } from './verbs/target.ts'
import { liveOf, served } from './verbs/target.ts'
import { replacing, update } from './verbs/update.ts'

/** Names one object of a kind. */
export interface Place {
  readonly apiVersion: string
  readonly kind: string
  /** null for what is in no namespace. */
  readonly namespace: string | null
  readonly name: string
}

/** Who writes, and through what. */
export interface Writer {
  /** The field manager; `sandbox` where absent. */
  readonly manager?: string
  /** `status`, or another part; absent for the object. */
  readonly subresource?: string
}

/** The objects of a sandbox. Writes go the way of requests: defaults, validation, managed fields; they throw StatusErrors. */
export interface World {
  readonly get: (place: Place) => KubeObject | null
  /** Objects of a kind, of one namespace or of all, in the order of the API. */
  readonly list: (apiVersion: string, kind: string, namespace?: string | null) => readonly KubeObject[]
  readonly create: (object: KubeObject, writer?: Writer) => KubeObject
  readonly update: (object: KubeObject, writer?: Writer) => KubeObject
  /** Sets the replicas of what can be scaled, through its `scale`. */
  readonly scale: (place: Place, replicas: number, writer?: Writer) => void
  /** Deletes as a client does: finalizers and grace hold the object. */
  readonly delete: (place: Place, options?: Partial<DeleteOptions>) => void
  /** Writes an object as it is, past everything but the resource version. */
  readonly put: (object: KubeObject) => KubeObject
  /** Takes an object away, past finalizers and grace. */
  readonly remove: (place: Place) => KubeObject | null
  /** The resources that are served, as `group/plural`. */
  readonly resources: () => readonly string[]
  /** What is known of the resources that are served. */
  readonly kinds: () => readonly Resource[]
  /** What is known of a kind, in whatever version; null where it is not served. */
  readonly kindOf: (object: Pick<Place, 'apiVersion' | 'kind'>) => Resource | null
  /** The objects of a resource (`group/plural`) in all namespaces, as they are kept. */
  readonly all: (resource: string) => Iterable<KubeObject>
  /** Tells of every change from now on, in order; the answer ends it. */
  readonly subscribe: (listener: (change: Change) => void) => () => void
  /** The revision of the last change. */
  readonly revision: () => number
  /** What an actor last noted under a name; null for nothing. */
  readonly noted: (name: string) => number | null
  /** Keeps a number for an actor where copies and snapshots have it, too; clients do not see it. */
  readonly note: (name: string, value: number) => void
  /** Forgets what happened up to a revision, as the real server does after a while. */
  readonly compact: (revision: number) => void
}

const NO_DELETE_OPTIONS: DeleteOptions = {
  dryRun: false,
  uid: null,
  resourceVersion: null,
  propagation: null,
  orphanDependents: null,
  graceSeconds: null,
}

/** The objects of a cluster. */
export function openWorld(cluster: Cluster): World {
  const { store } = cluster
  const key = (place: Pick<Place, 'apiVersion' | 'kind'>): string =>
    resourceKey(targetOf(cluster, place, null).resource)
  return {
    get: (place) => {
      const target = targetOf(cluster, place, place.namespace)
      const live = liveOf(cluster, target, place.name)
      return live === null ? null : served(target, live)
    },
    list: (apiVersion, kind, namespace = null) => {
      const target = targetOf(cluster, { apiVersion, kind }, namespace)
      return [...store.list(resourceKey(target.resource), namespace)].map((object) => served(target, object))
    },
    create: (object, writer = {}) =>
      create(cluster, targetFor(cluster, object, writer), { value: object, duplicates: null }, optionsOf(writer)),
    update: (object, writer = {}) => {
      const body = { value: object, duplicates: null }
      return update(cluster, targetFor(cluster, object, writer), object.metadata.name, body, optionsOf(writer)).object
    },
    scale: (place, replicas, writer = {}) => {
      const { namespace, name } = place
      const target = { ...targetOf(cluster, place, namespace), subresource: 'scale' }
      const options = optionsOf(writer)
      const metadata = namespace === null ? { name } : { name, namespace }
      const value = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } }
      const remake = replacing(cluster, scaleTarget(target), name, { value, duplicates: null }, options)
      writeScale(cluster, target, name, remake, options)
    },
    delete: (place, options = {}) => {
      remove(cluster, targetOf(cluster, place, place.namespace), place.name, { ...NO_DELETE_OPTIONS, ...options })
    },
    put: (object) => store.put(key(object), object),
    remove: (place) => store.remove(key(place), place.namespace, place.name),
    resources: () => cluster.registry.all().map(resourceKey),
    kinds: () => cluster.registry.all(),
    kindOf: ({ apiVersion, kind }) => cluster.registry.byKind(parseApiVersion(apiVersion).group, kind),
    all: (resource) => store.list(resource, null),
    subscribe: (listener) => store.subscribe(listener),
    revision: () => store.revision,
    noted: (name) => store.noted(name),
    note: (name, value) => store.note(name, value),
    compact: (revision) => store.compact(revision),
  }
}

function targetFor(cluster: Cluster, object: KubeObject, writer: Writer): Target {
  const target = targetOf(cluster, object, stringAt(object, 'metadata', 'namespace') ?? null)
  return { ...target, subresource: writer.subresource ?? null }
}

function targetOf(
  cluster: Cluster,
  { apiVersion, kind }: Pick<Place, 'apiVersion' | 'kind'>,
  namespace: string | null,
): Target {
  const { group, version } = parseApiVersion(apiVersion)
  const resource = cluster.registry.byKind(group, kind)
  const found = resource?.versions.find((each) => each.name === version)
  if (resource === null || found === undefined) throw new Error(`${apiVersion} ${kind} is not served here`)
  return { resource, version: found, namespace: resource.namespaced ? namespace : null, subresource: null }
}

function optionsOf({ manager = 'sandbox' }: Writer): WriteOptions {
  return { dryRun: false, manager, validation: 'Strict', warn: () => {} }
}
