// Tests of the list of what stays.
import { expect, it } from 'vitest'
import { config, deployment } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const OPTIONS = 'argocd.argoproj.io/sync-options'

it('lists what Git no longer wants while pruning is off, and how to plan its deletion', () => {
  const { found, plan } = judge('kept', {
    intent: { kind: 'sync', prune: false, only: [], revision: null },
    same: [deployment('web')],
    ours: [config('a'), config('b')],
  })
  expect(found[0]?.title).toBe('2 objects stay: pruning is off')
  expect(found[0]?.what).toBe('ConfigMap/a, ConfigMap/b')
  expect(found[0]?.fixes[0]).toMatchObject({ command: 'mainstay app plan shop --prune' })
  expect(plan.totals.kept).toBe(2)
})

it('gives the reason of each mark that keeps an object', () => {
  const marks = [
    [{ [OPTIONS]: 'Prune=false' }, 'it is marked Prune=false'],
    [{ 'helm.sh/resource-policy': 'keep' }, 'it carries helm.sh/resource-policy: keep'],
    [{ 'mainstay.dev/protect': 'true' }, 'it is protected (mainstay.dev/protect: "true")'],
  ] as const
  for (const [annotations, why] of marks) {
    const { found, plan } = judge('kept', { same: [deployment('web')], ours: [config('a', annotations)] })
    expect(found[0]?.title).toBe(`ConfigMap/a stays: ${why}`)
    expect(plan.steps).toEqual([])
    expect(plan.records.some((record) => record.kind === 'release')).toBe(false)
  }
})

it('prunes what is marked Delete=false only, and keeps it when the application is deleted', () => {
  const ours = [config('a', { [OPTIONS]: 'Delete=false' })]
  const sync = judge('kept', { same: [deployment('web')], ours })
  expect(sync.plan.steps.some((step) => step.kind === 'delete')).toBe(true)
  const deletion = judge('kept', { intent: { kind: 'delete', cascade: 'foreground' }, ours })
  expect(deletion.plan.steps).toEqual([])
  expect(deletion.plan.records.map((record) => record.kind)).toEqual(['release'])
})

it('keeps what a person marked Prune=false when the application is deleted, but not by an option of all of it', () => {
  const intent = { kind: 'delete', cascade: 'foreground' } as const
  const marked = judge('kept', { intent, ours: [config('a', { [OPTIONS]: 'Prune=false' })] })
  expect(marked.plan.steps).toEqual([])
  const spec = { syncPolicy: { syncOptions: ['Prune=false'] } }
  expect(judge('kept', { spec, intent, ours: [config('a')] }).plan.steps.map((step) => step.kind)).toEqual([
    'delete',
    'wait',
  ])
})

it('lets the more protective of two sources win: a mark removed by hand still holds as it was recorded', () => {
  const records = { 'ConfigMap/a': { prune: 'no' } } as const
  expect(judge('kept', { same: [deployment('web')], ours: [config('a')], records }).plan.steps).toEqual([])
})
