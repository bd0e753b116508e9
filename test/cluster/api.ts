// The little HTTPS client of the test bed itself. It shares nothing with the client under test.

import { Agent, fetch } from 'undici'

/** An answer of the API server. */
export interface Answer {
  readonly status: number
  // JSON as the server sent it; tests look at what they need.
  readonly body: unknown
}

/** Talks to one API server as one user. */
export interface Api {
  /** One request; a body is sent as JSON, or as the content type given. Resolves for every status. */
  readonly request: (method: string, path: string, body?: unknown, contentType?: string) => Promise<Answer>
  /** Lines of a watch, parsed, until the server or the signal ends it. */
  readonly watch: (path: string, signal: AbortSignal) => AsyncGenerator<WatchLine>
  readonly close: () => Promise<void>
}

/** One event of a watch. */
export interface WatchLine {
  readonly type: string
  readonly object: unknown
}

/** Opens a client for `url` with the authority's certificate (PEM) and a bearer token. */
export function openApi(url: string, ca: string, token: string): Api {
  const agent = new Agent({ connect: { ca }, bodyTimeout: 0, connections: 32 })
  const authorization = `Bearer ${token}`
  const userAgent = 'mainstay-test-bed'
  return {
    async request(method, path, body, contentType = 'application/json') {
      const response = await fetch(`${url}${path}`, {
        method,
        dispatcher: agent,
        headers: { authorization, 'user-agent': userAgent, 'content-type': contentType, accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: parsed(text) }
    },
    async *watch(path, signal) {
      const headers = { authorization, 'user-agent': userAgent }
      const response = await fetch(`${url}${path}`, { dispatcher: agent, headers, signal })
      if (!response.ok || response.body === null) throw new Error(`watch ${path}: ${response.status}`)
      for await (const line of linesOf(response.body)) yield JSON.parse(line) as WatchLine
    },
    close: () => agent.destroy(),
  }
}

/** The lines of a stream that are not empty. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield line
  }
}

/** JSON where it is some, or else the text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
