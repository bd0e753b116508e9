// Which of our fields an apply takes away.
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import { testSchemas } from '../testing/schemas.ts'
import { fieldSet, manifest } from '../testing/world.ts'
import type { Fields } from './fields.ts'
import { printPath } from './path.ts'
import { removedFields } from './removal.ts'

const deployment = (spec: JsonObject, metadata: JsonObject = {}) =>
  manifest('apps/v1', 'Deployment', 'web', { metadata, spec })
const containers = (...list: readonly JsonObject[]): JsonObject => ({ template: { spec: { containers: list } } })
const schema = testSchemas('apps', 'v1', 'Deployment')

/** What goes when `before` was applied by us and `after` is wanted; live is `before` plus what others added. */
function removed(
  before: JsonObject,
  after: JsonObject,
  more: { live?: JsonObject; others?: readonly Fields[] } = {},
): string[] {
  const fields = fieldSet(schema, deployment(before))
  const input = {
    fields,
    others: more.others ?? [],
    schema,
    wanted: deployment(after),
    live: deployment(more.live ?? before),
  }
  return removedFields(input).map((change) => printPath(change.path))
}

describe('fields that we applied and that left the manifest', () => {
  it('go', () => {
    expect(removed({ replicas: 2, minReadySeconds: 5 }, { replicas: 2 })).toEqual(['spec.minReadySeconds'])
  })

  it('stay while the manifest has them', () => {
    const spec = { replicas: 2, ...containers({ name: 'a', image: '1', ports: [{ containerPort: 80 }] }) }
    expect(removed(spec, spec)).toEqual([])
  })

  it('are nothing where the live object has lost them already', () => {
    expect(removed({ replicas: 2, minReadySeconds: 5 }, { replicas: 2 }, { live: { replicas: 2 } })).toEqual([])
  })

  it('stay where another manager owns them, too', () => {
    const others = [{ 'f:spec': { 'f:minReadySeconds': {} } }]
    expect(removed({ replicas: 2, minReadySeconds: 5 }, { replicas: 2 }, { others })).toEqual([])
  })

  it('go item by item in a keyed list, whole', () => {
    const before = containers({ name: 'a', image: '1' }, { name: 'b', image: '2' })
    expect(removed(before, containers({ name: 'a', image: '1' }))).toEqual(['spec.template.spec.containers[name=b]'])
  })

  it('go without the item where somebody else holds a part of it', () => {
    const before = containers({ name: 'a', image: '1' }, { name: 'b', image: '2' })
    const item = { 'f:securityContext': { 'f:runAsUser': {} } }
    const others = [{ 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"b"}': item } } } } }]
    expect(removed(before, containers({ name: 'a', image: '1' }), { others })).toEqual([
      'spec.template.spec.containers[name=b].image',
    ])
  })

  it('go inside an item that stays', () => {
    const before = containers({ name: 'a', image: '1', env: [{ name: 'X', value: '1' }] })
    expect(removed(before, containers({ name: 'a', image: '1' }))).toEqual([
      'spec.template.spec.containers[name=a].env[name=X]',
    ])
  })

  it('come back by themselves where they have their default', () => {
    const port = { containerPort: 80, protocol: 'TCP' }
    const before = containers({ name: 'a', ports: [port] })
    const fields = fieldSet(schema, deployment(before))
    const wanted = deployment(containers({ name: 'a', ports: [{ containerPort: 80 }] }))
    expect(removedFields({ fields, others: [], schema, wanted, live: deployment(before) })).toEqual([])
  })
})

describe('fields outside the spec', () => {
  const live = deployment({}, { labels: { a: '1', b: '2' }, annotations: { x: '1' }, finalizers: ['keep', 'drop'] })
  const fields = {
    'f:metadata': {
      'f:labels': { 'f:a': {}, 'f:b': {} },
      'f:annotations': { 'f:x': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
      'f:finalizers': { 'v:"keep"': {}, 'v:"drop"': {} },
      'f:name': {},
    },
    'f:status': { 'f:replicas': {} },
  }

  it('go as well: labels, annotations, finalizers, and never identity or status', () => {
    const wanted = deployment({}, { labels: { a: '1' }, finalizers: ['keep'] })
    const paths = removedFields({ fields, others: [], schema, wanted, live }).map((change) => printPath(change.path))
    expect(paths).toEqual(['metadata.labels.b', 'metadata.annotations.x', 'metadata.finalizers[=drop]'])
  })

  it('are found as data where a Secret was applied with stringData', () => {
    const secret = manifest('v1', 'Secret', 's', { data: { a: 'YQ==', b: 'Yg==' } })
    const input = { fields: { 'f:stringData': { 'f:a': {}, 'f:b': {} } }, others: [], schema: null, live: secret }
    const wanted = manifest('v1', 'Secret', 's', { data: { a: 'YQ==' } })
    expect(removedFields({ ...input, wanted }).map((change) => printPath(change.path))).toEqual(['data.b'])
  })
})
