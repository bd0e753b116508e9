// Short words for asking a sandbox in a test.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { openSandbox, type Sandbox } from '../sandbox.ts'
import { openTestClock, type TestClock } from './clock.ts'

/** An answer with its body read. */
export interface Answer {
  readonly status: number
  readonly body: JsonObject
  readonly text: string
  readonly header: (name: string) => string | null
}

/** A sandbox with its clock, and a way to ask it. */
export interface Client {
  readonly sandbox: Sandbox
  readonly clock: TestClock
  readonly ask: (
    method: string,
    path: string,
    body?: Json,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  /** Lines of a watch, as far as they have come. */
  readonly watch: (path: string, accept?: string) => Promise<Watched>
}

/** A watch of a test. */
export interface Watched {
  /** The events that have come since the last call. */
  readonly events: () => Promise<readonly JsonObject[]>
  /** True once the server has ended it. */
  readonly ended: () => boolean
  readonly stop: () => void
}

/** A fresh sandbox to ask, or one that is there. */
export function openClient(sandbox?: Sandbox, clock: TestClock = openTestClock()): Client {
  const asked = sandbox ?? openSandbox({ clock, seed: 'test' })
  return {
    sandbox: asked,
    clock,
    ask: async (method, path, body, headers = {}) => {
      const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const request = new Request(`https://sandbox.example${path}`, {
        method,
        body: sent,
        headers: { ...type, ...headers },
      })
      return answerOf(await asked.fetch(request))
    },
    watch: async (path, accept = 'application/json') => {
      const request = new Request(`https://sandbox.example${path}`, { headers: { accept } })
      const { body } = await asked.fetch(request)
      if (body === null) throw new Error('a watch has a body')
      return watched(body.getReader())
    },
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return { status: response.status, body: objectOf(text), text, header: (name) => response.headers.get(name) }
}

function objectOf(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** What is written is there at once: whoever reads gets it, or has to wait. */
function watched(reader: ReadableStreamDefaultReader<Uint8Array>): Watched {
  let text = ''
  let ended = false
  let pending: Promise<void> | null = null
  const decoder = new TextDecoder()
  const read = (): Promise<void> =>
    reader.read().then(({ done, value }) => {
      pending = null
      if (done) ended = true
      else text += decoder.decode(value, { stream: true })
    })
  return {
    events: async () => {
      for (let before = -1; before !== text.length; ) {
        before = text.length
        if (!ended) pending ??= read()
        await Promise.race([pending, new Promise((resolve) => setImmediate(resolve))])
      }
      const lines = text.split('\n').filter((line) => line !== '')
      text = ''
      return lines.map(objectOf)
    },
    ended: () => ended,
    stop: () => void reader.cancel(),
  }
}

/** The refusal in an answer: `409 Conflict: message`. */
export function refusal({ status, body }: Answer): string {
  const reason = typeof body.reason === 'string' ? ` ${body.reason}` : ''
  return `${status}${reason}: ${String(body.message)}`
}
