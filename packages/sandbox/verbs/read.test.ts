// Lists in pages and at versions, and watches.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { type Client, openClient, refusal } from '../testing/client.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

async function withMaps(...names: readonly string[]): Promise<Client> {
  const client = openClient()
  for (const name of names) await client.ask('POST', MAPS, { metadata: { name, labels: { is: name } } })
  return client
}

const namesIn = ({ items }: JsonObject): readonly string[] =>
  (items as readonly { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)

const told = (events: readonly JsonObject[]): readonly string[] =>
  events.map(({ type, object }) => `${String(type)} ${(object as { metadata: { name?: string } }).metadata.name ?? ''}`)

describe('list', () => {
  it('comes in pages of one moment', async () => {
    const { ask } = await withMaps('a', 'b', 'c')
    const first = await ask('GET', `${MAPS}?limit=2`)
    const metadata = first.body.metadata as { continue: string; remainingItemCount: number; resourceVersion: string }
    expect([namesIn(first.body), metadata.remainingItemCount]).toEqual([['a', 'b'], 1])
    await ask('POST', MAPS, { metadata: { name: 'd' } })
    const second = await ask('GET', `${MAPS}?limit=2&continue=${metadata.continue}`)
    expect(namesIn(second.body)).toEqual(['c'])
    expect((second.body.metadata as JsonObject).resourceVersion).toBe(metadata.resourceVersion)
  })

  it('says that a page is too old, with a token that goes on in the present', async () => {
    const { ask, sandbox } = await withMaps('a', 'b', 'c')
    const first = await ask('GET', `${MAPS}?limit=1`)
    await ask('POST', MAPS, { metadata: { name: 'd' } })
    sandbox.world.compact(sandbox.world.revision())
    const token = (first.body.metadata as { continue: string }).continue
    const late = await ask('GET', `${MAPS}?limit=1&continue=${token}`)
    expect([late.status, late.body.reason]).toEqual([410, 'Expired'])
    const next = (late.body.metadata as { continue: string }).continue
    expect(namesIn((await ask('GET', `${MAPS}?continue=${next}`)).body)).toEqual(['b', 'c', 'd'])
  })

  it('shows how it was at a version, or says why not', async () => {
    const { ask, sandbox } = await withMaps('a')
    const at = sandbox.world.revision()
    await ask('POST', MAPS, { metadata: { name: 'b' } })
    const exact = `${MAPS}?resourceVersion=${at}&resourceVersionMatch=Exact`
    expect(namesIn((await ask('GET', exact)).body)).toEqual(['a'])
    sandbox.world.compact(at + 1)
    expect((await ask('GET', exact)).status).toBe(410)
    const early = await ask('GET', `${MAPS}?resourceVersion=999`)
    expect([refusal(early), early.header('retry-after')]).toEqual([
      `504 Timeout: Timeout: Too large resource version: 999, current: ${at + 1}`,
      '1',
    ])
  })

  it('comes as a table, or as metadata', async () => {
    const { ask } = await withMaps('a')
    const table = await ask('GET', `${MAPS}/a`, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
    expect(table.body).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['a', 0, '0s'], object: { kind: 'PartialObjectMetadata' } }],
    })
    const list = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }
    expect((await ask('GET', MAPS, undefined, list)).body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ metadata: { name: 'a' } }],
    })
    expect((await ask('GET', `${MAPS}/a`, undefined, list)).status).toBe(406)
  })
})

describe('watch', () => {
  it('tells what is there and what happens, by selector', async () => {
    const { ask, watch } = await withMaps('a', 'b')
    const seen = await watch(`${MAPS}?watch=true&labelSelector=is%3Da`)
    expect(told(await seen.events())).toEqual(['ADDED a'])
    const merge = { 'content-type': 'application/merge-patch+json' }
    await ask('PATCH', `${MAPS}/b`, { metadata: { labels: { is: 'a' } } }, merge)
    await ask('PATCH', `${MAPS}/b`, { data: { x: '1' } }, merge)
    await ask('PATCH', `${MAPS}/b`, { metadata: { labels: { is: 'b' } } }, merge)
    await ask('DELETE', `${MAPS}/a`)
    expect(told(await seen.events())).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b', 'DELETED a'])
    seen.stop()
  })

  it('replays from a version, and says with an event that one is forgotten', async () => {
    const { ask, sandbox, watch } = await withMaps('a')
    const from = sandbox.world.revision()
    await ask('POST', MAPS, { metadata: { name: 'b' } })
    const seen = await watch(`${MAPS}?watch=true&resourceVersion=${from}`)
    expect(told(await seen.events())).toEqual(['ADDED b'])
    seen.stop()
    sandbox.world.compact(from + 1)
    const late = await watch(`${MAPS}?watch=true&resourceVersion=${from}`)
    expect((await late.events())[0]).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
    expect(late.ended()).toBe(true)
  })

  it('marks the end of the initial events, and where it stands every minute', async () => {
    const { clock, watch } = await withMaps('a')
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const seen = await watch(`${MAPS}?${query}`)
    const [added, end] = await seen.events()
    expect(added?.type).toBe('ADDED')
    expect(end).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
    clock.advance(60_000)
    expect(told(await seen.events())).toEqual(['BOOKMARK '])
    seen.stop()
  })

  it('ends when its time is over', async () => {
    const { clock, watch } = await withMaps()
    const seen = await watch(`${MAPS}?watch=true&timeoutSeconds=5`)
    clock.advance(4999)
    await seen.events()
    expect(seen.ended()).toBe(false)
    clock.advance(1)
    await seen.events()
    expect(seen.ended()).toBe(true)
  })

  it('shows the columns of a table once', async () => {
    const { ask, watch } = await withMaps('a')
    const seen = await watch(`${MAPS}?watch=true`, 'application/json;as=Table;v=v1;g=meta.k8s.io')
    await ask('POST', MAPS, { metadata: { name: 'b' } })
    const [first, second] = await seen.events()
    expect(first).toMatchObject({
      object: { columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }] },
    })
    expect(second).toMatchObject({ object: { columnDefinitions: null, rows: [{ cells: ['b', 0, '0s'] }] } })
    seen.stop()
  })
})
