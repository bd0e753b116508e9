// Server-side apply on small objects: what is merged, what is taken away, who is in the way.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../registry/status.ts'
import { typeOf } from '../schema/lookup.ts'
import type { StructType } from '../schema/type.ts'
import { type ApplyOutcome, type ApplyRequest, applyPatch } from './apply.ts'
import { without } from './reset.ts'
import { customSubjects } from './testing/custom.ts'
import { entriesOf } from './testing/normal.ts'
import { trackUpdate } from './track.ts'

const early = '2026-01-01T00:00:00Z'
const late = '2026-01-01T00:00:09Z'

type Wish = Partial<Pick<ApplyRequest, 'force' | 'now' | 'typeOf' | 'resetFields' | 'subresource'>>

function apply(live: KubeObject | null, manager: string, patch: KubeObject, wish: Wish = {}): ApplyOutcome {
  return applyPatch({ live, patch, manager, force: false, subresource: null, now: early, typeOf: builtIn, ...wish })
}

function builtIn(apiVersion: string): StructType | null {
  return apiVersion === 'v1' ? typeOf('', 'v1', 'ConfigMap') : typeOf('apps', 'v1', 'Deployment')
}

function applied(outcome: ApplyOutcome): KubeObject {
  if (outcome.kind === 'conflict') throw new Error(outcome.conflicts.map(({ field }) => field).join(', '))
  return outcome.object
}

const configMap = (data: JsonObject, metadata: JsonObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop', ...metadata },
  data,
})

const deployment = (spec: JsonObject): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
})

const owners = (object: KubeObject): readonly string[] =>
  entriesOf(object).map(({ manager, operation, fieldsV1 }) => `${manager} ${operation} ${JSON.stringify(fieldsV1)}`)

function refused(act: () => unknown): { readonly code: number; readonly message: string } {
  try {
    act()
  } catch (error) {
    if (error instanceof StatusError) return { code: error.body.code, message: error.body.message }
    throw error
  }
  throw new Error('nothing was refused')
}

describe('applying', () => {
  const first = applied(apply(null, 'ana', configMap({ a: '1', b: '1' })))

  it('creates what is not there, owned by whoever applied it', () => {
    expect(owners(first)).toEqual(['ana Apply {"f:data":{"f:a":{},"f:b":{}}}'])
  })

  it('gives the very same object back where nothing changes', () => {
    expect(applied(apply(first, 'ana', configMap({ a: '1', b: '1' }), { now: late }))).toBe(first)
  })

  it('takes away what its manager no longer wants and nobody else owns', () => {
    const shared = applied(apply(first, 'ben', configMap({ b: '1' })))
    const less = applied(apply(shared, 'ana', configMap({})))
    expect(less.data).toEqual({ b: '1' })
    expect(owners(less)).toEqual(['ben Apply {"f:data":{"f:b":{}}}', 'ana Apply {"f:data":{}}'])
  })

  it('leaves no time for a manager who changes nothing', () => {
    const [, ben] = entriesOf(applied(apply(first, 'ben', configMap({ b: '1' }), { now: late }))).toSorted((x, y) =>
      String(x.manager) < String(y.manager) ? -1 : 1,
    )
    expect(ben?.time).toBeUndefined()
  })

  it('tells who owns what it would change, and takes it by force', () => {
    const outcome = apply(first, 'ben', configMap({ b: '2' }))
    expect(outcome).toEqual({
      kind: 'conflict',
      conflicts: [
        { manager: 'ana', operation: 'Apply', apiVersion: 'v1', subresource: null, time: early, field: '.data.b' },
      ],
    })
    const forced = applied(apply(first, 'ben', configMap({ b: '2' }), { force: true }))
    expect(forced.data).toEqual({ a: '1', b: '2' })
    expect(owners(forced)).toEqual(['ana Apply {"f:data":{"f:a":{}}}', 'ben Apply {"f:data":{"f:b":{}}}'])
  })

  it('records what nobody owned as there before', () => {
    const bare = configMap({ a: '1' }, { labels: { x: 'y' } })
    const made = applied(apply(bare, 'ana', configMap({ a: '1', b: '2' })))
    expect(owners(made)).toEqual([
      'ana Apply {"f:data":{"f:a":{},"f:b":{}}}',
      'before-first-apply Update {"f:data":{".":{},"f:a":{}},"f:metadata":{"f:labels":{".":{},"f:x":{}}}}',
    ])
  })

  it('merges lists by keys, with the keys that have defaults', () => {
    const container = (ports: readonly JsonObject[]): JsonObject => ({
      template: { spec: { containers: [{ name: 'web', ports }] } },
    })
    const live = applied(apply(null, 'ana', deployment(container([{ containerPort: 80, protocol: 'TCP' }]))))
    const both = applied(apply(live, 'ben', deployment(container([{ containerPort: 80, name: 'http' }]))))
    expect(both.spec).toEqual(container([{ containerPort: 80, protocol: 'TCP', name: 'http' }]))
  })

  it('does not own what has no effect through the resource', () => {
    const patch = { ...deployment({ replicas: 1 }), status: { replicas: 1 } }
    const made = applied(apply(null, 'ana', patch, { resetFields: () => without(['status']) }))
    expect(owners(made)).toEqual(['ana Apply {"f:spec":{"f:replicas":{}}}'])
  })

  it('lets kubectl take over what its client-side apply has set, and keeps its annotation', () => {
    const name = 'kubectl.kubernetes.io/last-applied-configuration'
    const sent = configMap({ a: '1' })
    const annotated = configMap({ a: '1' }, { annotations: { [name]: JSON.stringify(sent) } })
    const update = {
      manager: 'kubectl-client-side-apply',
      subresource: null,
      apiVersion: 'v1',
      now: early,
      typeOf: builtIn,
    }
    const live = trackUpdate({ ...update, before: null, after: annotated })
    expect(apply(live, 'other', configMap({ a: '2' })).kind).toBe('conflict')
    const made = applied(apply(live, 'kubectl', configMap({ a: '2' })))
    expect(made.metadata.annotations).toEqual({
      [name]:
        '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop"}}\n',
    })
    const changed = trackUpdate({ ...update, manager: 'hand', before: live, after: { ...live, data: { a: '3' } } })
    expect(apply(changed, 'kubectl', configMap({ a: '2' })).kind).toBe('conflict')
  })

  it.each<[string, JsonObject, string]>([
    ['numbers', { replicas: 'x' }, '.spec.replicas: expected numeric (int or float), got string'],
    ['booleans', { paused: { a: [1, null] } }, '.spec.paused: expected boolean, got &{map[a:[1 <nil>]]}'],
    [
      'texts',
      { template: { spec: { containers: [{ name: 'a', image: 1 }] } } },
      '.spec.template.spec.containers[name="a"].image: expected string, got &value.valueUnstructured{Value:1}',
    ],
    ['lists', { template: { spec: { containers: 'a' } } }, '.spec.template.spec.containers: expected list, got &{a}'],
    ['objects', { template: 'a' }, '.spec.template: expected map, got &{a}'],
    [
      'scalars',
      { template: { spec: { containers: [{ name: 'a', resources: { limits: { cpu: { a: 1 } } } }] } } },
      '.spec.template.spec.containers[name="a"].resources.limits.cpu: expected any scalar, got &{map[a:1]}',
    ],
    ['fields', { foo: 1 }, '.spec.foo: field not declared in schema'],
    [
      'items',
      { template: { spec: { containers: [null] } } },
      '.spec.template.spec.containers: element 0: associative list with keys may not have a null element',
    ],
    [
      'single items',
      { template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } },
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
    [
      'keys with defaults',
      { template: { spec: { containers: [{ name: 'a', ports: [{ x: 1 }] }] } } },
      '.spec.template.spec.containers[name="a"].ports[containerPort=0,protocol="TCP"].x: field not declared in schema',
    ],
    [
      'several things',
      { paused: 'y', replicas: 'x' },
      'errors:\n  .spec.paused: expected boolean, got &{y}\n  .spec.replicas: expected numeric (int or float), got string',
    ],
  ])('refuses what are no %s, in the words of the real server', (_, spec, why) => {
    const message = `failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): ${why}`
    expect(refused(() => apply(null, 'ana', deployment(spec)))).toEqual({ code: 500, message })
  })

  it('refuses managedFields in what is applied', () => {
    const patch = configMap({}, { managedFields: [] })
    expect(refused(() => apply(null, 'ana', patch))).toEqual({
      code: 400,
      message: 'metadata.managedFields must be nil',
    })
  })
})

describe('applying in several versions', () => {
  const [v1, v2] = customSubjects('example.com')
  const thing = (version: string, spec: JsonObject): KubeObject => ({
    apiVersion: `example.com/${version}`,
    kind: 'Thing',
    metadata: { name: 'one' },
    spec,
  })
  const inVersions: Wish = { typeOf: v1.typeOf }
  const live = applied(apply(null, 'ana', thing('v1', { keyed: [{ key: 'a', zone: 'home' }], plain: [1] }), inVersions))
  const seen = { ...live, apiVersion: v2.apiVersion }

  it('compares by the type of the version in which a field is owned', () => {
    const made = applied(apply(seen, 'ben', thing('v2', { keyed: [{ key: 'b' }] }), inVersions))
    // In v2 the list is one piece, and in v1 ana's item went with it.
    expect(made.spec).toEqual({ keyed: [{ key: 'b' }], plain: [1] })
    expect(owners(made)).toEqual(['ana Apply {"f:spec":{"f:plain":{}}}', 'ben Apply {"f:spec":{"f:keyed":{}}}'])
  })

  it('moves an applier to the version of the request', () => {
    const made = applied(apply(seen, 'ana', thing('v2', { plain: [1] }), inVersions))
    expect(made.spec).toEqual({ plain: [1] })
    expect(entriesOf(made).map(({ apiVersion }) => apiVersion)).toEqual(['example.com/v2'])
  })

  it('cannot bear a version that is gone, and an update then forgets all owners', () => {
    const gone = (apiVersion: string): StructType | null => (apiVersion === v2.apiVersion ? v2.type : null)
    const message = 'request to convert CR to an invalid group/version: example.com/v1'
    expect(refused(() => apply(seen, 'ben', thing('v2', {}), { typeOf: gone }))).toEqual({ code: 500, message })
    const update = {
      before: seen,
      manager: 'ben',
      subresource: null,
      apiVersion: v2.apiVersion,
      now: late,
      typeOf: gone,
    }
    expect(trackUpdate({ ...update, after: thing('v2', { plain: [2] }) }).metadata.managedFields).toBeUndefined()
  })

  it('drops owners of a version of a built-in kind that is gone', () => {
    const old = applied(apply(null, 'ana', configMap({ a: '1' })))
    const [entry] = entriesOf(old)
    const aged = { ...old, metadata: { ...old.metadata, managedFields: [{ ...entry, apiVersion: 'v0' }] } }
    const only = (apiVersion: string): StructType | null => (apiVersion === 'v1' ? builtIn('v1') : null)
    expect(owners(applied(apply(aged, 'ben', configMap({ b: '1' }), { typeOf: only })))).toEqual([
      'ben Apply {"f:data":{"f:b":{}}}',
    ])
  })
})
