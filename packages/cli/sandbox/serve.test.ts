// The HTTPS side of the sandbox: tokens, sizes, streams, and clients that go away.

import { createAuthority, issue } from '@mainstay/engine/tls/x509.ts'
import { ConnectionBroken } from '@mainstay/sandbox/faults/effect.ts'
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
      if (pathname === '/quiet') return new Response(new ReadableStream(), { status: 202 })
      if (pathname === '/drop') throw new ConnectionBroken('before the answer')
      if (pathname === '/bug') throw new TypeError('no such thing')
      if (pathname === '/half') return new Response(half())
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

  it.each([
    ['GET', '//', 400, 'BadRequest'],
    ['GET', '//x:y/', 400, 'BadRequest'],
    ['GET', '//x/api', 400, 'BadRequest'],
    ['TRACE', '/api', 405, 'MethodNotAllowed'],
  ] as const)('refuses %s %s with %i', async (method, path, code, reason) => {
    const headers = { authorization: 'Bearer right' }
    const answer = await request(`${served.url}${path}`, { dispatcher: agent, method, headers })
    expect(answer.statusCode).toBe(code)
    expect(await answer.body.json()).toMatchObject({ kind: 'Status', reason, code })
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

  it('answers before there is anything in the body', async () => {
    const answer = await ask('/quiet')
    expect(answer.statusCode).toBe(202)
    answer.body.destroy()
  })

  it('breaks the connection where the handler says so, and serves others as before', async () => {
    await expect(ask('/drop')).rejects.toThrow(/closed|reset|disconnect|destroy|aborted/i)
    expect((await ask('/api')).statusCode).toBe(201)
  })

  it('breaks it in the middle of a body that fails, when what came before has arrived', async () => {
    const answer = await ask('/half')
    let seen = ''
    const reading = async (): Promise<void> => {
      for await (const chunk of answer.body) seen += String(chunk)
    }
    await expect(reading()).rejects.toThrow()
    expect([answer.statusCode, seen.length]).toEqual([200, HALF])
  })

  it('tells of what nobody expected', async () => {
    const answer = await ask('/bug')
    expect(answer.statusCode).toBe(500)
    expect(await answer.body.json()).toMatchObject({
      reason: 'InternalError',
      message: 'Internal error occurred: no such thing',
    })
  })
})

const HALF = 200_000

/** A body that fails after so many bytes. */
function half(): ReadableStream<Uint8Array> {
  let sent = false
  return new ReadableStream({
    pull: (controller) => {
      if (sent) controller.error(new ConnectionBroken('in the middle'))
      else controller.enqueue(new Uint8Array(HALF))
      sent = true
    },
  })
}

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
