// The HTTPS side of the sandbox: tokens, sizes, streams, and clients that go away.
import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Served } from './serve.ts'
import { serve } from './serve.ts'

const authority = createAuthority('sandbox authority')
const identity = issue(authority, { commonName: 'sandbox', use: 'server', names: ['127.0.0.1'] })

describe.each([
  ['HTTP/1.1', false],
  ['HTTP/2', true],
])('over %s', (_, allowH2) => {
  let served: Served
  let agent: Agent
  let ended: Promise<void>

  beforeAll(async () => {
    let end = (): void => undefined
    ended = new Promise((resolve) => {
      end = resolve
    })
    const handler = async (asked: Request): Promise<Response> => {
      const { pathname, search } = new URL(asked.url)
      if (pathname === '/watch') return new Response(endless(asked.signal, end), { headers: { warning: '299 - "a"' } })
      const body = `${asked.method} ${pathname}${search} ${await asked.text()}`
      return new Response(body, { status: 201, headers: { 'content-type': 'text/plain' } })
    }
    served = await serve({ handler, identity, port: 0, token: 'right' })
    agent = new Agent({ allowH2, connect: { ca: authority.certificate } })
  })
  afterAll(async () => {
    await agent.destroy()
    await served.close()
  })

  const ask = (path: string, options: { readonly token?: string; readonly body?: string } = {}) =>
    request(`${served.url}${path}`, {
      dispatcher: agent,
      method: options.body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${options.token ?? 'right'}` },
      ...(options.body === undefined ? {} : { body: options.body }),
    })

  it('hands over method, path, query and body, and gives back status, headers and body', async () => {
    const answer = await ask('/api/v1?a=b', { body: 'text' })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([201, 'text/plain'])
    expect(await answer.body.text()).toBe('POST /api/v1?a=b text')
  })

  it('refuses whoever has no token or another one, before anything is read', async () => {
    const answer = await ask('/api', { token: 'wrong' })
    expect(answer.statusCode).toBe(401)
    expect(await answer.body.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 })
  })

  it('refuses a body beyond the limit', async () => {
    const answer = await ask('/api', { body: 'x'.repeat(3 * 1024 * 1024 + 1) })
    expect(answer.statusCode).toBe(413)
    await answer.body.dump()
  })

  it('streams as things happen, and tells the handler when the client goes away', async () => {
    const answer = await ask('/watch')
    expect(answer.headers.warning).toBe('299 - "a"')
    for await (const chunk of answer.body) {
      expect(String(chunk)).toBe('one\n')
      break
    }
    await ended
  })
})

/** Says one line and then nothing until the reader goes away. */
function endless(signal: AbortSignal, end: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('one\n'))
      signal.addEventListener('abort', end)
    },
    cancel: end,
  })
}
