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

/** An answer that goes on until the watch ends or the client goes. */
export function streamWatch(
  request: Request,
  target: Target,
  shown: EventForm,
  begin: (watcher: Watcher) => () => void,
): Response {
  const encoder = new TextEncoder()
  const write = eventWriter(target, shown)
  let stop = (): void => {}
  let open = true
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      stop = begin({
        event: (event) => {
          if (open) controller.enqueue(encoder.encode(`${writeJson(write(event))}\n`))
        },
        end: () => {
          if (open) controller.close()
          open = false
        },
      })
      request.signal.addEventListener('abort', () => close(controller), { once: true })
    },
    cancel: () => {
      open = false
      stop()
    },
  })
  function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
    stop()
    if (open) controller.close()
    open = false
  }
  return new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' } })
}

function eventWriter(target: Target, { form, include, now }: EventForm): (event: WatchEvent) => JsonObject {
  let columns = true
  return ({ type, object }) => {
    if (type === 'ERROR' || form.as === null) return { type, object }
    if (form.as !== 'Table') return { type, object: partialOf(form, object) }
    // A bookmark's object has no more than a version, but it is an object.
    const row = object as KubeObject
    const metadata = { resourceVersion: row.metadata.resourceVersion ?? '' }
    const table = tableOf(target, form, [row], metadata, { include, now: now(), columns })
    columns = false
    return { type, object: table }
  }
}
