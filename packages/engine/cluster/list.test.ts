// Tests of listing and reading: whole or a fault, and absent only when the server says so.
import { describe, expect, it } from 'vitest'
import { getObject } from './get.ts'
import { type ListOptions, listObjects } from './list.ts'
import type { Resource } from './resource-path.ts'
import { type Reply, type Seen, statusReply } from './testing/fake-server.ts'
import { faultOf, stages } from './testing/stage.ts'

const stage = stages()
const pods: Resource = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', scope: 'namespaced' }
const everywhere: ListOptions = { namespace: null }

function page(names: readonly string[], next = '', more: Record<string, unknown> = {}): Reply {
  const items = names.map((name) => ({ metadata: { name, namespace: 'shop' } }))
  return { json: { kind: 'PodList', metadata: { resourceVersion: '7', continue: next }, items, ...more } }
}

const byToken = (replies: Readonly<Record<string, Reply>>) => (seen: Seen) =>
  replies[seen.query.has('limit') ? (seen.query.get('continue') ?? '') : 'whole'] ?? { status: 500 }

describe('listObjects', () => {
  it('joins the pages', async () => {
    const { transport, server } = await stage(
      byToken({ '': page(['a', 'b'], 't1'), t1: page(['c'], 't2'), t2: page(['d']) }),
    )
    const listed = await listObjects(transport, pods, everywhere)
    expect(listed.objects.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd'])
    expect(listed.resourceVersion).toBe('7')
    expect(server.seen.map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500'])
  })

  it('reads everything again at once when the server forgot the next page', async () => {
    const gone = statusReply(410, 'Expired')
    const { transport } = await stage(byToken({ '': page(['a'], 't1'), t1: gone, whole: page(['x', 'y']) }))
    const listed = await listObjects(transport, pods, everywhere)
    expect(listed.objects.map(({ metadata }) => metadata.name)).toEqual(['x', 'y'])
  })

  it('does not take for the whole what says that there is more', async () => {
    const gone = statusReply(410, 'Expired')
    const { transport } = await stage(byToken({ '': page(['a'], 't1'), t1: gone, whole: page(['a'], 't2') }))
    expect((await faultOf(listObjects(transport, pods, everywhere))).fault.kind).toBe('conflict')
  })

  it('fails as a whole when any page fails', async () => {
    const { transport } = await stage(byToken({ '': page(['a'], 't1'), t1: statusReply(403, 'Forbidden') }))
    expect((await faultOf(listObjects(transport, pods, everywhere))).fault.kind).toBe('forbidden')
  })

  it('takes null for no items, and refuses whatever is no list', async () => {
    const empty = await stage(() => page([], '', { items: null }))
    expect((await listObjects(empty.transport, pods, everywhere)).objects).toEqual([])
    const strange: readonly Reply[] = [
      { json: { kind: 'PodList', metadata: { resourceVersion: '1' } } },
      { json: { kind: 'PodList', metadata: {}, items: [] } },
      { json: {} },
      page([], '', { items: 'x' }),
      page([], '', { items: [{ metadata: {} }] }),
      page([], '', { items: [null] }),
      { text: '{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{"meta' },
    ]
    for (const reply of strange) {
      const { transport } = await stage(() => reply)
      const error = await faultOf(listObjects(transport, pods, everywhere))
      expect([reply, error.fault.kind]).toEqual([reply, expect.stringMatching(/unreachable|invalid-input/)])
    }
  })

  it('goes on after a page was interrupted', async () => {
    let turn = 0
    const { transport } = await stage(() => (turn++ === 0 ? { text: '{"kind":"PodList",', reset: true } : page(['a'])))
    expect((await listObjects(transport, pods, everywhere)).objects).toHaveLength(1)
    expect(transport.counts()).toEqual({ total: 2, byVerb: { list: 2 }, repeats: 1 })
  })
})

describe('getObject', () => {
  const shop = { namespace: 'shop', name: 'a' }
  const answered = async (reply: Reply) => getObject((await stage(() => reply)).transport, pods, shop)

  it('is null only when the server says that this object does not exist', async () => {
    expect(await answered(statusReply(404, 'NotFound', { details: { name: 'a', kind: 'pods' } }))).toBeNull()
    const others: readonly Reply[] = [
      statusReply(404, 'NotFound', { details: { name: 'b', kind: 'pods' } }),
      statusReply(404, 'NotFound', { details: { name: 'a', kind: 'namespaces' } }),
      statusReply(404, 'NotFound', { details: {} }),
      { status: 404, text: '404 page not found' },
      { status: 404, text: '<html>no such site</html>' },
    ]
    for (const reply of others) expect((await faultOf(answered(reply))).fault.kind).toBe('not-found')
  })

  it('escapes names in the path, and refuses those that would lead elsewhere', async () => {
    const { transport, server } = await stage(() => ({ json: { metadata: { name: 'x' } } }))
    await getObject(transport, pods, { namespace: 'shop', name: 'system:a?b' })
    expect(server.seen[0]?.path).toBe('/api/v1/namespaces/shop/pods/system%3Aa%3Fb')
    for (const name of ['', '.', '..', 'a/b', 'a%2Fb']) {
      expect((await faultOf(getObject(transport, pods, { namespace: 'shop', name }))).fault.kind).toBe('invalid-input')
      expect((await faultOf(getObject(transport, pods, { namespace: name, name: 'a' }))).fault.kind).toBe(
        'invalid-input',
      )
    }
    expect(server.seen).toHaveLength(1)
  })
})
