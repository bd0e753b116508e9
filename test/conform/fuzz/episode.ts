// One episode: a fresh namespace on both servers, a row of operations, and watches that see all of it.

import { isObject, type Json } from '@mainstay/core/object/json.ts'
import type { Subject, WatchLine } from '../subject.ts'
import { comparable, differences } from './answer.ts'
import type { FuzzKind } from './kind.ts'
import { kindNamed } from './kinds.ts'
import { filledText, type Operation } from './operation.ts'
import type { Pair } from './pair.ts'
import { collectionOf, type Difference, type Excused, Player } from './play.ts'

/** A watch on the namespace. */
export interface WatchPlan {
  readonly kind: string
  readonly query: string
}

/** A difference and where it was. */
export interface Found extends Difference {
  /** Index of the operation; that of the last one for a watch. */
  readonly at: number
  /** The watch that differs, where it is one. */
  readonly watch?: WatchPlan
}

/** What became of an episode. */
export interface Outcome {
  readonly found: Found | null
  /** What was played. */
  readonly operations: readonly Operation[]
  readonly requests: number
  readonly excused: readonly Excused[]
}

/** Where operations come from: drawn as they go, or known. */
export type Source = (at: number) => Operation | null

/** How often watches are compared. */
const watchEvery = 20

/** Plays until the source ends or the servers differ. The namespace is made first. */
export async function playEpisode(pair: Pair, ns: string, plans: readonly WatchPlan[], next: Source): Promise<Outcome> {
  await makeNamespace(pair, ns)
  const watches = await Promise.all(plans.map((plan) => openWatches(pair, ns, plan)))
  const player = new Player(pair, ns)
  const operations: Operation[] = []
  try {
    const found = await playAll(player, watches, operations, next)
    return { found, operations, requests: player.requests, excused: player.excused }
  } finally {
    for (const watch of watches) watch.end()
  }
}

async function playAll(
  player: Player,
  watches: readonly Watches[],
  operations: Operation[],
  next: Source,
): Promise<Found | null> {
  for (let operation = next(0); operation !== null; operation = next(operations.length)) {
    operations.push(operation)
    const at = operations.length - 1
    const difference = await player.play(operation)
    if (difference !== null) return { ...difference, at }
    if (operations.length % watchEvery !== 0) continue
    const found = await compareWatches(comparableWatches(watches, player.excused), at)
    if (found !== null) return found
  }
  return compareWatches(comparableWatches(watches, player.excused), operations.length - 1)
}

/** A write that was let pass is seen by the watches of its kind; a refusal by none. */
function comparableWatches(watches: readonly Watches[], excused: readonly Excused[]): readonly Watches[] {
  const wrote = excused.filter(({ operation, difference }) => {
    const statuses = [difference.real, difference.ours].map((each) => (isObject(each) ? each.status : 0))
    return operation.method !== 'GET' && statuses.some((status) => typeof status === 'number' && status < 400)
  })
  return watches.filter(({ plan }) => !wrote.some(({ operation }) => operation.kind === plan.kind))
}

/** Makes the namespace on both servers. */
export async function makeNamespace({ real, sandbox }: Pair, name: string): Promise<void> {
  for (const subject of [real, sandbox]) {
    const made = await subject.fetch('/api/v1/namespaces', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name } }),
    })
    const text = await made.text()
    if (made.status !== 201) throw new Error(`cannot create namespace ${name} (${subject.name}): ${text}`)
  }
}

/** The same watch on both servers. */
interface Watches {
  readonly plan: WatchPlan
  readonly real: readonly Json[]
  readonly ours: readonly Json[]
  readonly end: () => void
}

async function openWatches(pair: Pair, ns: string, plan: WatchPlan): Promise<Watches> {
  const stop = new AbortController()
  const kind = kindNamed(plan.kind)
  const path = watchPath(kind, ns, plan.query)
  const [real, ours] = [await follow(pair.real, path, stop.signal), await follow(pair.sandbox, path, stop.signal)]
  return { plan, real, ours, end: () => stop.abort() }
}

function watchPath(kind: FuzzKind, ns: string, query: string): string {
  const collection = filledText(collectionOf(kind, kind.versions[0] ?? ''), { ns, uid: '', rv: '', old: '' })
  return `${collection}?watch=true${query === '' ? '' : `&${query}`}`
}

async function follow(subject: Subject, path: string, signal: AbortSignal): Promise<readonly Json[]> {
  const events: Json[] = []
  const lines = await subject.watch(path, signal)
  void collect(lines, events)
  return events
}

async function collect(lines: AsyncIterable<WatchLine>, events: Json[]): Promise<void> {
  try {
    for await (const { type, object } of lines) events.push({ type, object: comparable(object as Json) }) // From JSON.
  } catch {
    // The episode ended it.
  }
}

/** How long the slower server may take, in looks of some milliseconds. */
const looks = 300

async function compareWatches(watches: readonly Watches[], at: number): Promise<Found | null> {
  for (const { plan, real, ours } of watches) {
    for (let look = 0; look < looks && real.length !== ours.length; look += 1)
      await new Promise((done) => setTimeout(done, 5))
    const index = real.findIndex((event, position) => differences(event, ours[position]).length > 0)
    const first = index >= 0 ? index : real.length === ours.length ? -1 : real.length
    if (first < 0) continue
    const [told, own] = [real[first], ours[first]]
    const lines = differences(told, own, `event ${first}`)
    return { at, watch: plan, step: 'watch', lines, real: told ?? null, ours: own ?? null }
  }
  return null
}
