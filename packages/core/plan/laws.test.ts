// What holds for every plan, whatever the world looks like.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claims, readMark } from '../app/tracking.ts'
import { compare } from '../compare/compare.ts'
import { orderDesired } from '../desired/order.ts'
import { recordedUid } from '../inventory/inventory.ts'
import type { Json } from '../object/json.ts'
import { uidOf } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { verdictOf } from '../policy/finding.ts'
import { GUARDS, runGuards } from '../policy/guards.ts'
import { simulate } from '../run/simulate.ts'
import { sha256, testMask } from '../testing/examples.ts'
import { planInput } from '../testing/plan-case.ts'
import { testSchemas } from '../testing/schemas.ts'
import { anyInput, caseOf, things } from '../testing/worlds.ts'
import type { PlanInput } from './input.ts'
import { makePlan } from './make.ts'
import type { Plan, Step } from './plan.ts'
import { readPlan } from './read.ts'
import { decideRemovals } from './removal.ts'
import { covers, explainStale } from './stale.ts'

const VERDICTS = ['proceed', 'needs-approval', 'blocked']

describe('every plan', () => {
  it('is the same bytes in whatever order its input comes', () => {
    fc.assert(
      fc.property(anyInput, fc.infiniteStream(fc.nat()), (input, numbers) => {
        const mix = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, by: numbers.next().value ?? 0 }))
            .sort((a, b) => a.by - b.by)
            .map(({ item }) => item)
        const mixed: PlanInput = {
          ...input,
          desired: { ...input.desired, objects: mix(input.desired.objects) },
          live: { ...input.live, objects: new Map(mix([...input.live.objects])), seen: mix(input.live.seen) },
          inventory: { entries: mix(input.inventory.entries) },
          comparison: { ...input.comparison, drifts: mix(input.comparison.drifts), gone: mix(input.comparison.gone) },
          facts: { ...input.facts, objects: mix(input.facts.objects) },
        }
        expect(makePlan(mixed)).toEqual(makePlan(input))
        expect(makePlan(mixed).id).toBe(makePlan(input).id)
      }),
    )
  })

  it('leaves nothing to do once it was carried out', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        // After a deletion nothing is recorded any more: only the mark of a re-created object is left to judge it by.
        fc.pre(input.intent.kind !== 'delete' || input.comparison.drifts.every((drift) => drift.kind !== 'foreign'))
        const plan = makePlan(input)
        const after = again(input, plan)
        const next = makePlan(after)
        expect(next.steps.filter((step) => step.kind !== 'wait')).toEqual([])
        expect(next.records).toEqual([])
      }),
    )
  })

  it('deletes only live objects that are proven ours, by their uid', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const step of makePlan(input).steps) {
          if (step.kind !== 'delete') continue
          const live = input.live.objects.get(refKey(step.ref))
          expect(live === undefined ? null : uidOf(live)).toBe(step.uid)
          expect(step.proof.uid).toBe(step.uid)
          const entry = input.inventory.entries.find((each) => refKey(each.ref) === refKey(step.ref))
          const recorded = entry !== undefined && recordedUid(entry) === step.uid
          const mark = live === undefined ? null : readMark(live, input.settings.tracking)
          const marked = mark?.kind === 'app' && mark.self === 'yes' && claims(mark, input.application.key)
          expect(recorded || marked).toBe(true)
          expect(input.desired.objects.some((each) => refKey(each.ref) === refKey(step.ref))).toBe(false)
        }
      }),
    )
  })

  it('gives one object one fate', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const touched = makePlan(input).steps.flatMap((step) =>
          step.kind === 'apply' || step.kind === 'delete' ? [refKey(step.ref)] : [],
        )
        expect(new Set(touched).size).toBe(touched.length)
      }),
    )
  })

  it('deletes in the reverse of the order in which it applied', () => {
    fc.assert(
      fc.property(things, (all) => {
        const wanted = all.map((each) => ({ ...each, place: 'missing' as const, options: '' }))
        const input = planInput(caseOf(wanted, { kind: 'sync', prune: true, only: [], revision: null }))
        const plan = makePlan(input)
        const applied = positions(plan)
        const empty = { ...input.desired, objects: [], revisions: [] }
        const deletion = makePlan(again({ ...input, intent: { kind: 'delete', cascade: 'foreground' } }, plan, empty))
        const deleted = positions(deletion)
        for (const [a, first] of applied) {
          for (const [b, second] of applied) {
            const [goneA, goneB] = [deleted.get(a), deleted.get(b)]
            if (first < second && goneA !== undefined && goneB !== undefined) expect(goneB).toBeLessThan(goneA)
          }
        }
      }),
    )
  })

  it('waits for groups that come before it only, so that it can always be finished', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = new Set<string>()
        let last = ''
        for (const step of makePlan(input).steps) {
          if (step.group !== last) expect(before.has(step.group)).toBe(false)
          before.add(step.group)
          last = step.group
          for (const group of step.after) {
            expect(group).not.toBe(step.group)
            expect(before.has(group)).toBe(true)
          }
        }
      }),
    )
  })

  it('gets a verdict that no rule can make milder', () => {
    fc.assert(
      fc.property(anyInput, fc.subarray([...GUARDS]), (input, some) => {
        const drifts = [...input.comparison.drifts]
        const plan = makePlan(input)
        const guarded = { input, drifts, steps: plan.steps, removals: decideRemovals(input, drifts) }
        const fewer = VERDICTS.indexOf(verdictOf(runGuards(guarded, some)))
        expect(fewer).toBeLessThanOrEqual(VERDICTS.indexOf(plan.verdict))
        expect(plan.verdict).toBe(verdictOf(plan.findings))
      }),
    )
  })

  it('is read back from JSON with the same digest', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = makePlan(input)
        const json = JSON.parse(JSON.stringify(plan)) as Json // What JSON.parse gives is JSON.
        expect(readPlan(json, 'plan.json', sha256)).toEqual({ kind: 'plan', plan })
      }),
    )
  })

  it('is refused when any part of it was edited', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom('project', 'verdict', 'cluster', 'totals', 'steps'), (input, part) => {
        const plan = makePlan(input)
        const edited = {
          project: { ...plan, project: 'other' },
          verdict: { ...plan, verdict: plan.verdict === 'proceed' ? 'blocked' : 'proceed' },
          cluster: { ...plan, cluster: { ...plan.cluster, server: 'https://elsewhere' } },
          totals: { ...plan, totals: { ...plan.totals, delete: plan.totals.delete + 1 } },
          steps: { ...plan, steps: [...plan.steps, ...plan.steps.slice(0, 1)], namespace: 'other' },
        }[part]
        const json = JSON.parse(JSON.stringify(edited)) as Json // As above.
        expect(readPlan(json, 'plan.json', sha256).kind).toBe('problems')
      }),
    )
  })

  it('covers whatever is left of it after any part was carried out', () => {
    fc.assert(
      fc.property(anyInput, fc.nat(), (input, cut) => {
        const plan = makePlan(input)
        const done: Plan = { ...plan, steps: plan.steps.slice(0, cut % (plan.steps.length + 1)), records: [] }
        const rest = makePlan(again(input, done))
        if (rest.verdict !== 'blocked') expect(covers(plan, rest)).toBe(true)
        if (rest.id !== plan.id) expect(explainStale(plan, rest)).not.toEqual([])
      }),
    )
  })
})

/** The same request after a plan was carried out. */
function again(input: PlanInput, plan: Plan, desired = input.desired): PlanInput {
  const world = simulate(plan, { live: input.live, inventory: input.inventory, desired: input.desired })
  const comparison = compare({
    desired: desired.objects,
    live: world.live,
    inventory: world.inventory,
    kinds: input.kinds,
    schema: testSchemas,
    ignore: [],
    app: input.application.key,
    destinationNamespace: input.application.destination.namespace,
    tracking: input.settings.tracking,
    mask: testMask,
    dryRuns: new Map(),
    surplus: 'look',
  })
  return { ...input, desired, ...world, comparison }
}

/** The position of each object's group in a plan. */
function positions(plan: Plan): ReadonlyMap<string, number> {
  const groups = [...new Set(plan.steps.map((step) => step.group))]
  const acting = plan.steps.filter((step): step is Exclude<Step, { kind: 'wait' }> => step.kind !== 'wait')
  return new Map(acting.map((step) => [refKey(step.ref), groups.indexOf(step.group)]))
}

describe('the order of application', () => {
  it('is the one that manifests are built in', () => {
    fc.assert(
      fc.property(things, (all) => {
        const wanted = all.map((each) => ({ ...each, place: 'missing' as const }))
        const input = planInput(caseOf(wanted, { kind: 'sync', prune: false, only: [], revision: null }))
        const waves = new Map(orderDesired(input.desired.objects).map((each) => [refKey(each.ref), each.wave]))
        let last = Number.NEGATIVE_INFINITY
        for (const step of makePlan(input).steps) {
          expect(step.wave).toBeGreaterThanOrEqual(last)
          last = step.wave
          if (step.kind === 'apply') expect(step.wave).toBe(waves.get(refKey(step.ref)))
        }
      }),
    )
  })
})
