// Tests of following a collection, against a real HTTP server that breaks off in every way we know.
import { afterEach, describe, expect, it } from 'vitest'
import type { Resource } from './resource-path.ts'
import { testPace } from './testing/clock.ts'
import { configFor, fakeServer, type Reply, type Seen, statusReply } from './testing/fake-server.ts'
import { openTransport, type Transport } from './transport.ts'
import { type WatchEvent, type WatchOptions, watchObjects } from './watch.ts'

const pods: Resource = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', scope: 'namespaced' }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Lists and watches are answered in turn; the last answer of each comes again and again. */
async function stage(
  lists: readonly Reply[],
  watches: readonly Reply[],
): Promise<{ transport: Transport; seen: readonly Seen[] }> {
  const turns = { list: 0, watch: 0 }
  const server = await fakeServer(({ query }) => {
    const kind = query.has('watch') ? 'watch' : 'list'
    const replies = kind === 'watch' ? watches : lists
    return replies[Math.min(turns[kind]++, replies.length - 1)] ?? { reset: true }
  })
  closing.push(server.close)
  const transport = openTransport(configFor(server), { pace: testPace() })
  closing.unshift(() => transport.close())
  return { transport, seen: server.seen }
}

function pod(name: string, resourceVersion: string): Record<string, unknown> {
  return { metadata: { name, namespace: 'shop', resourceVersion } }
}

function list(resourceVersion: string, ...items: readonly unknown[]): Reply {
  return { json: { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion }, items } }
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`
}

const bookmark = (resourceVersion: string) => line('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion } })
const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }

async function* pieces(...chunks: readonly (string | Buffer)[]): AsyncGenerator<string | Buffer> {
  yield* chunks
}

/** A stream that stays open after its pieces. */
async function* open(...chunks: readonly (string | Buffer)[]): AsyncGenerator<string | Buffer> {
  yield* chunks
  await new Promise(() => undefined)
}

/** Follows until `count` events were seen. */
async function follow(
  transport: Transport,
  count: number,
  more: Partial<WatchOptions> = {},
): Promise<readonly string[]> {
  const stop = new AbortController()
  const seen: string[] = []
  for await (const event of watchObjects(transport, pods, { namespace: null, signal: stop.signal, ...more })) {
    seen.push(text(event))
    if (seen.length === count) stop.abort()
  }
  return seen
}

function text(event: WatchEvent): string {
  switch (event.kind) {
    case 'synced':
      return `synced ${event.objects.map(({ metadata }) => metadata.name).join(' ')}`
    case 'upsert':
    case 'gone':
      return `${event.kind} ${event.object.kind} ${event.object.metadata.name} ${event.object.metadata.resourceVersion}`
    case 'gap':
      return `gap ${event.fault.fault.kind}`
    case 'recovered':
      return 'recovered'
  }
}

function versions(seen: readonly Seen[]): readonly (string | null)[] {
  return seen.filter(({ query }) => query.has('watch')).map(({ query }) => query.get('resourceVersion'))
}

function lists(seen: readonly Seen[]): number {
  return seen.filter(({ query }) => !query.has('watch')).length
}

describe('watchObjects', () => {
  it('lists, then tells what changes, with the kind that list items lack', async () => {
    const { transport, seen } = await stage(
      [list('10', pod('a', '5'), pod('b', '6'))],
      [
        {
          chunks: open(
            line('ADDED', pod('c', '11')),
            line('MODIFIED', pod('a', '12')),
            line('DELETED', pod('b', '13')),
          ),
        },
      ],
    )
    expect(await follow(transport, 4)).toEqual(['synced a b', 'upsert Pod c 11', 'upsert Pod a 12', 'gone Pod b 13'])
    expect(Object.fromEntries(seen[1]?.query ?? [])).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '450',
    })
  })

  it('reads events whose bytes arrive in any pieces, in the middle of a character too', async () => {
    const bytes = Buffer.from(line('ADDED', pod('grün-ä', '11')) + line('ADDED', pod('日本', '12')))
    const single = [...bytes].map((byte) => Buffer.from([byte]))
    const { transport } = await stage([list('10')], [{ chunks: open(...single) }])
    expect(await follow(transport, 3)).toEqual(['synced ', 'upsert Pod grün-ä 11', 'upsert Pod 日本 12'])
  })

  it('resumes after the last event when the stream breaks off, without listing and without a gap', async () => {
    const half = line('ADDED', pod('b', '12'))
    const { transport, seen } = await stage(
      [list('10')],
      [
        { chunks: pieces(line('ADDED', pod('a', '11')), half.slice(0, 20)), reset: true },
        { chunks: open(half, line('ADDED', pod('c', '13'))) },
      ],
    )
    expect(await follow(transport, 4)).toEqual(['synced ', 'upsert Pod a 11', 'upsert Pod b 12', 'upsert Pod c 13'])
    expect(versions(seen)).toEqual(['10', '11'])
    expect(lists(seen)).toBe(1)
  })

  it('resumes after the last bookmark when the server ends the watch', async () => {
    const { transport, seen } = await stage(
      [list('10')],
      [{ chunks: pieces(bookmark('40')) }, { chunks: open(line('ADDED', pod('a', '41'))) }],
    )
    expect(await follow(transport, 2)).toEqual(['synced ', 'upsert Pod a 41'])
    expect(versions(seen)).toEqual(['10', '40'])
  })

  it('lists again when the server forgot the place, told by an event or by the status', async () => {
    const { transport, seen } = await stage(
      [list('10', pod('a', '5')), list('50', pod('b', '45')), list('70', pod('c', '65'))],
      [
        { chunks: pieces(line('ERROR', expired)) },
        statusReply(410, 'Expired'),
        { chunks: open(line('ADDED', pod('d', '71'))) },
      ],
    )
    expect(await follow(transport, 4)).toEqual(['synced a', 'synced b', 'synced c', 'upsert Pod d 71'])
    expect(versions(seen)).toEqual(['10', '50', '70'])
  })

  it('is a gap while the list fails, says why once, and recovers', async () => {
    const forbidden = statusReply(403, 'Forbidden')
    const { transport } = await stage(
      [forbidden, forbidden, statusReply(404, 'NotFound'), list('10')],
      [{ chunks: open() }],
    )
    expect(await follow(transport, 4)).toEqual(['gap forbidden', 'gap not-found', 'synced ', 'recovered'])
  })

  it('is a gap while the watch cannot be opened again, and goes on at the same place', async () => {
    const { transport, seen } = await stage(
      [list('10')],
      [
        { chunks: pieces(line('ADDED', pod('a', '11'))), reset: true },
        statusReply(503, 'ServiceUnavailable'),
        statusReply(503, 'ServiceUnavailable'),
        { chunks: open(line('ADDED', pod('b', '12'))) },
      ],
    )
    expect(await follow(transport, 5)).toEqual([
      'synced ',
      'upsert Pod a 11',
      'gap unreachable',
      'recovered',
      'upsert Pod b 12',
    ])
    expect(versions(seen)).toEqual(['10', '11', '11', '11'])
    expect(lists(seen)).toBe(1)
  })

  it('lists again after a line that cannot be read came again and again', async () => {
    const broken = () => ({ chunks: pieces('{"type":"ADDED","object":{"oops\n') })
    const { transport, seen } = await stage(
      [list('10'), list('20', pod('a', '15'))],
      [broken(), broken(), broken(), broken(), { chunks: open() }],
    )
    expect(await follow(transport, 4)).toEqual(['synced ', 'gap unreachable', 'synced a', 'recovered'])
    expect(versions(seen).slice(0, 4)).toEqual(['10', '10', '10', '10'])
  })

  it('does not hammer a server that ends every watch at once, and calls it a gap', async () => {
    const { transport, seen } = await stage([list('10'), { silent: true }], [{ chunks: pieces() }])
    expect(await follow(transport, 2)).toEqual(['synced ', 'gap unreachable'])
    const pace = transport.pace as ReturnType<typeof testPace> // The stage opened it with this pace.
    expect(pace.clock.sleeps.slice(0, 3)).toEqual([375, 750, 1500])
    expect(versions(seen)).toHaveLength(4)
  })

  it('waits as long as the server asks before the next try', async () => {
    const busy = statusReply(429, 'TooManyRequests', {}, { 'retry-after': '50' })
    const { transport } = await stage([list('10')], [busy, { chunks: open(line('ADDED', pod('a', '11'))) }])
    expect(await follow(transport, 4)).toEqual(['synced ', 'gap unreachable', 'recovered', 'upsert Pod a 11'])
    const pace = transport.pace as ReturnType<typeof testPace> // The stage opened it with this pace.
    expect(pace.clock.sleeps).toEqual([50_000])
  })

  it('gives up a connection on which nothing comes any more', async () => {
    const { transport, seen } = await stage(
      [list('10')],
      [{ chunks: open(line('ADDED', pod('a', '11'))) }, { chunks: open(line('ADDED', pod('b', '12'))) }],
    )
    expect(await follow(transport, 3, { silenceMs: 60 })).toEqual(['synced ', 'upsert Pod a 11', 'upsert Pod b 12'])
    expect(versions(seen)).toEqual(['10', '11'])
  })

  it('hands out nothing any more once it is stopped, and leaves no connection behind', async () => {
    const { transport, seen } = await stage(
      [list('10')],
      [{ chunks: open(line('ADDED', pod('a', '11')) + line('ADDED', pod('b', '12'))) }],
    )
    expect(await follow(transport, 2)).toEqual(['synced ', 'upsert Pod a 11'])
    expect(versions(seen)).toEqual(['10'])
  })

  it('asks for metadata only, and passes selectors and namespace on', async () => {
    const { transport, seen } = await stage(
      [list('10')],
      [{ chunks: open(line('ADDED', { kind: 'PartialObjectMetadata', ...pod('a', '11') })) }],
    )
    const more = { namespace: 'shop', labelSelector: 'a=b', fieldSelector: 'metadata.name=a', metadataOnly: true }
    expect(await follow(transport, 2, more)).toEqual(['synced ', 'upsert Pod a 11'])
    for (const { path, query, headers } of seen) {
      expect(path).toBe('/api/v1/namespaces/shop/pods')
      expect(query.get('labelSelector')).toBe('a=b')
      expect(query.get('fieldSelector')).toBe('metadata.name=a')
      expect(headers.accept).toContain('as=PartialObjectMetadata')
    }
  })
})
