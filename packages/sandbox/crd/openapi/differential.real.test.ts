// The OpenAPI of custom resources beside that of a real API server.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import type { Api } from '../../../../test/cluster/api.ts'
import { describeRealCluster } from '../../../../test/cluster/shared.ts'
import { definitionOf, version } from '../testing/cases.ts'
import { install } from '../testing/real.ts'
import { openApiDocument, swaggerParts } from './document.ts'

const text = { type: 'string' }
const RICH: JsonObject = {
  type: 'object',
  description: 'A thing',
  required: ['spec'],
  'x-kubernetes-validations': [{ rule: 'true' }],
  properties: {
    spec: {
      type: 'object',
      required: ['text', 'maybe'],
      properties: {
        text: { ...text, default: 'x', enum: ['x', 'y'], maxLength: 5 },
        maybe: { ...text, nullable: true },
        either: { 'x-kubernetes-int-or-string': true },
        template: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          'x-kubernetes-preserve-unknown-fields': true,
        },
        strict: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          properties: { spec: { type: 'object', properties: { a: text } } },
        },
        list: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', required: ['k'], properties: { k: text } },
        },
        maybeList: { type: 'array', nullable: true, items: text },
        map: { type: 'object', additionalProperties: { type: 'integer', format: 'int64' } },
        combined: { ...text, anyOf: [{ minLength: 1 }, { pattern: 'a' }] },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
}
const OPEN: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const SCALE = { scale: { specReplicasPath: '.spec.r', statusReplicasPath: '.status.r' } }

const CASES: readonly (readonly [string, readonly JsonObject[], JsonObject])[] = [
  [
    'a namespaced kind with everything',
    [version(RICH, { subresources: { status: {}, ...SCALE }, selectableFields: [{ jsonPath: '.spec.text' }] })],
    {},
  ],
  ['a kind of the cluster that is open', [version(OPEN)], { scope: 'Cluster' }],
]

describeRealCluster('the OpenAPI of custom resources beside a real API server', (cluster) => {
  it.each(CASES)('agrees on %s', async (_, versions, spec) => {
    const { api, namespace } = await cluster()
    const group = `${await namespace('crd')}.example.com`
    const crd = await install(api, definitionOf(group, versions, spec))
    const path = `apis/${group}/v1`
    const real = await published(api, `/openapi/v3/${path}`, (document) => document.paths !== undefined)
    const apps = await published(api, '/openapi/v3/apis/apps/v1', () => true)
    const swagger = await published(api, '/openapi/v2', (document) => ownPaths(document, path).length > 0)
    expect(openApiDocument([crd], path, { apps, swagger })).toEqual(real)
    const parts = swaggerParts([crd], swagger)
    expect(parts.paths).toEqual(Object.fromEntries(ownPaths(swagger, path)))
    const names = Object.keys(parts.definitions)
    expect(parts.definitions).toEqual(
      Object.fromEntries(names.map((name) => [name, valueAt(swagger, 'definitions', name)])),
    )
  })
})

function ownPaths(document: JsonObject, path: string): readonly [string, Json][] {
  const paths = isObject(document.paths) ? document.paths : {}
  const root = `/${path}`
  return Object.entries(paths).filter(([each]) => each.startsWith(`${root}/`))
}

/** Reads a document until it is published. */
async function published(api: Api, path: string, wanted: (document: JsonObject) => boolean): Promise<JsonObject> {
  for (;;) {
    const answer = await api.request('GET', path)
    const document = answer.body as KubeObject | string // JSON, or plain text where there is none yet.
    if (typeof document !== 'string' && wanted(document)) return document
    await new Promise((resolve) => setImmediate(resolve))
  }
}
