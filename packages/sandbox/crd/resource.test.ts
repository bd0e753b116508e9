// A definition as a resource, without a server: what is served, read, filled in and refused.
import { expect, it } from 'vitest'
import { establish } from './establish.ts'
import { resourceOf } from './resource.ts'
import { markForDeletion, terminationStep } from './terminate.ts'
import { definitionOf, served, specSchema, thing, version } from './testing/cases.ts'
import { ask } from './testing/local.ts'

const GROUP = 'stable.example.com'
const HERE = { namespace: 'default' }
const schema = specSchema({
  replicas: { type: 'integer', default: 1, maximum: 5 },
  name: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'name is immutable' }] },
})

function resource(): NonNullable<ReturnType<typeof resourceOf>> {
  const made = resourceOf(served(definitionOf(GROUP, [version(schema, { subresources: { status: {} } })])))
  if (made === null) throw new Error('the definition is served')
  return made
}

it('serves nothing before it is established', () => {
  expect(resourceOf(definitionOf(GROUP, [version(schema)]))).toBeNull()
})

it('fills in defaults, drops unknown fields and tells where they were', () => {
  const outcome = ask(resource(), thing(GROUP, 'one', { spec: { odd: 1 }, status: { x: 1 } }, HERE))
  expect(outcome).toMatchObject({ kind: 'stored', object: { spec: { replicas: 1 } }, unknown: ['spec.odd', 'status'] })
})

it('refuses what its schema refuses, in the words of the API server', () => {
  expect(ask(resource(), thing(GROUP, 'one', { spec: { replicas: 6 } }, HERE))).toEqual({
    kind: 'invalid',
    causes: [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: 'Invalid value: 6: spec.replicas in body should be less than or equal to 5',
      },
    ],
  })
})

it('refuses a change by a rule over old and new', () => {
  const old = thing(GROUP, 'one', { spec: { name: 'a' } }, { generation: 1 })
  expect(ask(resource(), { ...old, spec: { name: 'b' } }, old)).toEqual({
    kind: 'invalid',
    causes: [{ reason: 'FieldValueInvalid', field: 'spec.name', message: 'Invalid value: "b": name is immutable' }],
  })
})

it('is established in two steps, and refused a name that another has', () => {
  const crd = definitionOf(GROUP, [version(schema)])
  const accepted = establish(crd, [], 0)
  const done = establish(accepted, [], 0)
  expect(establish(done, [], 0)).toBe(done)
  expect(done).toMatchObject({
    status: { conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }] },
  })
  const other = { ...crd, metadata: { name: `others.${GROUP}` } }
  expect(establish(other, [done], 0)).toMatchObject({
    status: {
      conditions: [{ type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict' }, { reason: 'NotAccepted' }],
    },
  })
})

it('goes only when its objects are gone', () => {
  const going = markForDeletion(served(definitionOf(GROUP, [version(schema)])), 0)
  const first = terminationStep(going, [thing(GROUP, 'one', {})], 0)
  if (first.kind !== 'write') throw new Error(first.kind)
  expect(terminationStep(first.crd, [thing(GROUP, 'one', {})], 0)).toEqual({ kind: 'delete-objects' })
  const held = thing(GROUP, 'one', {}, { deletionTimestamp: '2024-01-01T00:00:00Z' })
  expect(terminationStep(first.crd, [held], 0)).toEqual({ kind: 'wait' })
  expect(terminationStep(first.crd, [], 0)).toMatchObject({
    kind: 'write',
    crd: { metadata: { name: `things.${GROUP}` } },
  })
})
