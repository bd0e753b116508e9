// Tests of the rule that wanted objects keep what they stand on.
import { expect, it } from 'vitest'
import { config, definition, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('blocks deleting a Namespace while Git wants objects in it, there or not', () => {
  const ours = [object('v1', 'Namespace', 'shop')]
  for (const given of [{ same: [config('a')] }, { desired: [config('a')] }]) {
    const { found, plan } = judge('still-needed', { ...given, ours })
    expect(found[0]?.level).toBe('blocked')
    expect(found[0]?.what).toContain('ConfigMap/a')
    expect(plan.verdict).toBe('blocked')
  }
})

it('blocks deleting a definition while Git wants objects of it', () => {
  const ours = [definition('example.com', 'Widget')]
  const desired = [object('example.com/v1', 'Widget', 'w1'), object('example.org/v1', 'Widget', 'w2')]
  expect(judge('still-needed', { desired, ours }).found.map((finding) => finding.what)).toEqual([
    'they would go with it: Widget.example.com/w1',
  ])
})

it('lets them go where nothing of Git needs them', () => {
  const ours = [object('v1', 'Namespace', 'extra'), definition('example.com', 'Widget')]
  expect(judge('still-needed', { same: [config('a')], ours }).found).toEqual([])
})
