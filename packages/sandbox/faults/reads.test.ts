// Faults in what is read: pages, watches, groups, and a server that looks at the past.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { MASTERS } from '../access/user.ts'
import { openSandbox } from '../sandbox.ts'
import { type Answer, refusal } from '../testing/client.ts'
import { openTestClock } from '../testing/clock.ts'
import { type FaultyClient, openFaulty } from '../testing/faults.ts'
import { ruleOf } from './fault.ts'
import { withFaults } from './open.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

async function withMaps(client: FaultyClient, ...names: readonly string[]): Promise<FaultyClient> {
  for (const name of names) await client.behind.ask('POST', MAPS, { metadata: { name } })
  return client
}

function namesIn({ body }: Answer): readonly string[] {
  return (body.items as readonly KubeObject[]).map(({ metadata }) => metadata.name)
}

describe('a partial list', () => {
  const rules = [ruleOf({ kind: 'partial-list', items: 2 })]

  it('claims more, and then has forgotten where it was; the token of the refusal leads on', async () => {
    const { ask } = await withMaps(openFaulty(rules), 'a', 'b', 'c', 'd')
    const first = await ask('GET', `${MAPS}?limit=500`)
    expect(namesIn(first)).toEqual(['a', 'b'])
    const token = stringAt(first.body, 'metadata', 'continue')
    const second = await ask('GET', `${MAPS}?limit=500&continue=${token}`)
    expect(refusal(second)).toMatch(/^410 Expired: The provided continue parameter is too old to display/)
    const third = await ask('GET', `${MAPS}?limit=500&continue=${stringAt(second.body, 'metadata', 'continue')}`)
    expect(namesIn(third)).toEqual(['c', 'd'])
  })

  it('is whole where nobody asks for pages, or where one page holds it all', async () => {
    const { ask } = await withMaps(openFaulty(rules), 'a', 'b', 'c')
    expect(namesIn(await ask('GET', MAPS))).toEqual(['a', 'b', 'c'])
    const small = await withMaps(openFaulty(rules), 'a', 'b')
    expect((await small.ask('GET', `${MAPS}?limit=500`)).body.metadata).not.toHaveProperty('continue')
  })
})

describe('a watch', () => {
  it('expires after some events, with the error of the real server', async () => {
    const client = await withMaps(openFaulty([ruleOf({ kind: 'expired-watch', afterEvents: 1 })]), 'a', 'b')
    const watched = await client.watch(`${MAPS}?watch=1&resourceVersion=4`)
    const events = await watched.events()
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ERROR'])
    expect(events[1]?.object).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' })
    expect(watched.ended()).toBe(true)
  })

  it('falls silent after some events: no event, no bookmark, no end', async () => {
    const client = await withMaps(openFaulty([ruleOf({ kind: 'silent-watch', afterEvents: 1 })]), 'a')
    const watched = await client.watch(`${MAPS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=10`)
    expect((await watched.events()).map(({ type }) => type)).toEqual(['ADDED'])
    await withMaps(client, 'b')
    client.clock.advance(3_600_000)
    expect([await watched.events(), watched.ended()]).toEqual([[], false])
    watched.stop()
  })
})

describe('a group', () => {
  const groupsIn = (body: JsonObject): readonly unknown[] =>
    ((body.items ?? body.groups) as readonly JsonObject[]).map(
      (each) => stringAt(each, 'metadata', 'name') ?? each.name,
    )
  const AGGREGATED = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }

  it('that is absent is nowhere', async () => {
    const { ask } = openFaulty([ruleOf({ kind: 'absent-group', group: 'batch' })])
    for (const headers of [{}, AGGREGATED]) {
      const groups = groupsIn((await ask('GET', '/apis', undefined, headers)).body)
      expect(groups).toContain('apps')
      expect(groups).not.toContain('batch')
    }
    for (const path of ['/apis/batch', '/apis/batch/v1', '/apis/batch/v1/jobs']) {
      const { status, text } = await ask('GET', path)
      expect([status, text]).toEqual([404, '404 page not found\n'])
    }
    const schemas = Object.keys((await ask('GET', '/openapi/v3')).body.paths as JsonObject)
    expect(schemas.filter((path) => path.includes('batch'))).toEqual([])
    expect(schemas).toContain('apis/apps/v1')
    expect((await ask('GET', '/apis/apps/v1/deployments')).status).toBe(200)
  })

  it('whose server does not answer is known, stale, and 503', async () => {
    const { ask } = openFaulty([ruleOf({ kind: 'failing-group', group: 'batch' })])
    const { body } = await ask('GET', '/apis', undefined, AGGREGATED)
    const entry = (body.items as readonly JsonObject[]).find((each) => stringAt(each, 'metadata', 'name') === 'batch')
    expect(entry?.versions).toEqual([{ version: 'v1', freshness: 'Stale' }])
    expect(groupsIn((await ask('GET', '/apis')).body)).toContain('batch')
    expect((await ask('GET', '/apis/batch')).body).toMatchObject({ kind: 'APIGroup', name: 'batch' })
    for (const path of ['/apis/batch/v1', '/apis/batch/v1/jobs', '/apis/batch/v1/namespaces/x/jobs/y']) {
      const { status, text } = await ask('GET', path)
      expect([status, text]).toEqual([503, 'service unavailable\n'])
    }
  })

  it('changes the answer even for a client that has the old one already', async () => {
    const { ask, behind } = openFaulty([ruleOf({ kind: 'absent-group', group: 'batch' }, { after: 1 })])
    const etag = (await behind.ask('GET', '/apis', undefined, AGGREGATED)).header('etag') ?? ''
    const again = { ...AGGREGATED, 'if-none-match': etag }
    expect((await ask('GET', '/apis', undefined, again)).status).toBe(304)
    const changed = await ask('GET', '/apis', undefined, again)
    expect([changed.status, changed.header('etag')]).toEqual([200, null])
  })
})

describe('a stale server', () => {
  it('answers reads from the moment it was first asked, and writes from the present', async () => {
    const client = await withMaps(openFaulty([ruleOf({ kind: 'stale', reads: 'all' }, { times: 3 })]), 'a')
    expect(namesIn(await client.ask('GET', MAPS))).toEqual(['a'])
    expect((await client.ask('POST', MAPS, { metadata: { name: 'b' } })).status).toBe(201)
    expect((await client.ask('GET', `${MAPS}/b`)).status).toBe(404)
    expect(namesIn(await client.ask('GET', MAPS))).toEqual(['a'])
    expect(namesIn(await client.ask('GET', MAPS))).toEqual(['a', 'b'])
  })

  it('does not know versions that are not there yet', async () => {
    const client = openFaulty([ruleOf({ kind: 'stale', reads: 'all' })])
    await client.ask('GET', MAPS)
    const made = await client.ask('POST', MAPS, { metadata: { name: 'b' } })
    const version = stringAt(made.body, 'metadata', 'resourceVersion')
    expect(refusal(await client.ask('GET', `${MAPS}?resourceVersion=${version}`))).toContain(
      'Too large resource version',
    )
  })

  it('is so only for reads that allow it, where that is wanted', async () => {
    const client = openFaulty([ruleOf({ kind: 'stale', reads: 'cached' })])
    await client.ask('GET', `${MAPS}?resourceVersion=0`)
    await withMaps(client, 'a')
    expect(namesIn(await client.ask('GET', `${MAPS}?resourceVersion=0`))).toEqual([])
    expect(namesIn(await client.ask('GET', MAPS))).toEqual(['a'])
  })

  it('knows who asks by the connection, as the present one does', async () => {
    const sandbox = openSandbox({ clock: openTestClock(), seed: 'test', access: { users: [], sign: () => '' } })
    const fetch = withFaults(sandbox, { rules: [ruleOf({ kind: 'stale', reads: 'all' })], seed: 'test' })
    const request = new Request(`https://sandbox.example${MAPS}`)
    const answer = await fetch(request, { kind: 'certificate', name: 'ana', groups: [MASTERS] })
    expect(answer.status).toBe(200)
  })
})
