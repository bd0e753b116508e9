// A run of the fuzzer: many episodes at a time, and of every class of differences one example, as short as it can be.

import { type Bench, openBench } from './bench.ts'
import { Drawer, type Look } from './draw.ts'
import type { Found, Outcome, WatchPlan } from './episode.ts'
import type { FuzzKind } from './kind.ts'
import { drawKinds, fuzzKinds } from './kinds.ts'
import { Lot } from './lot.ts'
import type { Operation } from './operation.ts'
import type { Excused } from './play.ts'
import { shrunk } from './shrink.ts'

/** What a run is told. */
export interface FuzzChoice {
  readonly seed: number
  /** How many operations, about. */
  readonly ops: number
  /** How many differences are made short. */
  readonly shrink: number
  /** Only these kinds; all where empty. */
  readonly kinds: readonly string[]
  readonly say: (text: string) => void
}

/** A class of differences with one example. */
export interface FoundClass {
  readonly signature: string
  readonly count: number
  readonly episode: number
  readonly operations: readonly Operation[]
  readonly found: Found
}

/** What came of a run. */
export interface FuzzResult {
  readonly operations: number
  readonly requests: number
  readonly seconds: number
  readonly classes: readonly FoundClass[]
  readonly excused: ReadonlyMap<string, readonly Excused[]>
}

/** An episode is so long. */
const episodeLength = 150
const workers = 8

/** Runs the fuzzer. */
export async function fuzz(choice: FuzzChoice): Promise<FuzzResult> {
  await using bench = await openBench(`f${choice.seed}`)
  const start = performance.now()
  const tally = new Tally()
  const episodes = Math.ceil(choice.ops / episodeLength)
  let next = 0
  let played = 0
  const work = async (): Promise<void> => {
    while (played < choice.ops && (next < episodes || tally.classes.size > 0)) {
      const episode = next
      next += 1
      const outcome = await playDrawn(bench, choice, episode, Math.min(episodeLength, choice.ops))
      played += outcome.operations.length
      tally.add(episode, outcome)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  const seconds = (performance.now() - start) / 1000
  const classes = await shortened(bench, choice, [...tally.classes.values()])
  return { operations: played, requests: tally.requests, seconds, classes, excused: tally.excused }
}

/** Draws and plays one episode. */
export function playDrawn(
  bench: Bench,
  choice: Pick<FuzzChoice, 'seed' | 'kinds'>,
  episode: number,
  length: number,
): Promise<Outcome> {
  const lot = new Lot(`${choice.seed}/${episode}`)
  const wished = fuzzKinds.filter(({ kind }) => choice.kinds.includes(kind))
  const kinds = wished.length > 0 ? wished : drawKinds(lot)
  let drawer: Drawer | null = null
  return bench.play(watchPlans(lot, kinds), (look: Look, at: number) => {
    drawer ??= new Drawer(lot, kinds, look)
    return at < length ? drawer.next() : null
  })
}

function watchPlans(lot: Lot, kinds: readonly FuzzKind[]): readonly WatchPlan[] {
  const chosen = lot.some(
    kinds.filter(({ namespaced }) => namespaced),
    2,
    0,
  )
  return chosen.map(({ kind }) => ({
    kind,
    query: lot.one('', '', 'labelSelector=a%3D1', 'fieldSelector=metadata.name%3Da'),
  }))
}

class Tally {
  readonly classes = new Map<string, FoundClass>()
  readonly excused = new Map<string, readonly Excused[]>()
  requests = 0

  add(episode: number, { found, operations, requests, excused }: Outcome): void {
    this.requests += requests
    for (const each of excused) this.excused.set(each.reason, [...(this.excused.get(each.reason) ?? []), each])
    if (found === null) return
    const signature = signatureOf(found, operations)
    const before = this.classes.get(signature)
    const count = (before?.count ?? 0) + 1
    const shorter = before === undefined || before.operations.length > operations.length
    this.classes.set(signature, shorter ? { signature, count, episode, operations, found } : { ...before, count })
  }
}

/** What makes two differences the same. */
function signatureOf(found: Found, operations: readonly Operation[]): string {
  const operation = operations[found.at]
  const what = found.watch ?? operation
  const type = operation?.type?.replace('application/', '').replace(/-patch.*$/, '') ?? ''
  const about = found.watch === undefined ? `${operation?.method}${type}${operation?.sub ?? ''}` : 'watch'
  const line = (found.lines[0] ?? '').replaceAll(/\[\d+\]/g, '[]').replaceAll(/event \d+/g, 'event')
  const plain = line.replaceAll(/\d+/g, '0').slice(0, 110)
  return `${what?.kind} ${about} ${found.step === 'GET before' ? 'get' : ''} ${plain}`
}

async function shortened(bench: Bench, choice: FuzzChoice, all: readonly FoundClass[]): Promise<readonly FoundClass[]> {
  const sorted = [...all].sort((a, b) => b.count - a.count || a.operations.length - b.operations.length)
  const waiting = sorted.slice(0, choice.shrink)
  const done = new Map<string, FoundClass>()
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      done.set(one.signature, await short(bench, one))
      choice.say(`made short: ${done.size} of ${Math.min(choice.shrink, sorted.length)}\n`)
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return sorted.map((one) => done.get(one.signature) ?? one)
}

async function short(bench: Bench, one: FoundClass): Promise<FoundClass> {
  const watches = one.found.watch === undefined ? [] : [one.found.watch]
  let last: Found = one.found
  const operations = await shrunk(one.operations, async (tried) => {
    const { found, operations: played } = await replay(bench, tried, watches)
    if (found === null || signatureOf(found, played) !== one.signature) return false
    last = found
    return true
  })
  return { ...one, operations, found: last }
}

/** Plays known operations. */
export function replay(
  bench: Bench,
  operations: readonly Operation[],
  watches: readonly WatchPlan[],
): Promise<Outcome> {
  return bench.play(watches, (_, at) => operations[at] ?? null)
}
