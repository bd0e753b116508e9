// Tests of reading a journal back.
import { describe, expect, it } from 'vitest'
import { interrupted, replay, stepState } from './replay.ts'
import type { StepEvent } from './run.ts'

const at = '2026-05-04T09:00:00.000Z'
const started: StepEvent = { kind: 'run-started', at, plan: 'p1', by: 'ana' }
const start = (step: string): StepEvent => ({ kind: 'step-started', at, step })
const done = (step: string): StepEvent => ({ kind: 'step-done', at, step, result: { kind: 'deleted' } })
const failed = (step: string): StepEvent => ({ kind: 'step-failed', at, step, what: 'refused', why: 'no' })

describe('a journal', () => {
  it('tells nothing before it begins', () => {
    expect(replay([])).toEqual({ plan: null, by: null, startedAt: null, steps: new Map(), ended: null })
  })

  it('tells the plan, who ran it, and the state of each step', () => {
    const state = replay([started, start('a'), start('b'), done('a'), start('c'), failed('c')])
    expect(state).toMatchObject({ plan: 'p1', by: 'ana', startedAt: at, ended: null })
    expect(stepState(state, 'a')).toEqual({ kind: 'done', at, result: { kind: 'deleted' } })
    expect(stepState(state, 'b')).toEqual({ kind: 'started', at, message: null })
    expect(stepState(state, 'c')).toEqual({ kind: 'failed', at, what: 'refused', why: 'no' })
    expect(stepState(state, 'd')).toEqual({ kind: 'pending' })
  })

  it('names what a crash left open', () => {
    expect(interrupted(replay([started, start('a'), done('a'), start('b')]))).toEqual(['b'])
  })

  it('keeps a done step done, whatever comes later', () => {
    const state = replay([started, start('a'), done('a'), start('a'), failed('a')])
    expect(stepState(state, 'a').kind).toBe('done')
  })

  it('lets a failed step be started again', () => {
    expect(stepState(replay([start('a'), failed('a'), start('a')]), 'a').kind).toBe('started')
  })

  it('shows what a running step waits for, since when', () => {
    const progress: StepEvent = { kind: 'step-progress', at: 'later', step: 'a', message: '1 of 3 ready' }
    expect(stepState(replay([start('a'), progress]), 'a')).toEqual({ kind: 'started', at, message: '1 of 3 ready' })
  })

  it('tells how the run ended', () => {
    const end: StepEvent = { kind: 'run-ended', at, outcome: 'failed', message: '1 step failed' }
    expect(replay([started, end]).ended).toEqual({ at, outcome: 'failed', message: '1 step failed' })
  })
})
