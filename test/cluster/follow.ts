// Follows one kind of object: list, then watch, and again from the start when the watch is lost.

import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from './api.ts'

/** As much of any object as following needs. */
export interface Tracked {
  readonly metadata: { readonly uid: string; readonly resourceVersion?: string }
}

/** Who hears of the objects. */
export interface Follower<T extends Tracked> {
  readonly changed: (object: T) => void
  readonly gone: (uid: string) => void
}

/**
 * Follows `path` (e.g. `/api/v1/pods`) until the signal aborts. Losing the server is not an error here: it is
 * asked again every quarter of a second.
 */
export async function follow<T extends Tracked>(
  api: Api,
  path: string,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set<string>()
  while (!signal.aborted) {
    try {
      const list = await listOnce<T>(api, path)
      const now = new Set(list.items.map((item) => item.metadata.uid))
      for (const uid of known) if (!now.has(uid)) follower.gone(uid)
      known.clear()
      for (const item of list.items) {
        known.add(item.metadata.uid)
        follower.changed(item)
      }
      await watchOn(api, `${path}?watch=1&resourceVersion=${list.version}`, known, follower, signal)
    } catch (error) {
      if (signal.aborted) return
      process.stderr.write(`${path}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
    await delay(250)
  }
}

async function listOnce<T>(
  api: Api,
  path: string,
): Promise<{ readonly items: readonly T[]; readonly version: string }> {
  const answer = await api.request('GET', path)
  if (answer.status !== 200) throw new Error(`list: ${answer.status}`)
  const list = answer.body as { items: T[]; metadata: { resourceVersion: string } } // A 200 of a list is a list.
  return { items: list.items, version: list.metadata.resourceVersion }
}

async function watchOn<T extends Tracked>(
  api: Api,
  path: string,
  known: Set<string>,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  for await (const line of api.watch(path, signal)) {
    if (line.type === 'ERROR') return
    const object = line.object as T // The kind that was asked for.
    if (line.type === 'DELETED') {
      known.delete(object.metadata.uid)
      follower.gone(object.metadata.uid)
    } else {
      known.add(object.metadata.uid)
      follower.changed(object)
    }
  }
}
