// A watch as the body of an answer: one JSON object a line.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Target } from '../verbs/target.ts'
import type { WatchEvent, Watcher } from '../verbs/watch.ts'
import { writeJson } from './json.ts'
import type { Form } from './negotiate.ts'
import { type Include, partialOf, tableOf } from './table.ts'

/** How the objects of events are written. */
export interface EventForm {
  readonly form: Form
  readonly include: Include
  readonly now: () => number
}

/**
 * Bytes of events that may wait for a client, beside those that a watch begins with. The real server too closes the watch
 * of a client that does not read; what was sent before is whole, and the client goes on from there.
 */
const MOST_UNREAD = 16 * 1024 * 1024

/** An answer that goes on until the watch ends, the client goes, or it reads no more. */
export function streamWatch(
  request: Request,
  target: Target,
  shown: EventForm,
  begin: (watcher: Watcher) => () => void,
  mostUnread = MOST_UNREAD,
): Response {
  const write = eventWriter(target, shown)
  let stop = (): void => {}
  let open = true
  /** How much may wait; everything while the watch is beginning. */
  let most = Number.POSITIVE_INFINITY
  const queue = { highWaterMark: mostUnread, size: ({ byteLength }: Uint8Array) => byteLength }
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const unread = (): number => mostUnread - (controller.desiredSize ?? 0)
        stop = begin({
          event: (event) => {
            if (!open) return
            controller.enqueue(write(event))
            if (unread() > most) close(controller)
          },
          end: () => {
            if (open) controller.close()
            open = false
          },
        })
        most = mostUnread + unread()
        request.signal.addEventListener('abort', () => close(controller), { once: true })
      },
      cancel: () => {
        open = false
        stop()
      },
    },
    queue,
  )
  function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
    stop()
    if (open) controller.close()
    open = false
  }
  return new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' } })
}

const encoder = new TextEncoder()

function lineOf(value: JsonObject): Uint8Array {
  return encoder.encode(`${writeJson(value)}\n`)
}

/**
 * The line of the last event in each form: all who follow a kind are told of a change one after the other. Of one event
 * alone, or the lines of everything that there is would be kept with it.
 */
const latest = new Map<string, { readonly object: JsonObject; readonly line: Uint8Array }>()

/** A line is made once for all who get the same bytes; nobody may write into it. */
function sharedLine(key: string, object: JsonObject, make: () => JsonObject): Uint8Array {
  const known = latest.get(key)
  if (known?.object === object) return known.line
  const line = lineOf(make())
  latest.set(key, { object, line })
  return line
}

function eventWriter(target: Target, { form, include, now }: EventForm): (event: WatchEvent) => Uint8Array {
  let columns = true
  return ({ type, object }) => {
    if (type === 'ERROR' || form.as === null) return sharedLine(type, object, () => ({ type, object }))
    if (form.as !== 'Table') {
      return sharedLine(`${type} ${form.as} ${form.asVersion}`, object, () => ({
        type,
        object: partialOf(form, object),
      }))
    }
    // A bookmark's object has no more than a version, but it is an object.
    const row = object as KubeObject
    const metadata = { resourceVersion: row.metadata.resourceVersion ?? '' }
    const table = tableOf(target, form, [row], metadata, { include, now: now(), columns })
    columns = false
    return lineOf({ type, object: table })
  }
}
