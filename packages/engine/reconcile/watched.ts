// The live set from watches instead of lists: for a session that lives on, looking again costs no request.
import type { LiveSet } from '@mainstay/core/live/live.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import type { CacheScope, ClusterCache } from '../cluster/cache.ts'
import type { WantedObject } from './observe.ts'

/** Follows whatever was ever asked for in one cluster. */
export class WatchedCluster {
  readonly #cache: ClusterCache
  readonly #scopes = new Map<string, CacheScope>()

  constructor(cache: ClusterCache) {
    this.#cache = cache
  }

  /**
   * The live set that covers these objects; null where it cannot: a manifest that speaks another version than the one
   * that is watched must be compared in its own.
   */
  async live(wanted: readonly WantedObject[], kinds: KindTable, signal?: AbortSignal): Promise<LiveSet | null> {
    const before = this.#scopes.size
    for (const { ref, version } of wanted) {
      const found = findKind(kinds, ref)
      if (found.kind !== 'known' || found.info.versions[0] !== version) return null
      const scope: CacheScope = { group: ref.group, kind: ref.kind, namespace: ref.namespace, detail: 'full' }
      this.#scopes.set(`${ref.group}/${ref.kind}/${ref.namespace ?? ''}`, scope)
    }
    if (this.#scopes.size > before) this.#cache.choose([...this.#scopes.values()])
    await this.#cache.settled(signal)
    return this.#cache.live()
  }

  close(): Promise<void> {
    return this.#cache.close()
  }
}
