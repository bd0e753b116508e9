// How definitions come and go, what tables show, and what is warned of, beside a real API server.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import type { Api } from '../../../test/cluster/api.ts'
import { describeRealCluster } from '../../../test/cluster/shared.ts'
import { isTrue } from './conditions.ts'
import { definitionBehaviour } from './definition/behaviour.ts'
import { establish } from './establish.ts'
import { resourceOf } from './resource.ts'
import { markForDeletion, terminationStep } from './terminate.ts'
import { definitionOf, served, specSchema, thing, version } from './testing/cases.ts'
import { sendWith } from './testing/https.ts'
import { around, ask } from './testing/local.ts'
import { DEFINITIONS, install, waitFor } from './testing/real.ts'

const plain = version(specSchema({ a: { type: 'string' } }))

/** Names of definitions of one group, in the order of their creation. */
const NAMES: readonly JsonObject[] = [
  { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', shortNames: ['th'] },
  { plural: 'others', singular: 'thing', kind: 'Thing', listKind: 'OtherList', shortNames: ['th', 'ot'] },
  {
    plural: 'thirds',
    singular: 'third',
    kind: 'Third',
    listKind: 'ThirdList',
    shortNames: ['th', 'things'],
    categories: ['all'],
  },
  { plural: 'fourths', singular: 'fourth', kind: 'Fourth', listKind: 'ThingList' },
]

describeRealCluster('definitions over time beside a real API server', (cluster) => {
  it('accept names and establish in the same steps', async () => {
    const { api, namespace } = await cluster()
    const group = `${await namespace('crd')}.example.com`
    const known: KubeObject[] = []
    for (const names of NAMES) {
      const crd = { ...definitionOf(group, [plain], { names }), metadata: { name: `${String(names.plural)}.${group}` } }
      const first = created(crd)
      const steps = [first, ...stepsOf(first, known)]
      const last = steps.at(-1) ?? first
      known.push(last)
      const seen = await watched(api, crd, steps.length)
      expect(seen.map(statusOf)).toEqual(steps.map(statusOf))
    }
  })

  it('go with their objects in the same steps', async () => {
    const { api, namespace } = await cluster()
    const space = await namespace('crd')
    const group = `${space}.example.com`
    const crd = await install(api, definitionOf(group, [plain]))
    const path = `/apis/${group}/v1/namespaces/${space}/things`
    const object = thing(group, 'one', { spec: {} }, { namespace: space })
    while ((await api.request('POST', path, object)).status !== 201);
    const steps = goingSteps(crd, object)
    const end = new AbortController()
    const events = api.watch(watchPath(crd.metadata.name, String(crd.metadata.resourceVersion)), end.signal)
    await api.request('DELETE', `${DEFINITIONS}/${crd.metadata.name}`)
    const seen: KubeObject[] = []
    for await (const { type, object: changed } of events) {
      seen.push(changed as KubeObject) // Definitions alone are watched.
      if (type === 'DELETED') break
    }
    end.abort()
    expect(seen.map(statusOf)).toEqual(steps.map(statusOf))
  })

  it('show the same tables', async () => {
    const shared = await cluster()
    const space = await shared.namespace('crd')
    const group = `${space}.example.com`
    const columns = [
      { name: 'Text', type: 'string', jsonPath: '.spec.text' },
      { name: 'Number', type: 'integer', jsonPath: '.spec.number', priority: 1, description: 'how many' },
      { name: 'Half', type: 'number', jsonPath: '.spec.half', format: 'float' },
      { name: 'Yes', type: 'boolean', jsonPath: '.spec.yes' },
      { name: 'When', type: 'date', jsonPath: '.spec.when' },
      { name: 'Never', type: 'date', jsonPath: '.spec.text' },
      { name: 'List', type: 'string', jsonPath: '.spec.list' },
      { name: 'Item', type: 'string', jsonPath: '.spec.list[1]' },
      { name: 'Far', type: 'string', jsonPath: '.spec.list[9]' },
      { name: 'Last', type: 'string', jsonPath: '.spec.list[-1:]' },
      { name: 'Filter', type: 'string', jsonPath: '.spec.conditions[?(@.type=="Ready")].status' },
      { name: 'Any', type: 'string', jsonPath: '.spec.conditions[*].type' },
      { name: 'Quoted', type: 'string', jsonPath: ".spec['a.b']" },
      { name: 'Escaped', type: 'string', jsonPath: '.spec.a\\.b' },
      { name: 'Map', type: 'string', jsonPath: '.spec.map' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.text' },
      { name: 'Whole', type: 'string', jsonPath: '.spec.number' },
      { name: 'Float', type: 'string', jsonPath: '.spec.half' },
      { name: 'Flag', type: 'string', jsonPath: '.spec.yes' },
      { name: 'Null', type: 'string', jsonPath: '.spec.nothing' },
      { name: 'Deep', type: 'string', jsonPath: '..status' },
      { name: 'Absent', type: 'string', jsonPath: '.spec.absent.deeper' },
    ]
    const open = {
      type: 'object',
      properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    }
    const crd = await install(shared.api, definitionOf(group, [version(open, { additionalPrinterColumns: columns })]))
    const spec = {
      text: 'a',
      number: 5,
      half: 2.5,
      yes: true,
      when: '2020-01-01T00:00:00Z',
      list: ['x', 'y'],
      conditions: [
        { type: 'Old', status: 'False' },
        { type: 'Ready', status: 'True' },
      ],
      'a.b': 'dotted',
      map: { b: 1, a: '<' },
      nothing: null,
    }
    const path = `/apis/${group}/v1/namespaces/${space}/things`
    const object = thing(group, 'one', { spec }, { namespace: space })
    while ((await shared.api.request('POST', path, object)).status !== 201);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const real = await sendWith(shared, 'GET', `${path}/one`, null, accept)
    const row = isList(real.body.rows) ? real.body.rows[0] : null
    const cells = valueAt(row ?? null, 'cells')
    const own = resourceOf(crd)?.versions[0]?.columns ?? []
    const stored = (await shared.api.request('GET', `${path}/one`)).body as KubeObject // The object made above.
    const now = Date.parse('2020-01-01T00:00:00Z') + 1000
    expect(own.map(({ cell: _, ...each }) => each)).toEqual(real.body.columnDefinitions)
    const when = own.findIndex((each) => each.name === 'When')
    const shown = own.map((each, at): Json => (at === when ? each.cell(stored, now) : each.cell(stored, Date.now())))
    // A span of time goes on, so its form alone is compared.
    expect(shown[when]).toBe('1s')
    expect(shown.filter((_, at) => at !== when)).toEqual(isList(cells) ? cells.filter((_, at) => at !== when) : null)
  })

  it('say the same of a conversion webhook that is not there', async () => {
    const shared = await cluster()
    const space = await shared.namespace('crd')
    const group = `${space}.example.com`
    const clientConfig = { service: { name: 'absent', namespace: space, path: '/convert' } }
    const conversion = { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } }
    const other = version(specSchema({ b: { type: 'string' } }), { name: 'v2', storage: false })
    const crd = await install(shared.api, definitionOf(group, [plain, other], { conversion }))
    const path = `/apis/${group}/v1/namespaces/${space}/things`
    const object = thing(group, 'one', { spec: {} }, { namespace: space })
    while ((await shared.api.request('POST', path, object)).status !== 201);
    const real = await sendWith(shared, 'GET', `/apis/${group}/v2/namespaces/${space}/things/one`, null)
    // A kind whose objects cannot be read keeps every namespace of the cluster from going away.
    expect((await shared.api.request('DELETE', `${path}/one`)).status).toBe(200)
    expect((await shared.api.request('DELETE', `${DEFINITIONS}/${crd.metadata.name}`)).status).toBe(200)
    const convert = resourceOf(crd)?.convert
    const attempt = (): unknown => convert?.({ ...object, apiVersion: `${group}/v2` }, 'v2')
    expect(attempt).toThrow(String(real.body.message))
    expect(real.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: real.body.message,
      code: 500,
    })
  })

  it('warn of the same', async () => {
    const shared = await cluster()
    const space = await shared.namespace('crd')
    const group = `${space}.example.com`
    const schema = specSchema({ a: { type: 'string', format: 'odd' }, b: { type: 'integer', format: 'int8' } })
    const crd = definitionOf(group, [
      version(schema, { deprecated: true }),
      version(schema, { name: 'v2beta1', storage: false }),
      version(schema, { name: 'v2', storage: false, deprecated: true, deprecationWarning: 'v2 is old' }),
    ])
    const made = await sendWith(shared, 'POST', DEFINITIONS, crd)
    // The real server looks at fields in the order of a Go map.
    expect(definitionBehaviour.warnings?.(crd, null)?.toSorted()).toEqual(made.warnings.toSorted())
    await waitFor(shared.api, crd.metadata.name, (found) => isTrue(found, 'Established'))
    const resource = resourceOf(served(crd))
    if (resource === null) throw new Error('the definition is served')
    const finalizers = ['example.com/ok', 'bare', 'dotted.example.com', 'orphan']
    const sent = thing(
      group,
      'one',
      { spec: { a: 'x', z: 1, y: { x: 1 } }, w: 1 },
      { namespace: space, finalizers, odd: 1 },
    )
    const real = await sendWith(
      shared,
      'POST',
      `/apis/${group}/v1/namespaces/${space}/things?fieldValidation=Warn&dryRun=All`,
      sent,
    )
    const local = ask(resource, sent)
    if (local.kind !== 'stored') throw new Error(JSON.stringify(local))
    const deprecations = resource.versions.find((each) => each.name === 'v1')?.deprecation
    const unknown = local.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
    expect([deprecations, ...unknown, ...local.warnings]).toEqual(real.warnings)
    const old = await sendWith(shared, 'GET', `/apis/${group}/v2/namespaces/${space}/things`, null)
    expect(old.warnings).toEqual([resource.versions.find((each) => each.name === 'v2')?.deprecation])
    expect(resource.versions.map((each) => each.name)).toEqual(['v2', 'v1', 'v2beta1'])
  })
})

function created(crd: KubeObject): KubeObject {
  const filled = definitionBehaviour.fillIn?.(crd) ?? crd
  return definitionBehaviour.prepareCreate?.(filled, around) ?? filled
}

function stepsOf(first: KubeObject, others: readonly KubeObject[]): readonly KubeObject[] {
  const steps: KubeObject[] = []
  for (let now = first; ; ) {
    const next = establish(now, others, 0)
    if (next === now) return steps
    steps.push(next)
    now = next
  }
}

function goingSteps(crd: KubeObject, object: KubeObject): readonly KubeObject[] {
  const steps = [markForDeletion(crd, 0)]
  let objects: readonly KubeObject[] = [object]
  for (;;) {
    const now = steps.at(-1) ?? crd
    const step = terminationStep(now, objects, 0)
    if (step.kind === 'none') return steps
    // The write that takes away the last finalizer deletes; watchers get the object as it was.
    if (step.kind === 'write' && valueAt(step.crd, 'metadata', 'finalizers') === undefined) return [...steps, now]
    if (step.kind === 'write') steps.push(step.crd)
    if (step.kind === 'delete-objects') objects = []
  }
}

async function watched(api: Api, crd: KubeObject, count: number): Promise<readonly KubeObject[]> {
  const end = new AbortController()
  const start = (await api.request('GET', DEFINITIONS)).body as JsonObject // A list.
  const events = api.watch(
    watchPath(crd.metadata.name, String(valueAt(start, 'metadata', 'resourceVersion'))),
    end.signal,
  )
  await api.request('POST', DEFINITIONS, crd)
  const seen: KubeObject[] = []
  for await (const { object } of events) {
    seen.push(object as KubeObject) // Definitions alone are watched.
    if (seen.length === count) break
  }
  end.abort()
  return seen
}

function watchPath(name: string, from: string): string {
  return `${DEFINITIONS}?watch=true&fieldSelector=metadata.name=${name}&resourceVersion=${from}`
}

/** The status without times, and whether a finalizer holds. */
function statusOf(crd: KubeObject): JsonObject {
  const status = isObject(crd.status) ? crd.status : {}
  const conditions = isList(status.conditions) ? status.conditions.filter(isObject) : []
  const timeless = conditions.map(({ lastTransitionTime: _, ...each }) => each)
  return { ...status, conditions: timeless, finalizers: valueAt(crd, 'metadata', 'finalizers') ?? [] }
}
