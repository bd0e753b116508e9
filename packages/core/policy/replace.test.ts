// Tests of the rule that nothing is replaced as a side effect.
import { describe, expect, it } from 'vitest'
import type { DryRun } from '../compare/drift.ts'
import type { JsonObject } from '../object/json.ts'
import { config, definition, deployment, object } from '../testing/manifests.ts'
import type { PlanCase } from '../testing/plan-case.ts'
import { judge } from '../testing/plan-case.ts'

const OPTIONS = 'argocd.argoproj.io/sync-options'
const FORCE: JsonObject = { [OPTIONS]: 'Force=true' }

/** What a server says of a change that it would take as a new object. */
const immutable: DryRun = {
  kind: 'refused',
  refusal: {
    reason: 'Invalid',
    message: 'spec.selector: field is immutable',
    fields: [{ field: 'spec.selector', message: 'field is immutable' }],
    creatable: true,
  },
}

const change = (name: string, annotations = FORCE): Pick<PlanCase, 'desired' | 'ours' | 'dryRuns'> => ({
  desired: [deployment(name, 2, annotations)],
  ours: [deployment(name, 1, annotations)],
  dryRuns: { [`Deployment/${name}`]: immutable },
})

describe('an object marked Force=true that cannot be changed in place', () => {
  it('is deleted, seen gone and created again, in this order, with approval', () => {
    const { found, plan } = judge('replace', change('web'))
    expect(plan.steps.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual([
      'delete sync',
      'wait sync',
      'apply sync',
      'wait sync',
    ])
    expect(plan.steps[2]).toMatchObject({ verb: 'create', uid: null, after: [plan.steps[1]?.group] })
    expect(plan.steps[0]).toMatchObject({ uid: 'uid-apps/Deployment/shop/web', proof: { kind: 'inventory' } })
    expect(found[0]).toMatchObject({ level: 'needs-approval', title: 'Deployment/web is deleted and created again' })
    expect(plan.verdict).toBe('needs-approval')
    expect(plan.totals).toMatchObject({ create: 1, update: 0, delete: 1 })
    expect(plan.findings.some((finding) => finding.rule === 'rejected' || finding.rule === 'shrink')).toBe(false)
  })

  it('names what goes with it', () => {
    const pod = object('v1', 'Pod', 'web-1', {
      metadata: { namespace: 'shop', uid: 'p', ownerReferences: [{ uid: 'uid-apps/Deployment/shop/web' }] },
    })
    expect(judge('replace', { ...change('web'), facts: [pod] }).found[0]?.what).toContain('Pod/web-1')
  })

  it('is replaced by --force without a mark of its own', () => {
    const intent = { kind: 'sync', prune: false, only: [], revision: null, force: true } as const
    const { plan } = judge('replace', { ...change('web', {}), intent })
    expect(plan.steps[0]).toMatchObject({ kind: 'delete', phase: 'sync' })
  })

  it('is asked about by every rule that asks about a deletion: it existed before, it stands for the control plane', () => {
    const records = { 'Deployment/web': { adopted: true } }
    expect(judge('adopted', { ...change('web'), records }).found).toHaveLength(1)
  })

  it('is refused as before without either, and the finding says how to ask', () => {
    const { found, plan } = judge('rejected', change('web', {}))
    expect(found[0]?.level).toBe('blocked')
    expect(found[0]?.fixes.at(-1)).toMatchObject({ text: expect.stringContaining('Force=true on the Deployment') })
    expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  })

  it('is never replaced while it is protected', () => {
    const { found, plan } = judge('rejected', change('web', { ...FORCE, 'mainstay.dev/protect': 'true' }))
    expect(found[0]?.what).toContain('it is protected')
    expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  })

  it('is not replaced where it was never ours', () => {
    const live = { ...deployment('web', 1), metadata: { name: 'web', namespace: 'shop', uid: 'theirs' } }
    const { found, plan } = judge('rejected', { ...change('web'), ours: [], live: [live] })
    expect(found[0]?.what).toContain('nothing proves that it is ours')
    expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  })

  it.each([
    ['a Namespace', object('v1', 'Namespace', 'shop'), 'Namespace/shop'],
    ['a definition', definition('example.com', 'Widget'), 'CustomResourceDefinition/widgets.example.com'],
  ])('is never replaced where it is %s', (_, manifest, name) => {
    const metadata = { name: String((manifest.metadata as { name: string }).name), annotations: FORCE }
    const wanted = { ...manifest, metadata: { ...metadata, labels: { changed: 'yes' } } }
    const given = { desired: [wanted], ours: [{ ...manifest, metadata }], dryRuns: { [name]: immutable } }
    const { found, plan } = judge('rejected', given)
    expect(found[0]?.what).toContain('is never deleted to change it')
    expect(plan.verdict).toBe('blocked')
    expect(plan.steps.some((step) => step.kind === 'delete')).toBe(false)
  })
})

it('says of each changed object marked Replace or Force that it is changed in place', () => {
  const marked = (value: string) => config('a', { [OPTIONS]: 'Replace=true,Force=true' }, { a: value })
  const { found, plan } = judge('replace', { desired: [marked('2')], ours: [marked('1')] })
  expect(found[0]?.level).toBe('info')
  expect(found[0]?.title).toBe('ConfigMap/a is marked Replace=true, Force=true and is changed in place')
  expect(plan.steps.map((step) => step.kind)).toEqual(['apply'])
})

it('has nothing to say where the object is new or as it should be', () => {
  const marked = config('a', { [OPTIONS]: 'Replace=true' })
  expect(judge('replace', { desired: [marked] }).found).toEqual([])
  expect(judge('replace', { same: [marked] }).found).toEqual([])
})
