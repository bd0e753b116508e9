// The gate of a sandbox by itself: certificates, tokens and their end, what is written down, and roles that are sums.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { digest } from '../discovery/digest.ts'
import { openSandbox, type Sandbox } from '../sandbox.ts'
import { openTestClock, type TestClock } from '../testing/clock.ts'
import { tokenOf } from '../verbs/token.ts'
import type { AuditEvent } from './audit.ts'
import { claimsIn, type Peer } from './authenticate.ts'
import { aggregation } from './roles.ts'

const ADMIN = { token: 'root', name: 'admin', groups: ['system:masters'] }
const EVE = { token: 'eve', name: 'eve', groups: [] }
const WHO = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const MAPS = '/api/v1/namespaces/default/configmaps'

/** No proof against anybody but a test. */
const sign = (text: string): string => `signed-${digest(text)}`

let clock: TestClock
let sandbox: Sandbox
let log: AuditEvent[]

beforeEach(() => {
  clock = openTestClock()
  log = []
  const access = { users: [ADMIN, EVE], sign, audit: (event: AuditEvent) => void log.push(event) }
  sandbox = openSandbox({ clock, seed: 1, controllers: [aggregation], access })
})

async function ask(
  token: string | null,
  path: string,
  body?: JsonObject,
  peer?: Peer,
): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const request = new Request(`https://sandbox.example${path}`, {
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  const answer = await sandbox.fetch(request, peer)
  return { status: answer.status, body: (await answer.json()) as JsonObject } // Every answer here is an object.
}

describe('who asks', () => {
  it('is told by a certificate, and by nothing else where that is refused', async () => {
    const dora: Peer = { kind: 'certificate', name: 'dora', groups: ['ops'] }
    const known = await ask(null, WHO, {}, dora)
    expect(valueAt(known.body, 'status', 'userInfo')).toEqual({
      username: 'dora',
      groups: ['ops', 'system:authenticated'],
    })
    expect((await ask(null, WHO, {}, { kind: 'refused' })).status).toBe(401)
    expect((await ask('root', WHO, {}, { kind: 'refused' })).status).toBe(201)
  })

  it('may be a ServiceAccount, as long as its token and it itself last', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    await ask('root', accounts, { metadata: { name: 'robot' } })
    const made = await ask('root', `${accounts}/robot/token`, { spec: { expirationSeconds: 600 } })
    const token = stringAt(made.body, 'status', 'token') ?? ''
    const robot = await ask(token, WHO, {})
    expect(stringAt(robot.body, 'status', 'userInfo', 'username')).toBe('system:serviceaccount:default:robot')
    expect((await ask(`${token}x`.replace('.', '.x'), WHO, {})).status).toBe(401)
    sandbox = sandbox.fork()
    expect((await ask(token, WHO, {})).status).toBe(201)
    clock.advance(600_000)
    expect((await ask(token, WHO, {})).status).toBe(401)
  })

  it('is no ServiceAccount by a token that says so, and that the sandbox has not signed', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    await ask('root', accounts, { metadata: { name: 'robot' } })
    const made = await ask('root', `${accounts}/robot/token`, {})
    const claims = claimsIn(stringAt(made.body, 'status', 'token') ?? '') as JsonObject // What was just made is one.
    for (const other of [undefined, () => '', () => 'signed-by-eve']) {
      expect((await ask(tokenOf(claims, other), WHO, {})).status).toBe(401)
    }
    expect((await ask(tokenOf(claims, sign), WHO, {})).status).toBe(201)
  })
})

describe('who may list one object by its name', () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'

  /** Eve may do this with the ConfigMap `allowed` alone. */
  async function allow(verb: string): Promise<void> {
    const rule = { apiGroups: [''], resources: ['configmaps'], verbs: [verb], resourceNames: ['allowed'] }
    await ask('root', `${rbac}/roles`, { metadata: { name: 'one' }, rules: [rule] })
    const [roleRef, subject] = [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
      { kind: 'User', name: 'eve' },
    ]
    const subjects = [{ ...subject, apiGroup: 'rbac.authorization.k8s.io' }]
    await ask('root', `${rbac}/rolebindings`, { metadata: { name: 'one' }, roleRef, subjects })
  }

  it('sees that one, however the selector is written, and no other', async () => {
    await allow('list')
    const asked = async (selector: string) =>
      (await ask('eve', `${MAPS}?fieldSelector=${encodeURIComponent(selector)}`)).status
    expect(await asked('metadata.name=allowed')).toBe(200)
    expect(await asked('metadata.name=other')).toBe(403)
    expect(await asked('metadata.namespace!=1\\,metadata.name=allowed')).toBe(403)
    expect(await asked('')).toBe(403)
  })

  it('lists nothing by what is no watch', async () => {
    await allow('watch')
    const one = 'fieldSelector=metadata.name%3Dallowed'
    for (const no of ['False', 'f', '0']) expect((await ask('eve', `${MAPS}?${one}&watch=${no}`)).status).toBe(403)
  })
})

describe('what is written down', () => {
  it('is who wrote what, and no body of what may be secret', async () => {
    await ask('root', MAPS, { metadata: { name: 'a' }, data: { password: 'hunter2' } })
    await ask('root', '/api/v1/namespaces', { metadata: { name: 'made' } })
    await ask(null, MAPS)
    const seen = log.map(({ verb, objectRef, responseStatus, requestObject, level }) => {
      const [name, code] = [stringAt(objectRef, 'name'), valueAt(responseStatus, 'code')]
      return [verb, level, name, code, isObject(requestObject)]
    })
    expect(seen).toEqual([
      ['create', 'Metadata', 'a', 201, false],
      ['create', 'Request', 'made', 201, true],
      ['list', 'Metadata', undefined, 403, false],
    ])
    expect(JSON.stringify(log)).not.toContain('hunter2')
    expect(log.map(({ user }) => stringAt(user, 'username'))).toEqual(['admin', 'admin', 'system:anonymous'])
  })
})

describe('roles that are sums', () => {
  it('hold what they select from the beginning, and follow it', async () => {
    const rules = (name: string): string =>
      JSON.stringify(
        sandbox.world.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', namespace: null, name })
          ?.rules,
      )
    expect(rules('admin')).toContain('"rolebindings"')
    expect(rules('admin')).toContain('"pods/log"')
    expect(rules('view')).not.toContain('"secrets"')
    await ask('root', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'widgets', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [{ apiGroups: ['shop.example'], resources: ['widgets'], verbs: ['get'] }],
    })
    clock.advance(1000)
    for (const name of ['view', 'edit', 'admin']) expect(rules(name), name).toContain('"widgets"')
  })
})

describe('the log', () => {
  it('has ids of the seed: the same for the same seed, others for another one', async () => {
    const idFor = async (seed: number): Promise<string | null> => {
      const access = { users: [ADMIN], sign, audit: () => {} }
      const other = openSandbox({ clock, seed, access })
      const headers = { authorization: `Bearer ${ADMIN.token}` }
      return (await other.fetch(new Request(`https://sandbox.example${MAPS}`, { headers }))).headers.get('audit-id')
    }
    const first = await idFor(1)
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idFor(1)).toBe(first)
    expect(await idFor(2)).not.toBe(first)
  })
})
