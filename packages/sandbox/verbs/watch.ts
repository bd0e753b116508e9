// Follows objects: what is there, what happened since a version, and what happens from now on, by selectors.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import type { ListOptions } from '../http/query.ts'
import { failure } from '../registry/status.ts'
import type { Change } from '../store/log.ts'
import { resourceKey } from '../store/store.ts'
import { withMetadata } from './create.ts'
import type { Selector } from './label-selector.ts'
import { selectorOf, versionFault } from './list.ts'
import type { Cluster, Target } from './target.ts'
import { served, versionOf } from './target.ts'

/** One event of a watch. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly object: JsonObject }
  | { readonly type: 'ERROR'; readonly object: JsonObject }

/** Who is told. Events come in order; after `end` there are none. */
export interface Watcher {
  readonly event: (event: WatchEvent) => void
  readonly end: () => void
}

/** Bookmarks come about as often as from the real server. */
const BOOKMARK_MILLISECONDS = 60_000
/** How long a watch lives that does not say it. */
const DEFAULT_SECONDS = 1800

/** Begins a watch; the answer ends it. Refuses what is no version; a forgotten one becomes an ERROR event. */
export function watch(cluster: Cluster, target: Target, options: ListOptions, watcher: Watcher): () => void {
  const selects = selectorOf(target, options)
  const { resourceVersion } = options
  if (resourceVersion !== '' && !/^\d+$/.test(resourceVersion)) throw failure(500, '', versionFault(resourceVersion))
  return new Watch(cluster, target, options, selects, watcher).begin()
}

class Watch {
  readonly #cluster: Cluster
  readonly #target: Target
  readonly #options: ListOptions
  readonly #selects: Selector | null
  readonly #watcher: Watcher
  readonly #endings: (() => void)[] = []
  #ended = false
  /** The revision up to which everything was told. */
  #told = 0
  /** What came while the beginning was being told. */
  readonly #key: string

  constructor(cluster: Cluster, target: Target, options: ListOptions, selects: Selector | null, watcher: Watcher) {
    this.#cluster = cluster
    this.#target = target
    this.#options = options
    this.#selects = selects
    this.#watcher = watcher
    this.#key = resourceKey(target.resource)
  }

  begin(): () => void {
    const { store, clock } = this.#cluster
    if (!this.#tellBeginning()) {
      this.#watcher.end()
      return () => {}
    }
    this.#endings.push(store.subscribe((change) => this.#tell(change)))
    const seconds = this.#options.timeoutSeconds ?? DEFAULT_SECONDS
    this.#endings.push(clock.after(seconds * 1000, () => this.#end(true)))
    if (this.#options.bookmarks) this.#bookmarkLater()
    return () => this.#end(false)
  }

  /** False where the version is forgotten. */
  #tellBeginning(): boolean {
    const { store } = this.#cluster
    const { resourceVersion, sendInitialEvents } = this.#options
    const from = resourceVersion === '' ? 0 : Number(resourceVersion)
    this.#told = Math.max(store.revision, from)
    if (sendInitialEvents === true) {
      this.#tellObjects()
      if (this.#options.bookmarks) this.#bookmark({ 'k8s.io/initial-events-end': 'true' })
      return true
    }
    if (sendInitialEvents === false && from === 0) return true
    if (from === 0) {
      this.#tellObjects()
      return true
    }
    const changes = store.changesAfter(from)
    if (changes === null) {
      const message = `too old resource version: ${from} (${store.compacted})`
      this.#watcher.event({ type: 'ERROR', object: failure(410, 'Expired', message).body })
      return false
    }
    this.#told = from
    for (const change of changes) this.#tell(change)
    return true
  }

  #tellObjects(): void {
    const { store } = this.#cluster
    for (const object of store.list(this.#key, this.#target.namespace)) {
      if (this.#selects === null || this.#selects(object)) {
        this.#watcher.event({ type: 'ADDED', object: served(this.#target, object) })
      }
    }
  }

  #tell(change: Change): void {
    if (this.#ended || change.revision <= this.#told) return
    this.#told = change.revision
    if (change.resource !== this.#key) return
    const { namespace } = this.#target
    if (namespace !== null && stringAt(change.object, 'metadata', 'namespace') !== namespace) return
    const event = eventOf(change, this.#selects)
    if (event !== null) this.#watcher.event({ ...event, object: served(this.#target, event.object) })
  }

  #bookmarkLater(): void {
    const cancel = this.#cluster.clock.after(BOOKMARK_MILLISECONDS, () => {
      if (this.#ended) return
      this.#endings.splice(this.#endings.indexOf(cancel), 1)
      this.#bookmark(null)
      this.#bookmarkLater()
    })
    this.#endings.push(cancel)
  }

  #bookmark(annotations: JsonObject | null): void {
    const version = String(Math.max(this.#told, this.#cluster.store.revision))
    const metadata = { resourceVersion: version, ...(annotations === null ? {} : { annotations }) }
    const head = { kind: this.#target.resource.kind, apiVersion: versionOf(this.#target) }
    this.#watcher.event({ type: 'BOOKMARK', object: { ...head, metadata } })
  }

  #end(tell: boolean): void {
    if (this.#ended) return
    this.#ended = true
    for (const end of this.#endings) end()
    if (tell) this.#watcher.end()
  }
}

/** A change as a selection sees it: what comes into it is added, what leaves it is deleted. */
function eventOf(
  change: Change,
  selects: Selector | null,
): { readonly type: Change['type']; readonly object: KubeObject } | null {
  const { type, object, before } = change
  if (selects === null) return { type, object }
  const now = type !== 'DELETED' && selects(object)
  const then = before !== null && selects(before)
  if (now) return { type: then ? 'MODIFIED' : 'ADDED', object }
  if (!then) return null
  // As it was while it was selected, with the version in which it ceased to be.
  const version = object.metadata.resourceVersion ?? null
  return { type: 'DELETED', object: withMetadata(before, { resourceVersion: version }) }
}
