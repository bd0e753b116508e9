// Tests of the transport against a real HTTP server that misbehaves as staged.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type FaultError, isFault } from '../fault.ts'
import { ClusterFault, detailOf } from './cluster-fault.ts'
import type { ClusterConfig, CredentialSource } from './config.ts'
import { testAuthority } from './testing/certificates.ts'
import { testPace } from './testing/clock.ts'
import {
  configFor,
  type FakeOptions,
  type FakeServer,
  fakeServer,
  type Reply,
  type Seen,
  statusReply,
  until,
} from './testing/fake-server.ts'
import { faultOf } from './testing/stage.ts'
import { type ApiRequest, openTransport, type Transport } from './transport.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const read: ApiRequest = { verb: 'get', method: 'GET', path: '/api/v1/x?a=b', what: 'cannot read x' }
const write: ApiRequest = { ...read, verb: 'patch', method: 'PATCH', body: { type: 'application/json', text: '{}' } }

async function serve(answer: (seen: Seen) => Reply | Promise<Reply>, options: FakeOptions = {}): Promise<FakeServer> {
  const server = await fakeServer(answer, options)
  closing.push(server.close)
  return server
}

function transportTo(
  server: Pick<FakeServer, 'url' | 'ca'>,
  config: Partial<ClusterConfig> = {},
  pace = testPace(),
): Transport {
  const transport = openTransport(configFor(server, config), { pace })
  closing.unshift(() => transport.close())
  return transport
}

/** Answers with the replies one after another; the last one again and again. */
function inTurn(...replies: readonly Reply[]): () => Reply {
  let turn = 0
  return () => replies[Math.min(turn++, replies.length - 1)] ?? { reset: true }
}

/** An answer that begins and never ends. */
async function* idle() {
  yield 'hello'
  await new Promise(() => undefined)
}

async function drained(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}

describe('send', () => {
  it('sends path below the prefix of the server, credentials, agent and impersonation', async () => {
    const server = await serve(() => ({ json: { ok: true }, headers: { warning: '299 - "a \\"b\\"", 299 - "c"' } }))
    const credentials: CredentialSource = {
      current: async () => ({ authorization: 'Bearer t', certificate: null }),
      refused: async () => false,
    }
    const impersonate = { user: 'bob', uid: 'u1', groups: ['dev', 'ops'], extra: new Map([['a/b', ['x']]]) }
    const transport = transportTo({ url: `${server.url}/k8s/c1`, ca: null }, { credentials, impersonate })
    const answer = await transport.send(read)
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}', warnings: ['a "b"', 'c'] })
    const [seen] = server.seen
    expect(seen).toMatchObject({ method: 'GET', path: '/k8s/c1/api/v1/x' })
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer t',
      'user-agent': expect.stringMatching(/^mainstay\/\d/),
      'impersonate-user': 'bob',
      'impersonate-uid': 'u1',
      'impersonate-group': 'dev, ops',
      'impersonate-extra-a%2fb': 'x',
    })
  })

  it('waits as long as a 429 says and sends again, a write too', async () => {
    const refused = statusReply(429, 'TooManyRequests', {}, { 'retry-after': '7' })
    for (const request of [read, write]) {
      const server = await serve(inTurn(refused, refused, { json: {} }))
      const pace = testPace()
      const transport = transportTo(server, {}, pace)
      await transport.send(request)
      expect(pace.clock.sleeps).toHaveLength(2)
      for (const ms of pace.clock.sleeps) expect(ms).toBeGreaterThanOrEqual(7000)
      expect(transport.counts()).toEqual({ total: 3, byVerb: { [request.verb]: 3 }, repeats: 2 })
    }
  })

  it('gives up on 429 when waiting would take longer than its patience', async () => {
    const server = await serve(() => statusReply(429, 'TooManyRequests', {}, { 'retry-after': '25' }))
    const error = await faultOf(transportTo(server).send(read))
    expect(error.fault.kind).toBe('unreachable')
    expect(server.seen).toHaveLength(3)
  })

  it('repeats a read after 503, 504 and a reset, with growing and random waits', async () => {
    const server = await serve(
      inTurn(statusReply(503, 'ServiceUnavailable'), { status: 504 }, { reset: true }, { json: {} }),
    )
    const pace = testPace()
    await transportTo(server, {}, pace).send(read)
    expect(pace.clock.sleeps).toEqual([150, 300, 600])
  })

  it('repeats no write after 503 or a reset: whether it was carried out is unknown', async () => {
    for (const reply of [statusReply(503, 'ServiceUnavailable'), { reset: true }]) {
      const server = await serve(() => reply)
      const error = await faultOf(transportTo(server).send(write))
      expect(error.fault.kind).toBe('unreachable')
      expect(server.seen).toHaveLength(1)
    }
  })

  it('ends repeating after five tries', async () => {
    const server = await serve(() => ({ reset: true }))
    const error = await faultOf(transportTo(server).send(read))
    expect(error.fault).toMatchObject({ kind: 'unreachable', where: server.url })
    expect(server.seen).toHaveLength(5)
  })

  it('stops waiting when it is cancelled', async () => {
    const server = await serve(() => statusReply(429, 'TooManyRequests', {}, { 'retry-after': '1' }))
    const abort = new AbortController()
    const pace = testPace()
    const sleep: typeof pace.clock.sleep = (ms, signal) => {
      abort.abort()
      return pace.clock.sleep(ms, signal)
    }
    const transport = transportTo(server, {}, { ...pace, clock: { ...pace.clock, sleep } })
    expect((await faultOf(transport.send({ ...read, signal: abort.signal }))).fault.kind).toBe('cancelled')
  })

  it('asks once for another credential after 401', async () => {
    let token = 'old'
    const credentials: CredentialSource = {
      current: async () => ({ authorization: `Bearer ${token}`, certificate: null }),
      refused: async () => {
        token = 'new'
        return true
      },
    }
    const server = await serve(({ headers }) =>
      headers.authorization === 'Bearer new' ? { json: {} } : statusReply(401, 'Unauthorized'),
    )
    await transportTo(server, { credentials }).send(write)
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
    const refusing = await serve(() => statusReply(401, 'Unauthorized'))
    const error = await faultOf(transportTo(refusing, { credentials }).send(read))
    expect(error.fault.kind).toBe('unauthorized')
    expect(refusing.seen).toHaveLength(2)
    expect(JSON.stringify(error.fault)).not.toContain('Bearer')
  })

  it('refuses an answer that is too large, compressed or not', async () => {
    const big = 'x'.repeat(200_000)
    const plain = await serve(() => ({ text: big }))
    expect((await faultOf(transportTo(plain).send({ ...read, maxBytes: 100_000 }))).fault.kind).toBe('too-large')
    const packed = await serve(() => ({ text: gzipSync(big), headers: { 'content-encoding': 'gzip' } }))
    const transport = transportTo(packed, { disableCompression: false })
    expect((await faultOf(transport.send({ ...read, maxBytes: 100_000 }))).fault.kind).toBe('too-large')
    expect((await transport.send(read)).text).toBe(big)
    expect(packed.seen[0]?.headers['accept-encoding']).toBe('gzip')
  })

  it('gives up on a server that does not answer, or not completely, in time', async () => {
    const silent = await serve(() => ({ silent: true }))
    expect((await faultOf(transportTo(silent).send({ ...read, timeoutMs: 30 }))).fault.kind).toBe('timeout')
    async function* slowly() {
      yield '{'
      await new Promise(() => undefined)
    }
    const half = await serve(() => ({ chunks: slowly() }))
    expect((await faultOf(transportTo(half).send({ ...read, timeoutMs: 30 }))).fault.kind).toBe('timeout')
  })

  it('says that nothing listens, that a name is unknown, and that a certificate is not trusted', async () => {
    const server = await serve(() => ({ json: {} }), { tls: testAuthority() })
    const gone = { url: 'http://127.0.0.1:1', ca: null }
    expect((await faultOf(transportTo(gone).send(read))).fault).toMatchObject({
      kind: 'unreachable',
      why: expect.stringContaining('ECONNREFUSED'),
    })
    const other = transportTo({ url: server.url, ca: testAuthority('another').ca })
    expect((await faultOf(other.send(read))).fault).toMatchObject({
      kind: 'unreachable',
      why: expect.stringContaining('not trusted'),
      fix: [expect.stringContaining('certificate-authority')],
    })
    const unnamed = transportTo(server, { trust: { ca: server.ca, serverName: 'kube.example', insecure: false } })
    expect((await faultOf(unnamed.send(read))).fault.why).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it('expects the given server name, or trusts anything when told to', async () => {
    const server = await serve(() => ({ json: {} }), { tls: testAuthority(), names: ['kube.example'] })
    await transportTo(server, { trust: { ca: server.ca, serverName: 'kube.example', insecure: false } }).send(read)
    await transportTo(server, { trust: { ca: null, serverName: null, insecure: true } }).send(read)
    expect(server.seen.map(({ httpVersion }) => httpVersion)).toEqual(['1.1', '1.1'])
  })

  it('shows the client certificate, and the renewed one on new connections', async () => {
    const authority = testAuthority()
    const server = await serve(() => ({ json: {} }), { tls: authority })
    let certificate = authority.issue('jane')
    const credentials: CredentialSource = {
      current: async () => ({ authorization: null, certificate }),
      refused: async () => false,
    }
    const transport = transportTo(server, { credentials })
    await transport.send(read)
    await transport.send(read)
    certificate = authority.issue('jane-renewed')
    await transport.send(read)
    expect(server.seen.map(({ client }) => client)).toEqual(['jane', 'jane', 'jane-renewed'])
  })

  it('goes through a proxy and does not show its password', async () => {
    const server = await serve(() => ({ json: {} }), { tls: testAuthority() })
    const tunnels: string[] = []
    const proxy = createServer()
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`)
      const [host, port] = (request.url ?? '').split(':')
      const upstream = connect(Number(port), host)
      upstream.on('error', () => socket.destroy())
      socket.on('error', () => upstream.destroy())
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    closing.push(async () => void proxy.close())
    const { port } = proxy.address() as AddressInfo // A TCP server's address is never a string.
    await transportTo(server, { proxy: `http://me:s3cr3t@127.0.0.1:${port}` }).send(read)
    expect(tunnels).toEqual([`${new URL(server.url).host} Basic ${Buffer.from('me:s3cr3t').toString('base64')}`])
    const dead = await faultOf(transportTo(server, { proxy: 'http://me:s3cr3t@127.0.0.1:1' }).send(read))
    expect(dead.fault.kind).toBe('unreachable')
    expect(`${dead.message}${JSON.stringify(dead.fault)}`).not.toContain('s3cr3t')
  })
})

describe('refusals', () => {
  async function refusal(reply: Reply, request: ApiRequest = write): Promise<FaultError> {
    const server = await serve(() => reply)
    return faultOf(transportTo(server).send(request))
  }

  it('maps the status to the class of the failure', async () => {
    const kinds = {
      400: 'rejected',
      403: 'forbidden',
      404: 'not-found',
      405: 'unsupported',
      409: 'conflict',
      410: 'conflict',
      413: 'too-large',
      415: 'unsupported',
      422: 'rejected',
      500: 'rejected',
      504: 'timeout',
    }
    for (const [status, kind] of Object.entries(kinds)) {
      const error = await refusal(statusReply(Number(status), 'Some'))
      expect([status, error.fault.kind]).toEqual([status, kind])
      expect(error.fault).toMatchObject({ what: 'cannot read x', where: '/api/v1/x', why: 'Some it is' })
    }
  })

  it('tells a conflict about fields from one about the object and from one about existence', async () => {
    const causes = [
      { reason: 'FieldManagerConflict', field: '.spec.replicas', message: 'conflict with "hpa" using apps/v1' },
    ]
    expect(detailOf(await refusal(statusReply(409, 'Conflict', { details: { causes } })))).toEqual({
      kind: 'field-conflict',
      conflicts: [{ field: '.spec.replicas', message: 'conflict with "hpa" using apps/v1' }],
    })
    expect(detailOf(await refusal(statusReply(409, 'Conflict')))).toEqual({ kind: 'precondition' })
    expect(detailOf(await refusal(statusReply(409, 'AlreadyExists')))).toEqual({ kind: 'already-exists' })
  })

  it('tells an absent object from an absent kind', async () => {
    expect(detailOf(await refusal(statusReply(404, 'NotFound', { details: { name: 'x', kind: 'pods' } })))).toEqual({
      kind: 'no-object',
      resource: 'pods',
      name: 'x',
    })
    expect(detailOf(await refusal(statusReply(404, 'NotFound', { details: {} })))).toEqual({ kind: 'no-resource' })
    expect(detailOf(await refusal({ status: 404, text: '404 page not found' }))).toEqual({ kind: 'no-resource' })
  })

  it('names the refused fields, and hides words about values where a Secret is concerned', async () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'data.key', message: 'Invalid value: "s3cr3t": no' }]
    const reply = statusReply(422, 'Invalid', { message: 'Secret "x" is invalid: "s3cr3t"', details: { causes } })
    expect(detailOf(await refusal(reply))).toEqual({
      kind: 'invalid',
      fields: [{ field: 'data.key', message: 'Invalid value: "s3cr3t": no' }],
    })
    const hidden = await refusal(reply, { ...write, secret: true })
    expect(hidden.fault.why).toBe('data.key: FieldValueInvalid')
    expect(JSON.stringify([hidden.fault, detailOf(hidden)])).not.toContain('s3cr3t')
    // Admission may quote what it was sent, in any kind of refusal.
    const body = {
      type: 'application/json',
      text: JSON.stringify({ data: { a: 'czNjcjN0' }, stringData: { b: 'pa55word' } }),
    }
    const message = 'policy says: s3cr3t (czNjcjN0) and pa55word are weak'
    const denied = await refusal(statusReply(403, 'Forbidden', { message }), { ...write, secret: true, body })
    expect(denied.fault.why).toBe('policy says: [hidden] ([hidden]) and [hidden] are weak')
    const internal = await refusal(statusReply(500, 'InternalError', { message: 'webhook said s3cr3t' }), {
      ...write,
      secret: true,
    })
    expect(internal.message).not.toContain('s3cr3t')
  })

  it('takes a redirect for a server that is not the one that was asked', async () => {
    const error = await refusal({ status: 302, headers: { location: 'https://login.example' } }, read)
    expect(error.fault).toMatchObject({ kind: 'unreachable', why: 'HTTP 302' })
  })

  it('survives refusals that are no Status', async () => {
    expect((await refusal({ status: 400, text: '{"kind": broken' })).fault.why).toBe('HTTP 400: {"kind": broken')
    expect((await refusal({ status: 400, text: '<html>' })).fault.why).toBe('HTTP 400')
  })
})

describe('open', () => {
  it('shares one HTTP/2 connection between many watches, beside the requests', async () => {
    const server = await serve(() => ({ chunks: idle() }), { tls: testAuthority() })
    const transport = transportTo(server)
    const watch: ApiRequest = { ...read, verb: 'watch' }
    const first = async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) return Buffer.from(chunk).toString()
      return null
    }
    const streams = await Promise.all(Array.from({ length: 60 }, () => transport.open(watch)))
    expect(new Set(server.seen.map(({ httpVersion }) => httpVersion))).toEqual(new Set(['2.0']))
    expect(server.connections()).toBe(1)
    expect(new Set(await Promise.all(streams.map(first)))).toEqual(new Set(['hello']))
  })

  it('lets a stream end with a fault when the connection breaks, and by cancelling', async () => {
    async function* some() {
      yield 'a'
    }
    const server = await serve(() => ({ chunks: some(), reset: true }))
    const chunks = await transportTo(server).open({ ...read, verb: 'watch' })
    expect(isFault(await faultOf(drained(chunks)), 'unreachable')).toBe(true)
  })

  it('ends no process when it is closed just after watches were begun and ended', async () => {
    const uncaught: unknown[] = []
    const note = (error: unknown) => void uncaught.push(error)
    process.on('uncaughtException', note)
    closing.push(async () => void process.off('uncaughtException', note))
    const server = await serve(() => ({ chunks: idle() }), { tls: testAuthority() })
    const turns = async (count: number) => {
      for (let at = 0; at < count; at += 1) await new Promise(setImmediate)
    }
    for (const between of [1, 2, 3, 4, 5]) {
      const transport = transportTo(server)
      await transport.open({ ...read, verb: 'watch' }) // The connection is there already.
      const stop = new AbortController()
      const begun = Array.from({ length: 30 }, () =>
        faultOf(transport.open({ ...read, verb: 'watch', signal: stop.signal })),
      )
      for (let step = 0; step < 10; step += 1) await null // Streams are made, and nothing is sent yet.
      stop.abort()
      await turns(between)
      await transport.close()
      for (const end of await Promise.all(begun)) expect(end.fault.kind).toBe('cancelled')
    }
    await turns(5)
    expect(uncaught).toEqual([])
  })

  it('fails all that is under way when it is closed', async () => {
    const server = await serve(() => ({ silent: true }))
    const transport = openTransport(configFor(server), { pace: testPace() })
    const pending = [faultOf(transport.send(read)), faultOf(transport.open({ ...read, verb: 'watch' }))]
    await until(() => server.seen.length === 2, 'both requests arrived')
    await transport.close()
    for (const error of await Promise.all(pending)) {
      expect(error).toBeInstanceOf(ClusterFault)
      expect(error.fault.kind).toBe('cancelled')
    }
  })
})
