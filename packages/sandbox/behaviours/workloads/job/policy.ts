// What a Job's rules make of a Pod that failed.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../../../kinds/look.ts'

/** The verdict on a failed Pod. */
export interface Verdict {
  /** Why the whole Job fails; null where it does not. */
  readonly failsJob: string | null
  /** Whether its part of the Job fails for good. */
  readonly failsIndex: boolean
  /** Whether the failure counts. */
  readonly counts: boolean
}

const COUNTS: Verdict = { failsJob: null, failsIndex: false, counts: true }

/** The first rule that fits decides. */
export function judge(job: KubeObject, pod: KubeObject): Verdict {
  for (const [index, rule] of objectsAt(job, 'spec', 'podFailurePolicy', 'rules').entries()) {
    const found = has(rule, 'onExitCodes') ? byExitCode(rule, pod) : byCondition(rule, pod)
    if (found === null) continue
    switch (textAt(rule, 'action')) {
      case 'Ignore':
        return { ...COUNTS, counts: false }
      case 'FailJob':
        return { ...COUNTS, failsJob: `${found} matching FailJob rule at index ${index}` }
      case 'FailIndex':
        return { ...COUNTS, failsIndex: true }
      default:
        return COUNTS
    }
  }
  return COUNTS
}

function byExitCode(rule: JsonObject, pod: KubeObject): string | null {
  const wanted = objectAt(rule, 'onExitCodes')
  const values = isList(wanted.values) ? wanted.values : []
  const all = [...objectsAt(pod, 'status', 'containerStatuses'), ...objectsAt(pod, 'status', 'initContainerStatuses')]
  const fits = (status: JsonObject): boolean => {
    const code = wholeAt(status, 'state', 'terminated', 'exitCode')
    if (code === null || code === 0) return false
    if (has(wanted, 'containerName') && textAt(wanted, 'containerName') !== textAt(status, 'name')) return false
    return values.includes(code) === (textAt(wanted, 'operator') === 'In')
  }
  const status = all.find(fits)
  if (status === undefined) return null
  const code = wholeAt(status, 'state', 'terminated', 'exitCode')
  return `Container ${textAt(status, 'name')} for pod ${placeText(pod)} failed with exit code ${code}`
}

function byCondition(rule: JsonObject, pod: KubeObject): string | null {
  const patterns = objectsAt(rule, 'onPodConditions')
  const condition = objectsAt(pod, 'status', 'conditions').find((each) =>
    patterns.some((pattern) => pattern.type === each.type && pattern.status === each.status),
  )
  return condition === undefined ? null : `Pod ${placeText(pod)} has condition ${textAt(condition, 'type')}`
}

function placeText(pod: KubeObject): string {
  return `${textAt(pod, 'metadata', 'namespace')}/${pod.metadata.name}`
}
