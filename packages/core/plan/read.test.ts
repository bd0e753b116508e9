// Tests of reading a plan that comes from outside.
import { describe, expect, it, test } from 'vitest'
import type { Json, JsonObject } from '../object/json.ts'
import { sha256 } from '../testing/examples.ts'
import { config, object } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import { makePlan } from './make.ts'
import type { Plan, Step } from './plan.ts'
import { readPlan } from './read.ts'
import { planJson, sealPlan } from './seal.ts'

const plan = makePlan(
  planInput({
    same: [config('a')],
    desired: [config('b', {}, { a: '2' })],
    ours: [config('b'), object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv' } })],
  }),
)
const json = JSON.parse(JSON.stringify(plan)) as JsonObject // What JSON.parse gives is JSON.
const read = (value: Json) => readPlan(value, 'plan.json', sha256)
const whatOf = (value: Json): readonly string[] => {
  const result = read(value)
  return result.kind === 'plan' ? [] : result.problems.map(({ where, field, what }) => `${where} ${field}: ${what}`)
}
/** The plan with parts replaced and the id that its new content has: what another program could make. */
const resealed = (parts: Partial<Plan>): Json => planJson(sealPlan({ ...plan, ...parts }, sha256))

it('gives the very plan that was written', () => {
  expect(read(json)).toEqual({ kind: 'plan', plan })
})

it('keeps whole numbers that a double would round', () => {
  const [step] = plan.steps
  if (step?.kind !== 'apply') throw new Error('no example')
  const changes = [{ path: 'spec.x', op: 'set', from: 9007199254740993n, to: 1, by: null, handEdit: false } as const]
  const result = read(resealed({ steps: [{ ...step, changes }, ...plan.steps.slice(1)] }))
  const [first] = result.kind === 'plan' ? result.plan.steps : []
  expect(first?.kind === 'apply' && first.changes[0]?.from).toBe(9007199254740993n)
})

describe('a plan is refused', () => {
  test.each<[string, Json, string]>([
    ['that is no object', 'plan', 'plan.json schema: is not a plan; this program reads mainstay.dev/plan/v1'],
    [
      'of another version',
      { ...json, schema: 'mainstay.dev/plan/v2' },
      'plan.json schema: is a plan of the version mainstay.dev/plan/v2; this program reads mainstay.dev/plan/v1',
    ],
    ['with a field missing', without(json, 'project'), 'plan.json project: is missing, expected a text'],
    ['with a field of another form', { ...json, namespace: 3 }, 'plan.json namespace: is 3, expected a text'],
    ['with an unknown field', { ...json, force: true }, 'plan.json force: is not a known field'],
    [
      'with a word that means nothing',
      { ...json, verdict: 'sure' },
      'plan.json verdict: is "sure", expected one of proceed, needs-approval, blocked',
    ],
    [
      'with a step of an unknown kind',
      { ...json, steps: [{ kind: 'run' }] },
      'plan.json steps[0].kind: is "run", expected one of apply, wait, delete, rebind',
    ],
    ['that was edited', { ...json, project: 'other' }, 'plan.json id: was changed after it was made'],
  ])('%s', (_, value, what) => {
    expect(whatOf(value)[0]).toContain(what)
  })

  it('with everything that is wrong with it at once', () => {
    const steps = plan.steps.map((step) => ({ ...step, wave: 'first' }))
    const broken = { ...json, project: null, steps: JSON.parse(JSON.stringify(steps)) as Json } // As above.
    expect(whatOf(broken)).toEqual([
      'plan.json project: is null, expected a text',
      ...plan.steps.map((_, at) => `plan.json steps[${at}].wave: is "first", expected a whole number`),
    ])
  })

  it('that names a key of every object', () => {
    const hostile = JSON.parse(JSON.stringify(json).replace('{', '{"__proto__": {"verdict": "proceed"}, ')) as Json // As above.
    expect(whatOf(hostile)[0]).toContain('__proto__: is not a known field')
  })

  it('whose verdict does not follow from its findings, though its digest is right', () => {
    expect(plan.verdict).toBe('needs-approval')
    expect(whatOf(resealed({ verdict: 'proceed' }))).toEqual(['plan.json verdict: does not follow from the findings'])
  })

  it('that proves the deletion of another object, or gives one object two fates', () => {
    const steps = plan.steps.map((step) => (step.kind === 'delete' ? { ...step, uid: 'another' } : step))
    expect(whatOf(resealed({ steps }))[0]).toContain('proves another object')
    const twice = plan.steps.flatMap((step): readonly Step[] =>
      step.kind === 'delete' ? [step, { ...step, id: 'again' }] : [step],
    )
    expect(whatOf(resealed({ steps: twice }))[0]).toContain('is the object of delete ')
    const copied = plan.steps.flatMap((step): readonly Step[] => (step.kind === 'apply' ? [step, step] : [step]))
    expect(whatOf(resealed({ steps: copied }))[0]).toContain('stands there twice')
  })

  it('that replaces an object the wrong way round', () => {
    const steps = plan.steps.flatMap((step): readonly Step[] => {
      if (step.kind !== 'delete') return [step]
      const created = plan.steps.find((each) => each.kind === 'apply')
      if (created?.kind !== 'apply') throw new Error('the example applies nothing')
      return [step, { ...created, id: 'created again', ref: step.ref, uid: null }]
    })
    // A deletion of the prune phase is the end of its object; only one of the sync phase is followed by a create.
    expect(whatOf(resealed({ steps }))[0]).toContain('is the object of delete ')
    const replaced = steps.map((step): Step => (step.kind === 'delete' ? { ...step, phase: 'sync' } : step))
    expect(whatOf(resealed({ steps: replaced }))).toEqual([])
  })

  it('whose step waits for itself', () => {
    const steps = plan.steps.map((step) => ({ ...step, after: [step.group] }))
    expect(whatOf(resealed({ steps }))[0]).toContain('waits for its own group')
  })

  it('in whatever field it was edited', () => {
    const paths = leaves(json, [])
    expect(paths.length).toBeGreaterThan(50)
    for (const path of paths) expect(read(changedAt(json, path)).kind, path.join('.')).toBe('problems')
  })
})

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
}

function leaves(value: Json, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, item]) => leaves(item as Json, [...path, key])) // Items of JSON are JSON.
}

function changedAt(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined)
    return typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value)}x`
  if (Array.isArray(value)) return value.map((item: Json, at) => (String(at) === key ? changedAt(item, rest) : item))
  const record = value as JsonObject // A path of more keys leads through lists and objects only.
  return { ...record, [key]: changedAt(record[key] ?? null, rest) }
}
