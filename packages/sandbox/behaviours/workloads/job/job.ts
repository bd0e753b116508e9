// Jobs: Pods until enough of them have succeeded, or too many have failed.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { selects } from '../../../kinds/metadata.ts'
import { timeOf, timeText } from '../../../schema/time.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../../controller.ts'
import { claim } from '../claim.ts'
import { note } from '../event.ts'
import { controllerOf, openLookup, ownedPods, ownerSubjects } from '../owned.ts'
import { isGoing, isNamespaceGoing, isReady } from '../pod.ts'
import { decidedEnd, type End, ensure, finishedAs, finishedAt, jobCondition } from './conditions.ts'
import { manage } from './manage.ts'
import type { Did } from './pods.ts'
import { counted, settle } from './settle.ts'
import { earlySuccessOf, failureOf, successOf, type Tally, tallyOf } from './tally.ts'
import { TRACKING } from './tracking.ts'

const FROM = 'job-controller'

const jobsIn = openLookup('batch/jobs', (object) => [textAt(object, 'metadata', 'namespace')])

/** Runs Jobs. */
export const jobController: Controller = {
  name: 'job',
  follows: [
    { resource: 'batch/jobs', subjects: (object) => [subjectOf(object)] },
    {
      resource: '/pods',
      subjects: (pod, { world }) => {
        if (controllerOf(pod) !== null) return ownerSubjects(pod, 'batch/v1', 'Job')
        const labels = objectAt(pod, 'metadata', 'labels')
        return jobsIn(world, textAt(pod, 'metadata', 'namespace'))
          .filter((job) => selects(objectAt(job, 'spec', 'selector'), labels))
          .map(subjectOf)
      },
    },
  ],
  reconcile: (subject, desk) => {
    const job = desk.world.get({ apiVersion: 'batch/v1', kind: 'Job', ...placeOf(subject) })
    if (job === null || isForeign(job)) return null
    return finishedAs(job) === null ? reconcile(job, desk) : expire(job, desk)
  },
}

function isForeign(job: KubeObject): boolean {
  return has(job, 'spec', 'managedBy') && textAt(job, 'spec', 'managedBy') !== 'kubernetes.io/job-controller'
}

/** Deletes a Job some time after it was over. */
function expire(job: KubeObject, { world, now }: Desk): number | null {
  const seconds = wholeAt(job, 'spec', 'ttlSecondsAfterFinished')
  const over = timeOf(finishedAt(job))
  if (seconds === null || over === null || isTerminating(job)) return null
  const left = over + seconds * 1000 - now
  if (left > 0) return left
  const namespace = textAt(job, 'metadata', 'namespace')
  const place = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: job.metadata.name }
  world.delete(place, { uid: textAt(job, 'metadata', 'uid'), propagation: 'Foreground' })
  return null
}

function reconcile(job: KubeObject, desk: Desk): number | null {
  const pods = claim(desk, job, ownedPods, { finalizer: TRACKING })
  const tally = tallyOf(job, desk, pods)
  const conditions = [...objectsAt(job, 'status', 'conditions')]
  const end = decidedEnd(job) ?? failureOf(tally) ?? earlySuccessOf(tally)
  const did = isTerminating(job) ? idle(tally) : manage(tally, end)
  const after = end ?? (did.active === 0 ? successOf(tally) : null)
  let startTime = tally.startTime
  if (after === null && !isTerminating(job)) startTime = noteSuspension(tally, conditions)
  if (after !== null) ensure(conditions, decided(after, desk.now))
  settle(tally, did, after, { ...counted(tally, did), conditions, startTime })
  if (did.failure !== null && !isNamespaceGoing(did.failure)) throw did.failure
  return nextLook(tally, startTime, did.againMs)
}

function idle({ active, pods }: Tally): Did {
  const ready = active.filter(isReady).length
  return { active: active.length, ready, going: pods.filter(isGoing).length, failure: null, againMs: null }
}

function decided({ kind, reason, message }: End, now: number): JsonObject {
  return jobCondition(kind === 'success' ? 'SuccessCriteriaMet' : 'FailureTarget', 'True', reason, message, now)
}

/** Says that the Job waits, or goes on; its time begins anew then. The answer is when it started. */
function noteSuspension({ job, desk, startTime }: Tally, conditions: JsonObject[]): string {
  const say = (reason: string, message: string): void =>
    note(desk, { about: job, type: 'Normal', reason, message, from: FROM })
  if (isTrue(job, 'spec', 'suspend')) {
    if (!ensure(conditions, jobCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', desk.now)))
      return startTime
    say('Suspended', 'Job suspended')
    return ''
  }
  if (!ensure(conditions, jobCondition('Suspended', 'False', 'JobResumed', 'Job resumed', desk.now))) return startTime
  say('Resumed', 'Job resumed')
  return timeText(desk.now)
}

function nextLook({ job, desk }: Tally, startTime: string, againMs: number | null): number | null {
  const seconds = wholeAt(job, 'spec', 'activeDeadlineSeconds')
  const start = timeOf(startTime)
  const deadline = seconds === null || start === null ? null : Math.max(0, start + seconds * 1000 - desk.now)
  const waits = [deadline, againMs].filter((each) => each !== null)
  return waits.length === 0 ? null : Math.min(...waits)
}
