// Tests of the marks that want to be asked.
import { expect, it } from 'vitest'
import { config } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const OPTIONS = 'argocd.argoproj.io/sync-options'

it('asks for each object marked Prune=confirm when it is pruned', () => {
  const { found, plan } = judge('confirm', {
    same: [config('a')],
    ours: [config('b', { [OPTIONS]: 'Prune=confirm' }), config('c')],
  })
  expect(found.map((finding) => finding.title)).toEqual(['ConfigMap/b is marked Prune=confirm'])
  expect(plan.verdict).toBe('needs-approval')
})

it('goes by Delete=confirm when the application is deleted', () => {
  const intent = { kind: 'delete', cascade: 'foreground' } as const
  const ours = [config('b', { [OPTIONS]: 'Prune=confirm' }), config('c', { [OPTIONS]: 'Delete=confirm' })]
  expect(judge('confirm', { intent, ours }).found.map((finding) => finding.ref?.name)).toEqual(['c'])
})

it('goes by the option of the whole application, and by what was recorded though the mark is gone', () => {
  const spec = { syncPolicy: { syncOptions: ['Prune=confirm'] } }
  expect(judge('confirm', { spec, same: [config('a')], ours: [config('b')] }).found).toHaveLength(1)
  const records = { 'ConfigMap/b': { prune: 'confirm' } } as const
  expect(judge('confirm', { same: [config('a')], ours: [config('b')], records }).found).toHaveLength(1)
})
