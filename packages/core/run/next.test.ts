// Tests of the barriers between the groups of a plan.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePlan } from '../plan/make.ts'
import { config, deployment, object } from '../testing/manifests.ts'
import { planInput } from '../testing/plan-case.ts'
import { anyInput } from '../testing/worlds.ts'
import { finished, ready } from './next.ts'
import { replay } from './replay.ts'
import type { StepEvent } from './run.ts'

const at = '2026-05-04T09:00:00.000Z'
const start = (step: string): StepEvent => ({ kind: 'step-started', at, step })
const done = (step: string): StepEvent => ({ kind: 'step-done', at, step, result: { kind: 'gone' } })
const failed = (step: string): StepEvent => ({ kind: 'step-failed', at, step, what: 'refused', why: null })

const plan = makePlan(
  planInput({ desired: [object('v1', 'Namespace', 'shop'), config('a'), config('b'), deployment('web')] }),
)
const [namespace, first, second, web, wait] = plan.steps.map((step) => step.id)
const readyAfter = (...events: readonly StepEvent[]): readonly string[] =>
  ready(plan, replay(events)).map((step) => step.id)

describe('the steps that may start', () => {
  it('are those of the first group at the beginning', () => {
    expect(readyAfter()).toEqual([namespace])
  })

  it('are all of a group at once when the group before it is done', () => {
    expect(readyAfter(start(namespace ?? ''), done(namespace ?? ''))).toEqual([first, second])
  })

  it('are not those that somebody started', () => {
    const events = [done(namespace ?? ''), start(first ?? '')]
    expect(readyAfter(...events)).toEqual([second])
  })

  it('are none of a later group while one step is open or failed', () => {
    const before = [done(namespace ?? ''), done(first ?? '')]
    expect(readyAfter(...before, start(second ?? ''))).toEqual([])
    expect(readyAfter(...before, failed(second ?? ''))).toEqual([])
    expect(readyAfter(...before, done(second ?? ''))).toEqual([web])
  })

  it('still are the others of a group in which one failed', () => {
    expect(readyAfter(done(namespace ?? ''), failed(first ?? ''))).toEqual([second])
  })

  it('are none when the run has ended', () => {
    const end: StepEvent = { kind: 'run-ended', at, outcome: 'cancelled', message: '' }
    expect(readyAfter(done(namespace ?? ''), end)).toEqual([])
  })

  it('come to an end: whoever carries out what is ready finishes every plan, each step once', () => {
    fc.assert(
      fc.property(anyInput, fc.infiniteStream(fc.nat()), (input, numbers) => {
        const some = makePlan(input)
        const events: StepEvent[] = []
        const ran: string[] = []
        for (let next = ready(some, replay(events)); next.length > 0; next = ready(some, replay(events))) {
          const step = next[(numbers.next().value ?? 0) % next.length]
          if (step === undefined) throw new Error('nothing to choose')
          const open = some.steps.filter((each) => step.after.includes(each.group) && !ran.includes(each.id))
          expect(open).toEqual([])
          events.push(start(step.id), done(step.id))
          ran.push(step.id)
        }
        expect(new Set(ran).size).toBe(ran.length)
        expect(finished(some, replay(events))).toBe(true)
        expect(ran).toHaveLength(some.steps.length)
      }),
    )
  })
})

it('a plan is finished only when its last step is done', () => {
  const all = [namespace, first, second, web, wait].map((id) => done(id ?? ''))
  expect(finished(plan, replay(all.slice(0, -1)))).toBe(false)
  expect(finished(plan, replay(all))).toBe(true)
})
