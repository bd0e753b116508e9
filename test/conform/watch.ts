// A watch as a check reads it: events one after the other, each normalised.

import { isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { Subject } from './subject.ts'

/** One event. */
export interface Event {
  readonly type: string
  readonly object: Json
  readonly raw: Json
}

/** An open watch. */
export interface Watch {
  /** The next event; null when the server ended the watch. */
  readonly next: () => Promise<Event | null>
  /** The next `count` events as `ADDED a`. */
  readonly take: (count: number) => Promise<readonly string[]>
  readonly end: () => void
}

/** Opens a watch; resolves when the server has begun it. */
export async function openWatch(
  subject: Subject,
  path: string,
  normal: (value: Json) => Json,
  accept: string | undefined,
): Promise<Watch> {
  const stop = new AbortController()
  const lines = (await subject.watch(path, stop.signal, accept))[Symbol.asyncIterator]()
  const next = async (): Promise<Event | null> => {
    const result = await patiently(subject, lines.next())
    if (result.done === true) return null
    const raw = result.value.object as Json // Parsed from JSON.
    return { type: result.value.type, object: normal(raw), raw }
  }
  const take = async (count: number): Promise<readonly string[]> => {
    const events: string[] = []
    while (events.length < count) {
      const event = await next()
      if (event === null) return [...events, 'end']
      events.push(eventLine(event))
    }
    return events
  }
  return { next, take, end: () => stop.abort() }
}

/** Waits while the subject's time goes on: a sandbox's clock stands still unless it is let go on. */
async function patiently<T>(subject: Subject, wanted: Promise<T>): Promise<T> {
  let waiting = true
  const done = wanted.finally(() => {
    waiting = false
  })
  // What is already on its way arrives before the clock is moved.
  await Promise.race([done, new Promise((resolve) => setImmediate(resolve))])
  while (waiting) await Promise.race([done, subject.settle()])
  return done
}

function eventLine(event: Event): string {
  const metadata = isObject(event.object) ? event.object.metadata : undefined
  const name = isObject(metadata) ? (metadata as JsonObject).name : undefined
  return typeof name === 'string' ? `${event.type} ${name}` : event.type
}
