// Who may do what, and in which words they are refused: the sandbox and the real API server, one beside the other.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { accountOf, tokenUsers } from '../../../test/cluster/users.ts'
import { openSandbox } from '../sandbox.ts'
import { openTestClock } from '../testing/clock.ts'
import {
  type Question,
  questions,
  questionsAfter,
  questionsGrants,
  setUp,
  setUpGrants,
  setUpMissing,
} from './testing/cases.ts'

/** An answer with its status. */
interface Told {
  readonly status: number
  readonly body: Json
}

type Ask = (question: Question) => Promise<Told>

/** The real server takes in roles and bindings a moment after it has answered. */
const settleMs = 10_000

describeRealCluster('access', (cluster) => {
  let namespace: string
  let real: Ask
  let sandbox: Ask
  const agents: Agent[] = []

  beforeAll(async () => {
    const shared = await cluster()
    namespace = await shared.namespace('access')
    const agent = new Agent({ connect: { ca: shared.authority.certificate } })
    agents.push(agent)
    const memory = sandboxFor(shared)
    real = await asking(shared, namespace, (path, init) =>
      fetch(`${shared.url}${path}`, { ...init, dispatcher: agent }),
    )
    sandbox = await asking(shared, namespace, (path, init) => memory.fetch(new Request(`${shared.url}${path}`, init)))
  })
  afterAll(async () => {
    for (const agent of agents) await agent.destroy()
  })

  it.each(questions.map((each) => [nameOf(each), each] as const))('%s', async (_name, question) => {
    await alike(question)
  })

  it('tells of bindings to roles that are not there', async () => {
    for (const each of setUpMissing) for (const ask of [real, sandbox]) expect((await ask(each)).status).toBe(201)
    for (const question of questionsAfter) await alike(question)
  })

  it('lets nobody give away more than they have', async () => {
    for (const each of setUpGrants) for (const ask of [real, sandbox]) expect((await ask(each)).status).toBe(201)
    const held = { by: 'carol', path: '/api/v1/namespaces/NS/pods' } as const
    await alike(held)
    const differ: Json[] = []
    for (const question of questionsGrants) {
      const [told, expected] = [await real(question), await sandbox(question)]
      if (!sameText(told, expected)) differ.push([nameOf(question), { real: told.body, sandbox: expected.body }])
    }
    expect(differ).toEqual([])
  })

  async function alike(question: Question): Promise<void> {
    const expected = await sandbox(question)
    const deadline = performance.now() + settleMs
    let told = await real(question)
    while (!sameText(told, expected) && performance.now() < deadline) told = await real(question)
    expect(expected).toEqual(told)
  }
})

function sandboxFor({ tokens }: SharedCluster): ReturnType<typeof openSandbox> {
  const users = tokenUsers.map((user) => ({ token: tokens[user], ...accountOf(user) }))
  return openSandbox({ clock: openTestClock(), seed: 1, access: { users, sign: (text) => `signed-${text.length}` } })
}

type Send = (
  path: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ readonly status: number; readonly text: () => Promise<string> }>

/** Asks one of them, with the namespace set up. */
async function asking({ tokens }: SharedCluster, namespace: string, send: Send): Promise<Ask> {
  let robot = ''
  const here = (text: string): string => text.replaceAll('NS', namespace)
  const ask: Ask = async ({ by, method = 'GET', path, body, headers = {} }) => {
    const token = by === null ? null : by === 'account' ? robot : by === 'stranger' ? 'nobody-has-this' : tokens[by]
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const answer = await send(here(path), {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        'content-type': type,
        'user-agent': 'differential/1',
        accept: 'application/json',
        ...Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, here(value)])),
      },
      ...(body === undefined ? {} : { body: here(JSON.stringify(body)) }),
    })
    return { status: answer.status, body: normal(await answer.text(), namespace) }
  }
  // The sandbox has no such namespace yet; the real one has.
  const made = await ask({
    by: 'admin',
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: 'NS' } },
  })
  if (made.status !== 201 && made.status !== 409) throw new Error(`the namespace: ${made.status}`)
  for (const each of setUp) {
    const { status, body } = await ask(each)
    if (status !== 201) throw new Error(`${each.path}: ${JSON.stringify(body)}`)
  }
  robot = await tokenFor(send, here, tokens.admin)
  return ask
}

async function tokenFor(send: Send, here: (text: string) => string, admin: string): Promise<string> {
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const path = here('/api/v1/namespaces/NS/serviceaccounts/robot/token')
  const made = await send(path, { method: 'POST', headers, body: '{}' })
  const { status } = JSON.parse(await made.text()) as { readonly status: { readonly token: string } } // A TokenRequest.
  return status.token
}

function nameOf({ by, method = 'GET', path, body, headers }: Question): string {
  const more = [body, headers].filter((each) => each !== undefined).map((each) => JSON.stringify(each))
  return [by ?? 'somebody without a name', method, path, ...more].join(' ')
}

/** What differs from server to server and from run to run is not compared; lists of rules have no order. */
function normal(text: string, namespace: string): Json {
  const parsed = parse(text.replaceAll(namespace, 'NS'))
  return isObject(parsed) ? pruned(parsed) : parsed
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json // Whatever it is, it is JSON.
  } catch {
    return text
  }
}

const UNLIKE = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields'])
const CREDENTIAL = 'authentication.kubernetes.io/credential-id'

function pruned(value: JsonObject): JsonObject {
  const entries = Object.entries(value).filter(([key]) => !UNLIKE.has(key))
  return Object.fromEntries(
    entries.map(([key, field]) => {
      if (key === CREDENTIAL) return [key, 'some credential']
      if (key.endsWith('Rules') && isList(field)) return [key, field.map((each) => JSON.stringify(sorted(each))).sort()]
      if (key === 'groups' && isList(field) && field.some(isObject)) return [key, 'the groups that are served']
      if (isList(field)) return [key, field.map((each) => (isObject(each) ? pruned(each) : each))]
      return [key, isObject(field) ? pruned(field) : field]
    }),
  )
}

function sorted(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function sameText(a: Told, b: Told): boolean {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}
