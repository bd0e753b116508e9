// Conditions of Jobs, and what a Job's end is called.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../../kinds/look.ts'
import { timeText } from '../../../schema/time.ts'
import { conditionOf, conditionsOf, holds } from '../conditions.ts'

/** Why a Job ends. */
export interface End {
  readonly kind: 'success' | 'failure'
  readonly reason: string
  readonly message: string
}

/** A condition of a Job that begins now. */
export function jobCondition(type: string, status: string, reason: string, message: string, now: number): JsonObject {
  const time = timeText(now)
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message }
}

/** Sets a condition in its place; one that is not there is not made to be false. True where it was another one. */
export function ensure(conditions: JsonObject[], condition: JsonObject): boolean {
  const at = conditions.findIndex((each) => textAt(each, 'type') === textAt(condition, 'type'))
  if (at === -1) {
    if (condition.status === 'False') return false
    conditions.push(condition)
    return true
  }
  const before = conditions[at]
  if (['status', 'reason', 'message'].every((key) => before?.[key] === condition[key])) return false
  conditions[at] = condition
  return true
}

/** `Complete` or `Failed` of a Job that is over; null before. */
export function finishedAs(job: KubeObject): 'Complete' | 'Failed' | null {
  if (holds(job, 'Complete')) return 'Complete'
  return holds(job, 'Failed') ? 'Failed' : null
}

/** The end that was decided in an earlier look. */
export function decidedEnd(job: KubeObject): End | null {
  for (const [type, kind] of [
    ['SuccessCriteriaMet', 'success'],
    ['FailureTarget', 'failure'],
  ] as const) {
    const found = conditionOf(conditionsOf(job), type)
    if (textAt(found ?? {}, 'status') === 'True') {
      return { kind, reason: textAt(found ?? {}, 'reason'), message: textAt(found ?? {}, 'message') }
    }
  }
  return null
}

/** When a Job was over. */
export function finishedAt(job: KubeObject): string {
  const over = objectsAt(job, 'status', 'conditions').find(
    (each) => ['Complete', 'Failed'].includes(textAt(each, 'type')) && textAt(each, 'status') === 'True',
  )
  return textAt(over, 'lastTransitionTime')
}
