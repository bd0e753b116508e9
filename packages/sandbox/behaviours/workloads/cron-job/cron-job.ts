// CronJobs: a Job whenever the schedule comes round, and no more finished ones than wanted.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { StatusError } from '../../../registry/status.ts'
import { timeOf, timeText } from '../../../schema/time.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../../controller.ts'
import { ownerReference } from '../claim.ts'
import { note } from '../event.ts'
import { finishedAs } from '../job/conditions.ts'
import { ownedJobs, ownerSubjects } from '../owned.ts'
import { MANAGER, writeStatus } from '../writer.ts'
import { readSchedule, type Schedule } from './schedule.ts'

const FROM = 'cronjob-controller'

/** Makes Jobs in time. */
export const cronJobController: Controller = {
  name: 'cronjob',
  follows: [
    { resource: 'batch/cronjobs', subjects: (object) => [subjectOf(object)] },
    { resource: 'batch/jobs', subjects: (job) => ownerSubjects(job, 'batch/v1', 'CronJob') },
  ],
  reconcile: (subject, desk) => {
    const cron = desk.world.get({ apiVersion: 'batch/v1', kind: 'CronJob', ...placeOf(subject) })
    return cron === null ? null : reconcile(cron, desk)
  },
}

/** What a CronJob says of its Jobs. */
interface State {
  readonly active: readonly JsonObject[]
  readonly lastScheduleTime: string
  readonly lastSuccessfulTime: string
}

function reconcile(cron: KubeObject, desk: Desk): number | null {
  const jobs = ownedJobs.of(desk.world, cron)
  const removed = forgetFinished(cron, jobs, desk)
  const state = stateOf(
    cron,
    jobs.filter((job) => !removed.has(job)),
    desk,
  )
  const went = isTerminating(cron) || !isRunnable(cron, desk) ? { state, againMs: null } : start(cron, state, desk)
  writeStatus(desk.world, cron, { ...cron, status: statusFrom(went.state) })
  return went.againMs
}

function say(cron: KubeObject, desk: Desk, type: 'Normal' | 'Warning', reason: string, message: string): void {
  note(desk, { about: cron, type, reason, message, from: FROM })
}

function isRunnable(cron: KubeObject, desk: Desk): boolean {
  const zone = textAt(cron, 'spec', 'timeZone')
  if (zone !== '' && !['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'].includes(zone)) {
    const message = `invalid timeZone: ${JSON.stringify(zone)}: the sandbox knows no time zone but UTC`
    say(cron, desk, 'Warning', 'UnknownTimeZone', message)
    return false
  }
  return !isTrue(cron, 'spec', 'suspend')
}

/** Deletes finished Jobs of long ago. */
function forgetFinished(cron: KubeObject, jobs: readonly KubeObject[], desk: Desk): ReadonlySet<KubeObject> {
  const removed = new Set<KubeObject>()
  const keep = (as: 'Complete' | 'Failed', key: string): void => {
    const limit = wholeAt(cron, 'spec', key)
    if (limit === null) return
    const found = jobs.filter((job) => finishedAs(job) === as && !isTerminating(job)).sort(byStart)
    for (const job of found.slice(0, Math.max(0, found.length - limit))) {
      deleteJob(cron, job, desk)
      removed.add(job)
    }
  }
  keep('Complete', 'successfulJobsHistoryLimit')
  keep('Failed', 'failedJobsHistoryLimit')
  return removed
}

function byStart(a: KubeObject, b: KubeObject): number {
  const start = (job: KubeObject): string => textAt(job, 'status', 'startTime') || '~'
  return compareText(start(a), start(b)) || compareText(a.metadata.name, b.metadata.name)
}

function deleteJob(cron: KubeObject, job: KubeObject, desk: Desk): void {
  const place = { apiVersion: 'batch/v1', kind: 'Job', ...placeOf(subjectOf(job)) }
  desk.world.delete(place, { propagation: 'Background' })
  say(cron, desk, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`)
}

function stateOf(cron: KubeObject, jobs: readonly KubeObject[], desk: Desk): State {
  const before = objectsAt(cron, 'status', 'active')
  let lastSuccessfulTime = textAt(cron, 'status', 'lastSuccessfulTime')
  const active = before.filter((reference) => {
    const job = jobs.find((each) => textAt(each, 'metadata', 'uid') === textAt(reference, 'uid'))
    const as = job === undefined ? null : finishedAs(job)
    if (as !== null)
      say(cron, desk, 'Normal', 'SawCompletedJob', `Saw completed job: ${textAt(reference, 'name')}, condition: ${as}`)
    if (job === undefined)
      say(cron, desk, 'Normal', 'MissingJob', `Active job went missing: ${textAt(reference, 'name')}`)
    return job !== undefined && as === null
  })
  for (const job of jobs.filter((each) => finishedAs(each) === 'Complete')) {
    const time = textAt(job, 'status', 'completionTime')
    if (time > lastSuccessfulTime) lastSuccessfulTime = time
  }
  return { active, lastScheduleTime: textAt(cron, 'status', 'lastScheduleTime'), lastSuccessfulTime }
}

interface Went {
  readonly state: State
  readonly againMs: number | null
}

/** Makes the Job whose time has come. */
function start(cron: KubeObject, state: State, desk: Desk): Went {
  const schedule = readSchedule(textAt(cron, 'spec', 'schedule'))
  const due = dueTime(cron, state, schedule, desk.now)
  const wait = (after: State): Went => ({ state: after, againMs: untilNext(cron, after, schedule, desk.now) })
  if (due === null || isMissed(cron, due, desk)) return wait(state)
  const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`
  if (state.lastScheduleTime === timeText(due) || state.active.some((each) => textAt(each, 'name') === name)) {
    return wait(state)
  }
  const policy = textAt(cron, 'spec', 'concurrencyPolicy')
  if (policy === 'Forbid' && state.active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    say(cron, desk, 'Normal', 'JobAlreadyActive', message)
    return wait(state)
  }
  const kept = policy === 'Replace' ? replaced(cron, state, desk) : state.active
  const job = createJob(cron, name, due, desk)
  const reference = job === null ? [] : [referenceTo(job)]
  return wait({ ...state, active: [...kept, ...reference], lastScheduleTime: timeText(due) })
}

/** The latest time that has come and was not acted upon. */
function dueTime(cron: KubeObject, state: State, schedule: Schedule, now: number): number | null {
  const deadline = wholeAt(cron, 'spec', 'startingDeadlineSeconds')
  const begun = timeOf(state.lastScheduleTime) ?? timeOf(textAt(cron, 'metadata', 'creationTimestamp')) ?? now
  const from = deadline === null ? begun : Math.max(begun, now - deadline * 1000)
  const first = schedule(from)
  if (first === null || first > now) return null
  const second = schedule(first)
  if (second === null || second > now) return first
  // Many may have been missed; only the last one counts.
  const step = second - first
  let latest = first
  const near = schedule(first + Math.max(0, Math.floor((now - first) / step) - 1) * step - 1) ?? first
  for (let time: number | null = near; time !== null && time <= now; time = schedule(time)) latest = time
  return latest
}

function isMissed(cron: KubeObject, due: number, desk: Desk): boolean {
  const seconds = wholeAt(cron, 'spec', 'startingDeadlineSeconds')
  if (seconds === null || due + seconds * 1000 >= desk.now) return false
  say(cron, desk, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${timeText(due)}`)
  return true
}

/** A little late, so that no clock that goes wrong makes it early. */
const DELTA_MS = 100

function untilNext(cron: KubeObject, state: State, schedule: Schedule, now: number): number | null {
  const begun = timeOf(state.lastScheduleTime) ?? timeOf(textAt(cron, 'metadata', 'creationTimestamp')) ?? now
  const first = schedule(begun)
  const next = first !== null && first <= now ? schedule(now) : first
  return next === null ? null : Math.max(0, next + DELTA_MS - now)
}

function replaced(cron: KubeObject, { active }: State, desk: Desk): readonly JsonObject[] {
  for (const reference of active) {
    const namespace = textAt(cron, 'metadata', 'namespace')
    const job = desk.world.get({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: textAt(reference, 'name') })
    if (job !== null) deleteJob(cron, job, desk)
  }
  return []
}

/** Makes a Job; null where somebody else has its name. */
function createJob(cron: KubeObject, name: string, due: number, desk: Desk): KubeObject | null {
  const template = objectAt(cron, 'spec', 'jobTemplate')
  const annotations = {
    ...objectAt(template, 'metadata', 'annotations'),
    'batch.kubernetes.io/cronjob-scheduled-timestamp': timeText(due),
  }
  const metadata = {
    name,
    namespace: textAt(cron, 'metadata', 'namespace'),
    ...(has(template, 'metadata', 'labels') ? { labels: objectAt(template, 'metadata', 'labels') } : {}),
    annotations,
    ownerReferences: [ownerReference(cron)],
  }
  try {
    const job = desk.world.create(
      { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: objectAt(template, 'spec') },
      MANAGER,
    )
    say(cron, desk, 'Normal', 'SuccessfulCreate', `Created job ${name}`)
    return job
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.body.reason === 'AlreadyExists') return null
    say(cron, desk, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`)
    throw error
  }
}

function referenceTo(job: KubeObject): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name: job.metadata.name,
    namespace: textAt(job, 'metadata', 'namespace'),
    uid: textAt(job, 'metadata', 'uid'),
    resourceVersion: textAt(job, 'metadata', 'resourceVersion'),
  }
}

function statusFrom({ active, lastScheduleTime, lastSuccessfulTime }: State): JsonObject {
  return {
    ...(active.length === 0 ? {} : { active }),
    ...(lastScheduleTime === '' ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime === '' ? {} : { lastSuccessfulTime }),
  }
}
