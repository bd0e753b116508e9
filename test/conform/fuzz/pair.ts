// Two servers side by side: one request after the other to both, with the sandbox's clock at the real server's time.

import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import type { StillClock } from '../clock.ts'
import type { Init, Subject } from '../subject.ts'
import { type Answer, answerOf } from './answer.ts'

/** A request. */
export interface Sent {
  readonly path: string
  readonly init: Init
}

/** Both servers. */
export interface Pair {
  readonly real: Subject
  readonly sandbox: Subject
  /** The sandbox's. */
  readonly clock: StillClock
}

/** What both answered. */
export interface Both {
  readonly real: Answer
  readonly ours: Answer
}

/** Asks both. */
export async function askBoth(pair: Pair, real: Sent, ours: Sent): Promise<Both> {
  const before = Date.now()
  const told = await askReal(pair, real)
  const after = Date.now()
  const now = second(before) === second(after) ? after : timeOf(told.raw, before, after)
  pair.clock.advance(Math.max(0, now - pair.clock.now()))
  return { real: told, ours: await answerOf(await pair.sandbox.fetch(ours.path, ours.init)) }
}

/** The real server breaks the connection when it panics; that is an answer, too. */
async function askReal({ real }: Pair, { path, init }: Sent): Promise<Answer> {
  try {
    return await answerOf(await real.fetch(path, init))
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null
    if (cause === null || !('code' in cause) || cause.code !== 'ERR_HTTP2_STREAM_ERROR') throw error
    return { status: 0, raw: null, compared: { status: 0, body: 'no answer' } }
  }
}

function second(ms: number): number {
  return Math.floor(ms / 1000)
}

/** Where a second ended meanwhile, the answer says when the server was at it. */
function timeOf(answer: Json, before: number, after: number): number {
  const metadata = isObject(answer) && isObject(answer.metadata) ? answer.metadata : {}
  const entries = isList(metadata.managedFields) ? metadata.managedFields : []
  const texts = [
    metadata.creationTimestamp,
    metadata.deletionTimestamp,
    ...entries.map((each) => (isObject(each) ? each.time : undefined)),
  ]
  const times = texts.flatMap((text) => (typeof text === 'string' ? [Date.parse(text)] : []))
  const fitting = times.filter((time) => second(time) >= second(before) && second(time) <= second(after))
  return fitting.length === 0 ? after : Math.max(before, ...fitting)
}
