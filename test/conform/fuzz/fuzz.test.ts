// The parts of the fuzzer that need no server.

import { expect, it } from 'vitest'
import { comparable, differences } from './answer.ts'
import { Drawer } from './draw.ts'
import { fuzzKinds } from './kinds.ts'
import { Lot } from './lot.ts'
import { filledIn, merged, type Operation, told } from './operation.ts'
import { shrunk } from './shrink.ts'

const operation = (name: string, body: Operation['body'] = {}): Operation => ({
  kind: 'ConfigMap',
  version: 'v1',
  name,
  method: 'PUT',
  body,
})

function drawn(seed: string): readonly Operation[] {
  const drawer = new Drawer(new Lot(seed), fuzzKinds, () => null)
  return Array.from({ length: 200 }, () => drawer.next())
}

it('draws the same operations for the same seed, and others for another', () => {
  expect(drawn('a')).toEqual(drawn('a'))
  expect(drawn('a')).not.toEqual(drawn('b'))
})

it('draws something of every kind', () => {
  const kinds = new Set(['a', 'b', 'c', 'd', 'e'].flatMap((seed) => drawn(seed).map(({ kind }) => kind)))
  expect([...kinds].sort()).toEqual(fuzzKinds.map(({ kind }) => kind).sort())
})

it('makes a row of operations as short as it can be, and what they send as small', async () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => operation(name, { data: { x: '1', y: '2' }, other: [1, 2] }))
  const needs = (each: Operation, key: string): boolean => JSON.stringify(each.body).includes(`"${key}"`)
  const fails = async (some: readonly Operation[]): Promise<boolean> =>
    some.some((each) => each.name === 'b' && needs(each, 'x')) && some.at(-1)?.name === 'd'
  expect(await shrunk(all, fails)).toEqual([operation('b', { data: { x: '1' } }), operation('d', {})])
})

it('compares without uids, times and versions, but with managers', () => {
  const object = (uid: string, manager: string) => ({
    metadata: { uid, resourceVersion: uid.slice(0, 1), managedFields: [{ manager, time: '2026-01-02T03:04:05Z' }] },
  })
  const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
  expect(differences(comparable(object(one, 'ana')), comparable(object(two, 'ana')))).toEqual([])
  expect(differences(comparable(object(one, 'ana')), comparable(object(two, 'bob')))).toEqual([
    'metadata.managedFields[0].manager: "ana" | "bob"',
  ])
})

it('fills in what each server has of its own', () => {
  const known = { ns: 'n', uid: 'u', rv: '2', old: '1' }
  expect(filledIn({ a: '%ns%-%uid%', b: ['%rv%', '%old%'] }, known)).toEqual({ a: 'n-u', b: ['2', '1'] })
  expect(merged({ a: 1, b: { c: 2 } }, { a: null, b: { d: 3 } })).toEqual({ b: { c: 2, d: 3 } })
})

it('tells an operation in a line', () => {
  expect(told({ ...operation('a', { data: { x: '1' } }), sub: 'status', query: { dryRun: 'All' } })).toBe(
    'PUT ConfigMap a/status dryRun=All {"data":{"x":"1"}}',
  )
})
