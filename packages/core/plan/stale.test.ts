// Tests of what is said when the world moved, and of what an old consent still covers.
import { describe, expect, it } from 'vitest'
import { sha256 } from '../testing/examples.ts'
import { config, deployment, object } from '../testing/manifests.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { planInput } from '../testing/plan-case.ts'
import { makePlan } from './make.ts'
import type { Plan } from './plan.ts'
import { sealPlan } from './seal.ts'
import { covers, explainStale } from './stale.ts'

const planOf = (given: PlanCase): Plan => makePlan(planInput(given))
const legacy = (uid: string) => ({ ...object('v1', 'Service', 'legacy'), metadata: { name: 'legacy', uid } })
const edit = {
  manager: 'kubectl-edit',
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2026-05-04T10:42:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
}
const scaled = (replicas: number) => {
  const web = deployment('web', replicas)
  return { ...web, metadata: { name: 'web', managedFields: [edit] } }
}

describe('what moved', () => {
  it('is nothing for one and the same plan', () => {
    const plan = planOf({ same: [config('a')], ours: [legacy('3f01-a')] })
    expect(explainStale(plan, plan)).toEqual([])
  })

  it('names an object that was re-created, by both uids', () => {
    const shown = planOf({ same: [config('a')], ours: [legacy('3f01-a')] })
    const fresh = planOf({ same: [config('a')], ours: [legacy('8c41-b')] })
    expect(explainStale(shown, fresh)).toEqual(['Service/legacy was re-created (uid 3f… → 8c…)'])
  })

  it('names an object that is no longer the recorded one', () => {
    const records = { 'Service/legacy': { state: { kind: 'applied', uid: '3f01-a' } } } as const
    const shown = planOf({ same: [config('a')], ours: [legacy('3f01-a')] })
    const fresh = planOf({ same: [config('a')], ours: [legacy('8c41-b')], records })
    expect(explainStale(shown, fresh)).toEqual([
      'Service/legacy is no longer to be deleted: somebody re-created it (uid 3f01-a → 8c41-b)',
    ])
  })

  it('names a field that somebody set to another value, and who', () => {
    const shown = planOf({ desired: [deployment('web', 3)], ours: [scaled(2)] })
    const fresh = planOf({ desired: [deployment('web', 3)], ours: [scaled(5)] })
    expect(explainStale(shown, fresh)).toEqual([
      'Deployment/web spec.replicas is 5 now, was 2 (kubectl-edit (2026-05-04 10:42))',
    ])
  })

  it('names a field that was right before', () => {
    const shown = planOf({
      desired: [config('a', {}, { a: '2', b: '1' })],
      ours: [config('a', {}, { a: '1', b: '1' })],
    })
    const fresh = planOf({
      desired: [config('a', {}, { a: '2', b: '1' })],
      ours: [config('a', {}, { a: '1', b: '0' })],
    })
    expect(explainStale(shown, fresh)[0]).toContain('ConfigMap/a data.b is "0" now, was as Git says')
  })

  it('names the revisions', () => {
    const shown = planOf({ desired: [config('a')], commit: 'aaaaaaa0' })
    const fresh = planOf({ desired: [config('a')], commit: 'bbbbbbb0' })
    expect(explainStale(shown, fresh)).toEqual(['the revision moved aaaaaaa → bbbbbbb'])
  })

  it("names a change of the application's spec", () => {
    const shown = planOf({ desired: [config('a')] })
    const fresh = planOf({ desired: [config('a')], spec: { revisionHistoryLimit: 3 } })
    expect(explainStale(shown, fresh)).toEqual(["the application's spec changed"])
  })

  it('names steps that came and went, and what they do', () => {
    const shown = planOf({ same: [config('a')], ours: [config('b')] })
    const fresh = planOf({ same: [config('a')], ours: [config('c')] })
    expect(explainStale(shown, fresh)).toEqual([
      'ConfigMap/b is no longer to be deleted',
      'ConfigMap/c is now to be deleted (no longer in Git at 4f1c2ab)',
    ])
  })

  it('names another render of the same revision', () => {
    const shown = planOf({ desired: [config('a', {}, { a: '1' })], ours: [config('a', {}, { a: '0' })] })
    const fresh = planOf({ desired: [config('a', {}, { a: '2' })], ours: [config('a', {}, { a: '0' })] })
    expect(explainStale(shown, fresh)).toEqual([
      'the same revision now gives other manifests',
      'Git now says another data.a for ConfigMap/a',
    ])
  })

  it('names what a deletion would take with it in addition', () => {
    const given = { same: [config('a')], ours: [object('v1', 'Service', 'web')] }
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'user', {
      metadata: { namespace: 'shop' },
      spec: { defaultBackend: { service: { name: 'web' } } },
    })
    expect(explainStale(planOf(given), planOf({ ...given, facts: [ingress] }))).toEqual([
      'deleting Service/web now still referred to by Ingress/user',
    ])
  })

  it('is said of the records where nothing else moved', () => {
    const given = { same: [config('a')], ours: [config('b')] }
    const fresh = planOf({ ...given, records: { 'ConfigMap/b': { order: 7 } } })
    expect(explainStale(planOf(given), fresh)).toEqual(['what is recorded of the application changed'])
  })
})

describe('a consent', () => {
  const given: PlanCase = {
    desired: [config('new'), config('changed', {}, { a: '2' })],
    ours: [config('changed'), config('old'), config('older'), config('stays')],
    same: [deployment('web')],
  }
  const approved = planOf(given)

  it('covers what is left when a part was carried out', () => {
    const rest = planOf({
      same: [deployment('web'), config('new')],
      desired: [config('changed', {}, { a: '2' })],
      ours: [config('changed'), config('old'), config('older'), config('stays')],
    })
    expect(rest.id).not.toBe(approved.id)
    expect(covers(approved, rest)).toBe(true)
  })

  it('does not cover a step that was not shown', () => {
    expect(covers(approved, planOf({ ...given, desired: [...(given.desired ?? []), config('more')] }))).toBe(false)
    expect(covers(approved, planOf({ ...given, ours: [...(given.ours ?? []), config('too')] }))).toBe(false)
  })

  it('does not cover another uid, another value, another commit, another request', () => {
    const other = { ...config('old'), metadata: { name: 'old', uid: 'another' } }
    const moved: readonly PlanCase[] = [
      { ...given, ours: [config('changed'), other, config('older'), config('stays')] },
      { ...given, ours: [config('changed', {}, { a: '0' }), config('old'), config('older'), config('stays')] },
      { ...given, commit: 'another' },
      { ...given, intent: { kind: 'delete', cascade: 'foreground' } },
      { ...given, spec: { revisionHistoryLimit: 3 } },
    ]
    for (const each of moved) expect(covers(approved, planOf(each))).toBe(false)
  })

  it('does not cover a consequence that was not shown', () => {
    const service = { same: [config('a')], ours: [object('v1', 'Service', 'web')] }
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'user', {
      metadata: { namespace: 'shop' },
      spec: { defaultBackend: { service: { name: 'web' } } },
    })
    expect(covers(planOf(service), planOf({ ...service, facts: [ingress] }))).toBe(false)
    expect(covers(planOf({ ...service, facts: [ingress] }), planOf(service))).toBe(true)
  })

  it('does not cover a plan that is blocked now, nor a finding that nobody accepted', () => {
    const blocked = sealPlan({ ...approved, verdict: 'blocked' }, sha256)
    expect(covers(approved, blocked)).toBe(false)
    const asking = { rule: 'adopted', level: 'needs-approval', ref: null, title: 't', what: 'w', fixes: [] } as const
    const more = sealPlan({ ...approved, findings: [...approved.findings, asking] }, sha256)
    expect(covers(approved, more)).toBe(false)
  })
})
