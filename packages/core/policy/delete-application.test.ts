// Tests of the question that every deletion of an application is.
import { expect, it } from 'vitest'
import { config, deployment } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('names everything that goes, and offers to keep it first', () => {
  const { found, plan } = judge('delete-application', {
    intent: { kind: 'delete', cascade: 'background' },
    ours: [config('a'), deployment('web')],
  })
  expect(found[0]?.level).toBe('needs-approval')
  expect(found[0]?.what).toBe('ConfigMap/a, Deployment/web')
  expect(found[0]?.fixes[0]).toMatchObject({ command: 'mainstay app delete shop --cascade=false' })
  expect(plan.steps.flatMap((step) => (step.kind === 'delete' ? [step.cascade] : []))).toEqual([
    'background',
    'background',
  ])
})

it('asks also where nothing is deleted at all', () => {
  const { plan } = judge('delete-application', { intent: { kind: 'delete', cascade: 'none' }, ours: [config('a')] })
  expect(plan.verdict).toBe('needs-approval')
  expect(plan.steps).toEqual([])
  expect(plan.records).toHaveLength(1)
})

it('names an application outside the control plane by its namespace, too', () => {
  const { found } = judge('delete-application', {
    metadata: { namespace: 'team' },
    intent: { kind: 'delete', cascade: 'none' },
  })
  expect(found[0]?.title).toBe('application team/shop is forgotten')
})
