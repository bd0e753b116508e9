// When faults strike: by selectors, counts and chance; and what each does to requests.
import { describe, expect, it } from 'vitest'
import { refusal } from '../testing/client.ts'
import { START } from '../testing/clock.ts'
import { openFaulty } from '../testing/faults.ts'
import { ConnectionBroken } from './effect.ts'
import { type Fault, ruleOf } from './fault.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const down: Fault = { kind: 'refuse', status: 503, when: 'before', retryAfter: null, message: null }

/** The statuses of that many requests in a row. */
async function statuses(
  { ask }: ReturnType<typeof openFaulty>,
  count: number,
  method = 'GET',
  path = MAPS,
): Promise<readonly number[]> {
  const seen: number[] = []
  for (let index = 0; index < count; index++) seen.push((await ask(method, path)).status)
  return seen
}

describe('a rule', () => {
  it('strikes everything at once and for ever where nothing else is said', async () => {
    expect(await statuses(openFaulty([ruleOf(down)]), 3)).toEqual([503, 503, 503])
  })

  it('lets some requests pass first, and strikes only so often', async () => {
    const client = openFaulty([ruleOf(down, { after: 1, times: 2 })])
    expect(await statuses(client, 5)).toEqual([200, 503, 503, 200, 200])
    expect(client.strikes).toEqual([`0 GET ${MAPS}`, `0 GET ${MAPS}`])
  })

  it('strikes by chance, the same in every run of one seed and otherwise with another', async () => {
    const seen = (seed: string) => statuses(openFaulty([ruleOf(down, { probability: 0.5 })], seed), 40)
    const first = await seen('a')
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await seen('a')).toEqual(first)
    expect(await seen('b')).not.toEqual(first)
  })

  it('counts only requests that it means', async () => {
    const client = openFaulty([ruleOf(down, { match: { verbs: ['list'] }, after: 1 })])
    await statuses(client, 3, 'GET', `${MAPS}/a`)
    expect(await statuses(client, 2)).toEqual([200, 503])
  })

  it('stands before the rules behind it', async () => {
    const client = openFaulty([ruleOf(down, { times: 1 }), ruleOf({ ...down, status: 500 }, { times: 1 })])
    expect(await statuses(client, 3)).toEqual([503, 500, 200])
  })
})

describe('a selector', () => {
  const cases: readonly (readonly [string, Parameters<typeof ruleOf>[1], string, string, boolean])[] = [
    ['a verb', { match: { verbs: ['create'] } }, 'POST', MAPS, true],
    ['another verb', { match: { verbs: ['create'] } }, 'GET', MAPS, false],
    ['a watch', { match: { verbs: ['watch'] } }, 'GET', `${MAPS}?watch=1`, true],
    ['discovery', { match: { verbs: ['discover'] } }, 'GET', '/apis', true],
    ['a resource of the core', { match: { resources: ['configmaps'] } }, 'GET', `${MAPS}/a`, true],
    ['a resource of a group', { match: { resources: ['deployments.apps'] } }, 'GET', '/apis/apps/v1/deployments', true],
    [
      'the resource without its group',
      { match: { resources: ['deployments'] } },
      'GET',
      '/apis/apps/v1/deployments',
      false,
    ],
    ['a subresource', { match: { resources: ['pods/log'] } }, 'GET', '/api/v1/namespaces/x/pods/a/log', true],
    ['no subresource', { match: { resources: ['pods'] } }, 'GET', '/api/v1/namespaces/x/pods/a/log', false],
    ['any subresource', { match: { resources: ['pods/*'] } }, 'GET', '/api/v1/namespaces/x/pods/a/log', true],
    ['a namespace', { match: { namespaces: ['def*'] } }, 'GET', MAPS, true],
    ['a list of all namespaces', { match: { namespaces: ['default'] } }, 'GET', '/api/v1/configmaps', false],
    ['a name', { match: { names: ['a'] } }, 'GET', `${MAPS}/a`, true],
    ['a name that is only like it', { match: { names: ['a'] } }, 'GET', `${MAPS}/ab`, false],
    ['no discovery by resources', { match: { resources: ['*'] } }, 'GET', '/apis', false],
  ]
  for (const [what, more, method, path, strikes] of cases) {
    it(`${strikes ? 'means' : 'does not mean'} ${what}`, async () => {
      const client = openFaulty([ruleOf(down, more)])
      const { status } = await client.ask(method, path)
      expect(status === 503).toBe(strikes)
    })
  }

  it('means a user agent by its beginning', async () => {
    const { ask } = openFaulty([ruleOf(down, { match: { userAgents: ['kubectl/*'] } })])
    expect((await ask('GET', MAPS, undefined, { 'user-agent': 'kubectl/v1.36.3 (linux)' })).status).toBe(503)
    expect((await ask('GET', MAPS, undefined, { 'user-agent': 'mainstay/0.1.0' })).status).toBe(200)
  })
})

describe('refusals', () => {
  const refused = async (fault: Partial<Extract<Fault, { kind: 'refuse' }>>) =>
    openFaulty([ruleOf({ ...down, ...fault } as Fault)]).ask('GET', MAPS)

  it('speak as the real server does', async () => {
    expect(refusal(await refused({ status: 500 }))).toBe(
      '500 InternalError: Internal error occurred: etcdserver: request timed out',
    )
    expect(refusal(await refused({ status: 503 }))).toBe(
      '503 ServiceUnavailable: the server is currently unable to handle the request',
    )
    expect(refusal(await refused({ status: 504 }))).toMatch(/^504 Timeout: Timeout: request did not complete/)
    const busy = await refused({ status: 429, retryAfter: 3 })
    expect([busy.status, busy.text, busy.header('retry-after')]).toEqual([
      429,
      'Too many requests, please try again later.\n',
      '3',
    ])
  })

  it('may say something else', async () => {
    expect((await refused({ status: 500, message: 'no space' })).body.message).toBe('Internal error occurred: no space')
  })

  it('come before or after the request was carried out', async () => {
    for (const when of ['before', 'after'] as const) {
      const client = openFaulty([ruleOf({ ...down, status: 504, when }, { times: 1 })])
      expect((await client.ask('POST', MAPS, { metadata: { name: 'a' } })).status).toBe(504)
      expect((await client.ask('GET', `${MAPS}/a`)).status).toBe(when === 'after' ? 200 : 404)
    }
  })

  it('by Roles name who, what and where', async () => {
    const { ask } = openFaulty([ruleOf({ kind: 'forbidden', user: 'ana' }, { match: { resources: ['configmaps'] } })])
    expect(refusal(await ask('GET', `${MAPS}/a`))).toBe(
      '403 Forbidden: configmaps "a" is forbidden: User "ana" cannot get resource "configmaps" in API group "" in the namespace "default"',
    )
    expect((await ask('GET', '/api/v1/secrets')).status).toBe(200)
  })
})

describe('connections', () => {
  it('break before or after the request was carried out', async () => {
    for (const when of ['before', 'after'] as const) {
      const client = openFaulty([ruleOf({ kind: 'drop', when }, { times: 1 })])
      await expect(client.ask('POST', MAPS, { metadata: { name: 'a' } })).rejects.toThrow(ConnectionBroken)
      expect((await client.ask('GET', `${MAPS}/a`)).status).toBe(when === 'after' ? 200 : 404)
    }
  })

  it('break in the middle of an answer', async () => {
    const { sandbox } = openFaulty([ruleOf({ kind: 'half-sent' })])
    const response = await sandbox.fetch(new Request(`https://sandbox.example${MAPS}`))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toMatch(/^\{"kind":"ConfigMapList".*[^}]$/)
    await expect(reader?.read()).rejects.toThrow('in the middle of the answer')
  })

  it('break in the middle of an event', async () => {
    const { sandbox, behind } = openFaulty([ruleOf({ kind: 'half-sent' })])
    await behind.ask('POST', MAPS, { metadata: { name: 'a' } })
    const response = await sandbox.fetch(new Request(`https://sandbox.example${MAPS}?watch=1`))
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"type":"ADDED".*[^\n]$/)
    await expect(reader?.read()).rejects.toThrow(ConnectionBroken)
  })

  it('are slow, on the clock of the sandbox', async () => {
    const { ask, clock } = openFaulty([ruleOf({ kind: 'latency', ms: 100, jitterMs: 0 })])
    let answered = false
    const asked = ask('GET', MAPS).then(() => {
      answered = true
    })
    clock.advance(99)
    await Promise.resolve()
    expect(answered).toBe(false)
    clock.advance(1)
    await asked
  })

  it('that nobody waits on any more leave no timer behind', async () => {
    const { sandbox, clock } = openFaulty([ruleOf({ kind: 'latency', ms: 100, jitterMs: 0 })])
    const gone = new AbortController()
    const asked = sandbox.fetch(new Request(`https://sandbox.example${MAPS}`, { signal: gone.signal }))
    gone.abort()
    await expect(asked).rejects.toThrow(ConnectionBroken)
    clock.advance(200)
  })
})

describe('clocks', () => {
  it('jump, and stay so', async () => {
    const { ask, clock } = openFaulty([ruleOf({ kind: 'clock-jump', ms: -3_600_000 }, { times: 1 })])
    const made = async (name: string): Promise<unknown> =>
      ((await ask('POST', MAPS, { metadata: { name } })).body.metadata as { creationTimestamp: string })
        .creationTimestamp
    expect(new Date(START).toISOString()).toBe('2026-01-01T12:00:00.000Z')
    expect(await made('a')).toBe('2026-01-01T11:00:00Z')
    clock.advance(1000)
    expect(await made('b')).toBe('2026-01-01T11:00:01Z')
  })
})
