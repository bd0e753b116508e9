// Tests of the rule that a volume does not give up its data in passing.
import { describe, expect, it } from 'vitest'
import { object } from '../testing/manifests.ts'
import { judge } from '../testing/plan-case.ts'

const volume = (policy: string, more = {}) =>
  object('v1', 'PersistentVolume', 'pv-1', { spec: { persistentVolumeReclaimPolicy: policy }, ...more })

describe('a volume that keeps its data', () => {
  it('needs an approval before it says Delete, and is known to be free already', () => {
    const { found, plan } = judge('reclaim-policy', {
      desired: [volume('Delete')],
      live: [volume('Retain', { status: { phase: 'Released' } })],
    })
    expect(plan.verdict).toBe('needs-approval')
    expect(found[0]?.what).toContain('deleted as soon as')
    const bound = { desired: [volume('Delete')], live: [volume('Retain')] }
    expect(judge('reclaim-policy', bound).found[0]?.what).toContain('go with its claim')
  })

  it('may say Delete where somebody gave its data up, and may always say Retain', () => {
    const given = { metadata: { annotations: { 'mainstay.dev/give-up-data': 'true' } } }
    const up = { desired: [volume('Delete')], live: [volume('Retain', given)] }
    expect(judge('reclaim-policy', up).found).toEqual([])
    const kept = { desired: [volume('Retain')], live: [volume('Delete')] }
    expect(judge('reclaim-policy', kept).found).toEqual([])
  })
})
