// Tests of the rule that a refused manifest stops the plan.
import { expect, it } from 'vitest'
import { config, deployment } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const refusal = (fields: readonly { readonly field: string; readonly message: string }[]) =>
  ({ kind: 'refused', refusal: { reason: 'Invalid', message: 'the whole message', fields } }) as const

it('names file, line and the fields as the server did', () => {
  const { found, plan } = judge('rejected', {
    desired: [deployment('web'), config('a')],
    dryRuns: { 'Deployment/web': refusal([{ field: 'spec.replicas', message: 'must be positive' }]) },
  })
  expect(found).toHaveLength(1)
  expect(found[0]?.title).toBe('Deployment/web (apps/web.yaml:1) is refused by the API server')
  expect(found[0]?.what).toBe('spec.replicas: must be positive')
  expect(plan.verdict).toBe('blocked')
})

it("gives the server's message where it named no field", () => {
  const dryRuns = { 'Deployment/web': refusal([]) }
  expect(judge('rejected', { desired: [deployment('web')], dryRuns }).found[0]?.what).toBe('the whole message')
})

it('leaves out what a selective sync does not touch', () => {
  const only = [{ exclude: false, group: '', kind: 'ConfigMap', namespace: null, name: '*' }]
  const { plan } = judge('rejected', {
    intent: { kind: 'sync', prune: false, only, revision: null },
    desired: [deployment('web'), config('a')],
    dryRuns: { 'Deployment/web': refusal([]) },
  })
  expect(plan.verdict).toBe('proceed')
})
