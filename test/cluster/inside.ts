// The test bed's client inside the process of a sandbox: the same requests without a connection.

import { type Api, linesOf, parsed, type WatchLine } from './api.ts'

/** What answers requests. */
export type Fetch = (request: Request) => Promise<Response>

/** A client as `openApi` gives one, for a handler in this process. */
export function openInside(fetch: Fetch, token: string): Api {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'mainstay-test-bed', accept: 'application/json' }
  const address = (path: string): string => `https://kubernetes.default.svc${path}`
  return {
    async request(method, path, body, contentType = 'application/json') {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const asked = new Request(address(path), {
        method,
        headers: { ...headers, 'content-type': contentType },
        ...sent,
      })
      const response = await fetch(asked)
      return { status: response.status, body: parsed(await response.text()) }
    },
    async *watch(path, signal) {
      const response = await fetch(new Request(address(path), { headers, signal }))
      if (!response.ok || response.body === null) throw new Error(`watch ${path}: ${response.status}`)
      for await (const line of linesOf(response.body)) yield JSON.parse(line) as WatchLine
    },
    close: async () => {},
  }
}
