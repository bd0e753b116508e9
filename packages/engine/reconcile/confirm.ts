// Asks twice before a recorded object is taken for gone: a list that misses it may be the list's fault, not the object's.
import type { Inventory } from '@mainstay/core/inventory/inventory.ts'
import { recordedUid } from '@mainstay/core/inventory/inventory.ts'
import type { Gap, LiveSet } from '@mainstay/core/live/live.ts'
import { findLive } from '@mainstay/core/live/live.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { isFault } from '../fault.ts'
import type { ClusterReader } from '../ports.ts'
import { inParallel } from './parallel.ts'

/** What was looked at, and who can be asked again. */
export interface Looked {
  readonly reader: ClusterReader
  readonly kinds: KindTable
  readonly inventory: Inventory
  readonly live: LiveSet
}

/** An object that was recorded as existing, in the version it was applied with. */
interface Recorded {
  readonly ref: ObjectRef
  readonly version: string
  readonly uid: string
}

/** Objects of one kind and namespace that are asked for by name: one contradiction is enough to distrust its list. */
const ASKED_A_LIST = 5
const AT_ONCE = 16

/**
 * The live set with gaps where it contradicts the server's other answers: a list that misses an object which answers to
 * its name, and discovery that misses a whole group which is registered (a server that has only just started lists no
 * custom kinds yet). Costs a request for each missing object up to a limit, and nothing while none is missing.
 */
export async function confirmMissing(looked: Looked, signal?: AbortSignal): Promise<LiveSet> {
  const { live } = looked
  const gaps: Gap[] = []
  const tasks = questions(looked).map((each) => async () => {
    const { group, kind, namespace } = each.ref
    const reason = await contradiction(each, looked, signal)
    if (reason !== null) gaps.push({ group, kind, namespace, reason })
  })
  await inParallel(AT_ONCE, tasks)
  return gaps.length === 0 ? live : { ...live, gaps: withGaps(live.gaps, gaps) }
}

/** The missing objects that are asked for. */
function questions({ inventory, kinds, live }: Looked): readonly Recorded[] {
  const byKey = new Map<string, readonly Recorded[]>()
  for (const entry of inventory.entries) {
    const uid = recordedUid(entry)
    if (uid === null || findLive(live, entry.ref).kind !== 'absent') continue
    const recorded = { ref: entry.ref, version: parseApiVersion(entry.apiVersion).version, uid }
    const key = questionOf(recorded, kinds)
    const asked = key === null ? [] : (byKey.get(key) ?? [])
    if (key !== null && asked.length < ASKED_A_LIST) byKey.set(key, [...asked, recorded])
  }
  return [...byKey.values()].flat()
}

/** What a missing object raises: objects with equal answers share one. Null: nothing is to be asked. */
function questionOf({ ref, version }: Recorded, kinds: KindTable): string | null {
  const found = findKind(kinds, ref)
  if (found.kind === 'known') return ref.namespace === null ? null : `${ref.group}/${ref.kind}/${ref.namespace}`
  // Other kinds of the group are served: this one was taken out of it.
  const served = [...kinds.kinds.values()].some((info) => info.group === ref.group)
  return served ? null : `${ref.group}/${version}/${ref.kind}/${ref.namespace ?? ''}`
}

async function contradiction(
  { ref, version, uid }: Recorded,
  { kinds, reader }: Looked,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    if (findKind(kinds, ref).kind === 'absent') {
      const name = `${version}.${ref.group}`
      const service = { group: 'apiregistration.k8s.io', kind: 'APIService', namespace: null, name }
      const registered = await reader.get({ ref: service, apiVersion: 'apiregistration.k8s.io/v1' }, signal)
      return registered === null ? null : `the API group is registered (${name}) and its kinds are not served`
    }
    const apiVersion = ref.group === '' ? version : `${ref.group}/${version}`
    const object = await reader.get({ ref, apiVersion }, signal)
    const isThere = object !== null && uidOf(object) === uid
    return isThere ? `the server's list misses ${ref.kind}/${ref.name}, which answers to its name` : null
  } catch (error) {
    if (!isFault(error) || error.fault.kind === 'cancelled') throw error
    return error.fault.why ?? error.fault.what
  }
}

/** One gap for each place, in a fixed order. */
function withGaps(before: readonly Gap[], found: readonly Gap[]): readonly Gap[] {
  const byPlace = new Map<string, Gap>()
  const sorted = [...found].sort((a, b) => (a.reason < b.reason ? -1 : 1))
  for (const gap of [...before, ...sorted]) {
    const place = `${gap.group}/${gap.kind ?? '*'}/${gap.namespace ?? '*'}`
    if (!byPlace.has(place)) byPlace.set(place, gap)
  }
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gap]) => gap)
}
