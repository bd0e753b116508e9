// Tests of the rule that nothing is replaced as a side effect.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const OPTIONS = 'argocd.argoproj.io/sync-options'

it('tells of each changed object marked Replace or Force that it is changed in place', () => {
  const marked = (value: string) => config('a', { [OPTIONS]: 'Replace=true,Force=true' }, { a: value })
  const { found, plan } = judge('replace', { desired: [marked('2')], ours: [marked('1')] })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.title).toBe('ConfigMap/a is marked Replace=true, Force=true and is changed in place instead')
  expect(plan.steps.map((step) => step.kind)).toEqual(['apply'])
})

it('has nothing to say where the object is new or as it should be', () => {
  const marked = config('a', { [OPTIONS]: 'Replace=true' })
  expect(judge('replace', { desired: [marked] }).found).toEqual([])
  expect(judge('replace', { same: [marked] }).found).toEqual([])
})
