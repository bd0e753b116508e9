// Tests of the rule about ignore rules that are not understood.
import { expect, it } from 'vitest'
import { config, deployment } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const unknown = { group: 'apps', kind: 'Deployment', jqPathExpressions: ['input_line_number'] }
const spec = { ignoreDifferences: [{ group: '', kind: 'ConfigMap', jsonPointers: ['/data/a'] }, unknown] }

it('names the field and the expression, and warns while no object of the rule is changed', () => {
  const { found, plan } = judge('ignore-rule', { spec, same: [deployment('web')], desired: [config('new')] })
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ level: 'warning', ref: null })
  expect(found[0]?.title).toBe('spec.ignoreDifferences[1].jqPathExpressions[0] cannot be honoured: input_line_number')
  expect(plan.verdict).toBe('proceed')
})

it('asks for approval where an object is changed that the rule was to leave alone', () => {
  const { found, plan } = judge('ignore-rule', { spec, ours: [deployment('web')], desired: [deployment('web', 3)] })
  expect(found[0]).toMatchObject({ level: 'needs-approval', ref: { name: 'web' } })
  expect(found[0]?.what).toContain('Deployment/web would be changed')
  expect(plan.verdict).toBe('needs-approval')
})

it('does not ask for an object that is only created: there is nothing to leave alone', () => {
  expect(judge('ignore-rule', { spec, desired: [deployment('web')] }).found[0]?.level).toBe('warning')
})

it('says nothing of rules that are understood', () => {
  const rules = [{ group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec.replicas'] }]
  expect(judge('ignore-rule', { spec: { ignoreDifferences: rules }, desired: [deployment('web')] }).found).toEqual([])
})
