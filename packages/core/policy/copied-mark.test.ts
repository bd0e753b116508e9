// Tests of the note about marks that prove nothing.
import { expect, it } from 'vitest'
import { config, live, object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

it('names objects with a copied mark and leaves them alone, whatever is asked', () => {
  const backup = live(
    object('velero.io/v1', 'Backup', 'daily-1', {
      metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:velero.io/Schedule:shop/daily' } },
    }),
  )
  for (const intent of [
    { kind: 'sync', prune: true, only: [], revision: null },
    { kind: 'delete', cascade: 'foreground' },
  ] as const) {
    const { found, plan } = judge('copied-mark', { intent, same: [config('a')], live: [backup] })
    expect(found.map((finding) => finding.level)).toEqual(['info'])
    expect(found[0]?.ref?.name).toBe('daily-1')
    expect(plan.steps.some((step) => step.kind === 'delete' && step.ref.kind === 'Backup')).toBe(false)
  }
})
