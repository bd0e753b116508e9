// Tests of the cache: nothing is asked twice, and what is not followed is not known.
import { findLive } from '@mainstay/core/live/live.ts'
import type { KindInfo, KindTable } from '@mainstay/core/object/kinds.ts'
import { kindKey } from '@mainstay/core/object/ref.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { type CacheScope, type ClusterCache, openCache } from './cache.ts'
import { type Reply, type Seen, statusReply, until } from './testing/fake-server.ts'
import { faultOf, stages } from './testing/stage.ts'
import type { Transport } from './transport.ts'

const stage = stages()
const caches: ClusterCache[] = []
afterEach(async () => {
  for (const cache of caches.splice(0)) await cache.close()
})

function info(kind: string, scope: KindInfo['scope'] = 'namespaced'): KindInfo {
  return { group: '', kind, scope, resource: `${kind.toLowerCase()}s`, versions: ['v1'], verbs: ['list', 'watch'] }
}

function table(...kinds: readonly KindInfo[]): KindTable {
  return {
    kinds: new Map(kinds.map((kind) => [kindKey(kind), kind])),
    failedGroups: new Map([['broken.io', 'no answer']]),
  }
}

const known = table(info('Pod'), info('Secret'), info('Node', 'cluster'))

function cacheOf(
  transport: Transport,
  kinds: (fresh: boolean) => Promise<KindTable> = async () => known,
): ClusterCache {
  const cache = openCache(transport, ({ fresh }) => kinds(fresh))
  caches.push(cache)
  return cache
}

const scope = (kind: string, more: Partial<CacheScope> = {}): CacheScope => ({
  group: '',
  kind,
  namespace: null,
  detail: 'full',
  ...more,
})
const ref = (kind: string, name: string) => ({ group: '', kind, namespace: 'shop', name })

function list(...names: readonly string[]): Reply {
  const items = names.map((name) => ({ metadata: { name, namespace: 'shop', resourceVersion: '5' } }))
  return { json: { metadata: { resourceVersion: '10' }, items } }
}

function event(type: string, name: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: { metadata: { name, namespace: 'shop', resourceVersion } } })}\n`
}

/** A watch that a test feeds by hand. */
function feed() {
  let wake: () => void = () => undefined
  const lines: string[] = []
  const push = (line: string): void => {
    lines.push(line)
    wake()
  }
  async function* chunks(): AsyncGenerator<string> {
    for (;;) {
      while (lines.length > 0) yield lines.shift() ?? ''
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { push, chunks }
}

const idle = async function* () {
  yield ''
  await new Promise(() => undefined)
}
const isWatch = ({ query }: Seen) => query.has('watch')

describe('openCache', () => {
  it('lists and watches each scope once, and asks nothing when it is read', async () => {
    const { transport, server } = await stage((seen) => (isWatch(seen) ? { chunks: idle() } : list('a', 'b')))
    const cache = cacheOf(transport)
    cache.choose([scope('Pod'), scope('Pod', { namespace: 'shop' }), scope('Secret', { namespace: 'shop' })])
    await cache.settled()
    await until(() => server.seen.length === 4, 'two lists and two watches')
    cache.choose([scope('Pod'), scope('Secret', { namespace: 'shop' })])
    await cache.settled()
    for (let times = 0; times < 100; times += 1) expect(cache.live().objects.size).toBe(4)
    expect(cache.live()).toBe(cache.live())
    expect(cache.live().seen).toEqual([
      { group: '', kind: 'Pod', namespace: null },
      { group: '', kind: 'Secret', namespace: 'shop' },
    ])
    expect(server.seen).toHaveLength(4)
    expect(transport.counts().byVerb).toEqual({ list: 2, watch: 2 })
  })

  it('follows changes and tells who listens', async () => {
    const fed = feed()
    const { transport } = await stage((seen) => (isWatch(seen) ? { chunks: fed.chunks() } : list('a')))
    const cache = cacheOf(transport)
    const changes: string[] = []
    const stop = cache.subscribe(({ kind, keys }) => changes.push(`${kind} ${keys.join(' ')}`))
    cache.choose([scope('Pod')])
    await cache.settled()
    const before = cache.live()
    fed.push(event('ADDED', 'b', '11'))
    fed.push(event('DELETED', 'a', '12'))
    await until(() => changes.length === 3, 'three changes')
    expect(changes).toEqual(['whole ', 'content /Pod/shop/b', 'content /Pod/shop/a'])
    expect(findLive(cache.live(), ref('Pod', 'a'))).toEqual({ kind: 'absent' })
    expect(findLive(cache.live(), ref('Pod', 'b'))).toMatchObject({ kind: 'present' })
    // A view that somebody holds does not change under their hands.
    expect([...before.objects.keys()]).toEqual(['/Pod/shop/a'])
    stop()
    fed.push(event('ADDED', 'c', '13'))
    await until(() => cache.live().objects.size === 2, 'another pod')
    expect(changes).toHaveLength(3)
  })

  it('knows nothing of a kind that cannot be listed, and everything of the others', async () => {
    const { transport } = await stage((seen) => {
      if (isWatch(seen)) return { chunks: idle() }
      return seen.path.endsWith('secrets') ? statusReply(403, 'Forbidden') : list('a')
    })
    const cache = cacheOf(transport)
    cache.choose([scope('Pod'), scope('Secret'), scope('Thing', { group: 'broken.io' })])
    expect(cache.live().gaps).toHaveLength(3)
    expect(findLive(cache.live(), ref('Pod', 'a'))).toEqual({ kind: 'unseen', reason: 'not read yet' })
    await cache.settled()
    expect(findLive(cache.live(), ref('Pod', 'a'))).toMatchObject({ kind: 'present' })
    expect(findLive(cache.live(), ref('Secret', 'a'))).toEqual({ kind: 'unseen', reason: 'Forbidden it is' })
    expect(findLive(cache.live(), { ...ref('Thing', 'a'), group: 'broken.io' })).toEqual({
      kind: 'unseen',
      reason: 'no answer',
    })
  })

  it('forgets what it knew while it cannot follow, and knows it again afterwards', async () => {
    let broken = true
    let watches = 0
    const { transport } = await stage((seen) => {
      if (!isWatch(seen)) return list('a')
      watches += 1
      if (watches === 1) return { text: event('ADDED', 'b', '11'), reset: true }
      return broken ? statusReply(503, 'ServiceUnavailable') : { chunks: idle() }
    })
    const cache = cacheOf(transport)
    const views: string[] = []
    cache.subscribe(() => views.push(`${cache.live().objects.size} ${cache.live().gaps.length}`))
    cache.choose([scope('Pod')])
    await until(() => cache.live().gaps[0]?.reason === 'ServiceUnavailable it is', 'the gap')
    expect(findLive(cache.live(), ref('Pod', 'a'))).toMatchObject({ kind: 'unseen' })
    broken = false
    await until(() => cache.live().objects.size === 2, 'both pods again')
    expect(views).toEqual(['1 0', '2 0', '0 1', '2 0'])
  })

  it('never shows a collection as empty between a gap and its content', async () => {
    let turn = 0
    const { transport } = await stage((seen) => {
      if (isWatch(seen)) return { chunks: idle() }
      return turn++ < 2 ? statusReply(500, 'InternalError') : list('a')
    })
    const cache = cacheOf(transport)
    const answers = new Set<string>()
    cache.subscribe(() => answers.add(findLive(cache.live(), ref('Pod', 'a')).kind))
    cache.choose([scope('Pod')])
    await until(() => answers.has('present'), 'the pod')
    expect([...answers]).toEqual(['unseen', 'present'])
  })

  it('takes a kind that is not served as having no objects, and notices when it comes and goes', async () => {
    let served = false
    let deleted = false
    const { transport } = await stage((seen) => {
      if (deleted) return { status: 404, text: '404 page not found' }
      return isWatch(seen) ? { text: event('ADDED', 'b', '11') } : list('a')
    })
    const crd = table(info('Thing'))
    const cache = cacheOf(transport, async () => (served ? crd : table()))
    cache.choose([scope('Thing')])
    await cache.settled()
    expect(findLive(cache.live(), ref('Thing', 'a'))).toEqual({ kind: 'absent' })
    served = true
    await until(() => cache.live().objects.size === 2, 'its objects')
    served = false
    deleted = true
    await until(() => findLive(cache.live(), ref('Thing', 'a')).kind === 'absent', 'the kind is gone')
  })

  it('keeps metadata apart from whole objects', async () => {
    const { transport, server } = await stage((seen) => (isWatch(seen) ? { chunks: idle() } : list('a')))
    const cache = cacheOf(transport)
    cache.choose([scope('Pod', { namespace: 'shop' }), scope('Pod', { detail: 'metadata' })])
    await cache.settled()
    expect(cache.live().seen).toEqual([{ group: '', kind: 'Pod', namespace: 'shop' }])
    expect(cache.metadata().seen).toEqual([{ group: '', kind: 'Pod', namespace: null }])
    const accepts = server.seen.filter((seen) => !isWatch(seen)).map(({ headers }) => headers.accept)
    expect(accepts.filter((accept) => String(accept).includes('PartialObjectMetadataList'))).toHaveLength(1)
  })

  it('drops what is not chosen any more, and ends waiting when cancelled', async () => {
    const { transport } = await stage((seen) =>
      seen.path.endsWith('pods') ? { silent: true } : isWatch(seen) ? { chunks: idle() } : list('a'),
    )
    const cache = cacheOf(transport)
    cache.choose([scope('Secret')])
    await cache.settled()
    cache.choose([scope('Pod')])
    expect(cache.live().objects.size).toBe(0)
    expect(findLive(cache.live(), ref('Secret', 'a'))).toMatchObject({ kind: 'unseen' })
    expect((await faultOf(cache.settled(AbortSignal.timeout(20)))).fault.kind).toBe('cancelled')
  })
})
