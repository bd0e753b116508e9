// Webhooks: who is asked about what, what comes of the answers, and what is said where nobody answers.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { objectAt } from '../../../kinds/look.ts'
import { openSandbox } from '../../../sandbox.ts'
import { type Client, openClient, refusal } from '../../../testing/client.ts'
import { openTestClock } from '../../../testing/clock.ts'
import { webhookAdmission } from './admission.ts'
import type { WebhookServers } from './handler.ts'

const GROUP = '/apis/admissionregistration.k8s.io/v1'
const MAPS = '/api/v1/namespaces/default/configmaps'

function open(servers: WebhookServers): Client {
  const clock = openTestClock()
  return openClient(openSandbox({ clock, seed: 'webhooks', admission: [webhookAdmission(servers)] }), clock)
}

/** A webhook about ConfigMaps at the Service default/hook. */
function webhook(more: JsonObject = {}): JsonObject {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }
  return {
    name: 'hook.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { service: { namespace: 'default', name: 'hook', path: '/check' } },
    rules: [rule],
    ...more,
  }
}

async function configure(
  { ask }: Client,
  kind: 'Validating' | 'Mutating',
  ...webhooks: readonly JsonObject[]
): Promise<void> {
  await ask('POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'hook' },
    spec: { ports: [{ port: 443 }] },
  })
  const made = await ask('POST', `${GROUP}/${kind.toLowerCase()}webhookconfigurations`, {
    metadata: { name: kind.toLowerCase() },
    webhooks: [...webhooks],
  })
  expect(made.status, made.text).toBe(201)
}

const map = (name: string, labels: JsonObject = {}): JsonObject => ({ metadata: { name, labels } })

describe('a validating webhook', () => {
  it('refuses with its own words and code, or without any', async () => {
    const client = open({
      'default/hook/check': ({ name }) =>
        name === 'silent'
          ? { allowed: false }
          : { allowed: false, status: { code: 403, reason: 'Policy', message: 'not on a Friday' } },
    })
    await configure(client, 'Validating', webhook())
    const refused = await client.ask('POST', MAPS, map('a'))
    expect(refusal(refused)).toBe(
      '403 Policy: admission webhook "hook.example.com" denied the request: not on a Friday',
    )
    const silent = await client.ask('POST', MAPS, map('silent'))
    expect([silent.status, silent.body.message]).toEqual([
      400,
      'admission webhook "hook.example.com" denied the request without explanation',
    ])
  })

  it('sees what is written, what was there and that it is a dry run', async () => {
    const seen: JsonObject[] = []
    const client = open({
      'default/hook/check': (request) => {
        seen.push(request)
        return { allowed: true, warnings: ['take care'] }
      },
    })
    const rule = {
      apiGroups: ['*'],
      apiVersions: ['*'],
      operations: ['*'],
      resources: ['configmaps'],
      scope: 'Namespaced',
    }
    await configure(client, 'Validating', webhook({ rules: [rule] }))
    const made = await client.ask('POST', MAPS, map('a'))
    expect(made.header('warning')).toBe('299 - "take care"')
    const merge = { 'content-type': 'application/merge-patch+json' }
    await client.ask('PATCH', `${MAPS}/a?dryRun=All`, { data: { x: '1' } }, merge)
    await client.ask('DELETE', `${MAPS}/a`)
    expect(seen.map(({ operation, name, dryRun }) => [operation, name, dryRun])).toEqual([
      ['CREATE', 'a', false],
      ['UPDATE', 'a', true],
      ['DELETE', 'a', false],
    ])
    expect(seen[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      namespace: 'default',
      object: { metadata: { name: 'a' } },
      oldObject: null,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    })
    expect(seen[1]).toMatchObject({ object: { data: { x: '1' } } })
    expect(objectAt(seen[1], 'oldObject').data).toBeUndefined()
    expect(seen[2]).toMatchObject({ object: null, oldObject: { metadata: { name: 'a' } } })
  })

  it('is asked only about what its selectors and rules mean', async () => {
    const client = open({ 'default/hook/check': () => ({ allowed: false }) })
    const selectors = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
      objectSelector: { matchLabels: { judged: 'yes' } },
    }
    await configure(client, 'Validating', webhook(selectors))
    const asked = async (path: string, body: Json): Promise<number> => (await client.ask('POST', path, body)).status
    expect(await asked(MAPS, map('a', { judged: 'yes' }))).toBe(400)
    expect(await asked(MAPS, map('b'))).toBe(201)
    expect(await asked('/api/v1/namespaces/kube-public/configmaps', map('c', { judged: 'yes' }))).toBe(201)
    expect(await asked('/api/v1/namespaces/default/secrets', map('d', { judged: 'yes' }))).toBe(201)
  })

  it('that nobody answers stops every write, unless it is to be ignored', async () => {
    const client = open({})
    await configure(client, 'Validating', webhook({ failurePolicy: 'Ignore' }))
    expect((await client.ask('POST', MAPS, map('a'))).status).toBe(201)
    const strict = open({ 'default/hook/check': () => ({ outage: 'context deadline exceeded' }) })
    await configure(strict, 'Validating', webhook({ timeoutSeconds: 5 }))
    const late =
      'Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://hook.default.svc:443/check?timeout=5s"'
    expect(refusal(await strict.ask('POST', MAPS, map('a')))).toBe(
      `500 InternalError: ${late}: context deadline exceeded`,
    )
    await strict.ask('DELETE', '/api/v1/namespaces/default/services/hook')
    expect(refusal(await strict.ask('POST', MAPS, map('a')))).toBe(
      `500 InternalError: ${late}: service "hook" not found`,
    )
    const selected = { metadata: { name: 'hook' }, spec: { selector: { app: 'hook' }, ports: [{ port: 443 }] } }
    await strict.ask('POST', '/api/v1/namespaces/default/services', selected)
    expect(refusal(await strict.ask('POST', MAPS, map('a')))).toBe(
      `500 InternalError: ${late}: no endpoints available for service "hook"`,
    )
    expect((await strict.ask('DELETE', `${GROUP}/validatingwebhookconfigurations/validating`)).status).toBe(200)
    expect((await strict.ask('POST', MAPS, map('a'))).status).toBe(201)
  })

  it('cannot be called by whoever does not trust it', async () => {
    const client = open({ 'default/hook/check': { handle: () => ({ allowed: true }), authority: 'Y2E=' } })
    const service = { namespace: 'default', name: 'hook', path: '/check' }
    await configure(client, 'Validating', webhook())
    expect(refusal(await client.ask('POST', MAPS, map('a')))).toContain('x509: certificate signed by unknown authority')
    const path = `${GROUP}/validatingwebhookconfigurations/validating`
    const patch = { webhooks: [webhook({ clientConfig: { service, caBundle: 'Y2E=' } })] }
    await client.ask('PATCH', path, patch, { 'content-type': 'application/merge-patch+json' })
    expect((await client.ask('POST', MAPS, map('a'))).status).toBe(201)
  })
})

describe('a mutating webhook', () => {
  it('changes what is written, also what is applied, one after the other', async () => {
    const add = (key: string): Json => ({ op: 'add', path: `/metadata/labels/${key}`, value: 'yes' })
    const client = open({
      'https://one.example.com/': () => ({ allowed: true, patch: btoa(JSON.stringify([add('one')])) }),
      'https://two.example.com/': ({ object }) => ({
        allowed: true,
        patch: 'one' in objectAt(object, 'metadata', 'labels') ? [add('two')] : [],
      }),
    })
    const at = (url: string): JsonObject => webhook({ name: `x${url.slice(8, -1)}`, clientConfig: { url } })
    await configure(client, 'Mutating', at('https://one.example.com/'), at('https://two.example.com/'))
    const made = await client.ask('POST', MAPS, map('a', { own: 'yes' }))
    expect(objectAt(made.body, 'metadata').labels).toEqual({ own: 'yes', one: 'yes', two: 'yes' })
    const apply = { 'content-type': 'application/apply-patch+yaml' }
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', labels: { own: 'yes' } } }
    const applied = await client.ask('PATCH', `${MAPS}/b?fieldManager=ana`, body, apply)
    expect(objectAt(applied.body, 'metadata').labels).toEqual({ own: 'yes', one: 'yes', two: 'yes' })
    expect(applied.text).not.toContain('f:one')
  })

  it('may refuse a deletion', async () => {
    const client = open({ 'default/hook/check': () => ({ allowed: false, status: { message: 'kept' } }) })
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }
    await configure(client, 'Mutating', webhook({ rules: [rule] }))
    await client.ask('POST', MAPS, map('a'))
    const refused = await client.ask('DELETE', `${MAPS}/a`)
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'admission webhook "hook.example.com" denied the request: kept',
    ])
  })
})
