// Laws of the comparison, tried on many worlds.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DesiredObject } from '../desired/desired.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf, uidOf } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { noSchemas } from '../testing/schemas.ts'
import { applied, compareInput, configMap, desired, liveSet, managed, manifest, recorded } from '../testing/world.ts'
import { compare } from './compare.ts'
import type { CompareInput } from './context.ts'
import type { DryRun } from './drift.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const
const word = fc.constantFrom('1', '2', '3')
const data = fc.dictionary(fc.constantFrom('x', 'y', 'z'), word, { maxKeys: 3 })

const container = fc.record(
  {
    image: fc.constantFrom('a:1', 'a:2'),
    env: fc
      .uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 })
      .map((list) => list.map((name) => ({ name, value: '1' }))),
    ports: fc
      .uniqueArray(fc.constantFrom(80, 81), { maxLength: 2 })
      .map((list) => list.map((port) => ({ containerPort: port }))),
    resources: fc.constantFrom({}, { limits: { cpu: 0.5 } }, { limits: { cpu: '500m', memory: '1Gi' } }),
  },
  { requiredKeys: ['image'] },
)

const deployment = fc.record({
  replicas: fc.constantFrom(1, 2),
  selector: fc.constant({ matchLabels: { app: 'web' } }),
  template: fc
    .uniqueArray(fc.constantFrom('web', 'proxy'), { minLength: 1 })
    .chain((list) =>
      fc
        .tuple(...list.map((name) => container.map((each) => ({ ...each, name }))))
        .map((containers) => ({ spec: { containers } })),
    ),
})

/** Manifests of distinct names: ConfigMaps and Deployments. */
const manifests = fc
  .tuple(
    ...names.map((name) =>
      fc.option(
        fc.oneof(
          data.map((each) => configMap(name, each)),
          deployment.map((spec) => manifest('apps/v1', 'Deployment', name, { spec })),
        ),
      ),
    ),
  )
  .map((list) => list.filter((each) => each !== null))

const world = fc.record({
  wanted: manifests,
  before: manifests,
  edits: fc.array(fc.tuple(fc.constantFrom(...names), word), { maxLength: 3 }),
  records: fc.uniqueArray(fc.constantFrom(...names)),
  surplus: fc.constantFrom('look' as const, 'ignore' as const),
})

/** A world in which `before` was applied, some of it was edited by hand, and `wanted` is wanted now. */
function inputOf(made: typeof world extends fc.Arbitrary<infer W> ? W : never): CompareInput {
  const old = made.before.map((each) => desired(each))
  const edits = new Map(made.edits)
  const live = old.map((object) => edit(applied(object), edits.get(object.ref.name as (typeof names)[number])))
  const entries = old
    .filter((each) => made.records.includes(each.ref.name as (typeof names)[number]))
    .map((each) => recorded(each))
  return compareInput({
    desired: made.wanted.map((each) => desired(each)),
    live: liveSet(live),
    inventory: { entries },
    surplus: made.surplus,
  })
}

function edit(object: KubeObject, value: string | undefined): KubeObject {
  if (value === undefined || object.kind !== 'ConfigMap') return object
  const hand = managed('kubectl-edit', 'Update', { 'f:data': { 'f:x': {} } })
  const managedFields = [...(object.metadata.managedFields as readonly JsonObject[]), hand]
  return {
    ...object,
    data: { ...(object.data as JsonObject), x: value },
    metadata: { ...object.metadata, managedFields },
  }
}

/** The same value with the keys of every object in another order. */
function reordered<T extends Json>(value: T): T {
  if (isList(value)) return value.map(reordered) as unknown as T
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reordered(each)]),
  ) as T
}

describe('laws', () => {
  it('the order of anything in the input means nothing', () => {
    fc.assert(
      fc.property(world, (made) => {
        const input = inputOf(made)
        const turned: CompareInput = {
          ...input,
          desired: input.desired.map((each) => ({ ...each, manifest: reordered(each.manifest) })).toReversed(),
          live: {
            ...input.live,
            objects: new Map(
              [...input.live.objects].toReversed().map(([key, each]) => [key, withTurnedFields(reordered(each))]),
            ),
            seen: input.live.seen.toReversed(),
          },
          inventory: { entries: input.inventory.entries.toReversed() },
        }
        const left = compare(input)
        const right = compare(turned)
        expect(right.uncertain).toEqual(left.uncertain)
        expect(right.gone).toEqual(left.gone)
        expect(right.drifts.map(comparable)).toEqual(left.drifts.map(comparable))
      }),
    )
  })

  it('what was just applied is the same, with and without published types, and nobody is asked where it is recorded', () => {
    fc.assert(
      fc.property(manifests, (list) => {
        const wanted = list.map((each) => desired(each))
        const input = compareInput({
          desired: wanted,
          live: liveSet(wanted.map((each) => applied(each))),
          inventory: { entries: wanted.map((each) => recorded(each)) },
        })
        for (const schema of [input.schema, noSchemas]) {
          const { drifts, gone, uncertain } = compare({ ...input, schema })
          expect(drifts.map((drift) => drift.kind)).toEqual(wanted.map(() => 'same'))
          expect([...gone, ...uncertain]).toEqual([])
        }
      }),
    )
  })

  it('what the server would make of it, once applied, is the same', () => {
    fc.assert(
      fc.property(world, (made) => {
        const input = inputOf(made)
        const after = new Map(input.live.objects)
        for (const each of input.desired) after.set(refKey(each.ref), applied(each))
        const dryRuns = new Map(input.desired.map((each): [string, DryRun] => [refKey(each.ref), accepted(each)]))
        const settled = compare({ ...input, live: { ...input.live, objects: after }, dryRuns })
        const wanted = new Set(input.desired.map((each) => refKey(each.ref)))
        const about = settled.drifts.filter((drift) => wanted.has(refKey(drift.ref)))
        expect(about.map((drift) => drift.kind)).toEqual(input.desired.map(() => 'same'))
        expect(settled.uncertain).toEqual([])
      }),
    )
  })

  it('every wanted object has exactly one verdict, and nothing wanted is surplus, foreign or gone', () => {
    fc.assert(
      fc.property(world, (made) => {
        const input = inputOf(made)
        const { drifts, gone } = compare(input)
        const keys = drifts.map((drift) => refKey(drift.ref))
        expect(new Set(keys).size).toBe(keys.length)
        for (const each of input.desired) {
          const verdict = drifts.find((drift) => refKey(drift.ref) === refKey(each.ref))
          expect(['same', 'changed', 'missing']).toContain(verdict?.kind)
          expect(gone.map((entry) => refKey(entry.ref))).not.toContain(refKey(each.ref))
        }
      }),
    )
  })

  it('a surplus object has a proof that holds: its uid was recorded, or its own mark describes it', () => {
    fc.assert(
      fc.property(world, (made) => {
        const input = inputOf(made)
        for (const drift of compare(input).drifts) {
          if (drift.kind !== 'surplus') continue
          expect(drift.proof.uid).toBe(uidOf(drift.live))
          const entry = input.inventory.entries.find((each) => refKey(each.ref) === refKey(drift.ref))
          if (drift.proof.kind === 'inventory') expect(uidOfEntry(entry)).toBe(drift.proof.uid)
          else expect(drift.proof.id).toBe(`shop:${refOf(drift.live).group}/${drift.ref.kind}:shop/${drift.ref.name}`)
        }
      }),
    )
  })

  it('what could not be seen is neither missing, surplus nor gone', () => {
    fc.assert(
      fc.property(world, fc.constantFrom('ConfigMap', 'Deployment'), (made, kind) => {
        const input = inputOf(made)
        const group = kind === 'Deployment' ? 'apps' : ''
        const objects = new Map([...input.live.objects].filter(([, each]) => each.kind !== kind))
        const gaps = [{ group, kind, namespace: null, reason: 'timeout' }]
        const { drifts, gone } = compare({ ...input, live: { ...input.live, objects, gaps } })
        const verdicts = drifts.filter((drift) => drift.ref.kind === kind).map((drift) => drift.kind)
        expect(verdicts.filter((verdict) => verdict !== 'unseen')).toEqual([])
        expect(gone.filter((entry) => entry.ref.kind === kind)).toEqual([])
      }),
    )
  })
})

/** A drift without the inputs it carries along. */
function comparable(drift: ReturnType<typeof compare>['drifts'][number]): object {
  const rest: Record<string, unknown> = { ...drift }
  for (const key of ['desired', 'live', 'recorded']) delete rest[key]
  return rest
}

function withTurnedFields(object: KubeObject): KubeObject {
  const entries = object.metadata.managedFields
  if (!isList(entries)) return object
  return { ...object, metadata: { ...object.metadata, managedFields: entries.toReversed() } }
}

function accepted(object: DesiredObject): DryRun {
  return { kind: 'accepted', object: applied(object), warnings: [] }
}

function uidOfEntry(entry: InventoryEntry | undefined): string | null {
  return entry === undefined || entry.state.kind === 'intended' ? null : entry.state.uid
}
