// What is remembered of objects changes no answer: a cluster that never saw them says the same.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSandbox } from './sandbox.ts'
import { type Answer, type Client, openClient } from './testing/client.ts'

const PLACE = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }
const PATH = '/apis/apps/v1/namespaces/default/deployments/web'

/** Values of fields of a manifest, right and wrong ones; undefined leaves the field out. */
const FIELDS = {
  image: ['web:1', 'web:2', '', 7, undefined],
  env: [
    [],
    undefined,
    null,
    [
      { name: 'A', value: 'x' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    [
      { name: 'A', value: 'y' },
      { name: 'B', value: '1' },
      { name: 'C', value: '2' },
    ],
    [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'nothing' } } }, { name: 'A' }],
    [{ name: 'A', value: 1, other: 2 }],
  ],
  ports: [
    undefined,
    [{ containerPort: 80 }],
    [
      { containerPort: 80, name: 'http' },
      { containerPort: 81, name: 'http' },
    ],
  ],
  resources: [undefined, { requests: { cpu: '1000m' } }, { requests: { cpu: '1' } }, { limits: { memory: 'much' } }],
  volumeMounts: [undefined, [{ name: 'scratch', mountPath: '/tmp' }]],
  volumes: [
    undefined,
    [{ name: 'scratch', emptyDir: {} }],
    [{ name: 'scratch' }, { name: 'other', configMap: { name: 'c' } }],
  ],
  labels: [{ app: 'web' }, { app: 'web', tier: 'a' }, { app: 'other' }, { app: '-' }],
  replicas: [1, 2, undefined, 'many'],
} satisfies Readonly<Record<string, readonly (Json | undefined)[]>>

interface Step {
  readonly manager: string
  readonly force: boolean
  readonly manifest: string
}

const steps: fc.Arbitrary<Step> = fc
  .record({
    image: fc.constantFrom(...FIELDS.image.slice(0, 2), ...FIELDS.image),
    env: fc.constantFrom(...FIELDS.env),
    ports: fc.constantFrom(...FIELDS.ports),
    resources: fc.constantFrom(...FIELDS.resources),
    volumeMounts: fc.constantFrom(...FIELDS.volumeMounts),
    volumes: fc.constantFrom(...FIELDS.volumes),
    labels: fc.constantFrom(...FIELDS.labels.slice(0, 2), ...FIELDS.labels),
    replicas: fc.constantFrom(...FIELDS.replicas),
    manager: fc.constantFrom('me', 'other'),
    force: fc.boolean(),
  })
  .map(({ manager, force, labels, replicas, volumes, ...container }) => {
    const spec = { containers: [{ name: 'web', ...container }], volumes }
    const template = { metadata: { labels }, spec }
    const metadata = { name: 'web', labels }
    const whole = { replicas, selector: { matchLabels: { app: 'web' } }, template }
    // What is undefined is left out.
    const manifest = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: whole })
    return { manager, force, manifest }
  })

function apply(client: Client, { manager, force, manifest }: Step): Promise<Answer> {
  const path = `${PATH}?fieldManager=${manager}&force=${force}&fieldValidation=Warn`
  return client.ask('PATCH', path, manifest, { 'content-type': 'application/apply-patch+yaml' })
}

/** A cluster with a copy of what another one has, of which nothing is known. */
function stranger(client: Client): Client {
  const sandbox = openSandbox({ clock: client.clock, seed: 'stranger' })
  const live = client.sandbox.world.get(PLACE)
  if (live !== null) sandbox.load([structuredClone(live) as KubeObject])
  return openClient(sandbox, client.clock)
}

/** What an answer says, without what is made up for a new object. */
function said({ status, body, header }: Answer): Json {
  const metadata = (body.metadata ?? {}) as JsonObject
  const bare = { ...metadata, uid: null, resourceVersion: null }
  return { status, warning: header('warning'), body: JSON.stringify({ ...body, metadata: bare }) }
}

test('a cluster that never saw an object answers an apply to it alike', async () => {
  const codes = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 8 }), async (all) => {
      const client = openClient()
      for (const step of all) {
        const other = stranger(client)
        client.clock.advance(1000)
        const [here, there] = [await apply(client, step), await apply(other, step)]
        codes.add(here.status)
        expect(said(here)).toEqual(said(there))
      }
    }),
    { numRuns: 60 },
  )
  // Objects were made, changed and refused.
  expect([...codes]).toEqual(expect.arrayContaining([200, 201, 409, 422, 500]))
})
