// Jobs: how many Pods run at once, how a Job ends, and what it says then.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, labelOf } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, textAt, textsAt } from '../../../kinds/look.ts'
import { conditions, counts, openStage, type Stage, template } from '../testing/stage.ts'

interface Wish {
  readonly image?: string
  readonly restartPolicy?: 'Never' | 'OnFailure'
}

function make(stage: Stage, spec: Readonly<Record<string, never | unknown>> = {}, wish: Wish = {}): KubeObject {
  const { image = 'work:1', restartPolicy = 'Never' } = wish
  return stage.make('batch/v1', 'Job', 'work', {
    spec: { ...spec, template: template('work', image, { restartPolicy }) } as never,
  })
}

function live(stage: Stage): KubeObject {
  return stage.get('batch/v1', 'Job', 'work')
}

const FAILS = { images: [{ image: 'fails', behaviour: { kind: 'completes', afterMs: 1000, exitCode: 1 } }] } as const

describe('a Job', () => {
  it('ends when its Pod has succeeded, and keeps it', () => {
    const stage = openStage()
    make(stage)
    stage.clock.advance(500)
    expect(counts(live(stage))).toMatchObject({ active: 1, ready: 1, terminating: 0, uncountedTerminatedPods: {} })
    expect(stage.pods().flatMap((pod) => textsAt(pod, 'metadata', 'finalizers'))).toEqual([
      'batch.kubernetes.io/job-tracking',
    ])
    stage.clock.advance(5000)
    expect(conditions(live(stage))).toEqual([
      'SuccessCriteriaMet=True CompletionsReached: Reached expected number of succeeded pods',
      'Complete=True CompletionsReached: Reached expected number of succeeded pods',
    ])
    expect(counts(live(stage))).toEqual({
      startTime: '2026-01-01T12:00:00Z',
      completionTime: '2026-01-01T12:00:01Z',
      succeeded: 1,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    })
    expect(stage.pods().map((pod) => [textAt(pod, 'status', 'phase'), textsAt(pod, 'metadata', 'finalizers')])).toEqual(
      [['Succeeded', []]],
    )
    expect(stage.events('Job', 'work')).toEqual([
      expect.stringMatching(/^SuccessfulCreate: Created pod: work-/),
      'Completed: Job completed (1)',
    ])
  })

  it('runs as many Pods at once as it may, until enough have succeeded', () => {
    const stage = openStage()
    make(stage, { completions: 5, parallelism: 2 })
    let most = 0
    stage.world.subscribe(() => {
      most = Math.max(
        most,
        stage.pods().filter((pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))).length,
      )
    })
    stage.clock.advance(20_000)
    expect(counts(live(stage))).toMatchObject({ succeeded: 5 })
    expect(most).toBe(2)
  })

  it('replaces Pods that fail, each time later, until it gives up', () => {
    const stage = openStage(FAILS)
    make(stage, { backoffLimit: 2 }, { image: 'fails:1' })
    stage.clock.advance(5000)
    expect(counts(live(stage))).toMatchObject({ failed: 1 })
    stage.clock.advance(10_000)
    expect(counts(live(stage))).toMatchObject({ failed: 2 })
    stage.clock.advance(10_000)
    expect(stage.pods()).toHaveLength(2)
    stage.clock.advance(30_000)
    expect(counts(live(stage))).toMatchObject({ failed: 3 })
    expect(conditions(live(stage))).toEqual([
      'FailureTarget=True BackoffLimitExceeded: Job has reached the specified backoff limit',
      'Failed=True BackoffLimitExceeded: Job has reached the specified backoff limit',
    ])
    expect(stage.events('Job', 'work')).toContain(
      'BackoffLimitExceeded: Job has reached the specified backoff limit (1)',
    )
  })

  it('counts restarts in its Pods where containers are started again', () => {
    const stage = openStage(FAILS)
    make(stage, { backoffLimit: 2 }, { image: 'fails:1', restartPolicy: 'OnFailure' })
    stage.clock.advance(120_000)
    expect(conditions(live(stage))[1]).toContain('Failed=True BackoffLimitExceeded')
    expect(stage.pods()).toEqual([])
  })

  it('ends when its time is up, and waits for its Pods to go', () => {
    const stage = openStage({
      images: [{ image: 'long', behaviour: { kind: 'runs', readyAfterMs: 0, stopAfterMs: 5000 } }],
    })
    make(stage, { activeDeadlineSeconds: 10 }, { image: 'long:1' })
    stage.clock.advance(12_000)
    const late = 'DeadlineExceeded: Job was active longer than specified deadline'
    expect(conditions(live(stage))).toEqual([`FailureTarget=True ${late}`])
    expect(counts(live(stage))).toMatchObject({ terminating: 1 })
    stage.clock.advance(10_000)
    expect(conditions(live(stage))).toEqual([`FailureTarget=True ${late}`, `Failed=True ${late}`])
    expect(counts(live(stage))).toMatchObject({ failed: 1, terminating: 0 })
    expect(stage.pods()).toEqual([])
  })

  it('that is suspended has no Pods and no time', () => {
    const stage = openStage({ images: [{ image: 'long', behaviour: { kind: 'runs', readyAfterMs: 0 } }] })
    const job = make(stage, {}, { image: 'long:1' })
    stage.clock.advance(1000)
    stage.change(job, { suspend: true })
    stage.clock.advance(10_000)
    expect(stage.pods()).toEqual([])
    expect(conditions(live(stage))).toEqual(['Suspended=True JobSuspended: Job suspended'])
    expect(counts(live(stage))).toEqual({ ready: 0, terminating: 0, uncountedTerminatedPods: {} })
    stage.change(job, { suspend: false })
    stage.clock.advance(1000)
    expect(conditions(live(stage))).toEqual(['Suspended=False JobResumed: Job resumed'])
    expect(counts(live(stage))).toMatchObject({ active: 1, startTime: '2026-01-01T12:00:11Z' })
  })

  it('goes some time after its end', () => {
    const stage = openStage()
    make(stage, { ttlSecondsAfterFinished: 60 })
    stage.clock.advance(50_000)
    expect(live(stage).metadata.deletionTimestamp).toBeUndefined()
    stage.clock.advance(20_000)
    // Its Pods go first: that is the garbage collector's work.
    expect(live(stage).metadata.finalizers).toEqual(['foregroundDeletion'])
  })

  it('fails at once where a rule says so', () => {
    const stage = openStage(FAILS)
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }]
    make(stage, { podFailurePolicy: { rules } }, { image: 'fails:1' })
    stage.clock.advance(5000)
    expect(conditions(live(stage))[1]).toMatch(
      /^Failed=True PodFailurePolicy: Container main for pod default\/work-[a-z0-9]+ failed with exit code 1 matching FailJob rule at index 0$/,
    )
  })

  it('whose completions have numbers gives one to each Pod', () => {
    const stage = openStage()
    make(stage, { completions: 4, parallelism: 2, completionMode: 'Indexed' })
    stage.clock.advance(500)
    expect(
      stage
        .pods()
        .map((pod) => labelOf(pod, 'batch.kubernetes.io/job-completion-index'))
        .sort(),
    ).toEqual(['0', '1'])
    expect(
      stage
        .pods()
        .map((pod) => textAt(pod, 'spec', 'hostname'))
        .sort(),
    ).toEqual(['work-0', 'work-1'])
    stage.clock.advance(10_000)
    expect(counts(live(stage))).toMatchObject({ succeeded: 4, completedIndexes: '0-3' })
  })

  it('replaces a Pod that somebody deletes, and counts it as failed', () => {
    const stage = openStage({ images: [{ image: 'long', behaviour: { kind: 'runs', readyAfterMs: 0 } }] })
    make(stage, {}, { image: 'long:1' })
    stage.clock.advance(1000)
    const name = String(stage.pods()[0]?.metadata.name)
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name })
    stage.clock.advance(15_000)
    expect(counts(live(stage))).toMatchObject({ failed: 1, active: 1 })
    expect(stage.pods().map((pod) => pod.metadata.name)).not.toContain(name)
  })

  it('that is gone holds its Pods no longer', () => {
    const stage = openStage({ images: [{ image: 'long', behaviour: { kind: 'runs', readyAfterMs: 0 } }] })
    make(stage, {}, { image: 'long:1' })
    stage.clock.advance(1000)
    stage.world.remove({ apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'work' })
    stage.clock.advance(1000)
    expect(stage.pods().map((pod) => textsAt(pod, 'metadata', 'finalizers'))).toEqual([[]])
    expect(objectAt(stage.pods()[0], 'status').phase).toBe('Running')
  })
})

describe('a Job of numbered parts', () => {
  const FIRST = { images: [{ image: 'fails', behaviour: { kind: 'completes', afterMs: 1000, exitCode: 1 } }] } as const
  const INDEXED = { completions: 2, parallelism: 2, completionMode: 'Indexed' }

  it('may give each part so many tries, and remembers from Pod to Pod', () => {
    const stage = openStage(FIRST)
    make(stage, { ...INDEXED, backoffLimitPerIndex: 1 }, { image: 'fails:1' })
    stage.clock.advance(8000)
    expect(counts(live(stage))).toMatchObject({ failedIndexes: '' })
    stage.clock.advance(60_000)
    const failures = stage.pods().map((pod) => annotationOf(pod, 'batch.kubernetes.io/job-index-failure-count'))
    expect(failures.sort()).toEqual(['0', '0', '1', '1'])
    expect(counts(live(stage))).toMatchObject({ failed: 4, failedIndexes: '0,1' })
    expect(conditions(live(stage))[1]).toBe('Failed=True FailedIndexes: Job has failed indexes')
  })

  it('ends when too many parts have failed', () => {
    const stage = openStage(FIRST)
    make(stage, { ...INDEXED, completions: 5, backoffLimitPerIndex: 0, maxFailedIndexes: 1 }, { image: 'fails:1' })
    stage.clock.advance(60_000)
    expect(conditions(live(stage))[1]).toContain('Failed=True MaxFailedIndexesExceeded')
  })

  it('may have succeeded when some parts have', () => {
    const stage = openStage()
    make(stage, { ...INDEXED, completions: 9, successPolicy: { rules: [{ succeededCount: 2 }] } })
    stage.clock.advance(60_000)
    expect(conditions(live(stage))).toEqual([
      'SuccessCriteriaMet=True SuccessPolicy: Matched rules at index 0',
      'Complete=True SuccessPolicy: Matched rules at index 0',
    ])
  })
})
