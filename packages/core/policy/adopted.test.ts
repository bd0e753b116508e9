// Tests of the rule that earlier work is not destroyed unasked.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('asks before an object goes that existed before the application', () => {
  const records = { 'ConfigMap/b': { adopted: true } }
  const { found, plan } = judge('adopted', { same: [config('a')], ours: [config('b'), config('c')], records })
  expect(found.map((finding) => finding.ref?.name)).toEqual(['b'])
  expect(plan.verdict).toBe('needs-approval')
})
