// Keeps one broken HTTP/2 connection from ending the process: every client stream has somebody who hears its errors.
import { subscribe } from 'node:diagnostics_channel'
import type { ClientHttp2Stream } from 'node:http2'

/**
 * undici (8.12, 8.13) takes its listeners from a stream that was aborted while the stream is still open for Node. When
 * the connection then breaks or is closed, Node tells that stream of it, nobody hears it, and the process ends. Whoever
 * waits for the stream is told by undici all the same. Heard through a channel of Node's:
 * https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html#event-http2clientstreamcreated
 */
export function hearStreamErrors(): void {
  if (hearing) return
  hearing = true
  subscribe('http2.client.stream.created', (message) => {
    const { stream } = message as { readonly stream: ClientHttp2Stream } // As Node documents this channel.
    stream.on('error', () => {})
  })
}

let hearing = false
