// Tests of reading published types: what is a gap, what is kept, and what the types come out as.
import { describe, expect, it } from 'vitest'
import { openSchemas, type SchemaStore } from './openapi.ts'
import { documentLookup } from './openapi-schema.ts'
import { type Reply, type Seen, statusReply } from './testing/fake-server.ts'
import { faultOf, stages } from './testing/stage.ts'

const stage = stages()
const thing = { group: 'x.io', version: 'v1', kind: 'Thing' }
const document = {
  'io.x.v1.Thing': {
    type: 'object',
    description: 'for people',
    properties: {
      description: { type: 'string' },
      default: { type: 'integer' },
      spec: { default: {}, allOf: [{ $ref: '#/components/schemas/io.x.v1.Spec' }] },
    },
    'x-kubernetes-group-version-kind': [thing],
  },
  'io.x.v1.Spec': { type: 'object', properties: { self: { $ref: '#/components/schemas/io.x.v1.Spec' } } },
}

function publishing(documents: Readonly<Record<string, Reply>>): (seen: Seen) => Reply {
  const paths = Object.keys(documents).map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=H1` }])
  return ({ path }) =>
    path === '/openapi/v3'
      ? { json: { paths: Object.fromEntries(paths) } }
      : (documents[path.slice('/openapi/v3/'.length)] ?? { status: 404 })
}

const good: Reply = { json: { components: { schemas: document } } }

function memoryStore(): SchemaStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return { kept, get: async (key) => kept.get(key) ?? null, put: async (key, text) => void kept.set(key, text) }
}

describe('openSchemas', () => {
  it('reads a document once, and again only when its hash changes', async () => {
    const { transport, server } = await stage(publishing({ 'apis/x.io/v1': good }))
    const catalog = openSchemas(transport)
    const [first] = await Promise.all([catalog.load([thing]), catalog.load([thing, thing])])
    const again = await catalog.load([thing])
    expect(again.lookup('x.io', 'v1', 'Thing')).toBe(first?.lookup('x.io', 'v1', 'Thing'))
    expect(server.seen.filter(({ path }) => path !== '/openapi/v3')).toHaveLength(1)
  })

  it('is a gap for a group-version whose document cannot be read, and tries again later', async () => {
    let turn = 0
    const sometimes = (seen: Seen) =>
      seen.path.endsWith('bad.io/v1') && turn++ === 0
        ? statusReply(403, 'Forbidden')
        : publishing({ 'apis/x.io/v1': good, 'apis/bad.io/v1': good })(seen)
    const { transport } = await stage(sometimes)
    const catalog = openSchemas(transport)
    const bad = { group: 'bad.io', version: 'v1' }
    const { lookup, gaps } = await catalog.load([thing, bad, { group: 'none.io', version: 'v1' }])
    expect(gaps).toEqual([{ ...bad, reason: 'Forbidden it is' }])
    expect(lookup('x.io', 'v1', 'Thing')).not.toBeNull()
    expect(lookup('bad.io', 'v1', 'Thing')).toBeNull()
    expect((await catalog.load([bad])).gaps).toEqual([])
  })

  it('knows no types where the server publishes none, and fails where it cannot be reached', async () => {
    const old = await stage(() => ({ status: 404, text: '404 page not found' }))
    expect((await openSchemas(old.transport).load([thing])).lookup('x.io', 'v1', 'Thing')).toBeNull()
    const dead = await stage(() => ({ reset: true }))
    expect((await faultOf(openSchemas(dead.transport).load([thing]))).fault.kind).toBe('unreachable')
  })

  it('sends credentials nowhere but to the published paths of the server itself', async () => {
    const elsewhere = {
      json: { paths: { 'apis/x.io/v1': { serverRelativeURL: '//evil.example/openapi/v3/x?hash=1' } } },
    }
    const { transport, server } = await stage(() => elsewhere)
    expect((await openSchemas(transport).load([thing])).lookup('x.io', 'v1', 'Thing')).toBeNull()
    expect(server.seen).toHaveLength(1)
  })

  it('keeps a document without what only people read, and reads it back; a spoilt one is read anew', async () => {
    const { transport, server } = await stage(publishing({ 'apis/x.io/v1': good }))
    const store = memoryStore()
    await openSchemas(transport, store).load([thing])
    const [key, text] = [...store.kept][0] ?? ['', '']
    expect(text).not.toContain('for people')
    expect(JSON.parse(text)['io.x.v1.Thing'].properties).toEqual({
      description: { type: 'string' },
      default: { type: 'integer' },
      spec: { default: {}, allOf: [{ $ref: '#/components/schemas/io.x.v1.Spec' }] },
    })
    const before = server.seen.length
    expect((await openSchemas(transport, store).load([thing])).lookup('x.io', 'v1', 'Thing')).toMatchObject({
      kind: 'map',
    })
    expect(server.seen.length - before).toBe(1)
    store.kept.set(key, text.slice(0, 30))
    expect((await openSchemas(transport, store).load([thing])).lookup('x.io', 'v1', 'Thing')).toMatchObject({
      kind: 'map',
    })
  })
})

describe('documentLookup', () => {
  /** The type of the only field of a kind. */
  function typeOf(field: Record<string, unknown>, others: Record<string, unknown> = {}) {
    const schemas = {
      T: { type: 'object', properties: { f: field }, 'x-kubernetes-group-version-kind': [thing] },
      ...others,
    }
    // Written as JSON in this test.
    const schema = documentLookup(JSON.parse(JSON.stringify(schemas)))('x.io', 'v1', 'Thing')
    return schema?.kind === 'map' ? schema.field('f') : null
  }

  it('reads scalars with their forms and defaults', () => {
    expect(typeOf({ type: 'integer', format: 'int64', default: 3 })).toEqual({
      kind: 'scalar',
      type: 'integer',
      form: 'plain',
      default: 3,
    })
    expect(typeOf({ type: 'string', format: 'byte' })).toMatchObject({ form: 'bytes' })
    expect(typeOf({ type: 'string', format: 'date-time' })).toMatchObject({ form: 'time' })
    expect(typeOf({ 'x-kubernetes-int-or-string': true, anyOf: [] })).toMatchObject({ form: 'int-or-string' })
    const quantity = { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity' }
    expect(typeOf(quantity)).toMatchObject({ kind: 'scalar', form: 'quantity' })
  })

  it('reads lists by how the server merges them', () => {
    const merge = (more: Record<string, unknown>) => {
      const type = typeOf({ type: 'array', items: { type: 'string' }, ...more })
      return type?.kind === 'list' ? [type.merge, type.items.kind] : null
    }
    expect(merge({})).toEqual([{ by: 'atomic' }, 'scalar'])
    expect(merge({ 'x-kubernetes-list-type': 'atomic' })).toEqual([{ by: 'atomic' }, 'scalar'])
    expect(merge({ 'x-kubernetes-list-type': 'set' })).toEqual([{ by: 'set' }, 'scalar'])
    expect(merge({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a', 'b'] })).toEqual([
      { by: 'keys', keys: ['a', 'b'] },
      'scalar',
    ])
  })

  it('reads maps: free keys, atomic, unknown fields kept; free-form is unknown', () => {
    expect(typeOf({ type: 'object', additionalProperties: { type: 'string' } })).toMatchObject({
      kind: 'map',
      values: { kind: 'scalar' },
      atomic: false,
    })
    expect(typeOf({ type: 'object', additionalProperties: true, 'x-kubernetes-map-type': 'atomic' })).toMatchObject({
      values: { kind: 'unknown' },
      atomic: true,
    })
    expect(typeOf({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })).toMatchObject({
      kind: 'map',
      values: null,
      preservesUnknown: true,
    })
    expect(typeOf({ type: 'object' })).toEqual({ kind: 'unknown' })
    expect(typeOf({})).toEqual({ kind: 'unknown' })
  })

  it('finds no field that an object has by birth, and survives references to nowhere and in circles', () => {
    const schema = documentLookup({
      T: { type: 'object', properties: {}, 'x-kubernetes-group-version-kind': [thing] },
    })('x.io', 'v1', 'Thing')
    expect(schema?.kind === 'map' ? schema.field('constructor') : undefined).toBeNull()
    expect(typeOf({ $ref: '#/components/schemas/None' })).toEqual({ kind: 'unknown' })
    const circle = { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } }
    expect(typeOf({ $ref: '#/components/schemas/A' }, circle)).toEqual({ kind: 'unknown' })
  })
})
