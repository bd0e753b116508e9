// The objects of a cluster with their revisions: written one change at a time, forked and kept for the price of a pointer.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import type { Change, ChangeLog } from './log.ts'
import type { Random } from './random.ts'
import { emptyTree, entriesFrom, getFrom, putInto, removeFrom, type Tree } from './tree.ts'

/** What names a resource in the store: `group/plural`. */
export type ResourceKey = string

/** The state of a store at one moment. Nothing in it changes afterwards. */
export interface Snapshot {
  readonly revision: number
  readonly objects: ReadonlyMap<ResourceKey, Tree<KubeObject>>
  /** What actors noted for themselves (see `Store.note`); nothing where absent. */
  readonly notes?: ReadonlyMap<string, number>
}

/** Key of a resource. */
export function resourceKey(resource: { readonly group: string; readonly plural: string }): ResourceKey {
  return `${resource.group}/${resource.plural}`
}

/** Key of an object among those of its resource: in the order in which the real server lists. */
export function objectKey(namespace: string | null, name: string): string {
  return namespace === null || namespace === '' ? name : `${namespace}/${name}`
}

/** The part that all keys of a namespace begin with. */
export function namespacePrefix(namespace: string | null): string {
  return namespace === null ? '' : `${namespace}/`
}

/** Objects and their history. */
export class Store {
  readonly random: Random
  readonly #log: ChangeLog
  readonly #listeners = new Set<(change: Change) => void>()
  #objects: Map<ResourceKey, Tree<KubeObject>>
  #revision: number
  readonly #notes: Map<string, number>

  constructor(random: Random, log: ChangeLog, snapshot: Snapshot) {
    this.random = random
    this.#log = log
    this.#objects = new Map(snapshot.objects)
    this.#revision = snapshot.revision
    this.#notes = new Map(snapshot.notes)
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision
  }

  /** Changes up to this revision are forgotten. */
  get compacted(): number {
    return this.#log.compacted
  }

  get(resource: ResourceKey, namespace: string | null, name: string): KubeObject | null {
    return getFrom(this.objectsOf(resource), objectKey(namespace, name))
  }

  /** What was last noted under a name; null for nothing. */
  noted(name: string): number | null {
    return this.#notes.get(name) ?? null
  }

  /** Keeps a number that no client sees, such as when an actor last acted; a copy of the store has it, too. */
  note(name: string, value: number): void {
    this.#notes.set(name, value)
  }

  /** All objects of a resource as they are now. */
  objectsOf(resource: ResourceKey): Tree<KubeObject> {
    return this.#objects.get(resource) ?? emptyTree()
  }

  /** All objects of a resource as they were at a revision; null where that is forgotten. */
  objectsAt(resource: ResourceKey, revision: number): Tree<KubeObject> | null {
    if (revision >= this.#revision) return this.objectsOf(resource)
    if (revision < this.#log.compacted) return null
    for (const change of this.#log.after(revision)) if (change.resource === resource) return change.objectsBefore
    return this.objectsOf(resource)
  }

  /** Objects of one namespace (all where null), in order. */
  *list(resource: ResourceKey, namespace: string | null): Generator<KubeObject> {
    const prefix = namespacePrefix(namespace)
    for (const [key, object] of entriesFrom(this.objectsOf(resource), prefix)) {
      if (!key.startsWith(prefix)) return
      yield object
    }
  }

  /** Writes an object; it gets the next revision as its resource version. */
  put(resource: ResourceKey, object: KubeObject): KubeObject {
    const revision = this.#revision + 1
    const written = withVersion(object, revision)
    const objects = this.objectsOf(resource)
    const key = keyOf(object)
    const before = getFrom(objects, key)
    this.#objects.set(resource, putInto(objects, key, written))
    const type = before === null ? 'ADDED' : 'MODIFIED'
    this.#record({ type, revision, resource, object: written, before, objectsBefore: objects })
    return written
  }

  /** Takes an object away; null where it was not there. The answer bears the revision of the deletion. */
  remove(resource: ResourceKey, namespace: string | null, name: string): KubeObject | null {
    const objects = this.objectsOf(resource)
    const key = objectKey(namespace, name)
    const before = getFrom(objects, key)
    if (before === null) return null
    const revision = this.#revision + 1
    this.#objects.set(resource, removeFrom(objects, key))
    const object = withVersion(before, revision)
    this.#record({ type: 'DELETED', revision, resource, object, before, objectsBefore: objects })
    return object
  }

  /** Takes objects in as they are (with their uid and resource version); the revision becomes at least the given one. */
  load(objects: Iterable<readonly [ResourceKey, KubeObject]>): void {
    for (const [resource, object] of objects) {
      const version = Number(stringAt(object, 'metadata', 'resourceVersion') ?? '')
      if (!Number.isSafeInteger(version) || version <= 0) {
        this.put(resource, object)
        continue
      }
      this.#objects.set(resource, putInto(this.objectsOf(resource), keyOf(object), object))
      this.#revision = Math.max(this.#revision, version)
    }
    // Nobody can say what happened in the cluster in between.
    this.#log.compact(this.#revision)
  }

  /** Changes after a revision; null where some of them are forgotten. */
  changesAfter(revision: number): Iterable<Change> | null {
    return revision < this.#log.compacted ? null : this.#log.after(revision)
  }

  /** Forgets what happened up to a revision. */
  compact(revision: number): void {
    this.#log.compact(Math.min(revision, this.#revision))
  }

  /** Tells of every change from now on, in order; the answer ends it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  snapshot(): Snapshot {
    return { revision: this.#revision, objects: new Map(this.#objects), notes: new Map(this.#notes) }
  }

  /** A store that goes on by itself from here. */
  fork(): Store {
    return new Store(this.random.fork(), this.#log.fork(), this.snapshot())
  }

  /** A listener that writes gets its own change told after the one it was told of. */
  readonly #pending: Change[] = []
  #telling = false

  #record(change: Change): void {
    this.#revision = change.revision
    this.#log.append(change)
    this.#pending.push(change)
    if (this.#telling) return
    this.#telling = true
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        for (const listener of [...this.#listeners]) listener(next)
      }
    } finally {
      this.#telling = false
    }
  }
}

function keyOf(object: KubeObject): string {
  return objectKey(stringAt(object, 'metadata', 'namespace') ?? null, object.metadata.name)
}

function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}
