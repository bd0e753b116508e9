// Keeps chosen parts of a cluster at hand: each kind and namespace is listed once and then watched.
import type { Gap, LiveSet, Seen } from '@mainstay/core/live/live.ts'
import { findKind, type KindAnswer, type KindTable } from '@mainstay/core/object/kinds.ts'
import { type KubeObject, refOf } from '@mainstay/core/object/object.ts'
import { type GroupKind, kindKey, type RefKey, refKey } from '@mainstay/core/object/ref.ts'
import { FaultError, isFault } from '../fault.ts'
import type { Clock } from '../ports.ts'
import { detailOf } from './cluster-fault.ts'
import type { Resource } from './resource-path.ts'
import type { Transport } from './transport.ts'
import { type WatchEvent, watchObjects } from './watch.ts'

/** A part of the cluster to be followed. */
export interface CacheScope extends GroupKind {
  /** Null: every namespace, or cluster scope. */
  readonly namespace: string | null
  /** `full`: whole objects. `metadata`: only what identifies and labels them, at a fraction of the memory. */
  readonly detail: 'full' | 'metadata'
}

/** Something changed in one scope. */
export interface CacheChange {
  readonly scope: CacheScope
  /** `content`: the objects in `keys` came, changed or went. `whole`: anything in the scope may have, and gaps too. */
  readonly kind: 'content' | 'whole'
  readonly keys: readonly RefKey[]
}

/** What is kept of a cluster. Reading is synchronous and never sends a request. */
export interface ClusterCache {
  /** Chooses what to follow. Scopes that were followed before go on undisturbed; others are dropped. */
  choose(scopes: readonly CacheScope[]): void
  /** Resolves when each chosen scope was read completely or is a gap. Rejects as `cancelled` with the signal. */
  settled(signal?: AbortSignal): Promise<void>
  /** The whole objects. While a scope is a gap its objects are left out: what is not followed is not known. */
  live(): LiveSet
  /** The scopes of which only metadata is kept, in the same form; the objects have neither spec nor data nor status. */
  metadata(): LiveSet
  /** Calls back after each change, until the returned function is called. */
  subscribe(listener: (change: CacheChange) => void): () => void
  /** Ends all watches. */
  close(): Promise<void>
}

/** Tells which kinds the cluster serves; asked again (`fresh`) for a kind that was not served before. */
export type KindSource = (options: { readonly fresh: boolean }) => Promise<KindTable>

/** Wait before discovery is asked again for a kind that is not served, or a group that does not answer. */
const rediscoverMs = 30_000

/** Opens a cache in which nothing is chosen yet. */
export function openCache(transport: Transport, kinds: KindSource): ClusterCache {
  return new WatchCache(transport, kinds)
}

class WatchCache implements ClusterCache {
  readonly #transport: Transport
  readonly #kinds: KindSource
  readonly #followers = new Map<string, Follower>()
  readonly #listeners = new Set<(change: CacheChange) => void>()
  readonly #views: Partial<Record<CacheScope['detail'], LiveSet>> = {}

  constructor(transport: Transport, kinds: KindSource) {
    this.#transport = transport
    this.#kinds = shared(kinds, transport.pace.clock)
  }

  choose(scopes: readonly CacheScope[]): void {
    const wanted = new Map(withoutCovered(scopes).map((scope) => [scopeKey(scope), scope]))
    for (const [key, follower] of this.#followers) {
      if (wanted.has(key)) continue
      void follower.stop()
      this.#followers.delete(key)
      this.#changed({ scope: follower.scope, kind: 'whole', keys: [] })
    }
    for (const [key, scope] of wanted) {
      if (this.#followers.has(key)) continue
      this.#followers.set(key, new Follower(scope, this.#transport, this.#kinds, (change) => this.#changed(change)))
      this.#forget(scope.detail)
    }
  }

  async settled(signal?: AbortSignal): Promise<void> {
    const all = Promise.all([...this.#followers.values()].map((follower) => follower.settled))
    if (signal === undefined) return void (await all)
    await Promise.race([all, aborted(signal)])
  }

  live(): LiveSet {
    return this.#view('full')
  }

  metadata(): LiveSet {
    return this.#view('metadata')
  }

  subscribe(listener: (change: CacheChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    const ending = [...this.#followers.values()].map((follower) => follower.stop())
    this.#followers.clear()
    this.#forget('full')
    this.#forget('metadata')
    await Promise.all(ending)
  }

  #view(detail: CacheScope['detail']): LiveSet {
    this.#views[detail] ??= viewOf([...this.#followers.values()].filter(({ scope }) => scope.detail === detail))
    return this.#views[detail]
  }

  #forget(detail: CacheScope['detail']): void {
    delete this.#views[detail]
  }

  #changed(change: CacheChange): void {
    this.#forget(change.scope.detail)
    for (const listener of this.#listeners) listener(change)
  }
}

/** Many scopes that wait for their kinds ask discovery once, not each for itself. */
function shared(kinds: KindSource, clock: Clock): KindSource {
  let last: { readonly at: number; readonly table: Promise<KindTable> } | null = null
  return ({ fresh }) => {
    if (!fresh) return kinds({ fresh })
    if (last === null || clock.now() - last.at >= rediscoverMs / 2) last = { at: clock.now(), table: kinds({ fresh }) }
    return last.table
  }
}

/** What is known of a scope. */
type Knowledge =
  | { readonly kind: 'pending' }
  | { readonly kind: 'seen' }
  | { readonly kind: 'gap'; readonly reason: string }

/** Follows one scope for as long as it is chosen. */
class Follower {
  readonly scope: CacheScope
  readonly objects = new Map<RefKey, KubeObject>()
  /** Resolves once something is known: the content, or that there is a gap. */
  readonly settled: Promise<void>
  knowledge: Knowledge = { kind: 'pending' }
  readonly #transport: Transport
  readonly #kinds: KindSource
  readonly #onChange: (change: CacheChange) => void
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>
  #settle: () => void = () => undefined

  constructor(scope: CacheScope, transport: Transport, kinds: KindSource, onChange: (change: CacheChange) => void) {
    this.scope = scope
    this.#transport = transport
    this.#kinds = kinds
    this.#onChange = onChange
    this.settled = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#ended = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#settle()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { namespace, detail } = this.scope
    const options = { namespace, metadataOnly: detail === 'metadata', signal: this.#stop.signal }
    for (let fresh = false; !this.#stop.signal.aborted; fresh = true) {
      const resource = await this.#served(fresh)
      if (resource === null) return
      for await (const event of watchObjects(this.#transport, resource, options)) {
        this.#take(event)
        // The kind went away, or is served in other versions now.
        if (event.kind === 'gap' && detailOf(event.fault).kind === 'no-resource') break
      }
      await this.#pause()
    }
  }

  /** Where the kind lives; waits until it is served. Null when stopped before that. */
  async #served(fresh: boolean): Promise<Resource | null> {
    for (let again = fresh; !this.#stop.signal.aborted; again = true) {
      const found = await this.#find(again)
      if (found.kind === 'known') return { ...found.info, version: found.info.versions[0] ?? '' }
      if (found.kind === 'absent') {
        // Discovery was complete for the group: nothing can exist of a kind that is not served.
        this.objects.clear()
        this.#know({ kind: 'seen' })
      } else this.#know({ kind: 'gap', reason: found.reason })
      await this.#pause()
    }
    return null
  }

  async #find(fresh: boolean): Promise<KindAnswer> {
    try {
      return findKind(await this.#kinds({ fresh }), this.scope)
    } catch (error) {
      if (!isFault(error)) throw error
      return { kind: 'unseen', reason: error.fault.why ?? error.fault.what }
    }
  }

  async #pause(): Promise<void> {
    if (this.#stop.signal.aborted) return
    try {
      await this.#transport.pace.clock.sleep(rediscoverMs, this.#stop.signal)
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
    }
  }

  #take(event: WatchEvent): void {
    if (this.#stop.signal.aborted) return
    switch (event.kind) {
      case 'synced':
        this.objects.clear()
        for (const object of event.objects) this.objects.set(refKey(refOf(object)), object)
        this.#know({ kind: 'seen' })
        break
      case 'upsert':
        this.objects.set(refKey(refOf(event.object)), event.object)
        this.#onChange({ scope: this.scope, kind: 'content', keys: [refKey(refOf(event.object))] })
        break
      case 'gone':
        this.objects.delete(refKey(refOf(event.object)))
        this.#onChange({ scope: this.scope, kind: 'content', keys: [refKey(refOf(event.object))] })
        break
      case 'gap':
        this.#know({ kind: 'gap', reason: event.fault.fault.why ?? event.fault.fault.what })
        break
      case 'recovered':
        this.#know({ kind: 'seen' })
    }
  }

  #know(knowledge: Knowledge): void {
    this.knowledge = knowledge
    this.#settle()
    this.#onChange({ scope: this.scope, kind: 'whole', keys: [] })
  }
}

function viewOf(followers: readonly Follower[]): LiveSet {
  const objects = new Map<RefKey, KubeObject>()
  const seen: Seen[] = []
  const gaps: Gap[] = []
  for (const { scope, knowledge, objects: own } of followers) {
    const { group, kind, namespace } = scope
    if (knowledge.kind === 'seen') {
      seen.push({ group, kind, namespace })
      for (const [key, object] of own) objects.set(key, object)
    } else {
      const reason = knowledge.kind === 'gap' ? knowledge.reason : 'not read yet'
      gaps.push({ group, kind, namespace, reason })
    }
  }
  return { objects, seen, absent: new Set(), gaps }
}

/** A scope of one namespace needs no watch of its own beside one of all namespaces. */
function withoutCovered(scopes: readonly CacheScope[]): readonly CacheScope[] {
  const everywhere = new Set(scopes.filter(({ namespace }) => namespace === null).map(scopeKey))
  return scopes.filter((scope) => scope.namespace === null || !everywhere.has(scopeKey({ ...scope, namespace: null })))
}

function scopeKey(scope: CacheScope): string {
  return `${scope.detail} ${kindKey(scope)} ${scope.namespace ?? '*'}`
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new FaultError({ kind: 'cancelled', what: 'waiting for the cluster was cancelled' }))
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
