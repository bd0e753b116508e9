// CronJobs: when they make Jobs, how many at once, and how many finished ones they keep.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, objectsAt, textAt } from '../../../kinds/look.ts'
import { timeOf, timeText } from '../../../schema/time.ts'
import { openStage, type Stage, template } from '../testing/stage.ts'
import { readSchedule } from './schedule.ts'

const MINUTE = 60_000

function make(stage: Stage, more: JsonObject = {}, image = 'work:1'): KubeObject {
  const job = { template: template('work', image, { restartPolicy: 'Never' }) }
  return stage.make('batch/v1', 'CronJob', 'tick', {
    spec: { schedule: '* * * * *', jobTemplate: { spec: job }, ...more },
  })
}

function live(stage: Stage): KubeObject {
  return stage.get('batch/v1', 'CronJob', 'tick')
}

function jobs(stage: Stage): readonly KubeObject[] {
  return stage.world.list('batch/v1', 'Job', 'default').filter((job) => job.metadata.deletionTimestamp === undefined)
}

const LONG = { images: [{ image: 'long', behaviour: { kind: 'completes', afterMs: 90_000, exitCode: 0 } }] } as const

describe('a CronJob', () => {
  it('makes a Job when its time comes', () => {
    const stage = openStage()
    make(stage)
    stage.clock.advance(50_000)
    expect(jobs(stage)).toEqual([])
    stage.clock.advance(10_400)
    const [job] = jobs(stage)
    expect(job?.metadata.name).toBe(`tick-${(timeOf('2026-01-01T12:01:00Z') ?? 0) / MINUTE}`)
    expect(annotationOf(job as KubeObject, 'batch.kubernetes.io/cronjob-scheduled-timestamp')).toBe(
      '2026-01-01T12:01:00Z',
    )
    expect(objectsAt(live(stage), 'status', 'active').map((each) => textAt(each, 'name'))).toEqual([job?.metadata.name])
    stage.clock.advance(10_000)
    expect(live(stage).status).toEqual({
      lastScheduleTime: '2026-01-01T12:01:00Z',
      lastSuccessfulTime: '2026-01-01T12:01:01Z',
    })
    expect(stage.events('CronJob', 'tick')).toEqual([
      `SuccessfulCreate: Created job ${job?.metadata.name} (1)`,
      `SawCompletedJob: Saw completed job: ${job?.metadata.name}, condition: Complete (1)`,
    ])
  })

  it('keeps the last finished Jobs', () => {
    const stage = openStage()
    make(stage, { successfulJobsHistoryLimit: 2 })
    stage.clock.advance(10 * MINUTE + 30_000)
    expect(jobs(stage)).toHaveLength(2)
    expect(textAt(live(stage), 'status', 'lastScheduleTime')).toBe('2026-01-01T12:10:00Z')
  })

  it('runs Jobs side by side, leaves one out, or replaces it, as it is told', () => {
    const running = (policy: string): readonly string[] => {
      const stage = openStage(LONG)
      make(stage, { concurrencyPolicy: policy }, 'long:1')
      stage.clock.advance(2 * MINUTE + 10_000)
      return jobs(stage).map((job) => annotationOf(job, 'batch.kubernetes.io/cronjob-scheduled-timestamp') ?? '')
    }
    const [first, second] = ['2026-01-01T12:01:00Z', '2026-01-01T12:02:00Z']
    expect(running('Allow')).toEqual([first, second])
    expect(running('Forbid')).toEqual([first])
    expect(running('Replace')).toEqual([second])
  })

  it('that is suspended does nothing, and catches up with the last time when it goes on', () => {
    const stage = openStage()
    const cron = make(stage, { suspend: true })
    stage.clock.advance(10 * MINUTE)
    expect(jobs(stage)).toEqual([])
    stage.change(cron, { suspend: false })
    stage.clock.advance(5000)
    expect(textAt(live(stage), 'status', 'lastScheduleTime')).toBe('2026-01-01T12:10:00Z')
    expect(jobs(stage)).toHaveLength(1)
  })

  it('lets a time pass that it could not keep', () => {
    const stage = openStage()
    const cron = make(stage, { schedule: '0 * * * *', suspend: true, startingDeadlineSeconds: 60 })
    stage.clock.advance(65 * MINUTE)
    stage.change(cron, { suspend: false })
    stage.clock.advance(1000)
    expect(jobs(stage)).toEqual([])
    stage.clock.advance(60 * MINUTE)
    expect(jobs(stage)).toHaveLength(1)
  })

  it('says that it knows no other time zone', () => {
    const stage = openStage()
    make(stage, { timeZone: 'Europe/Berlin' })
    stage.clock.advance(2 * MINUTE)
    expect(jobs(stage)).toEqual([])
    expect(objectAt(live(stage), 'status')).toEqual({})
    expect(stage.events('CronJob', 'tick')[0]).toContain('UnknownTimeZone')
  })
})

describe('a schedule', () => {
  const after = (schedule: string, time: string, count = 1): readonly string[] => {
    const next = readSchedule(schedule)
    const times: string[] = []
    for (let at: number | null = timeOf(time); times.length < count; ) {
      at = at === null ? null : next(at)
      times.push(at === null ? 'never' : timeText(at))
    }
    return times
  }

  it('comes round as its fields say', () => {
    expect(after('*/15 9-17 * * mon-fri', '2026-01-02T17:45:00Z', 2)).toEqual([
      '2026-01-05T09:00:00Z',
      '2026-01-05T09:15:00Z',
    ])
    expect(after('30 3 1 jan,jul *', '2026-01-01T03:30:00Z', 2)).toEqual([
      '2026-07-01T03:30:00Z',
      '2027-01-01T03:30:00Z',
    ])
    expect(after('0 0 29 2 *', '2026-01-01T00:00:00Z')).toEqual(['2028-02-29T00:00:00Z'])
    expect(after('0 0 13 * 5', '2026-02-01T00:00:00Z', 3)).toEqual([
      '2026-02-06T00:00:00Z',
      '2026-02-13T00:00:00Z',
      '2026-02-20T00:00:00Z',
    ])
    expect(after('0 0 31 2 *', '2026-01-01T00:00:00Z')).toEqual(['never'])
  })

  it('has names', () => {
    expect(after('@hourly', '2026-01-01T12:30:15Z')).toEqual(['2026-01-01T13:00:00Z'])
    expect(after('@weekly', '2026-01-01T12:30:15Z')).toEqual(['2026-01-04T00:00:00Z'])
    expect(after('@every 1h30m', '2026-01-01T12:30:15Z')).toEqual(['2026-01-01T14:00:15Z'])
  })
})
