// What is used again of the API server's answers about objects that do not exist yet.
import type { DryRun } from '@mainstay/core/compare/drift.ts'
import { expect, it } from 'vitest'
import { RecentAnswers } from './recent.ts'

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
const accepted: DryRun = { kind: 'accepted', object, warnings: [] }
const refused: DryRun = { kind: 'refused', refusal: { reason: 'Invalid', message: 'no', fields: [] } }

it('is an acceptance of the same manifest in the same cluster, for a minute', () => {
  let now = 0
  const recent = new RecentAnswers({ now: () => now })
  recent.put('c1', 'd1', accepted)
  expect([recent.get('c1', 'd1'), recent.get('c2', 'd1'), recent.get('c1', 'd2')]).toEqual([accepted, null, null])
  now = 60_000
  expect(recent.get('c1', 'd1')).toBe(accepted)
  now = 60_001
  expect(recent.get('c1', 'd1')).toBeNull()
})

it('is never a refusal: what was missing may be there by now', () => {
  const recent = new RecentAnswers({ now: () => 0 })
  recent.put('c1', 'd1', refused)
  expect(recent.get('c1', 'd1')).toBeNull()
})

it('is forgotten from the oldest on where there are very many', () => {
  const recent = new RecentAnswers({ now: () => 0 })
  for (let n = 0; n <= 20_000; n++) recent.put('c1', `d${n}`, accepted)
  expect([recent.get('c1', 'd0'), recent.get('c1', 'd1'), recent.get('c1', 'd20000')]).toEqual([
    null,
    accepted,
    accepted,
  ])
})
