// Faults in what is sent: bodies that break off, watches that expire or fall silent.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { failure } from '../registry/status.ts'
import { ConnectionBroken, type Effect } from './effect.ts'

/** A body that breaks off in its middle. */
export function halfSent(): Effect {
  return {
    concerns: () => true,
    strike: async ({ request, next }) => {
      const response = await next(request)
      return response.body === null ? response : withBody(response, brokenOff(response.body))
    },
  }
}

/** A watch whose place the server forgets. */
export function expire(afterEvents: number): Effect {
  return {
    concerns: ({ wish }) => wish.verb === 'watch',
    strike: async ({ request, url, next }) => {
      const response = await next(request)
      if (response.status !== 200 || response.body === null) return response
      const from = url.searchParams.get('resourceVersion') ?? '0'
      const message = `too old resource version: ${from} (${Number(from) + 1})`
      const event: JsonObject = { type: 'ERROR', object: failure(410, 'Expired', message).body }
      const last = new TextEncoder().encode(`${JSON.stringify(event)}\n`)
      return withBody(response, firstLines(response.body, afterEvents, { kind: 'end', last }))
    },
  }
}

/** A watch on which nothing comes any more. */
export function silence(afterEvents: number): Effect {
  return {
    concerns: ({ wish }) => wish.verb === 'watch',
    strike: async ({ request, next }) => {
      const response = await next(request)
      if (response.status !== 200 || response.body === null) return response
      return withBody(response, firstLines(response.body, afterEvents, { kind: 'silence', signal: request.signal }))
    },
  }
}

/** An answer with another body; what was said about the old one (its length) is not true any more. */
export function withBody(response: Response, body: ReadableStream<Uint8Array> | string): Response {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.delete('etag')
  return new Response(body, { status: response.status, headers })
}

/** Half of the first piece: of a whole body where it is short, of the first event of a watch. */
function brokenOff(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let sent = false
  return new ReadableStream({
    pull: async (controller) => {
      if (sent) return controller.error(new ConnectionBroken('in the middle of the answer'))
      const { value } = await reader.read()
      sent = true
      await reader.cancel()
      if (value !== undefined && value.length > 1) controller.enqueue(value.subarray(0, value.length >> 1))
      else controller.error(new ConnectionBroken('in the middle of the answer'))
    },
    cancel: () => reader.cancel(),
  })
}

/** What comes after the first lines. */
type Ending =
  | { readonly kind: 'end'; readonly last: Uint8Array }
  | { readonly kind: 'silence'; readonly signal: AbortSignal }

/** The first lines of a stream, and then an ending of another kind. A piece of a watch is one line. */
function firstLines(body: ReadableStream<Uint8Array>, lines: number, ending: Ending): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let left = lines
  return new ReadableStream({
    pull: async (controller) => {
      if (left > 0) {
        const { done, value } = await reader.read()
        left -= 1
        if (done) controller.close()
        else controller.enqueue(value)
        return
      }
      await reader.cancel()
      if (ending.kind === 'end') controller.enqueue(ending.last)
      else await aborted(ending.signal)
      controller.close()
    },
    cancel: () => reader.cancel(),
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
