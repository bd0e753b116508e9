// The same webhooks behind the sandbox and behind the real API server: what they are asked and what comes of it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { expect, it } from 'vitest'
import { describeRealCluster } from '../../../../../test/cluster/shared.ts'
import { serveWebhooks } from '../../../../../test/cluster/webhooks.ts'
import { objectAt, objectsAt, textAt } from '../../../kinds/look.ts'
import { openSandbox } from '../../../sandbox.ts'
import { openClient } from '../../../testing/client.ts'
import { openTestClock } from '../../../testing/clock.ts'
import { comparable } from '../../../testing/steps.ts'
import { webhookAdmission } from './admission.ts'
import type { WebhookHandler, WebhookResponse } from './handler.ts'

interface Server {
  readonly namespace: string
  readonly ask: (method: string, path: string, body?: Json) => Promise<Json>
  /** Where the webhooks are, and whom to trust there. */
  readonly hooks: { readonly url: string; readonly caBundle: string }
  readonly seen: readonly JsonObject[]
}

/** Answers by what the object is labelled. */
const judge: WebhookHandler = (request) => {
  const object = isObject(request.object) ? request.object : objectAt(request, 'oldObject')
  switch (textAt(object, 'metadata', 'labels', 'do')) {
    case 'refuse':
      return { allowed: false, status: { code: 418, reason: 'Teapot', message: 'no tea' } }
    case 'silent':
      return { allowed: false }
    case 'reason':
      return { allowed: false, status: { reason: 'Because', code: 200 } }
    case 'warn':
      return { allowed: true, warnings: ['take care'] }
    default:
      return { allowed: true }
  }
}

const stamp: WebhookHandler = ({ operation }) => ({
  allowed: true,
  patch: operation === 'DELETE' ? [] : [{ op: 'add', path: '/data', value: { stamped: String(operation) } }],
})

/** Counts how often it was asked about an object. */
const count: WebhookHandler = (request) => {
  const times = Number(textAt(request.object ?? {}, 'metadata', 'annotations', 'count') || '0')
  return { allowed: true, patch: [{ op: 'add', path: '/metadata/annotations', value: { count: `${times + 1}` } }] }
}

const HANDLERS: Readonly<Record<string, WebhookHandler>> = { '/judge': judge, '/stamp': stamp, '/count': count }

function configurationOf({ namespace, hooks }: Server, kind: 'Validating' | 'Mutating', path: string): JsonObject {
  const operations = ['CREATE', 'UPDATE', 'DELETE']
  return {
    metadata: { name: `${namespace}-${kind.toLowerCase()}` },
    webhooks: [
      {
        name: 'hook.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: `${hooks.url}${path}`, caBundle: hooks.caBundle },
        rules: [
          {
            apiGroups: ['', 'apps'],
            apiVersions: ['v1'],
            operations,
            resources: ['configmaps', 'deployments', 'deployments/status'],
          },
        ],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
    ],
  }
}

/** What is asked, and the answers. */
async function play(server: Server): Promise<Json> {
  const group = '/apis/admissionregistration.k8s.io/v1'
  const maps = `/api/v1/namespaces/${server.namespace}/configmaps`
  const validating = configurationOf(server, 'Validating', '/judge')
  await server.ask('POST', `${group}/validatingwebhookconfigurations`, validating)
  const probe = { metadata: { name: 'probe', labels: { do: 'silent' } } }
  // The real server hears of webhooks a little later.
  while (textAt(await server.ask('POST', `${maps}?dryRun=All`, probe), 'kind') !== 'Status');
  const answers: Json[] = []
  for (const word of ['refuse', 'silent', 'reason', 'warn']) {
    answers.push(await server.ask('POST', maps, { metadata: { name: word, labels: { do: word } } }))
  }
  answers.push(await server.ask('PATCH', `${maps}/warn`, { metadata: { labels: { do: 'refuse' } } }))
  answers.push(await server.ask('DELETE', `${maps}/warn`))
  await server.ask('POST', `${group}/mutatingwebhookconfigurations`, configurationOf(server, 'Mutating', '/stamp'))
  const stamped = async (): Promise<Json> => server.ask('POST', `${maps}?dryRun=All`, { metadata: { name: 'probe' } })
  while (textAt(await stamped(), 'data', 'stamped') === '');
  answers.push(await server.ask('POST', maps, { metadata: { name: 'stamped' }, data: { own: '1' } }))
  answers.push(await server.ask('PATCH', `${maps}/stamped`, { metadata: { annotations: { a: 'b' } } }))
  answers.push(await server.ask('POST', maps, { metadata: { generateName: 'made-', labels: { do: 'refuse' } } }))
  answers.push(await server.ask('DELETE', `${maps}/stamped`))
  for (const kind of ['validating', 'mutating']) {
    await server.ask('DELETE', `${group}/${kind}webhookconfigurations/${server.namespace}-${kind}`)
  }
  answers.push(...(await playConditions(server, maps, group)), ...(await playAgain(server, maps, group)))
  return answers
}

/** Webhooks that are asked under conditions only. */
async function playConditions(server: Server, maps: string, group: string): Promise<readonly Json[]> {
  const answers: Json[] = []
  for (const failurePolicy of ['Fail', 'Ignore']) {
    const plain = configurationOf(server, 'Validating', '/judge')
    const matchConditions = [
      { name: 'known', expression: "object.metadata.name == 'probe' || object.data.known == 'yes'" },
      { name: 'not-exempt', expression: "object == null || object.metadata.name != 'exempt'" },
    ]
    const webhooks = objectsAt(plain, 'webhooks').map((each) => ({ ...each, failurePolicy, matchConditions }))
    await server.ask('POST', `${group}/validatingwebhookconfigurations`, { ...plain, webhooks })
    const probe = { metadata: { name: 'probe', labels: { do: 'silent' } } }
    while (textAt(await server.ask('POST', `${maps}?dryRun=All`, probe), 'kind') !== 'Status');
    const labels = { do: 'silent' }
    const tries: readonly JsonObject[] = [
      { metadata: { name: 'asked', labels }, data: { known: 'yes' } },
      { metadata: { name: 'other', labels }, data: { known: 'no' } },
      { metadata: { name: 'broken', labels }, data: { other: 'x' } },
      { metadata: { name: 'exempt', labels }, data: { other: 'x' } },
    ]
    for (const each of tries) answers.push(await server.ask('POST', `${maps}?dryRun=All`, each))
    await server.ask('DELETE', `${group}/validatingwebhookconfigurations/${server.namespace}-validating`)
    // Until it is gone there, too.
    while (textAt(await server.ask('POST', `${maps}?dryRun=All`, probe), 'kind') === 'Status');
  }
  return answers
}

/** Webhooks that want to see what others change after them. */
async function playAgain(server: Server, maps: string, group: string): Promise<readonly Json[]> {
  const answers: Json[] = []
  for (const reinvocationPolicy of ['IfNeeded', 'Never']) {
    const [count, stamp] = ['/count', '/stamp'].map((path) => configurationOf(server, 'Mutating', path))
    const webhooks = [
      ...objectsAt(count ?? {}, 'webhooks').map((each) => ({ ...each, name: 'a.example.com', reinvocationPolicy })),
      ...objectsAt(stamp ?? {}, 'webhooks').map((each) => ({ ...each, name: 'b.example.com', reinvocationPolicy })),
    ]
    await server.ask('POST', `${group}/mutatingwebhookconfigurations`, { ...count, webhooks })
    const probe = { metadata: { name: 'probe' } }
    while (textAt(await server.ask('POST', `${maps}?dryRun=All`, probe), 'data', 'stamped') === '');
    answers.push(await server.ask('POST', `${maps}?dryRun=All`, { metadata: { name: 'changed' } }))
    const same = { metadata: { name: 'same' }, data: { stamped: 'CREATE' } }
    answers.push(await server.ask('POST', `${maps}?dryRun=All`, same))
    await server.ask('DELETE', `${group}/mutatingwebhookconfigurations/${server.namespace}-mutating`)
    while (textAt(await server.ask('POST', `${maps}?dryRun=All`, probe), 'data', 'stamped') !== '');
  }
  return answers
}

/** What was asked, without who asked and without the probes. */
function asked(server: Server): Json {
  return server.seen.filter((each) => each.name !== 'probe').map(({ userInfo: _who, uid: _uid, ...each }) => each)
}

const agent = 'mainstay-test-bed'

function typeOf(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
}

describeRealCluster('webhooks of the sandbox and of the real API server', (cluster) => {
  it('are asked the same, and their answers come to the same', async () => {
    const seen: { readonly here: JsonObject[]; readonly there: JsonObject[] } = { here: [], there: [] }
    await using hooks = await serveWebhooks((path, request) => {
      const review = isObject(request as Json) ? (request as JsonObject) : {}
      seen.there.push(review)
      // The handlers below answer always.
      return answered(review, (HANDLERS[path] ?? stamp)(review) as WebhookResponse)
    })
    const { api, namespace } = await cluster()
    const there: Server = {
      namespace: await namespace('hooks'),
      ask: async (method, path, body) => (await api.request(method, path, body, typeOf(method))).body as Json,
      hooks: { url: hooks.url, caBundle: hooks.caBundle },
      seen: seen.there,
    }
    const here = sandboxServer(there.namespace, there.hooks, seen.here)
    await here.ask('POST', '/api/v1/namespaces', { metadata: { name: here.namespace } })
    const names = { NS: there.namespace }
    const said = [comparable(await play(here), names), comparable(await play(there), names)]
    expect(said[0]).toEqual(said[1])
    const reviews = [here, there].map((server) => JSON.stringify(comparable(asked(server), names)))
    const [ours, real] = reviews.map((each) => JSON.parse(each.replaceAll(/made-[a-z0-9]{5}/g, 'made-RANDOM')))
    expect(ours).toEqual(real)
  })
})

function answered(review: JsonObject, { patch, ...response }: WebhookResponse): JsonObject {
  const patched = patch === undefined ? {} : { patchType: 'JSONPatch', patch: btoa(JSON.stringify(patch)) }
  return { ...response, ...patched, uid: review.uid ?? '' }
}

function sandboxServer(namespace: string, hooks: Server['hooks'], seen: JsonObject[]): Server {
  const recording =
    (handle: WebhookHandler): WebhookHandler =>
    (request) => {
      seen.push(request)
      return handle(request)
    }
  const servers = Object.fromEntries(
    Object.entries(HANDLERS).map(([path, handle]) => [`${hooks.url}${path}`, recording(handle)]),
  )
  const clock = openTestClock()
  const client = openClient(openSandbox({ clock, seed: 'hooks', admission: [webhookAdmission(servers)] }), clock)
  const ask: Server['ask'] = async (method, path, body) => {
    const headers = { 'user-agent': agent, 'content-type': typeOf(method) }
    return (await client.ask(method, path, body, headers)).body
  }
  return { namespace, ask, hooks, seen }
}
