// A request to a real API server with headers of one's own, and with those of the answer.
import { request } from 'node:https'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { SharedCluster } from '../../../../test/cluster/shared.ts'

/** What a server answered. */
export interface HttpsAnswer {
  readonly status: number
  readonly warnings: readonly string[]
  readonly body: JsonObject
}

/** Sends JSON as the administrator. */
export function sendWith(
  { url, authority, tokens }: SharedCluster,
  method: string,
  path: string,
  body: Json | null,
  accept = 'application/json',
): Promise<HttpsAnswer> {
  const headers = { authorization: `Bearer ${tokens.admin}`, accept, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, headers, ca: authority.certificate }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const warnings = response.rawHeaders.flatMap((name, at, all) =>
          at % 2 === 0 && name.toLowerCase() === 'warning' ? [warningText(all[at + 1] ?? '')] : [],
        )
        // The API server answers with JSON.
        resolve({ status: response.statusCode ?? 0, warnings, body: JSON.parse(text) as JsonObject })
      })
    })
    sent.on('error', reject)
    sent.end(body === null ? undefined : JSON.stringify(body))
  })
}

/** `299 - "text"` → `text`. */
function warningText(header: string): string {
  return /^299 - "(.*)"$/s.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? header
}
